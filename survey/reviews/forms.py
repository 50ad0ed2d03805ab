"""The form for one fault, and the filters of the list."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import DataRequired, Length

from survey.forms import SiteForm
from survey.organisations.forms import visible
from survey.reviews.actions import DAYS_TO_CHOOSE, RETURN_DAYS
from survey.reviews.faults import KINDS, MOST_TEXT
from survey.reviews.queries import FIRST_STATE, STATES, Filter

MOST_PAGES = 10_000


class FaultForm(SiteForm):
    """A kind, and what is to be done in the officer's own words."""

    kind = SelectField(_l("Kind of fault"), choices=[SelectChoice(*each) for each in KINDS.items()])
    text = TextAreaField(
        _l("What the firm is to do"),
        filters=[visible],
        validators=[
            DataRequired(_l("Say in your own words what is to be mended")),
            Length(max=MOST_TEXT, message=_l("Shorten it to 500 characters")),
        ],
    )


def filter_in(values: Mapping[str, str], questionnaires: list[tuple[str, str]]) -> Filter:
    """What was asked for; what cannot be is left out."""
    state, page = values.get("state", ""), values.get("page", "1")
    questionnaire = values.get("questionnaire", "")
    return Filter(
        state=state if state in STATES else FIRST_STATE,
        questionnaire=questionnaire if questionnaire in dict(questionnaires) else "",
        page=min(max(int(page), 1), MOST_PAGES) if page.isascii() and page.isdigit() and len(page) < 9 else 1,
    )


def days_in(values: Mapping[str, str]) -> int:
    """The working days chosen for mending; the usual number where nothing fits."""
    chosen = values.get("days", "")
    return next((each for each in DAYS_TO_CHOOSE if str(each) == chosen), RETURN_DAYS)
