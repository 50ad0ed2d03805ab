"""Ordering many reports in one zip, and having made again what failed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey import audit, jobs
from survey.desk import bundle_queries as queries
from survey.desk.bundle_queries import Chosen
from survey.models import Bundle, BundleItem
from survey.report.queries import REPORT

BUNDLE: Final = "bundle"
"""The kind of job that makes a zip; its item works on a bundle."""

FOLDER: Final = "bundles"
"""Below the data folder."""
KEPT: Final = timedelta(days=7)


def order(
    session: Session, chosen: Sequence[Chosen], language: str, folder: Path, actor: audit.Actor, now: datetime
) -> Bundle:
    """Order these reports in one zip. Files that are there already, or being made, are not made again."""
    assert actor.user_id is not None
    _order_files(session, [each.scorecard_id for each in chosen], language, folder, actor, now)
    bundle = Bundle(
        job=jobs.new(session, BUNDLE, actor.user_id, now), language=language, made_at=now, made_by=actor.user_id,
        useless_after=now + KEPT,
    )  # fmt: skip
    session.add(bundle)
    session.flush()
    session.add_all(BundleItem(bundle_id=bundle.id, **_ids(each)) for each in chosen)
    jobs.add_items(session, bundle.job, [bundle.id], language, now, jobs.ORDERED)
    audit.record(session, actor, "bundle.order", bundle.public_id, now=now)
    return bundle


def _ids(chosen: Chosen) -> dict[str, int]:
    return {"submission_id": chosen.submission_id, "scorecard_id": chosen.scorecard_id}


def order_again(
    session: Session, bundle_id: int, gone: Sequence[int], folder: Path, actor: audit.Actor, now: datetime
) -> bool:
    """Have what failed made again, and the zip anew. False, and nothing written, while it is being made.

    `gone`: submissions of firms that are no longer this office's; they leave the order.
    """
    bundle = session.get_one(Bundle, bundle_id, with_for_update=True)
    if queries.zip_item(session, bundle).state in queries.WAITING:
        return False
    session.execute(sa.delete(BundleItem).where(BundleItem.bundle_id == bundle.id, BundleItem.submission_id.in_(gone)))
    left = session.scalars(sa.select(BundleItem.scorecard_id).where(BundleItem.bundle_id == bundle.id)).all()
    _order_files(session, left, bundle.language, folder, actor, now)
    bundle.job, bundle.file, bundle.done_at = jobs.new(session, BUNDLE, actor.user_id, now), None, None
    bundle.useless_after = now + KEPT
    session.flush()
    jobs.add_items(session, bundle.job, [bundle.id], bundle.language, now, jobs.ORDERED)
    audit.record(session, actor, "bundle.order", bundle.public_id, now=now, detail="again")
    return True


def _order_files(
    session: Session, scorecard_ids: Sequence[int], language: str, folder: Path, actor: audit.Actor, now: datetime
) -> None:
    """One job for the files that are still to be made."""
    found = queries.newest_files(session, scorecard_ids, language)
    missing = queries.to_make(found, scorecard_ids, folder)
    if missing:
        jobs.add_items(session, jobs.new(session, REPORT, actor.user_id, now), missing, language, now, jobs.ORDERED)
