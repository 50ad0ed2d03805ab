"""The forms of one's own account."""

from __future__ import annotations

from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, StopValidation

from survey.accounts.recipients import recipient
from survey.forms import SiteForm, tidy
from survey.languages import NAMES


class NameForm(SiteForm):
    name = StringField(
        _l("Your name"),
        filters=[tidy],
        validators=[
            DataRequired(_l("Enter your name")),
            Length(max=50, message=_l("Shorten the name to 50 characters")),
        ],
    )


class LanguageForm(SiteForm):
    language = RadioField(_l("Language of messages"), validators=[InputRequired(_l("Choose a language"))])

    def offer(self) -> None:
        self.language.choices = list(NAMES.items())


class ContactForm(SiteForm):
    """A new number or address; `kind` is "mobile" or "email", `before` the one the account has."""

    recipient = StringField(_l("New one"), validators=[Length(max=254)])

    kind: str
    before: str | None = None
    to: str = ""
    """As it is kept, once the form is valid."""

    def become(self, kind: str, label: Any, before: str | None) -> None:
        self.kind, self.before, self.recipient.label.text = kind, before, label

    def validate_recipient(self, field: Any) -> None:
        found = recipient(field.data or "")
        if found is None or found[0] != self.kind:
            raise StopValidation(
                _("Enter a mobile number with 11 digits") if self.kind == "mobile" else _("Enter an e-mail address")
            )
        if self.kind == "mobile" and current_app.config["SETTINGS"].sms_driver == "none":
            raise StopValidation(_("This site sends no SMS; keep an e-mail address"))
        if found[1] == self.before:
            raise StopValidation(_("This is the one your account has already"))
        self.to = found[1]
