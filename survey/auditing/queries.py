"""Reading the record: one page of events, with the names of the people, firms and areas they concern."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from survey import credit_code
from survey.accounts.recipients import recipient
from survey.auditing.words import GROUPS
from survey.formatting import SHANGHAI
from survey.models import Area, AuditEvent, Organisation, User

PAGE: Final = 50
MOST_PEOPLE: Final = 200

Subject: Final = aliased(User)
FirmArea: Final = aliased(Area)


@dataclass(frozen=True, slots=True)
class Filter:
    """All that is given must hold. `since` and `until` are days in China, both included; `deed` is an action or
    `group:` with the key of a group; `person` a number, an address or part of a name; `area` a public id."""

    since: date | None = None
    until: date | None = None
    deed: str = ""
    result: str = ""
    person: str = ""
    firm: str = ""
    area: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One event with names beside it; None where there is nobody, no firm, no area, or the name was erased."""

    event: AuditEvent
    actor: str | None
    subject: str | None
    firm: str | None
    firm_code: str | None
    area: Area | None


def lines(session: Session, wish: Filter, before: int | None = None, most: int = PAGE) -> list[Line]:
    """The newest events that fit, those with an id below `before`."""
    query = _with_names().where(*_conditions(session, wish)).order_by(AuditEvent.id.desc()).limit(most)
    if before is not None:
        query = query.where(AuditEvent.id < before)
    return [Line(*row) for row in session.execute(query)]


def _with_names() -> sa.Select[AuditEvent, str, str, str, str, Area]:
    same_person = (AuditEvent.object_kind == "user") & (Subject.public_id == AuditEvent.object_id)
    return (
        sa.select(AuditEvent, User.name, Subject.name, Organisation.name, Organisation.credit_code, Area)
        .outerjoin(User, User.id == AuditEvent.actor_id)
        .outerjoin(Subject, same_person)
        .outerjoin(Organisation, Organisation.id == AuditEvent.organisation_id)
        .outerjoin(Area, Area.id == AuditEvent.area_id)
        .outerjoin(FirmArea, FirmArea.id == Organisation.operating_area_id)
    )


def _conditions(session: Session, wish: Filter) -> Iterator[sa.ColumnElement[bool]]:
    for name, condition in _CONDITIONS.items():
        value = getattr(wish, name)
        if value:
            yield condition(session, value)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)


def _deeds(chosen: str) -> list[str]:
    group = GROUPS.get(chosen.removeprefix("group:"))
    return list(group.deeds) if group and chosen.startswith("group:") else [chosen]


def _code(text: str) -> str:
    found = credit_code.read(text)
    return found.text if isinstance(found, credit_code.CreditCode) else text.strip().upper()


def _by_or_about(session: Session, text: str) -> sa.ColumnElement[bool]:
    """What the person did and what was done to their account."""
    people = session.execute(sa.select(User.id, User.public_id).where(matching(text)).limit(MOST_PEOPLE)).all()
    about = (AuditEvent.object_kind == "user") & AuditEvent.object_id.in_([each.public_id for each in people])
    return AuditEvent.actor_id.in_([each.id for each in people]) | about


def matching(text: str) -> sa.ColumnElement[bool]:
    """People with this mobile number or address, exactly; else those whose name holds the text."""
    to = recipient(text)
    if to is None:
        return User.name.icontains(text, autoescape=True)
    return (User.mobile if to[0] == "mobile" else User.email) == to[1]


def _in_area(session: Session, public_id: str) -> sa.ColumnElement[bool]:
    """Done in a role held there or below, or to a firm that works there."""
    path = session.scalar(sa.select(Area.path).where(Area.public_id == public_id))
    if path is None:
        return sa.false()
    return Area.path.startswith(path, autoescape=True) | FirmArea.path.startswith(path, autoescape=True)


_CONDITIONS: Final[Mapping[str, Callable[[Session, Any], sa.ColumnElement[bool]]]] = {
    "since": lambda _session, day: AuditEvent.at >= _midnight(day),
    "until": lambda _session, day: AuditEvent.at < _midnight(day + timedelta(days=1)),
    "deed": lambda _session, chosen: AuditEvent.action.in_(_deeds(chosen)),
    "result": lambda _session, result: AuditEvent.result == result,
    "person": _by_or_about,
    "firm": lambda _session, text: Organisation.credit_code == _code(text),
    "area": _in_area,
    "reference": lambda _session, text: AuditEvent.request_id == text.upper(),
}
"""What each part of a filter asks of an event."""


def last_check(session: Session) -> AuditEvent | None:
    """The last time the chain was looked through."""
    kinds = AuditEvent.action.in_(("audit.verify", "audit.seal_broken"))
    return session.scalar(sa.select(AuditEvent).where(kinds).order_by(AuditEvent.id.desc()).limit(1))
