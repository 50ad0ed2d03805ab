"""Which groups are shown, and the reason for each that is not."""

from __future__ import annotations

from scoring.suppression import decide
from tests.scoring.attacker import CITY, Firm
from tests.scoring.test_suppression_attack import blocks, everywhere, first, order, released, some, victim


def reason(firms: list[Firm], industry: str, size: str = "", minimum: int = 10) -> str | None:
    decision = decide(blocks(firms, first), order, minimum)
    group = (industry, size, CITY)
    assert (group in decision.shown) != (group in decision.withheld)
    return decision.withheld.get(group)


def test_large_groups_that_leave_enough_over_are_shown() -> None:
    firms = [*everywhere(8), *everywhere(8, "B"), *everywhere(8, "B", "m")]
    assert [reason(firms, *group) for group in (("", ""), ("A", ""), ("B", ""), ("B", "s"), ("B", "m"))] == [None] * 5


def test_a_group_under_the_minimum_has_too_few() -> None:
    assert reason([*everywhere(8), *everywhere(3, "B")], "B") == "few"


def test_the_smallest_is_withheld_with_one_that_is_too_small() -> None:
    firms = [*everywhere(10), *everywhere(6, "B"), *everywhere(1, "C")]
    assert [reason(firms, industry) for industry in "ABC"] == [None, "sibling", "few"]


def test_a_group_that_one_office_knows_nearly_whole_is_withheld() -> None:
    assert reason([*everywhere(10), *some(20, "B"), victim("B")], "B") == "difference"


def test_a_group_with_one_score_is_withheld() -> None:
    alike = [Firm("B", "s", 10 * (1 + at % 3), (21 + at % 2, None)) for at in range(24)]
    assert reason([*everywhere(10), *alike], "B") == "concentrated"


def test_nothing_is_shown_where_all_firms_are_too_few() -> None:
    decision = decide(blocks(everywhere(3), first), order, 10)
    assert decision.shown == frozenset()
    assert set(decision.withheld.values()) == {"few"}


def test_a_second_release_shows_what_has_not_changed() -> None:
    came = [Firm("A", "s", firm.street, (None, firm.bins[1])) for firm in everywhere(6)]
    one, two = released([*everywhere(8), *everywhere(8, "B"), *came], 10)
    assert ("B", "", CITY) in one.shown
    assert ("B", "", CITY) in two.shown
    one, two = released([*everywhere(8), *everywhere(8, "B"), *came, victim("B", bins=(None, 3))], 10)
    assert two.withheld["B", "", CITY] == "change"
