"""A self-assessment and its on-site assessment side by side: level, points by dimension, and every answer that changed.

`Compared` is also what an assessor, the firm and the second person see before there is a verified submission.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from questionnaires.instrument import Instrument
from scoring.making import scorer_for
from scoring.scorecard import MeasureScore
from scoring.scorecard import Scorecard as Card
from survey.formatting import local_time
from survey.models import Scorecard, Snapshot, Submission, Visit
from survey.report.points import Points
from survey.report.stored import card_from
from survey.report.verdict import step_name, total_of, verdict
from survey.verification.seen import FINDINGS, looked_at
from survey.verification.sheet import Case, case, line

DEEPEST = 1
"""Ranks of measures below the total that are set side by side: the dimensions."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two results in words, with its points; `possible` is the step that open answers still allow."""

    verdict: str
    total: Points
    possible: str


@dataclass(frozen=True, slots=True)
class Row:
    """One measure on both sides, or the number of scenes."""

    title: str
    stated: Points
    found: Points
    is_total: bool

    @property
    def same(self) -> bool:
        return self.stated == self.found


@dataclass(frozen=True, slots=True)
class Difference:
    """An answer that was not found as stated: both in words, what was looked at, the reason."""

    item: str
    number: str
    name: str
    finding: str
    stated: tuple[str, ...]
    found: tuple[str, ...]
    seen: str
    reason: str


@dataclass(frozen=True, slots=True)
class Compared:
    """Both results. `same` counts the answers found as stated."""

    stated: Side
    found: Side
    rows: tuple[Row, ...]
    differences: tuple[Difference, ...]
    same: int


@dataclass(frozen=True, slots=True)
class Verified:
    """What a report says of the visit. `itself`: the report is that of the verified result; `other` is the other one.

    `agreed` is the firm's word, None where it said nothing in its time.
    """

    itself: bool
    on: date
    compared: Compared
    agreed: bool | None
    comment: str
    other: str
    other_number: str


@dataclass(frozen=True, slots=True)
class Beside:
    """The frozen rows behind it: the visit, and both submissions with what they were worth."""

    told: Case
    stated: Card
    found: Card
    itself: bool
    other: Submission


def beside_of(session: Session, snapshot: Snapshot) -> Beside | None:
    """The confirmed visit of a snapshot, be it the one that was verified or the one that was made by it."""
    itself = snapshot.submission.kind == "verified"
    query = sa.select(Visit).where(Visit.state == "confirmed")
    if itself:
        mine = query.where(
            Visit.submission_id == snapshot.submission.verifies_id, Visit.checked_at == snapshot.submitted_at
        )
    else:
        mine = query.where(Visit.snapshot_id == snapshot.id)
    visit = session.scalars(mine.order_by(Visit.checked_at.desc()).limit(1)).first()
    made = snapshot if itself else visit and _made_by(session, visit)
    if visit is None or made is None:
        return None
    other = visit.submission if itself else made.submission
    return Beside(case(session, visit), _card(session, visit.snapshot_id), _card(session, made.id), itself, other)


def _made_by(session: Session, visit: Visit) -> Snapshot | None:
    query = (
        sa.select(Snapshot)
        .join(Submission, Submission.id == Snapshot.submission_id)
        .where(Submission.verifies_id == visit.submission_id, Snapshot.submitted_at == visit.checked_at)
    )
    return session.scalars(query).one_or_none()


def _card(session: Session, snapshot_id: int) -> Card:
    query = sa.select(Scorecard.card).where(Scorecard.snapshot_id == snapshot_id).order_by(Scorecard.id.desc()).limit(1)
    return card_from(session.scalars(query).one())


def verified_of(found: Beside | None, language: str) -> Verified | None:
    """In one language, which must be the one that texts of the site are taken from as well."""
    if found is None:
        return None
    visit = found.told.visit
    assert visit.checked_at is not None
    return Verified(
        itself=found.itself,
        on=visit.visited_on or local_time(visit.checked_at).date(),
        compared=compared(found.stated, found.found, found.told, language),
        agreed=visit.agreed if visit.commented_at is not None else None,
        comment=visit.comment or "" if visit.commented_at is not None else "",
        other=found.other.public_id,
        other_number=found.other.reference or "",
    )


def live(told: Case, language: str) -> Compared:
    """The same of a visit that is not confirmed yet: scored as it stands."""
    scorer = scorer_for(told.instrument)
    return compared(scorer.score(told.stated), scorer.score(told.result.answers), told, language)


def compared(stated: Card, found: Card, told: Case, language: str) -> Compared:
    every = list(_differences(told, language))
    return Compared(
        stated=_side(stated, told.instrument, language),
        found=_side(found, told.instrument, language),
        rows=tuple(_rows(stated, found, told.instrument, language)),
        differences=tuple(every),
        same=len(told.numbers) - len(every),
    )


def _side(card: Card, instrument: Instrument, language: str) -> Side:
    scorer = scorer_for(instrument)
    possible = step_name(card.possible_level, scorer, language) if card.possible_level > card.level else ""
    return Side(verdict(card, scorer, language), total_of(card), possible)


def _rows(stated: Card, found: Card, instrument: Instrument, language: str) -> Iterator[Row]:
    """The total, the dimensions, the scenes that reach the next level; both cards are of one questionnaire."""
    then = {score.id: score for score in stated.measures}
    for score in found.measures:
        measure = scorer_for(instrument).measures[score.id]
        if measure.depth <= DEEPEST:
            yield Row(measure.title.say(language), _points(then[score.id]), _points(score), measure.depth == 0)
    if found.scenes:
        step = min(stated.level, found.level, len(found.ladder) - 1) + 1
        title = _("Scenes at %(step)s or above", step=step_name(step, scorer_for(instrument), language))
        yield Row(title, _scenes(stated, step), _scenes(found, step), False)


def _scenes(card: Card, step: int) -> Points:
    """How many scenes reach a level, out of all; those that are open may."""
    sure = sum(scene.level is not None and scene.level >= step for scene in card.scenes)
    perhaps = sum(scene.level is None for scene in card.scenes)
    return Points(Fraction(sure), Fraction(sure + perhaps), Fraction(len(card.scenes)))


def _points(score: MeasureScore) -> Points:
    return Points(Fraction(score.low), Fraction(score.high), Fraction(score.maximum))


def _differences(told: Case, language: str) -> Iterator[Difference]:
    for section in told.sections:
        for item in told.asked(section):
            found = told.findings.get(item.id)
            if found is None or found.finding == "same":
                continue
            one = line(told, item, language)
            yield Difference(
                item=item.id,
                number=one.own_number,
                name=one.name,
                finding=str(FINDINGS[found.finding]),
                stated=tuple(one.stated),
                found=tuple(one.found),
                seen=looked_at(found.seen),
                reason=found.reason,
            )
