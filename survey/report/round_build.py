"""From everything that one firm submitted in a round to what the report on it says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from questionnaires.instrument import Instrument
from survey import formatting
from survey.models import OutsideResult
from survey.organisations.outside_queries import result_title, result_words, validity
from survey.publishing import fields
from survey.report.build import build
from survey.report.content import Check, Condition, Report
from survey.report.round_content import Applying, Held, Line, Part, RoundReport, lacking
from survey.report.round_queries import RoundRecord
from survey.report.verdict import BETWEEN

READY = {"met": 0, "manual": 1, "unknown": 2, "unmet": 3}
"""What can be applied for comes first, then what is nearest to it."""


def build_round(record: RoundRecord, language: str) -> RoundReport:
    """The whole report in `language`, which must be the one that texts of the site are taken from as well."""
    parts = tuple(Part(f"{each.instrument.questionnaire}-", build(each, language)) for each in record.records)
    newest = max((part.report for part in parts), key=lambda report: report.provenance.submitted_at)
    applying = [entry for part in parts for entry in _applying(part)]
    lines = [*map(_line, parts), *(_undone(each, language) for each in record.undone)]
    return RoundReport(
        language=language,
        firm=newest.firm,
        round=record.rounds[language],
        reference_year=newest.reference_year,
        applying=tuple(sorted(applying, key=lambda entry: READY.get(entry.check.state, len(READY)))),
        lines=tuple(sorted(lines, key=lambda line: fields.place(line.field))),
        parts=parts,
        held=tuple(_held(row, record.on) for row in record.held),
        on=record.on,
        latest=newest.provenance.submitted_at,
    )


# -- what can be applied for -------------------------------------------------------------------------------------------


def _applying(part: Part) -> Iterator[Applying]:
    """The checks of a part. A ladder of one step is one as well, unless a check speaks of it already."""
    report = part.report
    told = any(condition.kind == "level_at_least" for check in report.checks for condition in check.conditions)
    ladder = () if told or not report.one_step else (_eligible(report),)
    for check in (*ladder, *report.checks):
        yield Applying(
            field=report.field,
            questionnaire=report.provenance.questionnaire,
            anchor=part.anchor,
            in_house=report.in_house,
            check=check,
            lacking=lacking(_opened(check.conditions, report)),
        )


def _eligible(report: Report) -> Check:
    step = report.steps[0]
    return Check(
        title=report.provenance.questionnaire,
        about=report.provenance.basis,
        state=step.state,
        word=step.word,
        conditions=step.conditions,
    )


def _opened(conditions: Sequence[Condition], report: Report) -> Iterator[Condition]:
    """With the conditions of the only step in place of "that step is reached"."""
    for condition in conditions:
        if condition.kind == "level_at_least" and report.one_step:
            yield from report.steps[0].conditions
        else:
            yield condition


# -- one line for each part --------------------------------------------------------------------------------------------


def _line(part: Part) -> Line:
    report = part.report
    return Line(
        field=report.field,
        title=report.provenance.questionnaire,
        anchor=part.anchor,
        in_house=report.in_house,
        verdict=report.verdict,
        total=report.total if report.scored else None,
        submitted_at=report.provenance.submitted_at,
        reference=report.provenance.reference,
        content_hash=report.provenance.content_hash,
        on_site=_on_site(report),
    )


def _on_site(report: Report) -> str:
    """The result found on site: step and points, as far as there are any."""
    if report.verified is None:
        return ""
    found = report.verified.compared.found
    points = f"{found.total.short} / {found.total.maximum_text}" if found.total.maximum else ""
    return BETWEEN.join(text for text in (found.verdict, points) if text)


def _undone(instrument: Instrument, language: str) -> Line:
    title = instrument.title.say(language)
    return Line(instrument.field, title, "", fields.in_house(instrument))


def _held(row: OutsideResult, on: date) -> Held:
    mark, words = validity(row, on)
    return Held(
        title=result_title(row),
        value=result_words(row),
        issuer=row.issuer,
        number=row.number,
        issued=formatting.date(row.issued_on),
        until=formatting.date(row.valid_until) if row.valid_until else "",
        ending=words if mark == "warning" else "",
    )
