"""The form that filters the record."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import Length, StopValidation

from survey.auditing.queries import Filter
from survey.auditing.words import GROUPS, RESULTS
from survey.database import reading
from survey.forms import SiteForm, tidy
from survey.languages import page_language
from survey.organisations.forms import visible
from survey.organisations.outside_forms import DayField
from survey.organisations.queries import area_name, areas_tree

USUAL_DAYS: Final = 7
NAMES: Final = ("since", "until", "deed", "result", "person", "firm", "area", "reference")


def _text(label: Any) -> StringField:
    return StringField(label, filters=[visible, tidy], validators=[Length(max=100, message=_l("Shorten the text"))])


class FilterForm(SiteForm):
    """`wish` is what it says once it is valid."""

    since = DayField(_l("First day"))
    until = DayField(_l("Last day"))
    deed = SelectField(_l("What was done"))
    result = SelectField(_l("Result"))
    person = _text(_l("Name or account"))
    firm = _text(_l("Credit code of the firm"))
    area = SelectField(_l("Area"))
    reference = _text(_l("Reference of a request"))

    def offer(self) -> None:
        """Fill the lists to choose from."""
        deeds: dict[str, list[tuple[str, str]]] = {_("All"): [("", _("Everything"))]}
        for key, group in GROUPS.items():
            whole = (f"group:{key}", _("All: %(group)s", group=group.title))
            deeds[str(group.title)] = [whole, *((deed, str(words)) for deed, words in group.deeds.items())]
        self.deed.choices = deeds
        self.result.choices = [("", _("All")), *((key, str(words)) for key, words in RESULTS.items())]
        language = page_language()
        self.area.choices = [
            ("", _("Everywhere")),
            *(
                (place.area.public_id, "\u2003" * place.depth + area_name(place.area, language))
                for place in areas_tree(reading())
            ),
        ]

    def validate_until(self, field: DayField) -> None:
        if field.data and self.since.data and field.data < self.since.data:
            raise StopValidation(_("The last day lies before the first"))

    @property
    def wish(self) -> Filter:
        """The valid form."""
        return Filter(**{name: self[name].data or _EMPTY[name] for name in NAMES})


_EMPTY: Final[dict[str, Any]] = {name: None if name in ("since", "until") else "" for name in NAMES}


def usual(today: date) -> FilterForm:
    """What the page opens with: the last days."""
    return shown(Filter(since=today - timedelta(days=USUAL_DAYS - 1), until=today))


def shown(wish: Filter) -> FilterForm:
    """The form with what was asked for."""
    form = FilterForm(formdata=None, data={name: getattr(wish, name) for name in NAMES})
    form.offer()
    return form


def sent() -> FilterForm:
    """The form as it was sent."""
    form = FilterForm()
    form.offer()
    return form


def as_texts(wish: Filter) -> dict[str, str]:
    """For keeping."""
    return {name: str(getattr(wish, name)) for name in NAMES if getattr(wish, name)}


def from_texts(texts: dict[str, str]) -> Filter:
    """What was kept."""
    values: dict[str, Any] = dict(texts)
    return Filter(**values | {name: date.fromisoformat(texts[name]) for name in ("since", "until") if name in texts})
