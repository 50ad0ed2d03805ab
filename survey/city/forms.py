"""The forms for areas, the city's own industries, its chains and clusters."""

from __future__ import annotations

import re

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Regexp, StopValidation

from survey.city.area_actions import AreaValues
from survey.city.group_actions import GroupValues
from survey.city.industry_actions import IndustryValues
from survey.database import reading
from survey.forms import SiteForm, tidy
from survey.languages import page_language
from survey.models import Area
from survey.organisations import industries
from survey.organisations.forms import visible
from survey.organisations.queries import area_name, areas_tree

MOST_PREFIXES = 100
KINDS = {
    "district": _l("District"),
    "zone": _l("Functional zone"),
    "street": _l("Street or town"),
}


class NamesForm(SiteForm):
    name_zh = StringField(
        _l("Chinese name"),
        filters=[visible],
        validators=[DataRequired(_l("Enter the name")), Length(max=60, message=_l("Shorten it to 60 characters"))],
    )
    name_en = StringField(
        _l("English name"),
        filters=[visible],
        validators=[DataRequired(_l("Enter the name")), Length(max=100, message=_l("Shorten it to 100 characters"))],
    )
    seen = HiddenField()


class AreaForm(NamesForm):
    """An area below the city."""

    kind = SelectField(_l("Kind"))
    parent = SelectField(_l("Area above"))
    code = StringField(_l("Number in the national list"), filters=[tidy])

    def offer(self, area: Area | None = None) -> None:
        """Fill the choices; of areas above all but the area itself and those below it."""
        self.kind.choices = list(KINDS.items())
        language = page_language()
        self.parent.choices = [
            (place.area.public_id, "\u2003" * place.depth + area_name(place.area, language))
            for place in areas_tree(reading())
            if place.area.kind != "street" and not (area and place.area.path.startswith(area.path))
        ]

    def validate_code(self, field: StringField) -> None:
        if field.data and not re.fullmatch(r"[0-9]{6}([0-9]{3}){0,2}", field.data):
            raise StopValidation(_("The number has 6, 9 or 12 digits; leave it empty where there is none"))

    @property
    def values(self) -> AreaValues:
        return AreaValues(
            self.kind.data, self.parent.data, self.name_zh.data or "", self.name_en.data or "", self.code.data or None
        )


class CityForm(NamesForm):
    """The city itself: it has names, and stays where it is."""

    @property
    def values(self) -> AreaValues:
        return AreaValues("city", None, self.name_zh.data or "", self.name_en.data or "", None)


class CodedForm(NamesForm):
    """Something with a code of the city's own."""

    code = StringField(
        _l("Code"),
        filters=[tidy],
        validators=[
            DataRequired(_l("Enter a code, such as 01")),
            Regexp(r"[A-Za-z0-9._-]{1,20}$", message=_l("Use at most 20 letters, digits, dots and dashes")),
        ],
    )


class GroupForm(CodedForm):
    """A chain or a cluster."""

    @property
    def values(self) -> GroupValues:
        return GroupValues(self.code.data or "", self.name_zh.data or "", self.name_en.data or "")


class IndustryForm(CodedForm):
    """`found` holds the prefixes with their letters once the form is valid."""

    prefixes = TextAreaField(_l("Industry codes that belong to it"), validators=[DataRequired(_l("Enter a code"))])

    found: tuple[str, ...] = ()

    def validate_prefixes(self, field: TextAreaField) -> None:
        typed = [each for each in re.split(r"[\s,;\u3001]+", tidy(field.data) or "") if each]
        if len(typed) > MOST_PREFIXES:
            raise StopValidation(_("There are more than %(most)s codes", most=MOST_PREFIXES))
        codes = {each: industries.resolve(reading(), each) for each in typed}
        wrong = [each[:20] for each, code in codes.items() if code is None]
        if wrong:
            raise StopValidation(_("No codes of GB/T 4754: %(codes)s", codes=_(", ").join(wrong[:5])))
        self.found = _shortest({code for code in codes.values() if code})

    @property
    def values(self) -> IndustryValues:
        return IndustryValues(self.code.data or "", self.name_zh.data or "", self.name_en.data or "", self.found)


def _shortest(codes: set[str]) -> tuple[str, ...]:
    """Without those that another one includes."""
    return tuple(sorted(code for code in codes if not any(code != other and code.startswith(other) for other in codes)))
