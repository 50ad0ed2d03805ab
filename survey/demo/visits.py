"""Visits of the district whose office is shown: planned, entered, and confirmed by a second person."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from questionnaires.items import Scene
from survey import audit
from survey.city.calendar import add_working_days
from survey.demo.firms import dice, words
from survey.demo.lives import Site
from survey.demo.staff import AREA, Hired
from survey.formatting import local_time
from survey.models import Area, Campaign, Job, JobItem, Organisation, Submission, Visit
from survey.verification import checking_actions, entering_actions, planning_actions
from survey.verification.overlay import Found
from survey.verification.sheet import Case, case

CONFIRMED, TO_CHECK, WITH_FIRM, PLANNED = 24, 2, 2, 4
"""How many visits there are in each state, the oldest first."""
LOWERED: Final = 0.12
"""Of the scenes above level 0, so many turn out one level lower."""
AGREES: Final = 0.8


def visits(site: Site, officer: Hired, assessor: Hired) -> None:
    """From plan to verified result, by the actions of the site; reports of these firms are made when asked for."""
    with site.database.read() as session:
        before = session.scalar(sa.select(sa.func.max(Job.id))) or 0
        wanted = session.execute(_accepted(site)).all()
    for place, (submission, owner) in enumerate(wanted):
        with site.database.write() as session:
            _visit(session, site, (submission, owner), place, officer, assessor)
    with site.database.write() as session:
        papers = sa.select(Job.id).where(Job.id > before, Job.kind != "message")
        session.execute(sa.delete(JobItem).where(JobItem.job_id.in_(papers)))
        session.execute(sa.delete(Job).where(Job.id > before, Job.kind != "message"))


def _accepted(site: Site) -> sa.Select[int, int]:
    """What firms of the district handed in for the digital part, and who did."""
    return (
        sa.select(Submission.id, Submission.created_by)
        .join(Organisation, Organisation.id == Submission.organisation_id)
        .join(Area, Area.id == Organisation.operating_area_id)
        .join(Campaign, Campaign.id == Submission.campaign_id)
        .where(
            Area.code == AREA,
            Organisation.state == "confirmed",
            Submission.campaign_id == site.parts["digital"].campaign_id,
            Submission.state == "accepted",
        )
        .order_by(Submission.submitted_at)
        .limit(CONFIRMED + TO_CHECK + WITH_FIRM + PLANNED)
    )


def _visit(session: Session, site: Site, what: tuple[int, int], place: int, officer: Hired, assessor: Hired) -> None:
    submission, owner = what
    chance, planned = dice(site.seed, "visit", submission), site.now - timedelta(days=9)
    day = local_time(planned).date()
    plan = planning_actions.Plan(
        day + timedelta(days=3), add_working_days(session, day, 15), frozenset({assessor.user_id})
    )  # fmt: skip
    visit, refused = planning_actions.plan(
        session, site.settings, submission, plan, audit.Actor(officer.user_id), planned
    )  # fmt: skip
    assert visit is not None, refused
    if place >= CONFIRMED + TO_CHECK + WITH_FIRM:
        return
    _enter(session, site, visit, chance, assessor)
    if place >= CONFIRMED + TO_CHECK:
        return
    agrees = chance.random() < AGREES
    text = None if agrees else words()["visit"]["comment"]
    checking_actions.comment(session, visit.id, agrees, text, audit.Actor(owner), site.now - timedelta(days=3))
    if place < CONFIRMED:
        why = checking_actions.confirm(
            session, site.settings, visit.id, audit.Actor(officer.user_id), site.now - timedelta(days=1)
        )  # fmt: skip
        assert why is None, why


def _enter(session: Session, site: Site, visit: Visit, chance: Random, assessor: Hired) -> None:
    at = site.now - timedelta(days=5)
    told = case(session, visit)
    found = {name: _found(told, name, chance) for name in told.numbers}
    seen = entering_actions.mark({}, found)
    assert entering_actions.store(session, visit.id, found, found, seen, assessor.user_id, at)
    session.flush()
    handed = entering_actions.HandIn(local_time(at).date(), entering_actions.whole_mark(case(session, visit)))
    actor = audit.Actor(assessor.user_id)
    assert entering_actions.hand_in(session, site.settings, visit.id, handed, actor, at)


def _found(told: Case, name: str, chance: Random) -> Found:
    """Most answers hold; some scenes are one level lower than stated."""
    stated: Any = told.stated.responses.get(name)
    if isinstance(told.instrument.items[name], Scene) and stated and chance.random() < LOWERED:
        return Found("changed", stated - 1, ("system", "on_the_spot"), words()["visit"]["reason"])
    return Found("same", stated, (chance.choice(("document", "system", "on_the_spot")),))
