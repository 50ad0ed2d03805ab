"""Benchmark releases for the city administrator: what was released, and ordering one now."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

import sqlalchemy as sa
from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for

from survey import audit, jobs
from survey.access import acting, requires
from survey.benchmark import listing, words
from survey.database import reading, write
from survey.languages import page_language
from survey.models import Campaign

MAKE: Final = "releases:make"

bp = Blueprint("benchmark", __name__, url_prefix="/city/releases")


@bp.get("")
@requires(MAKE)
def listed() -> str:
    """Every campaign that has begun with its releases, the newest first."""
    campaigns = listing.campaigns(reading(), page_language(), datetime.now(UTC))
    return render_template("benchmark/releases.html", campaigns=campaigns, causes=words.CAUSES, withheld=words.WITHHELD)


@bp.post("")
@requires(MAKE)
def order() -> Any:
    """Order a release of one campaign; one that waits already is enough."""
    now = datetime.now(UTC)
    wanted = sa.select(Campaign.id).where(
        Campaign.public_id == request.form.get("campaign", ""), Campaign.opens_at <= now
    )
    campaign_id = reading().scalar(wanted) or abort(400)
    actor = audit.here(acting(MAKE))
    with write() as session:
        listing.order(session, campaign_id, actor, now)
    jobs.wake(current_app)
    return redirect(url_for("benchmark.listed"), 303)
