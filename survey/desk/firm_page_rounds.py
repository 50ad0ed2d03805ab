"""What the firm did in each round, and how its rounds compare: for the office's page about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Final

from flask import url_for
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy.orm import Session

from questionnaires.instrument import Instrument
from survey.access import may
from survey.answering.hub import round_title
from survey.desk import firm_page_queries as queries
from survey.models import Campaign, Scorecard, Submission
from survey.publishing import fields
from survey.publishing.queries import instrument
from survey.report.numbers import Numbered, numbered
from survey.report.stored import card_from
from survey.report.verdict import outcome
from survey.report.waves import Past, Wave, past_of, waves

STATES: Final[Mapping[str, tuple[str, LazyString]]] = {
    "none": ("not_started", _l("Not begun")),
    "missed": ("not_started", _l("Did not take part")),
    "draft": ("in_progress", _l("Being filled in")),
    "submitted": ("in_progress", _l("Submitted, to be checked")),
    "returned": ("warning", _l("Returned to be corrected")),
    "accepted": ("done", _l("Accepted")),
}
"""The mark and the word for each state of a questionnaire of a firm."""


@dataclass(frozen=True, slots=True)
class Report:
    """One time something was handed in, with the address of the form that opens it."""

    number: int
    submitted_at: datetime
    href: str


@dataclass(frozen=True, slots=True)
class Result:
    """What came out, of the firm's own assessment or on site, and its reports, the newest first."""

    words: str
    reports: list[Report]


@dataclass(frozen=True, slots=True)
class Part:
    """One questionnaire of a round. `due_on`: until when what was returned must be handed in again.

    `review` is where it is checked and `visit` where a visit is planned, for who may and while there is need.
    """

    title: str
    field: str
    wave: int | None
    mark: str
    word: str
    due_on: date | None
    signs: int
    own: Result | None
    verified: Result | None
    review: str | None
    visit: str | None


@dataclass(frozen=True, slots=True)
class RoundOf:
    """A round as the firm took part in it."""

    title: str
    year: int
    parts: list[Part]


@dataclass(frozen=True, slots=True)
class Compared:
    """The rounds of one questionnaire, the newest first."""

    title: str
    lines: tuple[Wave, ...]


class Rounds:
    """Reads what belongs to a firm's rounds once, and tells it."""

    def __init__(self, session: Session, firm_id: int, public_id: str, language: str, now: datetime) -> None:
        self.session, self.public_id, self.language, self.now = session, public_id, language, now
        found = queries.submissions(session, firm_id)
        self.of = {(each.campaign_id, each.kind): each for each in found}
        self.cards = queries.cards(session, found)
        self.times = numbered(session, [each.id for each in found])
        self.campaigns = queries.campaigns(session, now)

    def listed(self) -> list[RoundOf]:
        """Every round that has begun, the newest first; in each the questionnaires by field."""
        return [
            RoundOf(round_title(of, self.language), of.reference_year, self._parts(list(campaigns)))
            for of, campaigns in groupby(self.campaigns, key=lambda each: each.round)
        ]

    def compared(self) -> list[Compared]:
        """Questionnaires that the firm has handed in in more than one round."""
        newest: dict[str, Submission] = {}
        for campaign in self.campaigns:
            submission = self.of.get((campaign.id, "self"))
            if submission is not None and submission.scorecard_id is not None:
                newest.setdefault(campaign.questionnaire, submission)
        found = [self._compared(each) for each in newest.values()]
        return [each for each in found if each is not None]

    def _compared(self, submission: Submission) -> Compared | None:
        card = self.cards[submission.scorecard_id or 0]
        used, of = self._instrument(card), submission.campaign.round
        titles = {"zh_CN": of.title_zh, "en": of.title_en}
        now = Past(card_from(card.card), used, titles, card.snapshot.submitted_at)
        found = waves(now, past_of(self.session, card.snapshot), self.language)
        return Compared(used.title.say(self.language), found.lines) if found else None

    def _parts(self, campaigns: Sequence[Campaign]) -> list[Part]:
        used = [(each, instrument(self.session, each.instrument_id)) for each in campaigns]
        used.sort(key=lambda pair: fields.place(pair[1].field, pair[1].questionnaire))
        return [self._part(campaign, asked) for campaign, asked in used]

    def _part(self, campaign: Campaign, asked: Instrument) -> Part:
        own, verified = (self.of.get((campaign.id, kind)) for kind in ("self", "verified"))
        mark, word = STATES[self._state(campaign, own)]
        return Part(
            asked.title.say(self.language),
            asked.field,
            own.wave if own else None,
            mark,
            str(word),
            own.due_on if own and own.state == "returned" else None,
            (own.quality_signs or 0) if own else 0,
            self._result(own),
            self._result(verified),
            _review(own),
            None if verified else _visit(own),
        )

    def _state(self, campaign: Campaign, own: Submission | None) -> str:
        if own is not None:
            return own.state
        return "none" if campaign.closes_at > self.now else "missed"

    def _result(self, submission: Submission | None) -> Result | None:
        card = self.cards.get(submission.scorecard_id or 0) if submission else None
        if submission is None or card is None:
            return None
        words = outcome(card_from(card.card), self._instrument(card), self.language)
        times = self.times.get(submission.id, [])
        return Result(words, [self._report(submission, each, times[0]) for each in times])

    def _report(self, submission: Submission, each: Numbered, newest: Numbered) -> Report:
        number = None if each == newest else each.number
        href = url_for(
            "desk.report.page", public_id=self.public_id, submission_id=submission.public_id, number=number
        )  # fmt: skip
        return Report(each.number, each.submitted_at, href)

    def _instrument(self, card: Scorecard) -> Instrument:
        return instrument(self.session, card.snapshot.instrument_id)


def _review(own: Submission | None) -> str | None:
    if own is None or own.state != "submitted" or not may("submissions:review"):
        return None
    return url_for("reviews.page", submission_id=own.public_id)


def _visit(own: Submission | None) -> str | None:
    if own is None or own.state not in ("submitted", "accepted") or not may("visits:plan"):
        return None
    return url_for("verification.ask_to_plan", submission_id=own.public_id)
