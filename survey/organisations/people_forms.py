"""The forms about the people of a firm."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField
from wtforms.validators import InputRequired, Length, StopValidation

from survey.accounts.recipients import recipient
from survey.accounts.role_names import FIRM_ROLE_NAMES
from survey.forms import SiteForm, tidy
from survey.organisations.outside_forms import DayField

LONGEST_MONTHS: Final = 12
"""So far ahead may an authorised filler's last day be."""

ROLE_MEANINGS: Final = {
    "owner": _l("may do everything, also submit and manage people"),
    "editor": _l("fills in and changes figures, reads reports; cannot submit"),
    "viewer": _l("reads answers and reports; changes nothing"),
    "filler": _l("somebody from another body who fills in the draft; never submits, never sees the report"),
}


def role_choices(roles: tuple[str, ...]) -> list[tuple[str, str]]:
    return [
        (role, _("%(role)s: %(meaning)s", role=FIRM_ROLE_NAMES[role], meaning=ROLE_MEANINGS[role])) for role in roles
    ]


def latest_day(today: date) -> date:
    """Twelve months ahead; from 29 February it is 28 February."""
    year = today.year + LONGEST_MONTHS // 12
    return today.replace(year=year, day=28) if (today.month, today.day) == (2, 29) else today.replace(year=year)


def _day_fits(form: Any, field: Any) -> None:
    if field.data is None:
        raise StopValidation(_("Enter the last day on which this person may fill in"))
    if not form.today <= field.data <= latest_day(form.today):
        raise StopValidation(_("Choose a day from today on, at most 12 months ahead"))


class InviteForm(SiteForm):
    """`today` is set before validating. `body` and `until` count for a filler alone."""

    recipient = StringField(_l("Mobile number or e-mail address"), validators=[Length(max=254)])
    role = RadioField(_l("Right"), validators=[InputRequired(_l("Choose what this person may do"))])
    body = StringField(_l("Name of the other body"), filters=[tidy])
    until = DayField(_l("Last day"))

    today: date
    to: str = ""
    """The number or address as it is kept, once the form is valid."""

    def offer(self, today: date) -> None:
        self.today, self.role.choices = today, role_choices(tuple(FIRM_ROLE_NAMES))

    def validate_recipient(self, field: Any) -> None:
        found = recipient(field.data or "")
        if found is None:
            raise StopValidation(_("Enter a mobile number with 11 digits or an e-mail address"))
        self.to = found[1]

    def validate_body(self, field: Any) -> None:
        if self.role.data != "filler":
            return
        if not field.data:
            raise StopValidation(_("Enter the name of the body that fills in for the firm"))
        if len(field.data) > 100:
            raise StopValidation(_("Shorten the name to 100 characters"))

    def validate_until(self, field: Any) -> None:
        if self.role.data == "filler":
            _day_fits(self, field)


class RoleForm(SiteForm):
    """Another right for a colleague; who holds the account is changed by handing over."""

    role = RadioField(_l("Right"), validators=[InputRequired(_l("Choose what this person may do"))])

    def offer(self) -> None:
        self.role.choices = role_choices(("editor", "viewer"))


class DayForm(SiteForm):
    """Another last day for an authorised filler; `today` is set before validating."""

    until = DayField(_l("Last day"))
    today: date

    def validate_until(self, field: Any) -> None:
        _day_fits(self, field)


LEAVING: Final = {
    "editor": _l("I fill in and read, but no longer manage people or submit"),
    "stay": _l("I hold the account too, beside the new holder"),
    "leave": _l("I leave the firm and see nothing of it any more"),
}
"""What becomes of whoever hands over; `people_actions.hand_over` knows the same words."""


class HandOverForm(SiteForm):
    to = RadioField(_l("Who holds the account from now on"), validators=[InputRequired(_l("Choose a colleague"))])
    leaving = RadioField(
        _l("What you may do afterwards"), validators=[InputRequired(_l("Choose what you may do afterwards"))]
    )

    def offer(self, colleagues: list[tuple[str, str]]) -> None:
        self.to.choices, self.leaving.choices = colleagues, list(LEAVING.items())
