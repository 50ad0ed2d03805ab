"""Nobody works out a firm's score from what releases show: random cities, and one known attack for each rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoring import crowds
from scoring.change import Earlier, Likeness, Past
from scoring.percentile import BINS
from scoring.showing import Block, Showing
from scoring.suppression import Decision, decide
from tests.scoring.attacker import CITY, Attacker, Firm, Group

Bin = Callable[[Firm], int | None]


def first(firm: Firm) -> int | None:
    return firm.bins[0]


def second(firm: Firm) -> int | None:
    return firm.bins[1]


def blocks(firms: Sequence[Firm], bin_of: Bin) -> list[Block[Group]]:
    """One block for each finest cohort, as `survey.benchmark.build` makes them."""
    found: dict[tuple[str, str, int], list[Firm]] = {}
    for firm in firms:
        if bin_of(firm) is not None:
            found.setdefault((firm.industry, firm.size, firm.street), []).append(firm)
    return [
        Block(alike[0].groups, alike[0].areas, len(alike), _flat(Counter(bin_of(firm) for firm in alike)))
        for alike in found.values()
    ]


def _flat(counts: Counter[int | None]) -> list[int]:
    return [number for place, count in counts.items() if place is not None for number in (place, count)]


def order(group: Group) -> tuple[bool, int, bool, bool]:
    industry, size, area = group
    depth = 0 if area == CITY else len(str(area))
    return (group != ("", "", CITY), depth, not industry, bool(size))


def released(firms: Sequence[Firm], minimum: int) -> tuple[Decision[Group], Decision[Group]]:
    """Both releases, one after the other."""
    one = decide(blocks(firms, first), order, minimum)
    same = Counter(firm.groups[2] for firm in firms if firm.bins[0] == firm.bins[1] is not None)
    moved = [firm for firm in firms if firm.bins[0] != firm.bins[1]]
    now = blocks(firms, second)
    stayed = [same[block.groups[2]] for block in now]
    earlier = Earlier(one.shown, stayed, blocks(moved, second), blocks(moved, first))
    return one, decide(now, order, minimum, [earlier] if one.shown else [])


@st.composite
def cities(draw: st.DrawFn) -> list[Firm]:
    """Two or three districts with streets, industries of very different size, scores spread out or heaped up; in the
    second release some firms are new, some are gone, some have answered anew."""
    count, dice = draw(st.integers(20, 80)), draw(st.randoms(use_true_random=False))
    districts, spread = draw(st.integers(2, 3)), draw(st.sampled_from([2, 5, 9]))
    change = draw(st.sampled_from([0.0, 0.05, 0.4]))
    heap = [dice.randrange(BINS) for _ in range(spread)]

    def firm() -> Firm:
        street = 10 * (1 + min(dice.randrange(districts), dice.randrange(districts))) + dice.randrange(2)
        one = dice.choice(heap)
        two = dice.choice(heap) if dice.random() < change else one
        bins = (None if dice.random() < change / 2 else one, None if dice.random() < change / 4 else two)
        return Firm(dice.choice("AAABBC"), dice.choice("ssm"), street, bins)

    return [firm() for _ in range(count)]


QUICK = settings(max_examples=18, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


def knows(area: int) -> Callable[[Firm], bool]:
    return lambda firm: area in firm.areas


@QUICK
@given(cities(), st.sampled_from([5, 10]), st.integers(1, 3), st.data())
def test_no_score_can_be_worked_out_from_one_release(
    firms: list[Firm], minimum: int, area: int, data: st.DataObject
) -> None:
    """Even by somebody who sees how many firms of each shown group lie in each bin."""
    once = [Firm(firm.industry, firm.size, firm.street, (firm.bins[0], None)) for firm in firms if firm.bins[0]]
    decision = decide(blocks(once, first), order, minimum)
    own = data.draw(st.sampled_from(once)) if once else None
    attacker = Attacker(once, (decision.shown, frozenset()), knows(area), own)
    attacker.look()
    assert attacker.fixed() == []


@QUICK
@given(cities(), st.sampled_from([5, 10]), st.integers(1, 3), st.data())
def test_no_score_can_be_worked_out_from_two_releases(
    firms: list[Firm], minimum: int, area: int, data: st.DataObject
) -> None:
    one, two = released(firms, minimum)
    attacker = Attacker(firms, (one.shown, two.shown), knows(area), data.draw(st.sampled_from(firms)))
    attacker.look()
    assert attacker.fixed() == []


# -- one attack for each rule ------------------------------------------------------------------------------------------

SPREAD = [2, 9, 16, 23, 30, 37, 44, 5, 12, 19, 26, 33, 40, 47, 1]
"""Bins far from each other."""


def some(count: int, industry: str = "A", size: str = "s", district: int = 1) -> list[Firm]:
    """So many firms in two streets of a district, all over the scale."""
    return [Firm(industry, size, 10 * district + at % 2, (SPREAD[at % 15], SPREAD[at % 15])) for at in range(count)]


def moved(firms: list[Firm], *, came: bool) -> list[Firm]:
    """The same firms, counted only in the second release or only in the first."""
    return [replace(firm, bins=(None, firm.bins[1]) if came else (firm.bins[0], None)) for firm in firms]


def victim(
    industry: str = "A", size: str = "s", district: int = 2, bins: tuple[int | None, int | None] = (21, 21)
) -> Firm:
    return Firm(industry, size, 10 * district, bins)


def everywhere(count: int, industry: str = "A", size: str = "s") -> list[Firm]:
    return [firm for district in (1, 2, 3) for firm in some(count, industry, size, district)]


Switch = Callable[[pytest.MonkeyPatch], None]


def without_areas(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(crowds, "outside", lambda part, city: [None])


def without_concentration(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(crowds, "CHECKS", {"few": crowds.few})


def without_numbers(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(crowds, "CHECKS", {"concentrated": lambda *_: False})
    patch.setattr(Showing, "_few", lambda self, parts: "")


def without_change(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Past, "refuses", lambda self, group, split: False)


def without_likeness(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Likeness, "is_near", lambda self, split: False)


ATTACKS: dict[str, tuple[Switch, list[Firm]]] = {
    "a group of all but one": (without_numbers, [*everywhere(5), victim("B")]),
    "the rest beside two groups that cross": (
        without_numbers,
        [*everywhere(5), *everywhere(5, "A", "m"), *everywhere(5, "B"), victim("B", "m")],
    ),
    "an office that knows all others": (without_areas, [*some(15, district=1), victim()]),
    "a group with one score": (
        without_concentration,
        [*everywhere(5), *(Firm("B", "s", 10 * (1 + at % 3), (21, 21)) for at in range(24))],
    ),
    "a group like one shown before": (
        without_likeness,
        [
            *everywhere(10),
            *moved(everywhere(6), came=False),
            *moved(everywhere(6), came=True),
            *everywhere(6, "B", "m"),
            victim("A", "m"),
            victim("B", "m", bins=(21, 35)),
        ],
    ),
    "a group that is the sum of others": (
        without_likeness,
        [
            *moved(everywhere(8), came=True),
            *everywhere(15),
            *everywhere(10, "B"),
            *some(10, "B", "m", 2),
            *some(2, "B", "m", 3),
            *([victim("B", "m", 3, (None, 21))] * 9),
        ],
    ),
    "a firm that came": (without_change, [*everywhere(8), victim(bins=(None, 21))]),
    "a firm that withdrew": (without_change, [*everywhere(8), victim(bins=(21, None))]),
    "a firm that answered anew": (without_change, [*everywhere(8), victim(bins=(21, 35))]),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_works_without_the_rule_against_it_and_not_with_it(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    switch, firms = ATTACKS[name]
    assert _worked_out(firms) == []
    switch(monkeypatch)
    assert _worked_out(firms) != []


def _worked_out(firms: list[Firm]) -> list[tuple[Firm, int]]:
    one, two = released(firms, 10)
    attacker = Attacker(firms, (one.shown, two.shown), knows(1), None)
    attacker.look()
    return attacker.fixed()
