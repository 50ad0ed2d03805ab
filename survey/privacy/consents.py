"""Permissions of a firm by kind: giving, withdrawing, asking whether one holds. Every path that uses one asks here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey import audit
from survey.formatting import local_time
from survey.models import Consent, Organisation, User
from survey.privacy.consent_texts import TEXTS, ConsentText


def give(
    session: Session,
    organisation_id: int,
    kind: str,
    text: ConsentText,
    actor: audit.Actor,
    now: datetime,
    recipient: str | None = None,
    valid_until: date | None = None,
) -> Consent:
    """Keep the permission as it was worded. One that holds is left as it is; one of an older wording ends."""
    assert actor.user_id is not None
    _lock(session, organisation_id)
    held = _running(session, organisation_id, kind, recipient)
    same = [row for row in held if row.text_version == text.version and _valid(row, now)]
    if same:
        return same[0]
    _end(session, held, actor, now)
    consent = Consent(
        organisation_id=organisation_id,
        kind=kind,
        recipient=recipient,
        fields=list(text.fields),
        purpose=text.purpose,
        text_version=text.version,
        given_at=now,
        given_by=actor.user_id,
        valid_until=valid_until,
    )
    session.add(consent)
    session.flush()
    audit.record(
        session, actor, "consent.give", consent.public_id, now=now, organisation_id=organisation_id, detail=kind
    )
    return consent


def withdraw(
    session: Session, organisation_id: int, kind: str, actor: audit.Actor, now: datetime, recipient: str | None = None
) -> int:
    """End the permission at once, in whatever wording; how many were ended. What was done under it stays lawful."""
    _lock(session, organisation_id)
    held = _running(session, organisation_id, kind, recipient)
    _end(session, held, actor, now)
    return len(held)


def holds(session: Session, organisation_id: int, kind: str, now: datetime, recipient: str | None = None) -> bool:
    """Whether the firm permits this now: given, not withdrawn, not run out, in the wording that is in force."""
    version = TEXTS[kind].version if kind in TEXTS else None
    return any(
        _valid(row, now) and version in (None, row.text_version)
        for row in _running(session, organisation_id, kind, recipient)
    )


def counts(session: Session, organisation_id: int, now: datetime) -> bool:
    """Whether the firm is counted in comparisons: confirmed by an office, and it permits that."""
    state = session.scalar(sa.select(Organisation.state).where(Organisation.id == organisation_id))
    return state == "confirmed" and holds(session, organisation_id, "benchmark", now)


def permitted(organisation_id: Any, kind: str, now: datetime) -> sa.ColumnElement[bool]:
    """`holds` as a condition on the column with a firm's id, for queries over very many firms."""
    given = sa.select(Consent.id).where(
        Consent.organisation_id == organisation_id,
        Consent.kind == kind,
        Consent.recipient.is_(None),
        Consent.withdrawn_at.is_(None),
        sa.or_(Consent.valid_until.is_(None), Consent.valid_until >= local_time(now).date()),
        Consent.text_version == TEXTS[kind].version if kind in TEXTS else sa.true(),
    )
    return given.exists()


def history(session: Session, organisation_id: int) -> Sequence[sa.Row[Consent, str]]:
    """All permissions of the firm with the name of who gave them, newest first."""
    query = sa.select(Consent, User.name).join(User, User.id == Consent.given_by)
    mine = query.where(Consent.organisation_id == organisation_id)
    return session.execute(mine.order_by(Consent.given_at.desc(), Consent.id.desc())).all()


def _running(session: Session, organisation_id: int, kind: str, recipient: str | None) -> list[Consent]:
    query = sa.select(Consent).where(
        Consent.organisation_id == organisation_id,
        Consent.kind == kind,
        Consent.recipient.is_(None) if recipient is None else Consent.recipient == recipient,
        Consent.withdrawn_at.is_(None),
    )
    return list(session.scalars(query.order_by(Consent.id.desc())))


def _valid(row: Consent, now: datetime) -> bool:
    return row.valid_until is None or row.valid_until >= local_time(now).date()


def _end(session: Session, rows: list[Consent], actor: audit.Actor, now: datetime) -> None:
    for row in rows:
        row.withdrawn_at, row.withdrawn_by = now, actor.user_id
        audit.record(
            session,
            actor,
            "consent.withdraw",
            row.public_id,
            now=now,
            organisation_id=row.organisation_id,
            detail=row.kind,
        )


def _lock(session: Session, organisation_id: int) -> None:
    """Two clicks at once give one permission: PostgreSQL waits here, SQLite has one writer anyway."""
    session.execute(sa.select(Organisation.id).where(Organisation.id == organisation_id).with_for_update())
