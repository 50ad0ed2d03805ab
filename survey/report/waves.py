"""A firm's rounds side by side: what became of level, total and dimensions since then, where rules allow it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from questionnaires.exact import fixed
from questionnaires.instrument import Instrument
from scoring.comparison import Comparison, MeasureChange, compare
from scoring.making import scorer_for
from scoring.scorecard import MeasureScore
from scoring.scorecard import Scorecard as Card
from survey.models import Campaign, Round, Scorecard, Snapshot, Submission
from survey.publishing.queries import instrument
from survey.report.points import Points
from survey.report.stored import card_from
from survey.report.verdict import total_of, verdict

MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True, slots=True)
class Past:
    """What a firm submitted in an earlier round: its card, its questionnaire, the round's title by language."""

    card: Card
    instrument: Instrument
    rounds: Mapping[str, str]
    submitted_at: datetime


@dataclass(frozen=True, slots=True)
class Wave:
    """One round in a line. `why` says why it may not be set against the newest; empty where it may, or is it."""

    round: str
    submitted_at: datetime
    level: str
    total: Points | None
    why: str


@dataclass(frozen=True, slots=True)
class Move:
    """A measure then and now with the difference in words ("+5.00"), or why there is none.

    `rank`: 0 the total, 1 a dimension, 2 an indicator below, 3 a group between.
    """

    title: str
    before: Points | None
    after: Points | None
    change: str
    why: str
    rank: int


@dataclass(frozen=True, slots=True)
class Waves:
    """All rounds, the newest first; and the newest against the one before: total, dimensions, indicators that moved."""

    lines: tuple[Wave, ...]
    level: tuple[str, str] | None
    total: Move | None
    dimensions: tuple[Move, ...]
    moved: tuple[Move, ...]
    why: str


def past_of(session: Session, snapshot: Snapshot) -> tuple[Past, ...]:
    """What the firm submitted to the same questionnaire in earlier rounds, the newest first; of each the last state."""
    submission = snapshot.submission
    query = (
        sa.select(Scorecard.card, Snapshot.instrument_id, Snapshot.submitted_at, Round.title_zh, Round.title_en)
        .join(Snapshot, Snapshot.id == Scorecard.snapshot_id)
        .join(Submission, Submission.scorecard_id == Scorecard.id)
        .join(Campaign, Campaign.id == Submission.campaign_id)
        .join(Round, Round.id == Campaign.round_id)
        .where(
            Submission.organisation_id == submission.organisation_id,
            Submission.kind == submission.kind,
            Campaign.questionnaire == submission.campaign.questionnaire,
            Campaign.round_id != submission.campaign.round_id,
            Snapshot.submitted_at < snapshot.submitted_at,
        )
        .order_by(Snapshot.submitted_at.desc())
    )
    return tuple(
        Past(card_from(card), instrument(session, used), {"zh_CN": title_zh, "en": title_en}, at)
        for card, used, at, title_zh, title_en in session.execute(query)
    )


def waves(now: Past, past: tuple[Past, ...], language: str) -> Waves | None:
    """None for a firm that answers the first time."""
    if not past:
        return None
    found = [compare(each.card, each.instrument, now.card, now.instrument) for each in past]
    last, moves = found[0], list(_moves(found[0], past[0], now, language))
    return Waves(
        lines=(
            _line(now, "", language),
            *(_line(each, _why(one), language) for each, one in zip(past, found, strict=True)),
        ),
        level=None if last.level else (_level(past[0], language), _level(now, language)),
        total=next((move for move in moves if move.rank == 0), None),
        dimensions=tuple(move for move in moves if move.rank == 1),
        moved=tuple(move for move in moves if move.rank == 2 and move.change.strip("+" + MINUS + "0.")),
        why=_why(last),
    )


def _line(each: Past, why: str, language: str) -> Wave:
    total = total_of(each.card)
    return Wave(
        each.rounds[language], each.submitted_at, _level(each, language), total if total.maximum else None, why
    )  # fmt: skip


def _level(each: Past, language: str) -> str:
    return verdict(each.card, scorer_for(each.instrument), language)


def _why(found: Comparison) -> str:
    """Why level or total may not be compared; empty where both may."""
    root = found.measures[0] if found.measures else None
    if found.level == "another":
        return _("another questionnaire")
    if found.level and (root is None or root.reason):
        return _("The rules have changed since: results may not be compared.")
    if found.level:
        return _("What the levels ask for has changed since: only points may be compared.")
    if root is not None and root.reason:
        return _("How the total is made up has changed since: only some parts may be compared.")
    return ""


def _moves(found: Comparison, before: Past, now: Past, language: str) -> Iterator[Move]:
    """Measures in the order of the newer tree; those that are gone come last."""
    newer, older = scorer_for(now.instrument).measures, scorer_for(before.instrument).measures
    for change in found.measures:
        measure = newer.get(change.id) or older[change.id]
        rank = measure.depth if measure.depth < 2 else 2 if measure.node.rule else 3
        yield Move(
            measure.title.say(language), _points(change.before), _points(change.after), _change(change),
            "" if not change.reason else _reason(change), rank,
        )  # fmt: skip


def _points(score: MeasureScore | None) -> Points | None:
    return None if score is None else Points(Fraction(score.low), Fraction(score.high), Fraction(score.maximum))


def _change(change: MeasureChange) -> str:
    difference = change.difference
    if difference is None:
        return ""
    sign = "+" if difference > 0 else MINUS if difference < 0 else ""
    return f"{sign}{fixed(abs(difference))}"


def _reason(change: MeasureChange) -> str:
    return {
        "new": _("new since then"),
        "gone": _("no longer asked"),
        "rules": _("rules changed"),
    }.get(change.reason, "")
