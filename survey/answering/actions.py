"""Starting a submission and saving a section."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey import audit
from survey.database import INSERTS
from survey.models import Campaign, DraftChange, DraftNote, DraftPage, Organisation, Submission
from survey.models.columns import canonical

OPEN_STATES = ("draft", "returned")


def start(
    session: Session, organisation: Organisation, campaign: Campaign, actor: audit.Actor, now: datetime
) -> Submission:
    """The firm's self-assessment in a campaign: made now, or the one that is there already."""
    # The lock makes two people who start at the same moment find one submission.
    session.execute(sa.select(Organisation.id).where(Organisation.id == organisation.id).with_for_update())
    mine = sa.select(Submission).where(Submission.organisation_id == organisation.id, Submission.kind == "self")
    known = session.scalar(mine.where(Submission.campaign_id == campaign.id))
    if known is not None:
        return known
    made = Submission(
        organisation_id=organisation.id,
        campaign_id=campaign.id,
        wave=_earlier_rounds(session, organisation.id, campaign) + 1,
        created_at=now,
        created_by=actor.user_id or 0,
    )
    session.add(made)
    session.flush()
    audit.record(session, actor, "submission.start", made.public_id, now=now, organisation_id=organisation.id)
    return made


def _earlier_rounds(session: Session, organisation_id: int, campaign: Campaign) -> int:
    """In how many other rounds the firm has begun anything."""
    query = (
        sa.select(sa.func.count(Campaign.round_id.distinct()))
        .join(Submission, Submission.campaign_id == Campaign.id)
        .where(
            Submission.organisation_id == organisation_id,
            Submission.kind == "self",
            Campaign.round_id != campaign.round_id,
        )
    )
    return session.scalar(query) or 0


def save_page(
    session: Session, submission_id: int, section: str, base_rev: int, data: Any, user_id: int, now: datetime
) -> int | None:
    """Store a section and its history. `None`, and nothing stored, if it is no longer at `base_rev` or not open."""
    connection = session.connection()
    given = {"submission": submission_id, "section": section, "base": base_rev, "data": data, "at": now, "by": user_id}
    rev: int | None = connection.execute(_upsert(connection.dialect.name), given).scalar_one_or_none()
    if rev is not None:
        connection.execute(_HISTORY, {**given, "rev": rev})
    return rev


_PAGE: Any = DraftPage.__table__
_CHANGE: Any = DraftChange.__table__
_HISTORY = sa.insert(_CHANGE).values(
    submission_id=sa.bindparam("submission"),
    section=sa.bindparam("section"),
    rev=sa.bindparam("rev"),
    data=sa.bindparam("data"),
    changed_at=sa.bindparam("at"),
    changed_by=sa.bindparam("by"),
)


@cache
def _upsert(dialect: str) -> Any:
    """One statement that inserts or updates, only while the submission is open and the page at the revision known."""
    columns = ("section", "data", "updated_at", "updated_by")
    names = ("section", "data", "at", "by")
    binds = [sa.bindparam(name, type_=_PAGE.c[column].type) for name, column in zip(names, columns, strict=True)]
    # FOR SHARE: who submits at the same moment is waited for, so that nothing is saved behind a snapshot.
    still_open = (
        sa.select(Submission.id, sa.literal(1), *binds)
        .where(Submission.id == sa.bindparam("submission"), Submission.state.in_(OPEN_STATES))
        .with_for_update(read=True)
    )
    insert = INSERTS[dialect](_PAGE).from_select(["submission_id", "rev", *columns], still_open)
    replaced = {column: insert.excluded[column] for column in columns[1:]}
    return insert.on_conflict_do_update(
        index_elements=["submission_id", "section"],
        set_={"rev": _PAGE.c.rev + 1, **replaced},
        where=_PAGE.c.rev == sa.bindparam("base"),
    ).returning(_PAGE.c.rev)


def save_notes(session: Session, submission_id: int, notes: Mapping[str, str], user_id: int, now: datetime) -> None:
    """Store reasons by item; an empty one is taken away."""
    for item, text in notes.items():
        key = {"submission_id": submission_id, "item": item}
        session.execute(sa.delete(DraftNote).filter_by(**key))
        if text:
            session.add(DraftNote(**key, text=text, updated_at=now, updated_by=user_id))


def same(stored: Any, data: Any) -> bool:
    """Whether a section would be stored exactly as it is."""
    return canonical(stored) == canonical(data)
