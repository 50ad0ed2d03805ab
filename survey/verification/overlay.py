"""What was found, laid over what the firm had stated: the answers that hold in the end.

`findings` are by item, and by `figure:KIND:YEAR` for figures, whose values count the smallest unit. What has no finding
is as the firm stated it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from questionnaires.answers import Answers, Cleaned, clean, derive
from questionnaires.exact import exact
from questionnaires.faults import Fault
from questionnaires.instrument import Instrument
from questionnaires.items import Response
from survey.answering.queries import responses_from
from survey.models import Snapshot
from survey.publishing.references import thawed

FIGURE: Final = "figure:"
EXPLAINED: Final = ("needs_reason", "cross_warning")
"""Faults that ask for a reason: whoever looked at the item on site has settled it."""

Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Found:
    """What was found for an item or a figure. `value` is the one that counts; None: left open."""

    finding: str
    value: Any
    seen: tuple[str, ...] = ()
    reason: str = ""


Findings = Mapping[str, Found]


def figure_name(key: Key) -> str:
    return f"{FIGURE}{key[0]}:{key[1]}"


def figure_key(name: str) -> Key:
    """Kind and year of `figure:KIND:YEAR`."""
    _word, kind, year = name.split(":")
    return kind, int(year)


def stated(snapshot: Snapshot, reasons: Mapping[str, str]) -> Answers:
    """The answers as the firm handed them in."""
    facts = {(fact["id"], fact["year"]): fact["value"] for fact in snapshot.facts}
    responses = responses_from({"responses": snapshot.responses})
    return Answers(responses, facts, snapshot.reference_year, reasons, thawed(snapshot.reference_values))


def response_of(value: Any) -> Response | None:
    """A stored value as the items take it: JSON has lists where they have tuples."""
    return tuple(value) if isinstance(value, list) else value


def responses_found(answers: Answers, findings: Findings) -> dict[str, Response]:
    """The responses that count; an item that was left open is not there."""
    laid = {item: found for item, found in findings.items() if not item.startswith(FIGURE) and found.finding != "same"}
    kept = {item: response for item, response in answers.responses.items() if item not in laid}
    return kept | {item: response for item, found in laid.items() if (response := response_of(found.value)) is not None}


def figures_found(answers: Answers, findings: Findings) -> dict[Key, int]:
    """The figures that count, in their smallest units."""
    laid = {
        figure_key(name): found.value
        for name, found in findings.items()
        if name.startswith(FIGURE) and found.finding != "same"
    }
    both = {**answers.facts, **laid}
    return {key: value for key, value in both.items() if value is not None}


def overlaid(instrument: Instrument, answers: Answers, findings: Findings) -> Cleaned:
    """The answers that hold in the end, through the same cleaning as everything else, with the faults that remain."""
    facts = figures_found(answers, findings)
    responses = responses_found(answers, findings)
    # A band that follows from figures is worked out anew: the figures may be others now.
    for item in _banded(instrument, facts, answers.reference_year):
        responses.pop(item, None)
    cleaned = clean(instrument, _raw(instrument, answers, responses, facts, findings))
    faults = tuple(_open_faults(cleaned.faults, findings))
    own = {item: text for item, text in answers.reasons.items() if item in cleaned.asked and _holds(item, findings)}
    return replace(cleaned, faults=faults, answers=replace(cleaned.answers, reasons=own))


def _banded(instrument: Instrument, facts: Mapping[Key, int], year: int) -> Iterator[str]:
    derived = derive(instrument.items.values(), instrument, facts, year)
    return (item for item, found in derived.items() if found.before is None)


def _raw(
    instrument: Instrument,
    answers: Answers,
    responses: Mapping[str, Response],
    facts: Mapping[Key, int],
    findings: Findings,
) -> dict[str, Any]:
    explained = {item: found.reason for item, found in findings.items() if item in instrument.items and found.reason}
    return {
        "responses": {item: list(given) if isinstance(given, tuple) else given for item, given in responses.items()},
        "facts": [
            {"id": kind, "year": year, "value": exact(instrument.fact_kinds[kind].amount(value))}
            for (kind, year), value in facts.items()
        ],
        "reference_year": answers.reference_year,
        "reasons": {**answers.reasons, **explained},
        "references": {
            name: {"base": exact(pair.base), "lead": exact(pair.lead)} for name, pair in answers.references.items()
        },
    }


def _open_faults(faults: Iterable[Fault], findings: Findings) -> Iterator[Fault]:
    return (
        fault for fault in faults if not (fault.code in EXPLAINED and fault.path.removeprefix("responses.") in findings)
    )


def _holds(item: str, findings: Findings) -> bool:
    """The firm's own reason stands beside its own answer, not beside another that was found."""
    return item not in findings or findings[item].finding == "same"
