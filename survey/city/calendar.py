"""Working days by the city's calendar: weekends are off and weekdays are worked, but for the days it names."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.models import CalendarDay

SATURDAY: Final = 5
LONGEST: Final = 400
"""Days looked at for one sum: the longest time given is some weeks, and no holiday is longer than that."""


def add_working_days(session: Session, start: date, count: int) -> date:
    """The last of `count` working days after `start`, which itself is not counted. Dates are those of Shanghai."""
    return last_working_day(named_days(session, start, start + timedelta(days=LONGEST)), start, count)


def last_working_day(named: Mapping[date, str], start: date, count: int) -> date:
    """The same for a list of many: `named` (from `all_named_days`) is read once for all of them."""
    day, left = start, count
    while left:
        day += timedelta(days=1)
        left -= is_worked(day, named)
    return day


def working_days_left(session: Session, today: date, due_on: date) -> int:
    """Working days from tomorrow to `due_on`; below 0 as many as have passed since."""
    first, last = sorted((today, due_on))
    return days_left(named_days(session, first, last), today, due_on)


def days_left(named: Mapping[date, str], today: date, due_on: date) -> int:
    """The same for a list of many."""
    first, last = sorted((today, due_on))
    days = ((first + timedelta(days=n)) for n in range(1, (last - first).days + 1))
    count = sum(is_worked(day, named) for day in days)
    return count if due_on >= today else -count


def named_days(session: Session, first: date, last: date) -> dict[date, str]:
    """The days that the calendar names, with their kind."""
    query = sa.select(CalendarDay.day, CalendarDay.kind).where(CalendarDay.day.between(first, last))
    return {day: kind for day, kind in session.execute(query)}  # noqa: C416  # rows unpack, dict() would not type


def all_named_days(session: Session) -> dict[date, str]:
    """Everything the calendar names: some dozens of days a year."""
    return named_days(session, date.min, date.max)


def years_without(session: Session, today: date) -> list[int]:
    """Of this year and the next those that name no day: due dates in them would count holidays as worked."""
    named = {day.year for day in named_days(session, date(today.year, 1, 1), date(today.year + 1, 12, 31))}
    return [year for year in (today.year, today.year + 1) if year not in named]


def is_worked(day: date, named: Mapping[date, str]) -> bool:
    kind = named.get(day)
    return day.weekday() < SATURDAY if kind is None else kind == "workday"
