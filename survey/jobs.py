"""Background work. What is to be done stands in the tables job and job_item and nowhere else.

A worker takes an item by a lease that it keeps renewing; when it is killed the lease runs out and another takes over.
A small queue beside the tables only wakes workers up at once: they look every second anyway, so a lost or failed wake
costs a second and nothing else.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from flask import Flask
from huey import SqliteHuey
from sqlalchemy.orm import Session

from survey.models import Job, JobItem
from survey.settings import Settings

log = logging.getLogger("survey.jobs")

JOBS: Final[Mapping[str, str]] = {
    "message": "survey.messages.delivery:deliver",
    "release": "survey.benchmark.make:make",
    "report": "survey.report.make:make",
    "round": "survey.report.make:make_round",
    "visit_form": "survey.report.make:make_visit_form",
    "bundle": "survey.desk.bundle_make:make",
}
"""Who makes an item, by the kind of its job: `f(settings, subject_id, language) -> file` relative to the data folder.

By name, since it is imported in a process of the worker and never in the web process.
"""

WITH_OTHERS: Final = frozenset({"message"})
"""Kinds whose failure is most likely somebody else's, and passes: tried again later, not at once."""

LEASE: Final = timedelta(seconds=10)
MOST_ATTEMPTS: Final = 3
MOST_ERROR: Final = 2000
WAITING: Final = 10
"""The priority of what a person is waiting for; 0 is the usual one."""
ORDERED: Final = 5
"""That of many things ordered at once: before what nobody waits for, never before what somebody looks at."""

POSTPONED: Final = timedelta(seconds=2)
"""After how long an item that waits for others is looked at again."""

RETRY_AFTER: Final = tuple(timedelta(seconds=each) for each in (20, 180, 600, 1800, 7200))
"""How long to wait after each failed attempt of what depends on others, such as a mail server; then it is given up."""

_NOW = sa.bindparam("now", type_=JobItem.lease_until.type)
_FREE = sa.or_(
    (JobItem.state == "queued") & sa.or_(JobItem.not_before.is_(None), JobItem.not_before <= _NOW),
    sa.and_(JobItem.state == "running", JobItem.lease_until < _NOW),
)


@dataclass(frozen=True, slots=True)
class Claim:
    """An item that this worker may work on; `attempt` tells its own taking of it from anybody else's."""

    item_id: int
    kind: str
    subject_id: int
    language: str
    attempt: int


class NotYet(Exception):
    """Raised by who makes an item that waits for others: it is put back, and the attempt does not count."""


def order(
    session: Session, kind: str, subject_id: int, languages: Iterable[str], user_id: int | None, now: datetime,
    priority: int = 0,
) -> Job:  # fmt: skip
    """Add a job with one item for each language to the transaction."""
    job = new(session, kind, user_id, now)
    for language in languages:
        add_items(session, job, [subject_id], language, now, priority)
    return job


def new(session: Session, kind: str, user_id: int | None, now: datetime) -> Job:
    """Add a job without items to the transaction."""
    if kind not in JOBS:
        raise ValueError(f"{kind!r} is none of: {', '.join(JOBS)}")
    job = Job(kind=kind, created_at=now, created_by=user_id)
    session.add(job)
    session.flush()
    return job


def add_items(
    session: Session, job: Job, subject_ids: Iterable[int], language: str, now: datetime, priority: int = 0
) -> None:
    """Add an item for each subject to a job; they are taken in this order."""
    session.add_all(
        JobItem(job_id=job.id, subject_id=each, language=language, priority=priority, created_at=now)
        for each in subject_ids
    )


def claim(session: Session, now: datetime) -> Claim | None:
    """Take the most urgent item that is queued or whose worker is gone; those tried too often end as failed."""
    _give_up(session, now)
    free = (
        sa.select(JobItem.id)
        .where(_FREE)
        .order_by(JobItem.priority.desc(), JobItem.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    taken = (
        sa.update(JobItem)
        .where(JobItem.id == free, _FREE)
        .values(
            state="running",
            attempts=JobItem.attempts + 1,
            lease_until=now + LEASE,
            started_at=now,
            error=None,
        )
        .returning(JobItem.id, JobItem.job_id, JobItem.subject_id, JobItem.language, JobItem.attempts)
        .execution_options(synchronize_session=False)
    )
    row = session.execute(taken, {"now": now}).one_or_none()
    if row is None:
        return None
    kind = session.scalars(sa.select(Job.kind).where(Job.id == row.job_id)).one()
    return Claim(row.id, kind, row.subject_id, row.language, row.attempts)


def _give_up(session: Session, now: datetime) -> None:
    """An item that ended its worker again and again is not taken up once more."""
    lost = sa.and_(JobItem.state == "running", JobItem.lease_until < now, JobItem.attempts >= MOST_ATTEMPTS)
    values = {"state": "failed", "lease_until": None, "finished_at": now, "error": "the worker ended while at it"}
    session.execute(sa.update(JobItem).where(lost).values(values), execution_options={"synchronize_session": False})


def anything_free(session: Session, now: datetime) -> bool:
    """Whether `claim` would find something: a look that takes no write lock."""
    return session.execute(sa.select(JobItem.id).where(_FREE).limit(1), {"now": now}).first() is not None


def renew(session: Session, taken: Claim, now: datetime) -> bool:
    """Keep the item; False if another worker has it by now."""
    return _change(session, taken, {"lease_until": now + LEASE})


def finish(session: Session, taken: Claim, file: str, now: datetime) -> bool:
    """The item is done; False if another worker has it by now."""
    values = {"state": "done", "lease_until": None, "finished_at": now, "file": file, "error": None}
    return _change(session, taken, values)


def postpone(session: Session, taken: Claim, now: datetime) -> bool:
    """Put the item back for a short while, as if it had not been taken; False if another worker has it by now."""
    values = {"state": "queued", "lease_until": None, "not_before": now + POSTPONED, "attempts": taken.attempt - 1}
    return _change(session, taken, values)


def fail(session: Session, taken: Claim, error: str, now: datetime) -> bool:
    """The attempt failed: try again, or leave it failed after the last attempt, with the reason kept."""
    waits = RETRY_AFTER[taken.attempt - 1 :] if taken.kind in WITH_OTHERS else ()
    last = not waits if taken.kind in WITH_OTHERS else taken.attempt >= MOST_ATTEMPTS
    values = {
        "state": "failed" if last else "queued",
        "not_before": now + waits[0] if waits else None,
        "lease_until": None,
        "finished_at": now if last else None,
        "error": error[:MOST_ERROR],
    }
    return _change(session, taken, values)


def _change(session: Session, taken: Claim, values: dict[str, Any]) -> bool:
    mine = sa.and_(JobItem.id == taken.item_id, JobItem.state == "running", JobItem.attempts == taken.attempt)
    done = session.execute(
        sa.update(JobItem).where(mine).values(values).returning(JobItem.id),
        execution_options={"synchronize_session": False},
    )
    return done.first() is not None


# -- waking ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Queue:
    """What wakes workers: `wake()` sends word, each of `listeners` is called in the worker that receives it."""

    huey: SqliteHuey
    wake: Callable[[], object]
    listeners: list[Callable[[], None]]


_making = threading.Lock()


def queue(folder: Path) -> Queue:
    """The queue of one data folder, in a file of its own: the records' file has one writer at a time."""
    with _making:  # `cache` alone lets two first requests make two, and the one not kept is never closed
        return _make(folder)


@cache
def _make(folder: Path) -> Queue:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = SqliteHuey("survey", filename=str(folder / "queue.db"), timeout=1, results=False)
    listeners: list[Callable[[], None]] = []

    def woken() -> None:
        for listener in listeners:
            listener()

    return Queue(made, made.task(name="wake")(woken), listeners)


def wake(app: Flask) -> None:
    """Tell the worker that there is something to do. Called after the commit; never fails the request."""
    settings: Settings = app.config["SETTINGS"]
    try:
        queue(settings.data_directory).wake()
    except Exception:  # whatever is wrong with the queue, workers look every second anyway
        log.warning("worker not woken", exc_info=True)
