"""What a firm holds from elsewhere, and until when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from survey import formatting
from survey.models import OutsideResult
from survey.organisations.outside_kinds import ALL, ORDER

WARNED_DAYS: Final = 90
"""How long before its end a result is marked: time enough for a review."""


def recorded(session: Session, organisation_id: int) -> list[OutsideResult]:
    """Everything recorded and not withdrawn, also what has expired; by kind, the newest first."""
    query = sa.select(OutsideResult).where(
        OutsideResult.organisation_id == organisation_id, OutsideResult.withdrawn_at.is_(None)
    )
    return _in_order(session.scalars(query))


def outside_results(session: Session, organisation_id: int, on: date) -> list[OutsideResult]:
    """The results that hold on that day: issued by then, not expired, not withdrawn; by kind, the newest first."""
    return [row for row in recorded(session, organisation_id) if holds(row, on)]


def _in_order(rows: Iterable[OutsideResult]) -> list[OutsideResult]:
    newest_first = sorted(rows, key=lambda row: (row.issued_on, row.id), reverse=True)
    return sorted(newest_first, key=lambda row: ORDER.index(row.kind))


def holds(row: OutsideResult, on: date) -> bool:
    return row.issued_on <= on and (row.valid_until is None or row.valid_until >= on)


def result_title(row: OutsideResult) -> str:
    """What the kind is called; the subject in its place where that says more."""
    return row.subject if row.kind == "other" and row.subject else str(ALL[row.kind].title)


def result_words(row: OutsideResult) -> str:
    """What the result says: its level, score and subject; empty for a title, which says all by its name."""
    kind = ALL[row.kind]
    said = [
        row.subject if row.kind != "other" else None,
        str(kind.values[row.value]) if row.value else None,
        _("%(points)s points", points=formatting.points(row.score)) if row.score else None,
    ]
    return str(_(", ")).join(part for part in said if part)


def validity(row: OutsideResult, on: date) -> tuple[str, str]:
    """How long a result holds, as `held_until` says it."""
    return held_until(row.valid_until, on)


def held_until(until: date | None, on: date) -> tuple[str, str]:
    """How long something holds, as a mark of `components/marks.html` and its words."""
    if until is None:
        return "done", _("no end given")
    days = (until - on).days
    if days < 0:
        return "error", _("expired on %(date)s", date=formatting.date(until))
    if days <= WARNED_DAYS:
        return "warning", ngettext("expires in %(num)d day", "expires in %(num)d days", days)
    return "done", _("valid until %(date)s", date=formatting.date(until))


def by_public_id(session: Session, organisation_id: int, public_id: str) -> OutsideResult | None:
    """One result of the firm that was not withdrawn."""
    query = sa.select(OutsideResult).where(
        OutsideResult.organisation_id == organisation_id,
        OutsideResult.public_id == public_id,
        OutsideResult.withdrawn_at.is_(None),
    )
    return session.scalar(query)


def same_number(session: Session, organisation_id: int, kind: str, number: str) -> int | None:
    """The id of the result of this kind that is recorded under this number."""
    rows = recorded(session, organisation_id)
    return next((row.id for row in rows if (row.kind, row.number) == (kind, number)), None)


@dataclass(frozen=True, slots=True)
class Line:
    """One result as pages list it. `mark` and `state` say how long it holds."""

    public_id: str
    title: str
    words: str
    number: str
    issuer: str
    issued: str
    proof: str
    mark: str
    state: str


def lines(rows: Iterable[OutsideResult], on: date) -> list[Line]:
    return [
        Line(
            row.public_id,
            result_title(row),
            result_words(row),
            row.number,
            row.issuer,
            formatting.date(row.issued_on),
            row.proof,
            *validity(row, on),
        )
        for row in rows
    ]
