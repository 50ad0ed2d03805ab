"""The forms of the calendar: one day, and many lines."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import DataRequired, InputRequired, Length, StopValidation

from survey.city.calendar_lines import MOST_NAME, DayFault, NamedDay, checked
from survey.forms import SiteForm
from survey.organisations.forms import visible

KINDS = {"holiday": _l("Holiday"), "workday": _l("Worked weekend day")}
"""What a day of the calendar is."""
MOST_TEXT = 40_000


class KindForm(SiteForm):
    """A day that is there already: it keeps its date."""

    kind = RadioField(_l("What it is"), choices=[SelectChoice(*each) for each in KINDS.items()], default="holiday")
    name = StringField(
        _l("Name of the holiday"),
        filters=[visible],
        validators=[
            DataRequired(_l("Enter the name")),
            Length(max=MOST_NAME, message=_l("Shorten it to 60 characters")),
        ],
    )
    seen = HiddenField()
    of: date | None = None

    def named(self, day: date) -> NamedDay:
        return NamedDay(day, self.kind.data, self.name.data or "")

    def validate_kind(self, field: RadioField) -> None:
        day = self.of or (self["day"].data if "day" in self else None)
        if day is None or not self.name.data:
            return
        try:
            checked(NamedDay(day, field.data, self.name.data[:MOST_NAME]))
        except DayFault as fault:
            raise StopValidation(str(fault)) from fault


class DayForm(KindForm):
    """A new day."""

    day = DateField(_l("Day"), validators=[InputRequired(_l("Enter the day"))])


class LinesForm(SiteForm):
    """Many days, one in a line."""

    lines = TextAreaField(
        _l("Days, one in a line"), validators=[Length(max=MOST_TEXT, message=_l("This is too long for one time"))]
    )

    def complain(self) -> None:
        """Nothing could be taken: said at the control, the faults stand beside it."""
        self.lines.errors = [_("Some lines need changing; nothing was entered")]
