"""Requests under the law on personal data: made by the person, answered in time by an administrator (P-09)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy.orm import Session

from survey import audit
from survey.city.calendar import all_named_days, last_working_day
from survey.formatting import local_time
from survey.messages import outbox
from survey.models import RightsRequest, User
from survey.settings import Settings

KINDS: Final[Mapping[str, LazyString]] = {
    "copy": _l("See or copy my data"),
    "correct": _l("Correct something"),
    "delete": _l("Delete something"),
    "close": _l("Close my account"),
    "explain": _l("Explain how my data are handled"),
    "other": _l("Something else"),
}
STATES: Final[Mapping[str, LazyString]] = {"open": _l("Not answered yet"), "done": _l("Done"), "refused": _l("Refused")}

WORKING_DAYS_TO_CLOSE: Final = 15
DAYS: Final = 30
MOST_OPEN: Final = 10
"""So many requests of one person may be open."""


class TooManyOpen(Exception):
    """The person has enough open requests."""


class AnsweredAlready(Exception):
    """A colleague was quicker."""


def due_on(named: Mapping[date, str], kind: str, made_on: date) -> date:
    """The last day for the answer; working days are those of the city's calendar (`all_named_days`)."""
    if kind != "close":
        return made_on + timedelta(days=DAYS)
    return last_working_day(named, made_on, WORKING_DAYS_TO_CLOSE)


def ask(session: Session, kind: str, text: str | None, actor: audit.Actor, now: datetime) -> RightsRequest:
    """Enter a request. Raises `TooManyOpen`."""
    mine = sa.select(sa.func.count()).where(RightsRequest.user_id == actor.user_id, RightsRequest.state == "open")
    if (session.scalar(mine) or 0) >= MOST_OPEN:
        raise TooManyOpen
    due = due_on(all_named_days(session), kind, local_time(now).date())
    row = RightsRequest(user_id=actor.user_id, kind=kind, text=text, made_at=now, due_on=due)
    session.add(row)
    session.flush()
    audit.record(session, actor, "rights.request", row.public_id, now=now, detail=kind)
    return row


def answer(
    session: Session, settings: Settings, request_id: int, state: str, text: str, actor: audit.Actor, now: datetime
) -> None:
    """Close a request with its answer, and tell the person. Raises `AnsweredAlready`."""
    row = session.get_one(RightsRequest, request_id, with_for_update=True, populate_existing=True)
    if row.state != "open":
        raise AnsweredAlready
    row.state, row.answer, row.closed_at, row.closed_by = state, text, now, actor.user_id
    audit.record(session, actor, "rights.answer", row.public_id, now=now, detail=state)
    user = session.get(User, row.user_id) if row.user_id else None
    if user is not None:
        outbox.post(session, settings, "rights_answered", user.recipient, user.language, {"answer": text}, now)


def requests_of(session: Session, user_id: int) -> list[RightsRequest]:
    """What the person asked for, newest first."""
    mine = sa.select(RightsRequest).where(RightsRequest.user_id == user_id)
    return list(session.scalars(mine.order_by(RightsRequest.made_at.desc(), RightsRequest.id.desc())))


def overdue(row: RightsRequest, today: date) -> bool:
    return row.state == "open" and row.due_on < today
