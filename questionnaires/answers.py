"""Cleaning: what somebody sent becomes answers that the instrument allows, and faults with paths for the rest.

The raw form is plain data, as in a JSON file:
`{"responses": {"q1": ["B"], "q2": "C", "s1": 2}, "facts": [{"id": "revenue", "year": 2025, "value": "12.50"}],
"reference_year": 2025, "reasons": {"q12": "…"}}`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from questionnaires.exact import Rational, exact
from questionnaires.facts import read_number
from questionnaires.faults import Fault, brief
from questionnaires.figures import Change, Derived, Facts
from questionnaires.given import Given, Reference
from questionnaires.instrument import CrossCheck, Instrument
from questionnaires.items import FigureItem, Grid, Item, Response, Single, figures_asked
from questionnaires.parts import part_faults
from questionnaires.routes import asked, travelled
from questionnaires.text import LANGUAGES

KEYS: Final = frozenset({"responses", "facts", "reference_year", "reasons", "references"})
FACT_KEYS: Final = frozenset({"id", "year", "value", "unit"})
MOST_REASON: Final = 500


@dataclass(frozen=True, slots=True)
class Answers:
    """All that a scorer reads. `responses` holds only answered items; an item that is missing is not answered."""

    responses: Mapping[str, Response]
    facts: Facts = field(default_factory=dict)
    reference_year: int = 0
    reasons: Mapping[str, str] = field(default_factory=dict)
    references: Mapping[str, Reference] = field(default_factory=dict)

    def given(self, instrument: Instrument) -> Given:
        """What of the answers is on the route."""
        return travelled(instrument, self.responses, self.facts, self.reference_year, self.references)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """`answers` is what is valid of the input and on the route; `derived` is what the figures say, by item.

    `asked` are the items that are surely on the route.
    """

    answers: Answers
    faults: tuple[Fault, ...]
    derived: Mapping[str, Derived]
    asked: frozenset[str] = frozenset()


def clean(instrument: Instrument, raw: Any) -> Cleaned:
    """Everything valid in `raw` that is on the route, and every fault. Nothing the instrument does not allow passes."""
    if not isinstance(raw, dict):
        return Cleaned(Answers({}), (Fault("", "not_an_object"),), {})
    faults = [Fault(brief(key), "unknown_key", {"name": brief(key)}) for key in raw if key not in KEYS]
    year = _reference_year(raw, faults)
    facts = _facts(instrument, raw.get("facts"), faults)
    responses = _responses(instrument, raw.get("responses"), faults)
    reasons = _reasons(instrument, raw.get("reasons"), faults)
    references = _references(instrument, raw.get("references"), faults)
    faults.extend(part_faults(instrument, facts))
    derived = derive(instrument.items.values(), instrument, facts, year)
    given = travelled(instrument, settled(instrument, responses, derived), facts, year, references)
    on_route = asked(given)
    faults.extend(_off_route_aside(_contradicting(given, derived, reasons), on_route))
    answers = Answers(given.responses, facts, year, reasons, references)
    return Cleaned(answers, tuple(faults), derived, on_route)


def _contradicting(given: Given, derived: Mapping[str, Derived], reasons: Mapping[str, str]) -> Iterator[Fault]:
    """Choices that contradict the figures, and answers that contradict each other."""
    for item_id in derived:
        if fault := disagreement(given.instrument, item_id, given.responses, derived, reasons):
            yield fault
    yield from cross_faults(given, reasons)


def cross_faults(
    given: Given, reasons: Mapping[str, str], checks: Iterable[CrossCheck] | None = None
) -> Iterator[Fault]:
    """The cross checks (all, or just these) that fail, each at its item; a warning only without a reason there."""
    for check in given.instrument.cross_checks if checks is None else checks:
        if check.fails_if.state(given) == "met" and not (check.severity == "warning" and reasons.get(check.item)):
            words = {f"message_{language}": check.message.say(language) for language in LANGUAGES}
            yield Fault(f"responses.{check.item}", f"cross_{check.severity}", words)


def _off_route_aside(faults: Iterable[Fault], on_route: frozenset[str]) -> Iterator[Fault]:
    return (fault for fault in faults if fault.path.removeprefix("responses.") in on_route)


def is_answered(item: Item, answers: Answers) -> bool:
    """Whether nothing of an item is open: a response, every row of a grid, every figure that it asks for."""
    response = answers.responses.get(item.id)
    if isinstance(item, Grid):
        return response is not None and item.complete(response)
    if isinstance(item, FigureItem) and response is None:
        return all((kind, answers.reference_year + year) in answers.facts for kind, year in figures_asked(item))
    return response is not None


def derive(items: Iterable[Item], instrument: Instrument, facts: Facts, year: int) -> dict[str, Derived]:
    """What the figures say, for those of `items` whose figures are all known."""
    found = {}
    for item in items:
        if isinstance(item, Single) and item.figures is not None:
            derived = item.figures.derive(instrument.fact_kinds, facts, year)
            if derived is not None:
                found[item.id] = derived
    return found


def settled(
    instrument: Instrument, responses: Mapping[str, Response], derived: Mapping[str, Derived]
) -> dict[str, Response]:
    """The responses in the instrument's order; where a band follows from figures and nothing was chosen, the band."""
    bands = {
        item_id: found.option for item_id, found in derived.items() if found.before is None and item_id not in responses
    }
    both = {**bands, **responses}
    return {item_id: both[item_id] for item_id in instrument.items if item_id in both}


def disagreement(
    instrument: Instrument,
    item_id: str,
    responses: Mapping[str, Response],
    derived: Mapping[str, Derived],
    reasons: Mapping[str, str],
) -> Fault | None:
    """The fault where a choice contradicts the figures: always for a band, without a reason for a change."""
    item, found = instrument.items[item_id], derived[item_id]
    assert isinstance(item, Single)
    chosen = responses.get(item_id)
    if chosen is None or chosen == found.option or (isinstance(item.figures, Change) and reasons.get(item_id)):
        return None
    right, taken = item.option(found.option).label, item.option(str(chosen)).label
    values = {
        "value": percent_text(found.after.value),
        "right_zh_CN": right.say("zh_CN"),
        "right_en": right.say("en"),
        "chosen_zh_CN": taken.say("zh_CN"),
        "chosen_en": taken.say("en"),
    }
    return Fault(
        f"responses.{item_id}", "needs_reason" if isinstance(item.figures, Change) else "band_disagrees", values
    )


def percent_text(share: Rational) -> str:
    """A share for the eye, cut (never rounded up) to one decimal: 24/86 → `27.9%`."""
    whole, tenths = divmod(int(abs(share) * 1000), 10)
    return f"{'-' if share < 0 and (whole or tenths) else ''}{whole}.{tenths}%"


def _reference_year(raw: dict[str, Any], faults: list[Fault]) -> int:
    year = _year(raw.get("reference_year"))
    if "reference_year" in raw and year is None:
        faults.append(Fault("reference_year", "not_a_year"))
    elif year is None and raw.get("facts"):
        faults.append(Fault("reference_year", "no_reference_year"))
    return year or 0


def _responses(instrument: Instrument, raw: Any, faults: list[Fault]) -> dict[str, Response]:
    if not isinstance(raw, dict):
        faults.append(Fault("responses", "not_an_object"))
        return {}
    responses: dict[str, Response] = {}
    for item_id, given in raw.items():
        item = instrument.items.get(item_id)
        if item is None:
            faults.append(Fault(f"responses.{brief(item_id)}", "unknown_item", {"name": brief(item_id)}))
            continue
        response = item.clean(f"responses.{item_id}", given)
        if isinstance(response, Fault):
            faults.append(response)
        elif response is not None:
            responses[item_id] = response
    return responses


def _facts(instrument: Instrument, raw: Any, faults: list[Fault]) -> dict[tuple[str, int], int]:
    facts: dict[tuple[str, int], int] = {}
    if raw is None:
        return facts
    if not isinstance(raw, list):
        faults.append(Fault("facts", "not_a_list"))
        return facts
    for position, entry in enumerate(raw):
        fault = _read_fact(instrument, f"facts[{position}]", entry, facts)
        if fault is not None:
            faults.append(fault)
    return facts


def _read_fact(instrument: Instrument, path: str, entry: Any, facts: dict[tuple[str, int], int]) -> Fault | None:
    """Adds one fact to `facts`, or says what is wrong with it."""
    if not isinstance(entry, dict):
        return Fault(path, "not_an_object")
    strange = next((key for key in entry if key not in FACT_KEYS), None)
    if strange is not None:
        return Fault(f"{path}.{brief(strange)}", "unknown_key", {"name": brief(strange)})
    kind = instrument.fact_kinds.get(brief(entry.get("id"), 80))
    if kind is None:
        return Fault(f"{path}.id", "unknown_fact", {"name": brief(entry.get("id"))})
    year = _year(entry.get("year"))
    if year is None:
        return Fault(f"{path}.year", "not_a_year")
    if (kind.id, year) in facts:
        return Fault(path, "fact_twice", {"name": kind.id, "year": year})
    value = kind.read(f"{path}.value", entry.get("value"), entry.get("unit"))
    if isinstance(value, Fault):
        return value
    facts[kind.id, year] = value
    return None


def _reasons(instrument: Instrument, raw: Any, faults: list[Fault]) -> dict[str, str]:
    if raw is None:
        return {}
    if not isinstance(raw, dict):
        faults.append(Fault("reasons", "not_an_object"))
        return {}
    reasons = {}
    for item_id, reason in raw.items():
        if item_id not in instrument.items:
            faults.append(Fault(f"reasons.{brief(item_id)}", "unknown_item", {"name": brief(item_id)}))
        elif not isinstance(reason, str) or len(reason) > MOST_REASON:
            faults.append(Fault(f"reasons.{item_id}", "reason_too_long", {"most": MOST_REASON}))
        elif told := plain_text(reason):
            reasons[item_id] = told
    return reasons


def plain_text(text: str) -> str:
    """Free text without the signs that no database keeps or nobody can see (control signs, halves of pairs)."""
    return "".join(sign for sign in text if sign == "\n" or unicodedata.category(sign) not in {"Cc", "Cs"}).strip()


def _references(instrument: Instrument, raw: Any, faults: list[Fault]) -> dict[str, Reference]:
    """The city's values: `{"energy": {"base": "12.5", "lead": "8"}}`."""
    if raw is None:
        return {}
    if not isinstance(raw, dict):
        faults.append(Fault("references", "not_an_object"))
        return {}
    known = {reference.id: reference for reference in instrument.references}
    found = {}
    for name, pair in raw.items():
        path = f"references.{brief(name)}"
        if name not in known:
            faults.append(Fault(path, "unknown_name", {"name": brief(name), "known": ", ".join(known)}))
        elif isinstance(reference := read_reference(path, pair, known[name].better), Fault):
            faults.append(reference)
        else:
            found[name] = reference
    return found


def read_reference(path: str, pair: Any, better: str) -> Reference | Fault:
    """A base and a lead value, of which the lead must be the better one."""
    if not isinstance(pair, Mapping) or set(pair) != {"base", "lead"}:
        return Fault(path, "not_a_pair")
    base, lead = (read_number(pair[name]) for name in ("base", "lead"))
    if base is None or lead is None:
        wrong = pair["base"] if base is None else pair["lead"]
        return Fault(path, "not_a_number", {"typed": brief(wrong)})
    if (lead <= base) if better == "higher" else (lead >= base):
        code = "lead_not_higher" if better == "higher" else "lead_not_lower"
        return Fault(path, code, {"base": exact(base), "lead": exact(lead)})
    return Reference(base, lead)


def _year(year: object) -> int | None:
    return year if isinstance(year, int) and not isinstance(year, bool) and 1900 <= year <= 2200 else None
