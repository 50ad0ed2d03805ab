"""The forms about a firm: what it is, where it works, in which industry."""

from __future__ import annotations

import unicodedata

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import DataRequired, Length, StopValidation

from survey import credit_code
from survey.credit_code import CreditCode, Wrong
from survey.database import reading
from survey.forms import SiteForm
from survey.languages import page_language
from survey.organisations import industries
from survey.organisations.industries import Match
from survey.organisations.queries import area_name, areas_tree

CHOOSE = _l("Choose one of the industries found below, or change the text")
NOT_FOUND = _l("No industry was found for this. Try a shorter word, or the code with 2 to 4 digits")
INVISIBLE = ("Cc", "Cf", "Cs")


def visible(text: str | None) -> str | None:
    """Text without signs that nobody sees and without spaces around or doubled; full-width brackets stay in names."""
    if text is None:
        return None
    spaced = "".join(" " if sign.isspace() else sign for sign in text)
    return " ".join("".join(sign for sign in spaced if unicodedata.category(sign) not in INVISIBLE).split())


WRONG = {
    "length": _l("Enter all 18 characters of the code; there are %(count)s now"),
    "symbol": _l(
        "Character %(place)s, '%(symbol)s', does not occur in these codes. They have digits and capital letters "
        "without I, O, S, V and Z: check for 1, 0, 5 and 2"
    ),
    "check": _l(
        "The check digit does not fit, so at least one character is wrong. "
        "Compare the code with the business licence, character by character"
    ),
}
"""What to do about a credit code that cannot be right."""

INNER_WRONG = _l(
    "Characters 9 to 17 do not fit together. On a few old licences that is so: compare once more, "
    "and tick below if the licence says exactly this"
)


def why_wrong(wrong: Wrong) -> str:
    return str(WRONG[wrong.reason]) % {"count": wrong.count, "place": wrong.place, "symbol": wrong.symbol}


class CreditCodeForm(SiteForm):
    """`code` is set once the form is valid; `asks_exact` once the inner check digit was found not to fit."""

    credit_code = StringField(
        _l("Unified social credit code"), filters=[visible], validators=[DataRequired(_l("Enter the code"))]
    )
    credit_code_exact = BooleanField(_l("The code on the licence is exactly this"))

    code: CreditCode | None = None
    asks_exact = False

    def validate_credit_code(self, field: StringField) -> None:
        """Runs after the validators of the field."""
        found = credit_code.read(field.data or "")
        if isinstance(found, Wrong):
            raise StopValidation(why_wrong(found))
        self.asks_exact = not found.inner_matches
        if self.asks_exact and not self.credit_code_exact.data:
            raise StopValidation(INNER_WRONG)
        self.code = found


class DetailsForm(SiteForm):
    """`industry_code` is set once the form is valid; `matches` are industries to choose from where the text is none."""

    name = StringField(
        _l("Name of the firm"),
        filters=[visible],
        validators=[
            DataRequired(_l("Enter the name as on the business licence")),
            Length(max=100, message=_l("Shorten the name to 100 characters")),
        ],
    )
    area = SelectField(_l("Area where the firm works"), validators=[DataRequired(_l("Choose the area"))])
    industry = StringField(
        _l("Industry"),
        filters=[visible],
        validators=[
            DataRequired(_l("Enter the industry")),
            Length(max=60, message=_l("Shorten the text to 60 characters")),
        ],
    )
    industry_choice = StringField(_l("Industry found"))

    industry_code: str = ""
    matches: list[Match] = []  # noqa: RUF012  # replaced, never changed

    def offer_areas(self) -> None:
        """Fill the choice of areas: below the city, streets indented under their district."""
        language = page_language()
        places = [place for place in areas_tree(reading()) if place.depth > 0]
        self.area.choices = [
            ("", _("Choose")),
            *(
                (place.area.public_id, "\u2003" * (place.depth - 1) + area_name(place.area, language))
                for place in places
            ),
        ]

    def validate_industry(self, field: StringField) -> None:
        """Takes a code or an exact name; otherwise one of the matches that were offered for the same text."""
        session, text = reading(), field.data or ""
        code = industries.resolve(session, text)
        if code is None:
            self.matches = industries.search(session, text, page_language())
            code = next((match.code for match in self.matches if match.code == self.industry_choice.data), None)
        if code is None:
            raise StopValidation(CHOOSE if self.matches else NOT_FOUND)
        self.industry_code = code


class NewForm(CreditCodeForm, DetailsForm):
    """Entering a firm."""
