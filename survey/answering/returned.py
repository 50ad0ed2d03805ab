"""What the firm reads of a returned submission: every fault with its place, and until when it is handed in again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from questionnaires.instrument import Instrument
from survey import formatting
from survey.answering.queries import Begun
from survey.city.calendar import working_days_left
from survey.formatting import local_time
from survey.models import Review, ReviewFault, Submission
from survey.organisations.figures import Key
from survey.reviews.faults import KINDS, about_name, figure_in, figures_of, home_of, place_of

RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class Mend:
    """One thing to mend. `item` is where, empty for the whole; `href` leads there. `asked`: it is on the route now."""

    public_id: str
    item: str
    figure: Key | None
    name: str
    kind: str
    text: str
    href: str
    asked: bool


@dataclass(frozen=True, slots=True)
class Returned:
    """All faults in the order of the questionnaire. `days` are working days left; below 0 the time is over."""

    due_on: date
    days: int
    mends: list[Mend]

    @property
    def word(self) -> str:
        return returned_word(len(self.mends), self.due_on, self.days)

    def at(self, item: str) -> list[Mend]:
        return [mend for mend in self.mends if mend.item == item]

    @property
    def elsewhere(self) -> list[Mend]:
        """What no question that is asked stands for."""
        return [mend for mend in self.mends if not mend.item or not mend.asked]


def returned_word(count: int, due_on: date, days: int) -> str:
    """How many things are to be mended, and until when."""
    mend = ngettext("Returned: %(num)d thing to mend", "Returned: %(num)d things to mend", count)
    if days < 0:
        return _("%(mend)s; the time ended on %(day)s", mend=mend, day=formatting.date(due_on))
    left = ngettext("%(num)d working day left", "%(num)d working days left", days) if days else _("last day")
    return _("%(mend)s until %(day)s (%(left)s)", mend=mend, day=formatting.date(due_on), left=left)


def returned(
    session: Session,
    submission: Submission | Begun,
    instrument: Instrument,
    year: int,
    asked: Collection[str],
    now: datetime,
    language: str,
) -> Returned | None:
    """None unless the submission is returned and waits to be handed in again. `asked`: the items on the route."""
    if submission.state != RETURNED or submission.due_on is None:
        return None
    today = local_time(now).date()
    rows = sorted(faults(session, submission.id), key=lambda row: place_of(row.item, instrument, year))
    mends = [_mend(row, submission.public_id, instrument, year, asked, language) for row in rows]
    return Returned(submission.due_on, working_days_left(session, today, submission.due_on), mends)


def faults(session: Session, submission_id: int) -> list[ReviewFault]:
    """What the office found when it returned the submission."""
    query = (
        sa.select(ReviewFault)
        .join(Review, Review.id == ReviewFault.review_id)
        .where(Review.submission_id == submission_id, Review.state == RETURNED)
        .order_by(ReviewFault.id)
    )
    return list(session.scalars(query))


def mended(session: Session, submission: Submission, instrument: Instrument, language: str) -> list[tuple[str, str]]:
    """What the firm was asked to mend before it handed in again: what it was about, and the words."""
    year = submission.campaign.round.reference_year
    rows = sorted(faults(session, submission.id), key=lambda row: place_of(row.item, instrument, year))
    return [(about_name(row.item, instrument, language), row.text) for row in rows]


def accepted_on(session: Session, submission_id: int) -> date | None:
    """The day on which the office accepted it."""
    query = sa.select(Review.decided_at).where(Review.submission_id == submission_id, Review.state == "accepted")
    at = session.scalar(query)
    return local_time(at).date() if at else None


def _mend(
    row: ReviewFault, submission_id: str, instrument: Instrument, year: int, asked: Collection[str], language: str
) -> Mend:
    item = _home(row.item, instrument, year, asked)
    return Mend(
        public_id=row.public_id,
        item=item,
        figure=figure_in(row.item),
        name=about_name(row.item, instrument, language),
        kind=str(KINDS.get(row.kind, row.kind)),
        text=row.text,
        href=_href(submission_id, item, instrument, item in asked),
        asked=item in asked,
    )


def _home(about: str | None, instrument: Instrument, year: int, asked: Collection[str]) -> str:
    """Where it is mended: a figure at the first item that is asked and asks for it."""
    figure = figure_in(about)
    homes = [item for item in instrument.items if figure in figures_of(instrument.items[item], year)] if figure else []
    return next((item for item in homes if item in asked), home_of(about, instrument, year))


def _href(submission_id: str, item: str, instrument: Instrument, asked: bool) -> str:
    section = next((each for each in instrument.sections if any(one.id == item for one in each.items)), None)
    if section is None:
        return url_for("answering.check", submission_id=submission_id)
    anchor = f"q-{item}" if asked else None
    return url_for("answering.section", submission_id=submission_id, section_id=section.id, _anchor=anchor)
