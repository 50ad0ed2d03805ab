"""Entering a firm, changing it, saving its figures. Each takes a write session, values and `now`; none commits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from survey import audit
from survey.credit_code import CreditCode
from survey.database import INSERTS
from survey.errors import Problem
from survey.models import Claim, Fact, FactChange, Membership, Organisation
from survey.organisations.queries import Key, area_by_code, facts_of
from survey.organisations.sources import TYPED

FactEntry = tuple[str, int, int | None, str]
"""Kind, year, value in the kind's smallest unit (None takes the figure away), unit it was typed in."""


AT_THIS_MOMENT = _l("A colleague saved the same figures at this moment")
NOT_SAVED = _l(
    "Yours were not saved. Open the page again, look at the figures there now and enter yours if they are right."
)


class CreditCodeTaken(Exception):
    """Another firm on the platform has this credit code."""


class FactsChanged(Problem):
    """Somebody else saved one of these figures in the meantime; nothing was saved. `keys` names them."""

    def __init__(self, keys: set[Key]) -> None:
        super().__init__(409, str(AT_THIS_MOMENT), str(NOT_SAVED))
        self.keys = keys


@dataclass(frozen=True, slots=True)
class Details:
    """What can be changed about a firm later."""

    name: str
    operating_area_id: int
    industry_code: str


def create_organisation(
    session: Session, credit_code: CreditCode, details: Details, actor: audit.Actor, now: datetime
) -> Organisation:
    """Enter a firm that nobody has listed; who does it owns it and works at once, an office confirms it later.

    Raises `CreditCodeTaken`; the transaction cannot be used after that.
    """
    assert actor.user_id is not None
    organisation = add_organisation(session, credit_code, details, actor, now)
    here = {"organisation_id": organisation.id, "user_id": actor.user_id}
    session.add(Membership(role="owner", state="confirmed", created_at=now, **here))
    session.add(Claim(how="entered", state="waiting", made_at=now, **here))
    return organisation


def add_organisation(
    session: Session, credit_code: CreditCode, details: Details, actor: audit.Actor, now: datetime
) -> Organisation:
    """Enter a firm, nobody's so far. Raises `CreditCodeTaken`; the transaction cannot be used after that."""
    assert actor.user_id is not None
    registered = area_by_code(session, credit_code.area_code)
    organisation = Organisation(
        credit_code=credit_code.text,
        credit_code_override=not credit_code.inner_matches,
        registered_area_id=registered.id if registered else None,
        name=details.name,
        operating_area_id=details.operating_area_id,
        industry_code=details.industry_code,
        created_at=now,
        created_by=actor.user_id,
    )
    session.add(organisation)
    try:
        session.flush()
    except IntegrityError as error:
        raise CreditCodeTaken from error
    audit.record(
        session, actor, "organisation.create", organisation.public_id, now=now, organisation_id=organisation.id
    )
    return organisation


def update_organisation(
    session: Session, organisation_id: int, details: Details, actor: audit.Actor, now: datetime
) -> None:
    """Change name, operating area and industry."""
    organisation = session.get_one(Organisation, organisation_id)
    organisation.name = details.name
    organisation.operating_area_id = details.operating_area_id
    organisation.industry_code = details.industry_code
    audit.record(session, actor, "organisation.edit", organisation.public_id, now=now, organisation_id=organisation_id)


def save_facts(
    session: Session,
    organisation_id: int,
    entries: Sequence[FactEntry],
    user_id: int,
    now: datetime,
    *,
    seen: Mapping[Key, int] | None = None,
    sources: Mapping[Key, str] | None = None,
    actor: audit.Actor | None = None,
) -> None:
    """Save a firm's figures; what is as it was stays untouched, a changed figure is no longer verified.

    `seen` holds the `rev` of figures as the person saw them (0 for none); where one has moved on to another value,
    `FactsChanged` is raised and nothing is saved. Figures not in `seen` are taken as they are now. `sources` says where
    figures come from; a figure that changes without one comes from nowhere stated.
    """
    now_there, said = facts_of(session, organisation_id), sources or {}
    changed = [entry for entry in entries if not _same(now_there.get(entry[:2]), entry, said.get(entry[:2]))]
    revs = {entry[:2]: _rev(now_there.get(entry[:2])) for entry in changed}
    moved = {key for key, rev in revs.items() if seen is not None and seen.get(key, rev) != rev}
    if moved:
        raise FactsChanged(moved)
    if not changed:
        return
    here = {"organisation_id": organisation_id}
    kept = [entry for entry in changed if entry[2] is not None]
    saved = {"updated_at": now, "updated_by": user_id, **here}
    _upsert(session, [{**_row(entry, said), **saved, "rev": revs[entry[:2]] + 1} for entry in kept])
    _take_away(session, organisation_id, [entry[:2] for entry in changed if entry[2] is None], revs)
    history = {"changed_at": now, "changed_by": user_id, **here}
    session.execute(sa.insert(FactChange), [_change(entry, said, now_there) | history for entry in changed])
    public_id = session.scalar(sa.select(Organisation.public_id).where(Organisation.id == organisation_id))
    who = actor or audit.Actor(user_id)
    audit.record(session, who, "fact.save", public_id, now=now, organisation_id=organisation_id)


def _same(fact: Fact | None, entry: FactEntry, source: str | None) -> bool:
    value, unit = entry[2:]
    if fact is None:
        return value is None
    return (fact.value, fact.unit, fact.source) == (value, unit, source or fact.source)


def _rev(fact: Fact | None) -> int:
    return 0 if fact is None else fact.rev


def _row(entry: FactEntry, sources: Mapping[Key, str]) -> dict[str, Any]:
    kind, year, value, unit = entry
    return {"kind": kind, "year": year, "value": value, "unit": unit, "source": sources.get((kind, year), TYPED)}


def _change(entry: FactEntry, sources: Mapping[Key, str], before: Mapping[Key, Fact]) -> dict[str, Any]:
    fact = before.get(entry[:2])
    lost = fact is not None and fact.verified and fact.value != entry[2]
    return {**_row(entry, sources), "was_verified": lost}


def _upsert(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert or update, each row only while it is at the revision read before."""
    if not rows:
        return
    connection = session.connection()
    given = [{**row, "verified": False} for row in rows]
    saved = {(kind, year) for kind, year in connection.execute(_upserting(connection.dialect.name), given)}
    raced = {(row["kind"], row["year"]) for row in rows} - saved
    if raced:
        raise FactsChanged(raced)


@cache
def _upserting(dialect: str) -> Any:
    """One statement for all saves, so that it is compiled once."""
    table: Any = Fact.__table__
    insert = INSERTS[dialect](table)
    replaced: dict[str, Any] = {
        name: insert.excluded[name] for name in ("value", "unit", "source", "rev", "updated_at", "updated_by")
    }
    # The same amount in another unit, or from another source, is still the amount that was verified.
    replaced["verified"] = table.c.verified & (table.c.value == insert.excluded.value)
    return insert.on_conflict_do_update(
        index_elements=["organisation_id", "kind", "year"], set_=replaced, where=table.c.rev == insert.excluded.rev - 1
    ).returning(table.c.kind, table.c.year)


def _take_away(session: Session, organisation_id: int, keys: Sequence[Key], revs: Mapping[Key, int]) -> None:
    for kind, year in keys:
        gone = session.execute(
            sa.delete(Fact).where(
                Fact.organisation_id == organisation_id,
                Fact.kind == kind,
                Fact.year == year,
                Fact.rev == revs[kind, year],
            )
        )
        if gone.rowcount == 0:  # type: ignore[attr-defined]  # what a DELETE returns has it
            raise FactsChanged({(kind, year)})
