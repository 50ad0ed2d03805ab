"""The forms around personal data."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length, StopValidation

from survey.forms import SiteForm
from survey.privacy.rights import KINDS, STATES

MOST = 2000


def neat(text: str | None) -> str | None:
    """Text with its lines, without signs that nobody sees."""
    if text is None:
        return None
    kept = "".join(sign for sign in text.replace("\r\n", "\n") if sign == "\n" or sign.isprintable())
    return kept.strip()


class RequestForm(SiteForm):
    """What somebody asks for under the law on personal data."""

    kind = RadioField(
        _l("What do you want?"),
        validators=[InputRequired(_l("Choose what you want"))],
    )
    text = TextAreaField(
        _l("What exactly"),
        filters=[neat],
        validators=[Length(max=MOST, message=_l("Shorten the text to 2,000 characters"))],
    )

    def __init__(self) -> None:
        super().__init__()
        self.kind.choices = list(KINDS.items())

    def validate_text(self, field: TextAreaField) -> None:
        """A correction, a deletion or "something else" means nothing without its words."""
        if self.kind.data in ("correct", "delete", "other") and not field.data:
            raise StopValidation(_l("Say what it is about"))


class AnswerForm(SiteForm):
    """The answer to a request; it is sent to the person."""

    state = RadioField(
        _l("Outcome"),
        validators=[InputRequired(_l("Choose the outcome"))],
    )
    answer = TextAreaField(
        _l("Reply"),
        filters=[neat],
        validators=[
            InputRequired(_l("Write the answer; a refusal with its reason")),
            Length(max=500, message=_l("Shorten the answer to 500 characters")),
        ],
    )

    def __init__(self) -> None:
        super().__init__()
        self.state.choices = [(state, word) for state, word in STATES.items() if state != "open"]
