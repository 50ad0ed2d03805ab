"""Storing what was found, taking over answers that the firm handed in anew, handing in the findings."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from survey import audit, formatting
from survey.city.calendar import add_working_days
from survey.errors import Problem
from survey.formatting import local_time
from survey.models import Visit, VisitValue, canonical
from survey.settings import Settings
from survey.verification.overlay import FIGURE, Found, stated
from survey.verification.planning_actions import locked
from survey.verification.queries import newest_snapshot
from survey.verification.sheet import Case, case, findings, reasons_of
from survey.verification.telling import address, tell_firm

COMMENT_DAYS: Final = 5
"""Working days that the firm has to say its word on what was found."""


def mark(found: Mapping[str, Found], items: Iterable[str]) -> str:
    """A short checksum of the findings of these items and figures: tells whether somebody else changed one."""
    wanted = set(items)
    rows = [[name, each.finding, each.value, each.seen, each.reason] for name, each in found.items() if name in wanted]
    return hashlib.sha256(canonical(sorted(rows, key=lambda row: str(row[0]))).encode()).hexdigest()[:16]


def store(
    session: Session,
    visit_id: int,
    found: Mapping[str, Found],
    items: Iterable[str],
    seen_mark: str,
    user_id: int,
    now: datetime,
) -> bool:
    """Store findings. False, and nothing stored, if somebody changed one of `items` since `seen_mark` was taken."""
    visit = locked(session, visit_id)
    writable(visit)
    before = findings(session, visit_id)
    if mark(before, items) != seen_mark:
        return False
    changed = {name: each for name, each in found.items() if before.get(name) != each}
    for name, each in changed.items():
        row = session.get(VisitValue, (visit_id, name)) or VisitValue(visit_id=visit_id, item=name)
        row.finding, row.value, row.seen, row.reason = each.finding, each.value, list(each.seen), each.reason or None
        row.entered_at, row.entered_by = now, user_id
        session.add(row)
    visit.rev += 1 if changed else 0
    return True


def writable(visit: Visit) -> None:
    """Refuse once the findings are handed in or the visit is over."""
    if visit.state != "planned":
        raise Problem(
            409,
            _("The findings are handed in"),
            _("Nothing was changed. The second person can send them back if something has to be looked at again."),
        )


def renew(session: Session, visit_id: int, now: datetime) -> int:
    """Take over what the firm handed in since the visit was planned; how many findings have to be made anew.

    Findings stay where the answer is the same as before.
    """
    visit = locked(session, visit_id)
    writable(visit)
    newest = newest_snapshot(session, visit.submission_id)
    old, new = (stated(each, reasons_of(session, each)) for each in (visit.snapshot, newest))
    gone = []
    for name in findings(session, visit_id):
        if name.startswith(FIGURE):
            _word, kind, year = name.split(":")
            differs = old.facts.get((kind, int(year))) != new.facts.get((kind, int(year)))
        else:
            differs = old.responses.get(name) != new.responses.get(name)
        gone += [name] if differs else []
    told = case(session, visit)
    homes = {figure: home for key, home in told.homes.items() for figure in [f"{FIGURE}{key[0]}:{key[1]}"]}
    gone += [homes[name] for name in gone if name in homes]
    session.execute(sa.delete(VisitValue).where(VisitValue.visit_id == visit_id, VisitValue.item.in_(set(gone))))
    visit.snapshot_id, visit.rev = newest.id, visit.rev + 1
    session.expire(visit)
    return len({name for name in gone if not name.startswith(FIGURE)})


@dataclass(frozen=True, slots=True)
class HandIn:
    """What an assessor hands in: the day of the visit, and the findings as they were seen, by their mark."""

    visited_on: date
    seen_mark: str


def whole_mark(told: Case) -> str:
    """The mark of all findings on the route, and of the answers they were compared with."""
    return f"{told.visit.snapshot_id}-{mark(told.findings, told.findings)}"


def hand_in(
    session: Session, settings: Settings, visit_id: int, handed: HandIn, actor: audit.Actor, now: datetime
) -> bool:
    """Hand in the findings: the firm is told and may say its word. False if anything changed or is missing."""
    assert actor.user_id is not None
    visit = locked(session, visit_id)
    writable(visit)
    told = case(session, visit)
    if whole_mark(told) != handed.seen_mark or told.missing or told.result.faults:
        return False
    if newest_snapshot(session, visit.submission_id).id != visit.snapshot_id:
        return False
    visit.state, visit.rev = "entered", visit.rev + 1
    visit.visited_on, visit.entered_at, visit.entered_by = handed.visited_on, now, actor.user_id
    visit.comment_until = add_working_days(session, local_time(now).date(), COMMENT_DAYS)
    visit.agreed, visit.commented_at, visit.commented_by, visit.sent_back = None, None, None, None
    audit.record(session, actor, "visit.enter", visit.public_id, now=now, organisation_id=visit.organisation_id)
    until = visit.comment_until
    tell_firm(
        session, settings, visit, "visit_entered",
        lambda _language: {"until": formatting.date(until), "address": address(settings, visit, "/comment")}, now,
    )  # fmt: skip
    return True
