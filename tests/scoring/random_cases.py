"""Whole definitions drawn at random, with their scorers, and answers to them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import prod
from typing import Any

from hypothesis import HealthCheck, Phase, reject, settings
from hypothesis import strategies as st

from questionnaires.answers import Answers
from questionnaires.catalogue import validated
from questionnaires.exact import exact
from questionnaires.faults import DefinitionError
from questionnaires.given import Reference as Pair
from questionnaires.instrument import Instrument
from scoring import Scorer, scorer_for
from scoring.scorecard import Scorecard
from tests.scoring import random_conditions, random_definitions
from tests.scoring.random_definitions import ALL_COMBINES, KINDS, TEXT, Draw, Drawn, Raw
from tests.scoring.reference_rules import answers_to
from tests.scoring.reference_scorer import Firm, Reference

Facts = dict[tuple[str, int], Fraction]
YEAR = 2025
CHANCE = {"unreachable", "never_reached", "passed_over", "not_asked", "level_drops", "never_holds"}
"""What may be wrong with a definition drawn at random, since nobody thought about it as a whole."""


EXAMPLES = int(os.environ.get("ENGINE_EXAMPLES", "40"))
drawn = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=EXAMPLES <= 100,
    database=None,
    phases=(Phase.explicit, Phase.generate),  # a smaller definition with the same fault takes minutes to find
    suppress_health_check=list(HealthCheck),
)


@dataclass(frozen=True)
class Case:
    raw: Raw
    scorer: Scorer

    @property
    def items(self) -> dict[str, Raw]:
        return {item["id"]: item for section in self.raw["sections"] for item in section["items"]}

    def score(self, firm: Firm) -> Scorecard:
        return self.scorer.score(self.answers(firm))

    def answers(self, firm: Firm) -> Answers:
        """The answers as the engine takes them, off the route or not."""
        responses = {}
        for name, response in firm.responses.items():
            responses[name] = self.scorer.instrument.items[name].clean(name, response)
        kinds = self.scorer.instrument.fact_kinds
        facts = {(kind, YEAR + year): int(amount * kinds[kind].scale) for (kind, year), amount in firm.facts.items()}
        pairs = {name: Pair(*pair) for name, pair in firm.references.items()}
        return Answers(responses, facts, YEAR, {}, pairs)  # type: ignore[arg-type]  # all clean

    def judged(self, firm: Firm) -> Reference:
        return Reference(self.raw, firm)


def case_of(raw: Raw) -> Case:
    """The case of a definition that has to be right but for what comes of chance."""
    try:
        return Case(raw, scorer_for(loaded(raw)))
    except DefinitionError as error:
        strange = [fault for fault in error.faults if fault.code not in CHANCE]
    assert not strange
    return reject()


def loaded(raw: Raw) -> Instrument:
    instrument, faults = validated(raw)
    if instrument is None or faults:
        raise DefinitionError(faults)
    return instrument


@st.composite
def cases(
    draw: Draw,
    *,
    own: bool = False,
    routes: bool = True,
    often: int = 3,
    absent: bool = True,
    requires: bool = True,
    kinds: tuple[str, ...] = KINDS,
    combines: tuple[str, ...] = ALL_COMBINES,
) -> Case:
    """A definition with its scorer. `own`: every indicator reads one item, and no item is read twice.

    Of items and sections, one in `often` has a route.
    """
    drawn = Drawn(draw, [])
    sections = []
    for name, count in (("s1", draw(st.integers(2, 3))), ("s2", draw(st.integers(0, 3)))):
        section = random_definitions.section(name, [])
        if routes and drawn.items and draw(st.integers(1, often)) == 1:
            section["when"] = random_conditions.statement(drawn)
        first = len(drawn.items)
        for place in range(first, first + count):
            item = random_definitions.item(
                f"q{place}", draw(st.sampled_from(kinds)), draw, absent=absent, requires=requires
            )
            if routes and drawn.items and draw(st.integers(1, often)) == 1:
                item["when"] = random_conditions.statement(drawn)
            drawn.items.append(item)
            section["items"].append(item)
        sections += [section] if section["items"] else []
    raw = random_definitions.head(sections)
    for name in draw(st.sampled_from([[], ["n1"], ["n1", "n2"]])):
        raw["values"][name] = {"title": TEXT, "is": drawn.value()}
        drawn.named.append(name)
    choices = len(drawn.of_type("single", "multiple", "scene", "grid"))
    if own and not choices:
        reject()
    leaves = draw(st.integers(1, min(choices, 4))) if own else draw(st.integers(1, 4))
    raw["tree"] = random_definitions.tree(drawn, leaves, combines, own)
    raw["ladder"], raw["checks"] = ladder(drawn), checks(drawn)
    return case_of(raw)


def ladder(drawn: Drawn) -> Raw:
    steps = []
    for level in range(1, drawn.draw(st.integers(1, 3)) + 1):
        least = {"kind": "measure_at_least", "measure": "total", "points": level * 20 - 5}
        more = [random_conditions.condition(drawn) for _ in range(drawn.draw(st.integers(0, 2)))]
        step = {"level": level, "name": TEXT, "meaning": TEXT, "source": "T", "confidence": "C"}
        steps.append({**step, "conditions": [least, *more]})
    reached = drawn.draw(st.sampled_from(["highest", "stepwise"]))
    return {"reached": reached, "none": TEXT, "source": "T", "confidence": "C", "steps": steps}


def checks(drawn: Drawn) -> list[Raw]:
    conditions = [{"kind": "level_at_least", "level": 1}, random_conditions.condition(drawn, 2)]
    return [{"id": "c", "title": TEXT, "about": TEXT, "source": "T", "confidence": "C", "conditions": conditions}]


def nodes(node: Raw) -> Iterator[Raw]:
    """A node and all below it."""
    yield node
    for child in node.get("children", []):
        yield from nodes(child)


# -- answers


@st.composite
def firms(draw: Draw, case: Case, *, complete: bool) -> Firm:
    """Answers to all of the items, or to any; figures of three years; references or none."""
    responses = {}
    for name, item in case.items.items():
        if item["type"] == "figures" and not (item.get("none") and draw(st.integers(0, 3)) == 0):
            continue
        if complete or draw(st.integers(0, 2)):
            responses[name] = draw(random_conditions.answer(item))
        if not complete and item["type"] == "grid" and name in responses and draw(st.booleans()):
            responses[name] = {"r1": responses[name]["r1"]}
    facts = {
        (kind, -back): draw(random_conditions.amounts(kind))
        for kind in ("fa", "fb")
        for back in range(4)
        if draw(st.integers(0, 9)) or (complete and back == 0)
    }
    return Firm(responses, facts, {"ref": (Fraction(8), Fraction(3))} if draw(st.booleans()) else {})


NUMBERS = ("0", "1", "2.5", "10")
MOST_COMPLETIONS = 300


def completions(case: Case, firm: Firm, facts: Facts) -> Iterator[Firm]:
    """The firm with all that is open answered in every way (numbers in several); `facts` are what was missing."""
    ways = [[(name, each) for each in _ways(item, firm)] for name, item in case.items.items()]
    if prod(map(len, ways)) > MOST_COMPLETIONS:
        reject()
    for chosen in product(*ways):
        responses = {name: response for name, response in chosen if response is not None}
        yield Firm(responses, {**facts, **firm.facts}, firm.references)


def _ways(item: Raw, firm: Firm) -> list[Any]:
    response = firm.responses.get(item["id"])
    if item["type"] == "grid" and response is not None:
        return [every for every in answers_to(item) if all(every[row] == response[row] for row in response)]
    if response is not None:
        return [response]
    if item["type"] == "figures":
        known = all((ask["fact"], year) in firm.facts for ask in item["asks"] for year in ask["years"])
        return [None] if known or not item.get("none") else [None, "none"]
    return list(NUMBERS) if item["type"] == "number" else answers_to(item)


@st.composite
def all_facts(draw: Draw) -> Facts:
    return {(kind, -back): draw(random_conditions.amounts(kind)) for kind in ("fa", "fb") for back in range(4)}


# -- what to compare


def intervals(card: Scorecard) -> dict[str, tuple[Fraction, Fraction]]:
    """Low and high of every measure that applies (or may)."""
    return {each.id: (Fraction(each.low), Fraction(each.high)) for each in card.measures}


def expected(reference: Reference) -> dict[str, tuple[str, str, str]]:
    """Applicable, low and high of every measure, by the second scorer."""
    found = {}
    for name, points in reference.measures.items():
        real = [point for point in points if point is not None] or [Fraction(0)]
        applicable = "yes" if None not in points else "no" if points == {None} else "open"
        found[name] = (applicable, exact(min(real)), exact(max(real)))
    return found


def told(card: Scorecard) -> dict[str, tuple[str, str, str]]:
    """The same as the engine says it."""
    return {each.id: (each.applicable, each.low, each.high) for each in card.measures}
