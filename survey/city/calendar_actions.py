"""Changing the city's calendar. Due dates that were set already stay as they were told."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from survey import audit
from survey.city.calendar_lines import NamedDay, Read, read
from survey.city.refused import ChangeRefused
from survey.errors import WORDINGS, Problem
from survey.models import CalendarDay


def seen(row: CalendarDay) -> str:
    """A short text that changes with anything about it: sent with a form, compared before it is saved."""
    return hashlib.sha256(repr((row.day, row.kind, row.name)).encode()).hexdigest()[:16]


def days(session: Session) -> dict[date, CalendarDay]:
    """All days that differ from their weekday, in their order."""
    return {row.day: row for row in session.scalars(sa.select(CalendarDay).order_by(CalendarDay.day))}


def add(session: Session, named: NamedDay, actor: audit.Actor, now: datetime) -> None:
    """Raises `ChangeRefused`."""
    if session.get(CalendarDay, named.day) is not None:
        raise ChangeRefused("day", _("This day is in the calendar already"))
    _set(session, [named], actor, now)
    _record(session, named.day, "add", actor, now)


def change(session: Session, named: NamedDay, as_seen: str, actor: audit.Actor, now: datetime) -> None:
    """Another kind or name for a day; 409 if it was changed since."""
    _unchanged(session, named.day, as_seen)
    _set(session, [named], actor, now)
    _record(session, named.day, "change", actor, now)


def remove(session: Session, day: date, as_seen: str, actor: audit.Actor, now: datetime) -> None:
    session.delete(_unchanged(session, day, as_seen))
    _record(session, day, "remove", actor, now)


def enter(session: Session, text: str, actor: audit.Actor, now: datetime) -> Read:
    """Write everything that the lines name, or nothing where anything is wrong with them."""
    found = read(text, days(session))
    if not found.faults and found.days:
        _set(session, found.days, actor, now)
        audit.record(session, actor, "calendar.edit", None, now=now, detail=f"{len(found.days)} days")
    return found


def _set(session: Session, named: Sequence[NamedDay], actor: audit.Actor, now: datetime) -> None:
    for each in named:
        session.merge(CalendarDay(day=each.day, kind=each.kind, name=each.name, set_at=now, set_by=actor.user_id or 0))


def _unchanged(session: Session, day: date, as_seen: str) -> CalendarDay:
    row = session.get(CalendarDay, day, with_for_update=True)
    if row is None or seen(row) != as_seen:
        raise Problem(409, str(WORDINGS[409].title), str(WORDINGS[409].text))
    return row


def _record(session: Session, day: date, detail: str, actor: audit.Actor, now: datetime) -> None:
    audit.record(session, actor, "calendar.edit", day.isoformat(), now=now, detail=detail)
