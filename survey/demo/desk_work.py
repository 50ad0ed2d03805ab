"""What offices have done since the rounds began: chains and clusters, holidays, checks of submissions, call notes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey import audit
from survey.answering.submitting import hand_over, prepare
from survey.city import calendar_actions, group_actions
from survey.city.calendar import add_working_days
from survey.credit_code import make_credit_code
from survey.demo.firms import STARRING, Firm, dice, words
from survey.demo.lives import Site
from survey.demo.staff import AREA, Hired
from survey.desk.note_actions import add_note
from survey.formatting import SHANGHAI, local_time
from survey.models import Area, Campaign, FirmGroupMember, Organisation, Snapshot, Submission
from survey.reviews import actions
from survey.reviews.queries import faults

ACCEPTED, RETURNED, MENDED = 0.55, 0.06, 0.4
"""Of what was handed in a week ago or earlier: accepted, returned; of those returned, handed in again."""
CHECKED_AFTER: Final = timedelta(days=7)
LAST: Final = timedelta(minutes=1)
"""What was mended was handed in just now, after everything else: deeds are on record in the order of time."""
NOTED: Final = 15
AT_ONCE: Final = 200
"""Submissions that are checked in one transaction."""

Row = tuple[int, int, datetime, int]
"""Submission, its newest snapshot, when it was handed in, the firm."""


def since(site: Site, staff: Mapping[str, Hired], firms: Sequence[Firm]) -> None:
    """Everything that is to be seen on the pages of offices."""
    _groups(site, staff["city"])
    _holidays(site, staff["city"])
    _check_all(site, staff["city"])
    _notes(site, staff["officer"], firms)


def _groups(site: Site, city: Hired) -> None:
    """The city's chains and clusters; firms belong to them by what they make, and to a cluster by where as well."""
    at, actor = site.beginning - timedelta(days=3), audit.Actor(city.user_id)
    with site.database.write() as session:
        for each in words()["groups"]:
            values = group_actions.GroupValues(each["code"], each["zh_CN"], each["en"])
            group = group_actions.add(session, each["kind"], values, actor, at)
            firms = session.scalars(sa.select(Organisation.id).where(_makes(each["prefixes"])))
            rows = [{"group_id": group.id, "organisation_id": firm} for firm in firms if _belongs(site, firm, each)]
            if rows:
                session.execute(sa.insert(FirmGroupMember), rows)


def _makes(prefixes: Iterable[str]) -> sa.ColumnElement[bool]:
    return sa.or_(*(Organisation.industry_code.startswith(prefix) for prefix in prefixes))


def _belongs(site: Site, firm_id: int, group: Mapping[str, Any]) -> bool:
    return dice(site.seed, "group", group["code"], firm_id).random() < group["share"]


def _holidays(site: Site, city: Hired) -> None:
    """Days that are off by law every year; the notice of each year, which moves others, is the city's to enter."""
    years = {site.beginning.year, site.now.year, site.now.year + 1}
    text = "\n".join(f"{year}-{day} {name}" for year in sorted(years) for day, name in words()["holidays"].items())
    with site.database.write() as session:
        found = calendar_actions.enter(session, text, audit.Actor(city.user_id), site.beginning - timedelta(days=3))
    assert not found.faults, found.faults


def _check_all(site: Site, city: Hired) -> None:
    """Offices accept most of what was handed in, return some, and have not yet come to the rest."""
    assert site.earlier is not None
    actor = audit.Actor(city.user_id)
    then = site.earlier.now + timedelta(days=12)
    for rows in _batches(_handed_in(site, site.earlier.year)):
        with site.database.write() as session:
            for _submission, snapshot, _at, _firm in rows:
                actions.accept(session, snapshot, actions.mark(()), actor, then)
    shown = _shown(site)
    old = [row for row in _handed_in(site, site.year) if site.now - row[2] > CHECKED_AFTER]
    for rows in _batches(old):
        with site.database.write() as session:
            for row in rows:
                _check(session, site, row, actor, shown)


def _batches(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    for start in range(0, len(rows), AT_ONCE):
        yield rows[start : start + AT_ONCE]


def _handed_in(site: Site, year: int) -> list[Row]:
    query = (
        sa.select(Submission.id, sa.func.max(Snapshot.id), Submission.submitted_at, Submission.organisation_id)
        .join(Snapshot, Snapshot.submission_id == Submission.id)
        .join(Campaign, Campaign.id == Submission.campaign_id)
        .where(Submission.state == "submitted", Snapshot.reference_year == year)
        .group_by(Submission.id)
        .order_by(Submission.submitted_at)
    )
    with site.database.read() as session:
        return [(each, snapshot, at, firm) for each, snapshot, at, firm in session.execute(query) if at]


def _check(session: Session, site: Site, row: Row, actor: audit.Actor, shown: frozenset[int]) -> None:
    submission, snapshot, at, firm = row
    drawn = dice(site.seed, "check", submission).random()
    then = min(at + timedelta(days=5, hours=submission % 7), site.now - timedelta(hours=2))
    if drawn < ACCEPTED or firm in shown:
        actions.accept(session, snapshot, actions.mark(()), actor, then)
    elif drawn < ACCEPTED + RETURNED:
        _return(session, site, row, actor, then)


def _shown(site: Site) -> frozenset[int]:
    """The firms of printed accounts: nothing of theirs is returned."""
    likes = sa.or_(*(Organisation.credit_code.like(f"%DEMA{number:04}%") for number in STARRING))
    with site.database.read() as session:
        return frozenset(session.scalars(sa.select(Organisation.id).where(likes)))


def _return(session: Session, site: Site, row: Row, actor: audit.Actor, then: datetime) -> None:
    """One to three faults, all in one notice; some firms have mended them since."""
    submission_id, snapshot, _at, _firm = row
    chance = dice(site.seed, "faults", submission_id)
    items = list(session.get_one(Snapshot, snapshot).responses)
    for item in chance.sample(items, min(len(items), chance.randint(1, 3))):
        kind = chance.choice(sorted(words()["faults"]))
        actions.add_fault(session, snapshot, item, kind, words()["faults"][kind], actor, then)
    due = add_working_days(session, local_time(then).date(), actions.RETURN_DAYS)
    submission = actions.return_once(
        session, snapshot, due, actions.mark(faults(session, snapshot), due), actor, then
    )  # fmt: skip
    if chance.random() < MENDED:
        again = prepare(session, submission)
        hand_over(session, submission, again, audit.Actor(submission.created_by), site.now - LAST)


def _notes(site: Site, officer: Hired, firms: Sequence[Firm]) -> None:
    """What was said on the phone and in the yard."""
    actor, texts = audit.Actor(officer.user_id), words()["notes"]
    with site.database.write() as session:
        area = session.scalars(sa.select(Area.id).where(Area.code == AREA)).one()
        codes = [make_credit_code(firm.registered, firm.number) for firm in firms if firm.area_id == area]
        known = session.scalars(sa.select(Organisation.id).where(Organisation.credit_code.in_(codes[:NOTED]))).all()
        for place, firm in enumerate(known):
            each = texts[place % len(texts)]
            at = datetime.combine(site.now.date() - timedelta(days=2 + place), time(10, 20), SHANGHAI)
            add_note(session, firm, each["kind"], each["text"], actor, at)
