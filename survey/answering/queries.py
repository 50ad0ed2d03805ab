"""What the pages of a submission read: its sections as they stand, the firm's figures, what is still missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from questionnaires.answers import Answers, Cleaned, clean, is_answered
from questionnaires.figures import Derived
from questionnaires.instrument import Instrument, Section
from questionnaires.items import Item, Response
from survey.access import MINE, rights_of, row_or_404
from survey.formatting import local_time
from survey.models import (
    Campaign,
    DraftChange,
    DraftNote,
    DraftPage,
    Fact,
    Membership,
    Organisation,
    PublishedInstrument,
    Round,
    Submission,
    User,
)
from survey.organisations.figures import Figure
from survey.publishing import references
from survey.publishing.references import Held


@dataclass(frozen=True, slots=True)
class Page:
    """One section as stored. `open` names the items answered with "do not know yet"."""

    rev: int = 0
    responses: Mapping[str, Response] = field(default_factory=dict)
    open: frozenset[str] = frozenset()
    saved_at: datetime | None = None
    saved_by: str | None = None


@dataclass(frozen=True, slots=True)
class Kept(Figure):
    """A figure as stored, with its `rev` and `source`, and who saved it when: to tell colleagues what happened."""

    rev: int = 0
    source: str = ""
    saved_at: datetime | None = None
    saved_by: str = ""


def page_data(responses: Mapping[str, Response], unsure: frozenset[str] | set[str]) -> dict[str, Any]:
    """How a section is stored."""
    return {"responses": dict(responses), "open": sorted(unsure)}


def responses_from(data: Mapping[str, Any]) -> dict[str, Response]:
    """The responses in stored data: JSON has lists where we have tuples."""
    stored: Mapping[str, Any] = data.get("responses", {})
    return {item: tuple(given) if isinstance(given, list) else given for item, given in stored.items()}


_PAGES = (
    sa.select(DraftPage.section, DraftPage.rev, DraftPage.data, DraftPage.updated_at, User.name)
    .join(User, User.id == DraftPage.updated_by)
    .where(DraftPage.submission_id == sa.bindparam("submission"))
)


class Begun(NamedTuple):
    """A submission as far as its question pages need it, read with the section in one query."""

    id: int
    public_id: str
    state: str
    due_on: date | None
    organisation_id: int
    opens_at: datetime
    closes_at: datetime
    reference_year: int
    instrument_id: int
    rules_checksum: str
    texts_checksum: str


_BEGUN: tuple[Any, ...] = (
    Submission.id,
    Submission.public_id,
    Submission.state,
    Submission.due_on,
    Submission.organisation_id,
    Campaign.opens_at,
    Campaign.closes_at,
    Round.reference_year,
    Campaign.instrument_id,
    PublishedInstrument.rules_checksum,
    PublishedInstrument.texts_checksum,
)
_BEGUN_PAGE: sa.Select[Any] = (
    sa.select(
        Membership.role, *_BEGUN, DraftPage.section, DraftPage.rev, DraftPage.data, DraftPage.updated_at, User.name
    )
    .select_from(Submission)
    .join(Membership, Membership.organisation_id == Submission.organisation_id)
    .join(Campaign, Campaign.id == Submission.campaign_id)
    .join(Round, Round.id == Campaign.round_id)
    .join(PublishedInstrument, PublishedInstrument.id == Campaign.instrument_id)
    .outerjoin(DraftPage, (DraftPage.submission_id == Submission.id) & (DraftPage.section == sa.bindparam("section")))
    .outerjoin(User, User.id == DraftPage.updated_by)
    .where(Submission.public_id == sa.bindparam("submission"), Submission.kind == "self", *MINE)
)


def begun_page(public_id: str, section: str, permission: str) -> tuple[Begun, Page]:
    """A submission of the person's firm and one of its sections; 404 or 403 as in `survey.access`.

    An empty page with `rev` 0 where the section was never saved, or is none.
    """
    row = row_or_404(_BEGUN_PAGE, permission, submission=public_id, section=section)
    stored = row[1 + len(_BEGUN) :]
    return Begun(*row[1 : 1 + len(_BEGUN)]), Page() if stored[0] is None else _page(stored)


_FACTS = (
    sa.select(Fact.kind, Fact.year, Fact.value, Fact.unit, Fact.rev, Fact.source, Fact.updated_at, User.name)
    .join(User, User.id == Fact.updated_by)
    .where(Fact.organisation_id == sa.bindparam("organisation"))
)


def _page(row: Any) -> Page:
    _, rev, data, saved_at, saved_by = row
    return Page(rev, responses_from(data), frozenset(data.get("open", ())), saved_at, saved_by)


def pages(session: Session, submission_id: int) -> dict[str, Page]:
    """All sections that have been saved."""
    return {row[0]: _page(row) for row in session.execute(_PAGES, {"submission": submission_id})}


def page_as_of(session: Session, submission_id: int, section: str, rev: int) -> Mapping[str, Any]:
    """What the section held after save number `rev`; empty before the first."""
    query = sa.select(DraftChange.data).where(
        DraftChange.submission_id == submission_id, DraftChange.section == section, DraftChange.rev == rev
    )
    data: Mapping[str, Any] | None = session.scalar(query)
    return data or {}


def figures(session: Session, organisation_id: int) -> dict[tuple[str, int], Kept]:
    """All figures of a firm by kind and year."""
    rows = session.connection().execute(_FACTS, {"organisation": organisation_id})
    return {(row.kind, row.year): Kept(*row[2:]) for row in rows}


def values(known: Mapping[tuple[str, int], Figure]) -> dict[tuple[str, int], int]:
    return {key: figure.value for key, figure in known.items()}


def notes(session: Session, submission_id: int) -> dict[str, str]:
    """The reasons given, by item."""
    query = sa.select(DraftNote.item, DraftNote.text).where(DraftNote.submission_id == submission_id)
    return {item: text for item, text in session.execute(query)}  # noqa: C416  # rows, which dict() is not typed for


@dataclass(frozen=True, slots=True)
class Whole:
    """Everything given so far, cleaned as one."""

    pages: Mapping[str, Page]
    cleaned: Cleaned
    open: frozenset[str]
    references: Mapping[str, Held] = field(default_factory=dict)

    @property
    def answers(self) -> Answers:
        return self.cleaned.answers

    @property
    def derived(self) -> Mapping[str, Derived]:
        return self.cleaned.derived

    def asked(self, section: Section) -> list[Item]:
        """The items of a section that are asked of this firm."""
        return [item for item in section.items if item.id in self.cleaned.asked]

    def done(self, section: Section) -> int:
        """How many items of a section are answered or left open on purpose, of those that are asked."""
        return sum(map(self.dealt_with, self.asked(section)))

    def dealt_with(self, item: Item) -> bool:
        return item.id in self.open or is_answered(item, self.answers)

    def missing(self, instrument: Instrument) -> list[str]:
        """The items that are asked and neither answered nor left open."""
        items = (item for section in instrument.sections for item in self.asked(section))
        return [item.id for item in items if not self.dealt_with(item)]


def whole(session: Session, submission: Submission, instrument: Instrument, reference_year: int) -> Whole:
    """All sections, figures and reasons of a submission, through the same cleaning as an import."""
    stored = pages(session, submission.id)
    given = {item: response for page in stored.values() for item, response in page.responses.items()}
    held = references.held(session, instrument, submission.organisation.industry_code, reference_year)
    raw = {
        "responses": {
            item: list(response) if isinstance(response, tuple) else response for item, response in given.items()
        },
        "facts": _used_facts(session, submission.organisation_id, instrument, reference_year),
        "reference_year": reference_year,
        "reasons": notes(session, submission.id),
        "references": references.pairs(held),
    }
    cleaned = _told_on_route(clean(instrument, raw))
    unsure = frozenset(item for page in stored.values() for item in page.open)
    return Whole(stored, cleaned, unsure & cleaned.asked, held)


_VERSIONS: sa.CompoundSelect[Any] = sa.union_all(
    sa.select(DraftPage.section, DraftPage.rev, sa.null().label("value"), sa.null().label("text")).where(
        DraftPage.submission_id == sa.bindparam("submission")
    ),
    sa.select(Fact.kind, Fact.year, Fact.value, sa.null()).where(Fact.organisation_id == sa.bindparam("organisation")),
    sa.select(DraftNote.item, sa.literal(0), sa.null(), DraftNote.text).where(
        DraftNote.submission_id == sa.bindparam("submission")
    ),
)

Versions = frozenset[tuple[Any, ...]]


def versions(session: Session, submission: Submission) -> Versions:
    """Which saves of sections stand, with figures and reasons: while it is the same, so is everything that was given.

    One read, instead of all that `whole` reads and cleans.
    """
    given = {"submission": submission.id, "organisation": submission.organisation_id}
    return frozenset(tuple(row) for row in session.connection().execute(_VERSIONS, given))


def _told_on_route(cleaned: Cleaned) -> Cleaned:
    """Without the reasons given at items that are not asked any more; they stay with the draft."""
    reasons = {item: text for item, text in cleaned.answers.reasons.items() if item in cleaned.asked}
    return replace(cleaned, answers=replace(cleaned.answers, reasons=reasons))


def _used_facts(session: Session, organisation_id: int, instrument: Instrument, year: int) -> list[dict[str, Any]]:
    """The firm's figures that this instrument asks for, as typed decimals of the base unit."""
    wanted = {(kind, year + offset) for kind, offset in instrument.figures_asked}
    known = figures(session, organisation_id)
    return [
        {"id": kind, "year": when, "value": _decimal(figure.value, instrument.fact_kinds[kind].decimals)}
        for (kind, when), figure in known.items()
        if (kind, when) in wanted
    ]


def _decimal(value: int, decimals: int) -> str:
    digits = str(abs(value)).rjust(decimals + 1, "0")
    text = f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals else digits
    return f"-{text}" if value < 0 else text


@dataclass(frozen=True, slots=True)
class Task:
    """One firm in one campaign, for the list of what there is to fill in. `submission` is `None` before the start.

    `role` is the person's in that firm.
    """

    organisation: Organisation
    campaign: Campaign
    submission: Submission | None
    role: str


def tasks(session: Session, user_id: int, now: datetime) -> list[Task]:
    """All campaigns that are open, or that a firm of this person has started, for each of the person's firms."""
    query = (
        sa.select(Organisation, Campaign, Submission, Membership.role)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .join(Campaign, sa.true())
        .outerjoin(
            Submission,
            (Submission.organisation_id == Organisation.id)
            & (Submission.campaign_id == Campaign.id)
            & (Submission.kind == "self"),
        )
        .where(*rights_of(user_id, local_time(now).date()))
        .where(((Campaign.opens_at <= now) & (Campaign.closes_at > now)) | Submission.id.is_not(None))
        .order_by(Organisation.id, Campaign.id)
    )
    return [Task(*row) for row in session.execute(query)]
