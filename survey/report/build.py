"""From what was submitted and scored to what the report says. Data flow one way: answers, score, report."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import partial
from typing import Any, Final

from questionnaires.instrument import Instrument
from scoring.making import scorer_for
from scoring.scorecard import MeasureScore
from survey.models import Scorecard
from survey.publishing import fields
from survey.report import content, judged
from survey.report.answered import answers, figures, losses, not_scored
from survey.report.beside import verified_of
from survey.report.city_values import city_values
from survey.report.measured import dimensions
from survey.report.origin import Conflict, Provenance
from survey.report.points import Points
from survey.report.queries import Record
from survey.report.rated import nearest, scene_groups
from survey.report.roadmaps import improvement
from survey.report.stored import card_from
from survey.report.verdict import outcome, total_of, verdict
from survey.report.waves import Past, waves

SUFFIX: Final = {"zh_CN": "zh", "en": "en"}


def build(record: Record, language: str, locks: Sequence[str] = ()) -> content.Report:
    """The whole report in `language` ("zh_CN" or "en"). `locks` are changes that the firm calls not possible."""
    card, instrument, scorer = record.card, record.instrument, scorer_for(record.instrument)
    steps = [judged.step(score, scorer, language) for score in card.ladder]
    groups = scene_groups(record, scorer, language)
    waiting = card.next_step()
    points = {measure.id: points_of(measure) for measure in card.measures}
    years, figured = figures(record, language)
    return content.Report(
        language=language,
        field=instrument.field,
        standing=instrument.basis.standing,
        firm=_firm(record, language),
        round=record.rounds[language],
        reference_year=record.snapshot.reference_year,
        verdict=verdict(card, scorer, language),
        level=judged.level(card.level, scorer, language),
        possible=judged.level(card.possible_level, scorer, language),
        total=total_of(card),
        steps=tuple(steps),
        stepwise=scorer.ladder is not None and scorer.ladder.reached == "stepwise",
        next=steps[card.level] if waiting else None,
        nearest=nearest(waiting, scorer, groups) if waiting else (),
        checks=tuple(judged.check(score, scorer, language) for score in card.checks),
        dimensions=dimensions(record, scorer, points, language),
        not_scored=not_scored(record, scorer, language),
        losses=losses(record, scorer, language),
        scene_groups=groups,
        answers=answers(record, scorer, points, language),
        years=years,
        figures=figured,
        conflicts=_conflicts(record, language),
        provenance=_provenance(record, language),
        open_answers=sum(trace.open for trace in card.trace),
        improvement=partial(improvement, record, locks, language),
        city_values=city_values(record, language),
        waves=waves(Past(card, instrument, record.rounds, record.snapshot.submitted_at), record.past, language),
        compared=record.compared,
        verified=verified_of(record.beside, language),
    )


def listed(row: tuple[Scorecard, Instrument], language: str) -> dict[str, Any]:
    """A line of the list of reports: public_id, title, place, field, result, in_house, on_site, submitted_at."""
    scorecard, instrument = row
    snapshot = scorecard.snapshot
    return {
        "public_id": snapshot.submission.public_id,
        "title": instrument.title.say(language),
        "place": fields.place(instrument.field, instrument.questionnaire),
        "field": instrument.field,
        "result": outcome(card_from(scorecard.card), instrument, language),
        "in_house": fields.in_house(instrument),
        "on_site": snapshot.submission.kind == "verified",
        "submitted_at": snapshot.submitted_at,
    }


def points_of(measure: MeasureScore) -> Points:
    return Points(Fraction(measure.low), Fraction(measure.high), Fraction(measure.maximum))


# -- firm and origin ---------------------------------------------------------------------------------------------------


def _firm(record: Record, language: str) -> content.Firm:
    told: dict[str, Any] = record.snapshot.organisation
    suffix = SUFFIX[language]
    outside = record.instrument.scope.outside.say(language)
    industry = told.get(f"industry_{suffix}") or told.get("industry_zh") or ""
    return content.Firm(
        name=told["name"],
        masked_code=masked(told["credit_code"]),
        area=told.get(f"area_{suffix}") or "",
        industry=f"{told.get('industry_code') or ''} {industry}".strip(),
        size=told.get("size_class") or "",
        size_explained=told.get(f"size_class_explained_{suffix}") or "",
        outside=None if told.get("in_scope", True) else outside,
    )


def masked(code: str) -> str:
    """A credit code with its middle hidden: the report gets passed on."""
    return code[:6] + "*" * max(len(code) - 8, 0) + code[-2:]


def _provenance(record: Record, language: str) -> Provenance:
    instrument, snapshot = record.instrument, record.snapshot
    return Provenance(
        questionnaire=instrument.title.say(language),
        edition=f"{instrument.questionnaire} {instrument.version}.{record.revision}",
        basis=instrument.basis.title.say(language),
        basis_number=instrument.basis.number,
        engine=record.card.engine,
        rules_checksum=instrument.rules_checksum,
        texts_checksum=instrument.texts_checksum,
        content_hash=snapshot.content_hash,
        reference=record.reference,
        submitted_at=snapshot.submitted_at,
        helpers=record.helpers,
    )


def _conflicts(record: Record, language: str) -> tuple[Conflict, ...]:
    return tuple(
        Conflict(conflict.about.say(language), conflict.decided.say(language), conflict.confidence)
        for conflict in record.instrument.conflicts
    )
