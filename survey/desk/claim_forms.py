"""The form with which an office decides a claim."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.validators import InputRequired, Length, StopValidation

from survey.forms import SiteForm
from survey.organisations.forms import visible

CHOICES: Final[Mapping[str, LazyString]] = {
    "approve": _l("Approve: the person holds the firm's account"),
    "replace": _l("Replace: the person holds the account; everybody who acted for the firm until now loses the right"),
    "both": _l("Both stay: the account stays with who holds it, and the person fills in too"),
    "refuse": _l("Refuse: the person gets no right"),
}
ENTERED: Final[Mapping[str, LazyString]] = {
    "approve": _l("Confirm the firm: from now on it counts"),
    "refuse": _l("Refuse the firm: nobody acts for it any more"),
}
"""The same for a firm that was entered and is on no list."""


class DecisionForm(SiteForm):
    """`dispute` carries whether the page showed a dispute."""

    choice = RadioField(_l("Your decision"), validators=[InputRequired(_l("Choose what is decided"))])
    reason = TextAreaField(
        _l("Reason"),
        filters=[visible],
        validators=[Length(max=500, message=_l("Shorten the reason to 500 characters"))],
    )
    dispute = HiddenField()

    def offer(self, choices: Sequence[str], how: str) -> None:
        words = ENTERED if how == "entered" else CHOICES
        self.choice.choices = [(choice, str(words[choice])) for choice in choices]

    def validate_reason(self, field: TextAreaField) -> None:
        """What goes against somebody needs a reason."""
        if self.choice.data in ("refuse", "replace", "both") and not field.data:
            raise StopValidation(_("Give the reason; the person who claimed reads it"))
