"""What waits for an office, nearest due date first: only in its areas, and only where it may do something about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

import sqlalchemy as sa
from flask import current_app, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from survey import formatting
from survey.access import in_my_areas, may
from survey.city.calendar import all_named_days, is_worked, last_working_day
from survey.claims.due import WORKING_DAYS as CLAIM_DAYS
from survey.desk.queries import VIEW
from survey.desk.table_conditions import SOON, late
from survey.desk.table_queries import area_ranks, with_answers
from survey.formatting import SHANGHAI, local_time
from survey.models import Area, Bundle, Campaign, Claim, ListedTitle, Organisation, OutsideResult, Submission, Visit
from survey.publishing.queries import instrument
from survey.reviews.queries import CHECK_DAYS
from survey.verification.queries import to_plan

NEAR: Final = 2
"""So many working days before its day a task is marked."""
LONGEST_WAIT: Final = 60


@dataclass(frozen=True, slots=True)
class Task:
    """`name` holds the count; `due` is the nearest day, None where there is none; `late` are over their day."""

    name: str
    endpoint: str
    due: date | None = None
    late: int = 0
    text: str = ""
    arguments: Mapping[str, Any] | None = None

    @property
    def href(self) -> str:
        return url_for(self.endpoint, **(self.arguments or {}))


@dataclass(frozen=True, slots=True)
class Office:
    """Who asks, and when. `named` are the days of the city's calendar."""

    session: Session
    user_id: int
    language: str
    now: datetime
    named: Mapping[date, str]

    @property
    def today(self) -> date:
        return local_time(self.now).date()

    def late_before(self, days: int) -> datetime:
        """What came before this moment is over its `days` working days."""
        day = self.today
        while last_working_day(self.named, day, days) >= self.today and (self.today - day).days < LONGEST_WAIT:
            day -= timedelta(days=1)
        return datetime.combine(day + timedelta(days=1), time(), SHANGHAI)


def tasks(session: Session, user_id: int, language: str, now: datetime) -> list[Task]:
    """Everything that waits, by due date; what has none comes last."""
    office = Office(session, user_id, language, now, all_named_days(session))
    rows = [row for permission, find in FINDERS if may(permission) for row in find(office, permission)]
    there = [row for row in rows if row.endpoint in current_app.view_functions]
    return sorted(there, key=lambda row: row.due or date.max)


def shown(session: Session, rows: list[Task], today: date) -> list[dict[str, Any]]:
    """As the macro `task_list` takes them."""
    named = all_named_days(session)
    return [
        {"href": row.href, "name": row.name, "text": row.text, "count": "", **_status(row, named, today)}
        for row in rows
    ]


def _status(row: Task, named: Mapping[date, str], today: date) -> dict[str, str]:
    if row.late:
        return {"kind": "error", "word": ngettext("%(num)d overdue", "%(num)d overdue", row.late)}
    if row.due is None:
        return {"kind": "not_started", "word": _("no date")}
    left = sum(is_worked(today + timedelta(days=n), named) for n in range(1, (row.due - today).days + 1))
    if left > NEAR:
        return {"kind": "not_started", "word": _("by %(date)s", date=formatting.date(row.due))}
    word = ngettext("%(num)d working day left", "%(num)d working days left", left) if left else _("due today")
    return {"kind": "warning", "word": word}


# -- what there may be: a row of FINDERS each --------------------------------------------------------------------------


def _counted(office: Office, query: sa.Select[Any], permission: str, *, moment: Any, over: Any) -> tuple[int, Any, int]:
    """How many, the earliest moment or day of them, and how many are over their time."""
    late_ones = sa.func.sum(sa.case((over, 1), else_=0))
    counts = query.join(Area, Area.id == Organisation.operating_area_id).where(in_my_areas(permission))
    counts = counts.with_only_columns(sa.func.count(), sa.func.min(moment, type_=moment.type), late_ones)
    count, first, late_count = office.session.execute(counts).one()
    return count, first, late_count or 0


def _claims(office: Office, permission: str) -> Iterator[Task]:
    query = sa.select(Claim.id).join(Claim.organisation).where(Claim.state == "waiting")
    over = Claim.made_at < office.late_before(CLAIM_DAYS)
    count, first, late_ones = _counted(office, query, permission, moment=Claim.made_at, over=over)
    if count:
        yield Task(
            ngettext("%(num)d claim to decide", "%(num)d claims to decide", count),
            "desk.claims",
            last_working_day(office.named, local_time(first).date(), CLAIM_DAYS),
            late_ones,
            _("The oldest was made on %(date)s", date=formatting.date(first)),
        )


def _checks(office: Office, permission: str) -> Iterator[Task]:
    late_ones = sa.func.sum(sa.case((Submission.submitted_at < office.late_before(CHECK_DAYS), 1), else_=0))
    first_at = sa.func.min(Submission.submitted_at, type_=Submission.submitted_at.type)
    ranks = area_ranks(office.session, permission=permission)
    query = with_answers(office.session, ranks, None, sa.func.count(), first_at, late_ones)
    waiting = query.where(Submission.kind == "self", Submission.state == "submitted")
    count, first, late_count = office.session.execute(waiting).one()
    if count:
        yield Task(
            ngettext("%(num)d submission to check", "%(num)d submissions to check", count),
            "reviews.home",
            last_working_day(office.named, local_time(first).date(), CHECK_DAYS),
            late_count or 0,
            _("The oldest was handed in on %(date)s", date=formatting.date(first)),
        )


def _late_returns(office: Office, permission: str) -> Iterator[Task]:
    """A line for each questionnaire, since the firm table shows one."""
    ranks = area_ranks(office.session, permission=permission)
    columns = (Submission.campaign_id, sa.func.count(), sa.func.min(Submission.due_on))
    query = with_answers(office.session, ranks, None, *columns).where(Submission.kind == "self", late(office.today))
    grouped = query.group_by(Submission.campaign_id).order_by(Submission.campaign_id)
    for campaign_id, count, due in office.session.execute(grouped).all():
        campaign = office.session.get_one(Campaign, campaign_id)
        title = instrument(office.session, campaign.instrument_id).title.say(office.language)
        name = ngettext("%(num)d returned submission not handed in again",
                        "%(num)d returned submissions not handed in again", count)  # fmt: skip
        wish = {"progress": "late", "campaign": campaign.public_id}
        yield Task(name, "desk.firms", due, count, title, wish)


def _visits_to_plan(office: Office, permission: str) -> Iterator[Task]:
    count = len(to_plan(office.session, permission, office.now))
    if count:
        yield Task(ngettext("%(num)d visit to plan", "%(num)d visits to plan", count), "verification.home")


def _visits(office: Office, permission: str, state: str) -> tuple[int, Any, int]:
    query = sa.select(Visit.id).join(Visit.organisation).where(Visit.state == state)
    return _counted(office, query, permission, moment=Visit.due_on, over=Visit.due_on < office.today)


def _visits_to_enter(office: Office, permission: str) -> Iterator[Task]:
    count, due, late_ones = _visits(office, permission, "planned")
    if count:
        name = ngettext("%(num)d visit to be made and entered", "%(num)d visits to be made and entered", count)
        yield Task(name, "verification.home", due, late_ones)


def _visits_to_check(office: Office, permission: str) -> Iterator[Task]:
    count, due, late_ones = _visits(office, permission, "entered")
    if count:
        name = ngettext("%(num)d visit to check", "%(num)d visits to check", count)
        yield Task(name, "verification.home", due, late_ones, _("By a second person"))


def _titles(office: Office, permission: str) -> Iterator[Task]:
    """Titles by the list and those recorded with proof, that end soon."""
    last = office.today + SOON
    firms: set[int] = set()
    ends: list[date] = []
    for table, more in ((ListedTitle, ()), (OutsideResult, (OutsideResult.withdrawn_at.is_(None),))):
        query = (
            sa.select(Organisation.id, sa.func.min(table.valid_until))
            .join(table, table.organisation_id == Organisation.id)
            .join(Area, Area.id == Organisation.operating_area_id)
            .where(in_my_areas(permission), table.valid_until.between(office.today, last), *more)
            .group_by(Organisation.id)
        )
        for firm, end in office.session.execute(query):
            firms.add(firm)
            ends += [end] if end else []
    if firms:
        name = ngettext("%(num)d firm whose title ends soon", "%(num)d firms whose titles end soon", len(firms))
        yield Task(name, "desk.firms", min(ends), text=_("Within 90 days"), arguments={"titles": "soon"})


def _bundles(office: Office, _permission: str) -> Iterator[Task]:
    """The person's own orders that may be fetched."""
    query = sa.select(sa.func.count(), sa.func.min(Bundle.useless_after, type_=Bundle.useless_after.type)).where(
        Bundle.made_by == office.user_id,
        Bundle.done_at.is_not(None),
        Bundle.file.is_not(None),
        Bundle.useless_after > office.now,
    )
    count, until = office.session.execute(query).one()
    if count:
        name = ngettext("%(num)d package of reports to fetch", "%(num)d packages of reports to fetch", count)
        yield Task(name, "desk.bundles", local_time(until).date())


FINDERS: Final[tuple[tuple[str, Callable[[Office, str], Iterator[Task]]], ...]] = (
    ("claims:decide", _claims),
    ("submissions:review", _checks),
    (VIEW, _late_returns),
    ("visits:plan", _visits_to_plan),
    ("visits:plan", _visits_to_enter),
    ("visits:check", _visits_to_check),
    (VIEW, _titles),
    ("bundles:make", _bundles),
)
"""Each with the permission it asks for. A new kind of task is one row here."""
