"""Two small questionnaires for tests of reports: one in-house with stages, one that only lists answers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from questionnaires import answers
from questionnaires.instrument import Instrument
from scoring import scorer_for
from survey.models import Snapshot
from survey.report.queries import Record
from tests.scoring.made import loaded
from tests.survey.report.made import FIRM

TESTED = {"source": "TEST", "confidence": "C"}


def text(words: str) -> dict[str, str]:
    return {"zh_CN": f"中文 {words}", "en": words}


def item(item_id: str, number: str, kind: str, **rest: Any) -> dict[str, Any]:
    words = {name: text(f"{name} of {item_id}") for name in ("short", "label", "why", "evidence")}
    return {"id": item_id, "number": number, "type": kind, **words, **TESTED, **rest}


def options(*ids: str) -> list[dict[str, Any]]:
    return [{"id": each, "label": text(f"option {each}")} for each in ids]


def definition(questionnaire: str, field: str, standing: str, items: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "schema": 1,
        "questionnaire": questionnaire,
        "version": "1",
        "title": text(f"{questionnaire} title"),
        "field": field,
        "basis": {"title": text("basis"), "number": "1", "date": "2026-01-01", "standing": standing, **TESTED},
        "scope": {"industries": [], "outside": text("for every firm"), **TESTED},
        "sources": {"TEST": text("made for tests"), "S-API": text("named by shared figures")},
        "sections": [{"id": "main", "title": text("main section"), "about": text("all of it"), "items": items}],
    }


def _stages() -> dict[str, Any]:
    raw = definition(
        "stages",
        "green",
        "in-house",
        [
            item("meters", "1", "single", options=options("no", "some", "all")),
            item("permits", "2", "single", options=options("none", "valid", "waived")),
            item("plant", "3", "single", options=[*options("old", "new"), option_not_applicable()]),
            item("saved", "4", "number", unit=text("percent"), minimum="0", maximum="100"),
            item("energy_used", "5", "figures", asks=[{"fact": "energy", "years": [0]}]),
        ],
    )
    raw["facts"] = ["energy"]
    raw["references"] = [
        {"id": "intensity", "title": text("intensity"), "unit": text("tce"), "better": "lower", **TESTED}
    ]
    raw["tree"] = {
        "id": "total", "title": text("Total"), "maximum": 100, "not_applicable": "redistribute", **TESTED,
        "children": [
            {"id": "use", "title": text("Use of energy"), "weight": 60, "weights_total": 60, **TESTED, "children": [
                {"id": "metering", "title": text("Metering"), "weight": 40, **TESTED,
                 "rule": {"kind": "option", "item": "meters", "weights": {"no": 0, "some": 50, "all": 100}}},
                {"id": "peers", "title": text("Against peers"), "weight": 20, **TESTED,
                 "rule": {"kind": "linear", "value": {"fact": "energy"}, "reference": "intensity"}},
            ]},
            {"id": "equipment", "title": text("Equipment"), "weight": 40, **TESTED,
             "rule": {"kind": "option", "item": "plant", "weights": {"old": 0, "new": 100}}},
        ],
    }  # fmt: skip
    either = {"kind": "any_of", "conditions": [
        {"kind": "chosen", "item": "permits", "any": ["valid"], "text": text("valid permits")},
        {"kind": "chosen", "item": "permits", "any": ["waived"], "text": text("a waiver")},
    ]}  # fmt: skip
    raw["ladder"] = {"reached": "stepwise", "none": text("Before stage one"), **TESTED, "steps": [
        {"level": level, "name": text(f"Stage {level}"), "meaning": text("meant"), **TESTED,
         "conditions": [{"kind": "measure_at_least", "measure": "total", "points": points}, either]}
        for level, points in ((1, 20), (2, 80))
    ]}  # fmt: skip
    raw["checks"] = [{"id": "list", "title": text("The list"), "about": text("who may apply"), **TESTED, "conditions": [
        either,
        {"kind": "only_if", "if": {"kind": "chosen", "item": "plant", "any": ["old"]},
         "then": {"kind": "compare", "value": {"item": "saved"}, "at_least": 10, "text": text("saved ten percent")}},
        {"kind": "manual", "text": text("the office agrees")},
    ]}]  # fmt: skip
    return raw


def option_not_applicable() -> dict[str, Any]:
    return {"id": "none", "label": text("no plant"), "not_applicable": True}


def _wishes() -> dict[str, Any]:
    return definition(
        "wishes",
        "needs",
        "in-house",
        [
            item("kinds", "1", "multiple", options=options("money", "people")),
            item("sum", "2", "number", unit=text("yuan"), when={"kind": "chosen", "item": "kinds", "any": ["money"]}),
            item("soon", "3", "grid", rows=[{"id": "a", "label": text("row a")}, {"id": "b", "label": text("row b")}],
                 options=options("now", "later")),
        ],
    )  # fmt: skip


STAGES: Instrument = loaded(_stages())
WISHES: Instrument = loaded(_wishes())

STAGED: dict[str, Any] = {"meters": "some", "permits": "waived", "plant": "old", "saved": "4"}
"""25 of 75 points that count: 33.33; stage 1; the city has entered no values for energy."""
WISHED: dict[str, Any] = {"kinds": ["people"], "sum": "500", "soon": {"a": "now", "b": "later"}}
"""The sum is off the route."""


def record_of(instrument: Instrument, responses: dict[str, Any], facts: tuple[Any, ...] = ()) -> Record:
    """A record as the database would give it."""
    raw = {"responses": responses, "facts": list(facts), "reference_year": 2025}
    cleaned = answers.clean(instrument, raw)
    assert not cleaned.faults, cleaned.faults
    snapshot = Snapshot(
        organisation=FIRM,
        reference_year=2025,
        submitted_at=datetime(2026, 7, 18, 8, 42, tzinfo=UTC),
        responses=dict(cleaned.answers.responses),
        content_hash="91d4c07e" * 8,
        facts=[{"id": kind, "year": year, "value": value} for (kind, year), value in cleaned.answers.facts.items()],
    )
    card = scorer_for(instrument).score(cleaned.answers)
    return Record(snapshot, card, instrument, 1, "G-2026-1-0000043", {"zh_CN": "批次", "en": "round"}, {})
