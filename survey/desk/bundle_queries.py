"""Orders of many reports in one zip: what is in them, how far they are, who may fetch them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from survey.models import (
    Area,
    Bundle,
    BundleItem,
    Campaign,
    Job,
    JobItem,
    Organisation,
    Scorecard,
    Snapshot,
    Submission,
)
from survey.report.queries import REPORT

MOST_REPORTS: Final = 500
"""In one order: a zip that an office's network still carries, made in minutes."""
MOST_LISTED: Final = 30

WAITING: Final = ("queued", "running")


@dataclass(frozen=True, slots=True)
class Chosen:
    """One report to put into an order."""

    submission_id: int
    scorecard_id: int


@dataclass(frozen=True, slots=True)
class Content:
    """One report of an order: the firm as it was when it handed in, the report's number, and how its file stands.

    `state` is a state of a job's item; `file` is there once it is done. `here`: the firm still works in the areas that
    were asked for.
    """

    submission_id: int
    scorecard_id: int
    firm: str
    reference: str
    state: str
    file: str | None
    here: bool


# -- what may be ordered -----------------------------------------------------------------------------------------------


def campaigns(session: Session, now: datetime) -> list[Campaign]:
    """Those that reports may be ordered of: begun, the newest round first."""
    query = sa.select(Campaign).join(Campaign.round).where(Campaign.opens_at <= now)
    return list(session.scalars(query.options(joinedload(Campaign.round)).order_by(Campaign.id.desc())))


def reports(session: Session, firm_ids: Iterable[int], campaign_id: int) -> list[Chosen]:
    """What these firms have handed in to a campaign, in the order of the firms' names."""
    query = (
        sa.select(Submission.id, Submission.scorecard_id)
        .join(Organisation, Organisation.id == Submission.organisation_id)
        .where(
            Organisation.id.in_(list(firm_ids)),
            Submission.campaign_id == campaign_id,
            Submission.kind == "self",
            Submission.scorecard_id.is_not(None),
        )
        .order_by(Organisation.name, Organisation.id)
    )
    return [Chosen(submission_id, scorecard_id or 0) for submission_id, scorecard_id in session.execute(query)]


def newest_files(session: Session, scorecard_ids: Sequence[int], language: str) -> dict[int, JobItem]:
    """The newest order of each report's file, by scorecard."""
    newest = (
        sa.select(sa.func.max(JobItem.id))
        .join(Job, Job.id == JobItem.job_id)
        .where(Job.kind == REPORT, JobItem.subject_id.in_(scorecard_ids), JobItem.language == language)
        .group_by(JobItem.subject_id)
    )
    return {item.subject_id: item for item in session.scalars(sa.select(JobItem).where(JobItem.id.in_(newest)))}


def to_make(found: dict[int, JobItem], scorecard_ids: Iterable[int], folder: Path) -> list[int]:
    """The scorecards whose file is neither there nor being made."""

    def is_coming(item: JobItem | None) -> bool:
        if item is None:
            return False
        there = item.state == "done" and item.file is not None and (folder / item.file).is_file()
        return there or item.state in WAITING

    return [each for each in scorecard_ids if not is_coming(found.get(each))]


# -- orders ------------------------------------------------------------------------------------------------------------


def own(session: Session, user_id: int) -> list[Bundle]:
    """A person's orders, the newest first."""
    query = sa.select(Bundle).where(Bundle.made_by == user_id).options(joinedload(Bundle.job))
    return list(session.scalars(query.order_by(Bundle.id.desc()).limit(MOST_LISTED)))


def own_bundle(session: Session, public_id: str, user_id: int) -> Bundle | None:
    query = sa.select(Bundle).where(Bundle.public_id == public_id, Bundle.made_by == user_id)
    return session.scalar(query.options(joinedload(Bundle.job)))


def contents(session: Session, bundle: Bundle, here: sa.ColumnElement[bool] | None = None) -> list[Content]:
    """The reports of an order by name. `here` says of a query that joins Area which firms still belong to it."""
    newest = (
        sa.select(JobItem.subject_id.label("scorecard_id"), sa.func.max(JobItem.id).label("item_id"))
        .join(Job, Job.id == JobItem.job_id)
        .join(BundleItem, BundleItem.scorecard_id == JobItem.subject_id)
        .where(Job.kind == REPORT, JobItem.language == bundle.language, BundleItem.bundle_id == bundle.id)
        .group_by(JobItem.subject_id)
        .subquery()
    )
    item = sa.select(JobItem.id, JobItem.state, JobItem.file).subquery()
    query = (
        sa.select(
            BundleItem.submission_id, BundleItem.scorecard_id, Snapshot.organisation, Submission.reference,
            item.c.state, item.c.file, sa.true() if here is None else here,
        )
        .join(Submission, Submission.id == BundleItem.submission_id)
        .join(Organisation, Organisation.id == Submission.organisation_id)
        .join(Area, Area.id == Organisation.operating_area_id)
        .join(Scorecard, Scorecard.id == BundleItem.scorecard_id)
        .join(Snapshot, Snapshot.id == Scorecard.snapshot_id)
        .outerjoin(newest, newest.c.scorecard_id == BundleItem.scorecard_id)
        .outerjoin(item, item.c.id == newest.c.item_id)
        .where(BundleItem.bundle_id == bundle.id)
    )  # fmt: skip
    found = [_content(*row) for row in session.execute(query)]
    return sorted(found, key=lambda each: (each.firm, each.reference))


def _content(
    submission_id: int,
    scorecard_id: int,
    firm: Any,
    reference: str | None,
    state: str | None,
    file: str | None,
    here: Any,
) -> Content:
    return Content(submission_id, scorecard_id, firm["name"], reference or "", state or "failed", file, bool(here))


def zip_item(session: Session, bundle: Bundle) -> JobItem:
    """The item that makes the zip itself."""
    return session.scalars(sa.select(JobItem).where(JobItem.job_id == bundle.job_id)).one()
