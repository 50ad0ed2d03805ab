"""Background work: orders are rows of `job` and `job_item`; the queue only wakes whoever does them."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from flask import Flask
from sqlalchemy.orm import Session

from survey.models import Job, JobItem

log = logging.getLogger("survey.jobs")


def queue(
    session: Session,
    kind: str,
    subject_id: int,
    languages: Sequence[str],
    created_by: int | None,
    now: datetime,
    priority: int = 0,
) -> Job:
    """Order one thing in each of these languages, in the caller's transaction."""
    job = Job(kind=kind, created_at=now, created_by=created_by)
    session.add(job)
    session.flush()
    session.add_all(
        JobItem(job_id=job.id, subject_id=subject_id, language=language, priority=priority, created_at=now)
        for language in languages
    )
    return job


def wake(app: Flask) -> None:
    """Tell the workers to look. Whatever goes wrong here is only logged: they look by themselves, a little later."""
