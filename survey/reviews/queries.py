"""Reviews as they stand: the review of a snapshot with its faults, and the list of what is to be checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy.orm import Session

from survey.access import in_my_areas
from survey.city.calendar import all_named_days, last_working_day
from survey.formatting import local_time
from survey.models import Area, Campaign, Organisation, Review, ReviewFault, Round, Snapshot, Submission, User
from survey.privacy.names import person_name
from survey.publishing.queries import instrument as instrument_in

REVIEW: Final = "submissions:review"
PER_PAGE: Final = 50
CHECK_DAYS: Final = 10
"""Working days an office has for a check: as many as a firm has to mend, so that both sides wait alike, and a round
that ends with a rush is checked within two weeks."""

STATES: Final[Mapping[str, tuple[str, LazyString]]] = {
    "submitted": ("in_progress", _l("To be checked")),
    "returned": ("warning", _l("Returned")),
    "accepted": ("done", _l("Accepted")),
}
"""The mark and the word for each state of what was handed in."""
FIRST_STATE: Final = "submitted"


# -- one review --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault as it stands, with who wrote it last and when."""

    id: int
    public_id: str
    about: str | None
    kind: str
    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided about a snapshot, by whom and when; `due_on` where it was returned."""

    state: str
    by: str
    at: datetime
    due_on: date | None


def snapshots(session: Session, submission_id: int) -> list[Snapshot]:
    """Everything that was handed in, the first one first."""
    query = sa.select(Snapshot).where(Snapshot.submission_id == submission_id).order_by(Snapshot.number)
    return list(session.scalars(query))


def faults(session: Session, snapshot_id: int) -> list[Fault]:
    """The faults found in a snapshot, in the order in which they were added."""
    query = (
        sa.select(ReviewFault, User.name)
        .join(Review, Review.id == ReviewFault.review_id)
        .join(User, User.id == ReviewFault.added_by)
        .where(Review.snapshot_id == snapshot_id)
        .order_by(ReviewFault.id)
    )
    return [
        Fault(row.id, row.public_id, row.item, row.kind, row.text, person_name(name), row.added_at)
        for row, name in session.execute(query)
    ]


def decision(session: Session, snapshot_id: int) -> Decision | None:
    query = (
        sa.select(Review, User.name)
        .join(User, User.id == Review.decided_by)
        .where(Review.snapshot_id == snapshot_id, Review.state != "open")
    )
    found = session.execute(query).one_or_none()
    if found is None:
        return None
    row, name = found
    assert row.decided_at is not None
    return Decision(row.state, person_name(name), row.decided_at, row.due_on)


def returned_before(session: Session, submission_id: int) -> bool:
    query = sa.select(Review.id).where(Review.submission_id == submission_id, Review.state == "returned")
    return session.scalar(query) is not None


def remarks_for_verification(session: Session, submission_id: int) -> list[Fault]:
    """What the office noted when it accepted: not sent to the firm, looked at by whoever verifies on site."""
    query = sa.select(Review.snapshot_id).where(Review.submission_id == submission_id, Review.state == "accepted")
    return [fault for snapshot_id in session.scalars(query) for fault in faults(session, snapshot_id)]


# -- the list ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Filter:
    """What the list is narrowed to; an empty questionnaire narrows nothing. `page` counts from 1."""

    state: str = FIRST_STATE
    questionnaire: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Line:
    """One submission in the list. `due`: until when it is checked, or handed in again; none once accepted."""

    public_id: str
    firm: str
    area: str
    title: str
    submitted_on: date
    again: bool
    signs: int
    state: str
    due: date | None
    late: bool


def _mine(columns: Any, wanted: Filter) -> Any:
    """A query on submissions of my areas, with firm, area and campaign."""
    query = (
        columns.select_from(Submission)
        .join(Organisation, Organisation.id == Submission.organisation_id)
        .join(Area, Area.id == Organisation.operating_area_id)
        .join(Campaign, Campaign.id == Submission.campaign_id)
        .where(Submission.kind == "self", Submission.state == wanted.state, in_my_areas(REVIEW))
    )
    return query.where(Campaign.questionnaire == wanted.questionnaire) if wanted.questionnaire else query


def total(session: Session, wanted: Filter) -> int:
    count: int = session.scalar(_mine(sa.select(sa.func.count(Submission.id)), wanted)) or 0
    return count


def lines(session: Session, wanted: Filter, today: date, language: str) -> list[Line]:
    """One page of what my areas handed in, the oldest first."""
    again = sa.exists().where(Snapshot.submission_id == Submission.id, Snapshot.number > 1)
    columns = sa.select(
        Submission.public_id, Submission.submitted_at, Submission.state, Submission.due_on, Submission.quality_signs,
        Organisation.name, Area.name_zh, Area.name_en, Campaign.instrument_id, again.label("again"),
    )  # fmt: skip
    ordered = _mine(columns, wanted).order_by(Submission.submitted_at, Submission.id)
    rows = session.execute(ordered.limit(PER_PAGE).offset((wanted.page - 1) * PER_PAGE))
    named = all_named_days(session)
    return [_line(session, row, named, today, language) for row in rows]


def _line(session: Session, row: Any, named: Mapping[date, str], today: date, language: str) -> Line:
    submitted_on = local_time(row.submitted_at).date()
    due = row.due_on or (check_due(named, submitted_on) if row.state == FIRST_STATE else None)
    return Line(
        public_id=row.public_id,
        firm=row.name,
        area=row.name_en if language == "en" else row.name_zh,
        title=instrument_in(session, row.instrument_id).title.say(language),
        submitted_on=submitted_on,
        again=row.again,
        signs=row.quality_signs or 0,
        state=row.state,
        due=due,
        late=due is not None and due < today,
    )


def check_due(named: Mapping[date, str], submitted_on: date) -> date:
    """The last day for an office's check, by the days that the city's calendar names."""
    return last_working_day(named, submitted_on, CHECK_DAYS)


def questionnaires(session: Session, language: str) -> list[tuple[str, str]]:
    """Each questionnaire that has been open at any time, with its newest title."""
    query = sa.select(Campaign.questionnaire, Campaign.instrument_id).join(Round, Round.id == Campaign.round_id)
    newest = {name: instrument_id for name, instrument_id in session.execute(query.order_by(Campaign.id))}  # noqa: C416
    return [(name, instrument_in(session, each).title.say(language)) for name, each in newest.items()]
