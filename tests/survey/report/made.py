"""Answers with known results, and records of them that need no database."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from questionnaires import answers, catalogue
from questionnaires.items import Multiple, Single
from scoring import scorer_for
from survey.models import Snapshot
from survey.report.queries import Record

DIGITAL = catalogue.builtin("digital", "2024")

WORKED: dict[str, Any] = {
    "q1": ("B", "C"),
    "q2": "C",
    "q3": "B",
    "q4": ("B", "G", "H", "K", "L"),
    "q5": "C",
    "q6": ("B", "C"),
    "q7": ("B",),
    "q8": "D",
    "q9": ("B", "C"),
    "q10": ("B", "D"),
    "q11": "A",
    "q12": "C",
    "q13": "B",
    "q14": "C",
    "q15": "C",
    **{f"s{number}": level for number, level in enumerate((1, 1, 1, 0, 1, 1, 1, 0, 1, 0, 1, 2, 3, 1, 2, 0), 1)},
}
"""The worked example: 20.75 + 11.25 + 16.5 = 48.5, level 1."""

LEAST: dict[str, Any] = {
    item.id: "A" if isinstance(item, Single) else ("A",) if isinstance(item, Multiple) else 0
    for item in DIGITAL.items.values()
}
MOST: dict[str, Any] = {
    item.id: item.options[-1].id if isinstance(item, Single)
    else tuple(option.id for option in item.options if not option.exclusive) if isinstance(item, Multiple)
    else 4
    for item in DIGITAL.items.values()
}  # fmt: skip
OPEN: dict[str, Any] = {item: response for item, response in WORKED.items() if item not in ("q4", "q8", "s5", "s12")}

FIRM: dict[str, Any] = {
    "name": "天津喆堃精密传动科技有限公司",
    "credit_code": "91120113MA05XY7A3K",
    "in_scope": True,
    "area_zh": "北辰区",
    "area_en": "Beichen",
    "industry_code": "C3451",
    "industry_zh": "滚动轴承制造",
    "industry_en": "Rolling bearings",
    "size_class": "small",
    "size_class_explained_zh": "",
    "size_class_explained_en": "",
}


def make_record(responses: Mapping[str, Any] = WORKED, facts: tuple[Any, ...] = (), **firm: Any) -> Record:
    """A record as the database would give it."""
    raw = {item: list(given) if isinstance(given, tuple) else given for item, given in responses.items()}
    cleaned = answers.clean(DIGITAL, {"responses": raw, "facts": list(facts), "reference_year": 2025})
    assert not cleaned.faults
    snapshot = Snapshot(
        organisation={**FIRM, **firm},
        reference_year=2025,
        submitted_at=datetime(2026, 7, 18, 8, 42, tzinfo=UTC),
        responses={item: raw[item] for item in cleaned.answers.responses},
        content_hash="91d4c07e" * 8,
        facts=[{"id": kind, "year": year, "value": value} for (kind, year), value in cleaned.answers.facts.items()],
    )
    card = scorer_for(DIGITAL).score(cleaned.answers)
    return Record(snapshot, card, DIGITAL, 1, "D-2026-1-0000042", {"zh_CN": "2026 年批次", "en": "2026 round"}, {})
