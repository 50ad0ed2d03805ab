"""The form for a result held elsewhere: which fields it has and what they take, the kind says."""

from __future__ import annotations

import contextlib
import re
from datetime import date
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, StopValidation

from questionnaires.exact import exact
from questionnaires.facts import read_number
from survey import formatting
from survey.forms import SiteForm
from survey.models import OutsideResult
from survey.organisations.forms import visible
from survey.organisations.outside_actions import Said
from survey.organisations.outside_kinds import ALL, OutsideKind

DAY: Final = re.compile(r"\s*(\d{4})\D{1,3}(\d{1,2})\D{1,3}(\d{1,2})\D{0,2}\s*", re.ASCII)
"""Year, month and day in digits with anything between: 2026-03-01, 2026.3.1 and as Chinese documents write it."""

EARLIEST: Final = date(1990, 1, 1)
DECIMALS: Final = 4
SHORT: Final = 100
LONG: Final = 500


class DayField(DateField):
    """A day; forgiving about what stands between year, month and day."""

    def process_formdata(self, valuelist: list[str]) -> None:
        text = " ".join(valuelist).strip()
        self.data = None
        if not text:
            return
        match = DAY.fullmatch(text)
        with contextlib.suppress(ValueError):  # digits that are no day of any month
            self.data = date(*map(int, match.groups())) if match else None
        if self.data is None:
            raise ValueError(
                _("“%(typed)s” is not a day; enter year, month and day, such as 2026-03-01", typed=text[:40])
            )


def _text(label: Any, why: Any, most: int = SHORT, **values: Any) -> StringField:
    tests = [DataRequired(why), Length(max=most, message=_l("Shorten the text to %(most)s characters", most=most))]
    return values.pop("made_of", StringField)(label, filters=[visible], validators=tests, **values)


class ResultForm(SiteForm):
    """`kind` and `today` are set before validating; `said` is what it says once it is valid."""

    value = SelectField(_l("Result"), validate_choice=False)
    score = StringField(_l("Score"), filters=[visible])
    subject = _text(_l("Name"), _l("Enter the name"))
    number = _text(
        _l("Number of the certificate or notice"), _l("Enter the number; without it nobody can check the result")
    )
    issuer = _text(_l("Given by"), _l("Enter who gave it"))
    issued_on = DayField(_l("Date of issue"))
    valid_until = DayField(_l("Valid until"))
    proof = _text(_l("Proof"), _l("Enter where the result can be checked"), LONG, made_of=TextAreaField)
    rev = HiddenField()

    kind_name = ""
    kind: OutsideKind
    today: date
    exact_score: str | None = None

    def become(self, kind_name: str, today: date) -> None:
        """Keep the fields of this kind only, and know what day it is."""
        self.kind_name, self.kind, self.today = kind_name, ALL[kind_name], today
        self.value.choices = [("", _("Choose")), *self.kind.values.items()]
        if self.kind.subject:
            self.subject.label.text = self.kind.subject
        for name in ("value", "score", "subject"):
            if not getattr(self.kind, "values" if name == "value" else name):
                delattr(self, name)

    def validate_value(self, field: SelectField) -> None:
        if field.data not in self.kind.values and (field.data or self.kind.value_required):
            raise StopValidation(_("Choose the result"))

    def validate_score(self, field: StringField) -> None:
        assert self.kind.score is not None
        if not field.data:
            if self.kind.score_required:
                raise StopValidation(_("Enter the score"))
            return
        least, most = self.kind.score
        number = read_number(field.data)
        if number is None or not least <= number <= most or (number * 10**DECIMALS).denominator != 1:
            raise StopValidation(
                _(
                    "Enter the score as a number from %(least)s to %(most)s with at most %(places)s decimals",
                    least=exact(least),
                    most=exact(most),
                    places=DECIMALS,
                )
            )
        self.exact_score = exact(number)

    def validate_issued_on(self, field: DayField) -> None:
        if field.data is None and not field.errors:
            raise StopValidation(_("Enter the date of issue"))
        if field.data is not None and field.data > self.today:
            raise StopValidation(
                _("The date of issue lies in the future; today is %(date)s", date=formatting.date(self.today))
            )
        if field.data is not None and field.data < EARLIEST:
            raise StopValidation(_("Check the year of issue: it lies before %(year)s", year=EARLIEST.year))

    def validate_valid_until(self, field: DayField) -> None:
        if field.data is None:
            if self.kind.expires and not field.errors:
                raise StopValidation(_("Enter until when it is valid; it is on the certificate or in the notice"))
        elif self.issued_on.data is not None and field.data <= self.issued_on.data:
            raise StopValidation(_("The end must be later than the date of issue"))

    @property
    def said(self) -> Said:
        """The valid form as the actions take it."""
        return Said(
            value=(self.value.data or None) if "value" in self else None,
            score=self.exact_score,
            subject=self.subject.data if "subject" in self else None,
            number=self.number.data or "",
            issuer=self.issuer.data or "",
            issued_on=self.issued_on.data or EARLIEST,
            valid_until=self.valid_until.data,
            proof=self.proof.data or "",
        )


NAMES: Final = ("value", "score", "subject", "number", "issuer", "issued_on", "valid_until", "proof", "rev")


def stored_form(row: OutsideResult, today: date) -> ResultForm:
    """The form with what is recorded."""
    form = ResultForm(formdata=None, data={name: getattr(row, name) for name in NAMES})
    form.become(row.kind, today)
    return form


def empty_form(kind_name: str, today: date) -> ResultForm:
    """The form for a new result, with who mostly gives it."""
    form = ResultForm(formdata=None, data={"issuer": str(ALL[kind_name].issuer)})
    form.become(kind_name, today)
    return form


def sent_form(kind_name: str, today: date) -> ResultForm:
    """The form as it was sent."""
    form = ResultForm()
    form.become(kind_name, today)
    return form
