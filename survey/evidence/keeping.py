"""Files that prove answers, as they are kept: taken in, put to use for items, removed.

* `prepare(settings, firm, name, content)` checks, draws anew, scans and writes; slow, so outside any transaction.
* `keep(session, organisation_id, prepared, side, actor, now)` gives the row; the same file twice is one row.
* `use(session, evidence_id, submission_id, item, actor, now)`; `of_submission(session, submission_id)` by item.

survey/evidence/taking.py does all of it for what a form sent. One folder for each firm, below the data folder.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager

from survey import audit, kept_files
from survey.answering.actions import OPEN_STATES
from survey.database import INSERTS
from survey.evidence.kinds import EVIDENCE_KINDS, MOST_BYTES, MOST_FILES, MOST_TOGETHER, PHOTO, SMALL, TYPES
from survey.kept_files import JPEG_PHOTO, Refused
from survey.models import Assignment, Evidence, EvidenceUse, Organisation, Submission
from survey.settings import Settings

FOLDER: Final = "evidence"
SMALL_ENDING: Final = ".small.jpg"
MOST_NAME: Final = 200


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file that is written and scanned, not yet anybody's. `file` is relative to the data folder; `kind` of TYPES."""

    name: str
    kind: str
    file: str
    bytes: int
    sha256: str


def prepare(settings: Settings, firm: str, name: str, content: bytes) -> Prepared:
    """Check a file and write it into the folder of the firm with this public id. Raises `Refused`, nothing is left."""
    kept, kind = kept_files.checked(EVIDENCE_KINDS, MOST_BYTES, name, content)
    word = next(word for word, type_ in TYPES.items() if type_ == kind.kept_as)
    small = SMALL.drawn(kept, JPEG_PHOTO) if word == PHOTO else None
    file = kept_files.keep(settings, f"{FOLDER}/{firm}", kept, kind.ending)
    if small is not None:
        kept_files.write_new(settings.data_directory.resolve() / small_of(file), small)
    return Prepared(plain_name(name), word, file, len(kept), hashlib.sha256(kept).hexdigest())


def small_of(file: str) -> str:
    """Where the small picture of a photo lies."""
    return str(PurePath(file).with_suffix(SMALL_ENDING))


def plain_name(name: str) -> str:
    """What the file was called, without folders and signs that are not seen."""
    last = PurePath(unicodedata.normalize("NFC", name).replace("\\", "/")).name
    seen = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C")
    ending = PurePath(seen).suffix[:10]
    return seen if len(seen) <= MOST_NAME else seen[: MOST_NAME - len(ending)] + ending


def discard(settings: Settings, file: str | None) -> None:
    """Take a file and its small picture off the disk."""
    for each in (file, small_of(file)) if file else ():
        kept_files.remove(settings, FOLDER, each)


# -- rows --------------------------------------------------------------------------------------------------------------


def keep(
    session: Session, organisation_id: int, prepared: Prepared, side: str, actor: audit.Actor, now: datetime
) -> Evidence:
    """The row of a prepared file: a new one, or the one that the same file has already.

    If `file` of the row is another than that of `prepared`, the caller discards the latter. Raises `Refused` ("full").
    """
    session.execute(sa.select(Organisation.id).where(Organisation.id == organisation_id).with_for_update())
    known = same(session, organisation_id, side, prepared.sha256)
    if known is not None:
        return known
    count, together = _room_taken(session, organisation_id, side)
    if count >= MOST_FILES or together + prepared.bytes > MOST_TOGETHER:
        raise Refused("full")
    made = Evidence(
        organisation_id=organisation_id, side=side, name=prepared.name, kind=prepared.kind, bytes=prepared.bytes,
        sha256=prepared.sha256, file=prepared.file, added_at=now, added_by=actor.user_id or 0,
    )  # fmt: skip
    session.add(made)
    session.flush()
    audit.record(
        session, actor, "evidence.add", made.public_id, now=now, organisation_id=organisation_id, detail=side
    )  # fmt: skip
    return made


def same(session: Session, organisation_id: int, side: str, sha256: str) -> Evidence | None:
    """The firm's file with this content, if that side has brought it before."""
    return session.scalars(_of_firm(organisation_id).where(Evidence.side == side, Evidence.sha256 == sha256)).first()


def _of_firm(organisation_id: int) -> sa.Select[Evidence]:
    return sa.select(Evidence).where(Evidence.organisation_id == organisation_id, Evidence.removed_at.is_(None))


def _room_taken(session: Session, organisation_id: int, side: str) -> tuple[int, int]:
    query = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(Evidence.bytes), 0)).where(
        Evidence.organisation_id == organisation_id, Evidence.side == side, Evidence.removed_at.is_(None)
    )
    count, together = session.execute(query).one()
    return int(count), int(together)


def of_firm(session: Session, organisation_id: int) -> list[Evidence]:
    """All files of a firm that are there, the newest first."""
    return list(session.scalars(_of_firm(organisation_id).order_by(Evidence.id.desc())))


def by_public_id(session: Session, organisation_id: int, public_id: str) -> Evidence | None:
    """A file of this firm that is there."""
    return session.scalars(_of_firm(organisation_id).where(Evidence.public_id == public_id)).one_or_none()


# -- uses --------------------------------------------------------------------------------------------------------------


def use(
    session: Session, evidence_id: int, submission_id: int, item: str, actor: audit.Actor, now: datetime
) -> None:  # fmt: skip
    """The file proves the answer to this item; saying so twice is saying so once."""
    values = {"evidence_id": evidence_id, "submission_id": submission_id, "item": item}
    insert = INSERTS[session.get_bind().dialect.name](EvidenceUse)
    said = insert.values(**values, added_at=now, added_by=actor.user_id or 0)
    session.execute(said.on_conflict_do_nothing(index_elements=list(values)))


def unuse(session: Session, evidence_id: int, submission_id: int, items: Iterable[str]) -> None:
    """The file does not prove these answers after all; it stays with the firm."""
    session.execute(
        sa.delete(EvidenceUse).where(
            EvidenceUse.evidence_id == evidence_id,
            EvidenceUse.submission_id == submission_id,
            EvidenceUse.item.in_(list(items)),
        )
    )


def of_submission(session: Session, submission_id: int) -> dict[str, list[Evidence]]:
    """The files of a submission by item, in the order in which they were added."""
    query = (
        sa.select(EvidenceUse)
        .join(EvidenceUse.evidence)
        .where(EvidenceUse.submission_id == submission_id, Evidence.removed_at.is_(None))
        .options(contains_eager(EvidenceUse.evidence))
        .order_by(EvidenceUse.added_at, EvidenceUse.evidence_id)
    )
    found: dict[str, list[Evidence]] = {}
    for each in session.scalars(query):
        found.setdefault(each.item, []).append(each.evidence)
    return found


_USES: Any = EvidenceUse.__table__
_COUNTS = (
    sa.select(_USES.c.item, sa.func.count())
    .where(_USES.c.submission_id == sa.bindparam("submission"))
    .group_by(_USES.c.item)
)


def counts(session: Session, submission_id: int) -> dict[str, int]:
    """How many files each item has; those without are not there. Removing a file removes its uses."""
    rows = session.connection().execute(_COUNTS, {"submission": submission_id})
    return {item: count for item, count in rows}  # noqa: C416  # rows, which dict() is not typed for


def items_of(session: Session, evidence_id: int, submission_id: int) -> frozenset[str]:
    """The items of a submission whose answers the file proves."""
    query = sa.select(EvidenceUse.item).filter_by(evidence_id=evidence_id, submission_id=submission_id)
    return frozenset(session.scalars(query))


def is_used(session: Session, evidence_id: int, submission_id: int) -> bool:
    return bool(items_of(session, evidence_id, submission_id))


def is_assigned(session: Session, organisation_id: int, user_id: int) -> bool:
    """Whether somebody is asked to visit the firm."""
    query = sa.select(Assignment.id).where(
        Assignment.organisation_id == organisation_id, Assignment.user_id == user_id, Assignment.ended_at.is_(None)
    )
    return session.scalar(query.limit(1)) is not None


def used_elsewhere(session: Session, evidence_id: int) -> bool:
    """Whether an assessment that was handed in rests on the file."""
    query = (
        sa.select(EvidenceUse.item)
        .join(Submission, Submission.id == EvidenceUse.submission_id)
        .where(EvidenceUse.evidence_id == evidence_id, Submission.state.not_in(OPEN_STATES))
    )
    return session.scalar(query.limit(1)) is not None


def remove(session: Session, evidence_id: int, actor: audit.Actor, now: datetime) -> str | None:
    """Take a file of the firm away with all its uses; gives the file to discard after the commit.

    None, and nothing removed, if it is gone already, if the office brought it, or if something handed in rests on it.
    """
    row = session.get(Evidence, evidence_id, with_for_update=True, populate_existing=True)
    if row is None or row.removed_at or row.side != "firm" or used_elsewhere(session, evidence_id):
        return None
    session.execute(sa.delete(EvidenceUse).where(EvidenceUse.evidence_id == evidence_id))
    file, row.file, row.name = row.file, None, None
    row.removed_at, row.removed_by = now, actor.user_id
    audit.record(
        session, actor, "evidence.remove", row.public_id, now=now, organisation_id=row.organisation_id
    )  # fmt: skip
    return file
