"""The forms on an office's page about a firm: a call note, the chains and clusters it belongs to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from wtforms import SelectField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import DataRequired, Length

from survey.forms import SiteForm
from survey.models import FirmGroup
from survey.organisations.forms import visible

KINDS: Final[Mapping[str, LazyString]] = {
    "call": _l("Call"),
    "visit": _l("Visit"),
    "message": _l("Message"),
    "other": _l("Something else"),
}
"""How an office was in contact with a firm."""

MOST_TEXT: Final = 2000


def in_lines(text: str | None) -> str | None:
    """Text without signs that nobody sees; its lines stay."""
    return None if text is None else "\n".join(line for line in map(visible, text.splitlines()) if line)


class NoteForm(SiteForm):
    kind = SelectField(_l("Kind of contact"), choices=[SelectChoice(*each) for each in KINDS.items()])
    text = TextAreaField(
        _l("What was said or agreed"),
        filters=[in_lines],
        validators=[
            DataRequired(_l("Write what was said or agreed")),
            Length(max=MOST_TEXT, message=_l("Shorten the note to 2,000 characters")),
        ],
    )


class GroupsForm(SiteForm):
    """Offers the groups of the page; nothing ticked takes the firm out of all of them."""

    groups = SelectMultipleField(_l("Chains and clusters"))

    def offer(self, groups: Sequence[FirmGroup]) -> None:
        self.groups.choices = [(each.public_id, each.name_zh) for each in groups]
