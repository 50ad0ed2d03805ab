"""Answers that follow from what a firm is, not from how strong it is: gates, routes, titles, numbers, needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from questionnaires.items import Response
from survey.demo.firms import Firm
from survey.demo.profile import Profile


@dataclass(frozen=True, slots=True)
class Case:
    """The firm whose turn it is. `given` holds what it answered before in the same questionnaire."""

    firm: Firm
    traits: Profile
    given: Mapping[str, Response]
    chance: Random

    def draw(self, **odds: float) -> str:
        """One of the options, by its weight."""
        return self.chance.choices(list(odds), list(odds.values()))[0]


Say = Callable[[Case, Any], Response | None]


def _always(response: Response) -> Say:
    return lambda case, item: response


# -- green -------------------------------------------------------------------------------------------------------------


def _phased_out(case: Case, item: Any) -> Response:
    return case.draw(A=0.25, B=0.02, C=0.73) if case.traits.green > 0.2 else case.draw(A=0.72, B=0.05, C=0.23)


def _permit(case: Case, item: Any) -> Response:
    if not case.traits.outlets:
        return "D"
    return "C" if case.firm.number == 2 else case.draw(A=0.1, B=0.05, C=0.85)


def _rarely(usual: str, odds: Mapping[str, float]) -> Say:
    """What nearly every firm says; few have something else."""

    def say(case: Case, item: Any) -> Response:
        return "A" if case.firm.number == 2 else case.draw(**{usual: 1 - sum(odds.values()), **odds})

    return say


def _rarely_one(none: str, odds: Mapping[str, float]) -> Say:
    def say(case: Case, item: Any) -> Response:
        return (case.draw(**{none: 1 - sum(odds.values()), **odds}),)

    return say


def _waste(case: Case, item: Any) -> Response:
    step = sum(case.traits.green + case.chance.gauss(0, 0.4) > edge for edge in (-0.9, 0.3, 1.3))
    return "E" if case.traits.wasteless else "ABCD"[step]


def _designs(case: Case, item: Any) -> Response:
    return "A" if case.traits.green > 0.5 or case.chance.random() < 0.4 else "B"


def _margin(case: Case, item: Any) -> Response:
    return f"{case.chance.triangular(8, 85, 35):.1f}"


def _products(case: Case, item: Any) -> Response:
    return str(case.chance.randint(3, 24))


def _products_with_footprint(case: Case, item: Any) -> Response:
    return str(case.chance.randint(1, 3))


# -- innovation and specialised ----------------------------------------------------------------------------------------


def _right(case: Case, item: Any) -> Response:
    traits = case.traits
    if not traits.rights:
        return "class2" if traits.innovation > -0.5 else "none"
    if not traits.own_rights:
        return "class1"
    return "high_value" if traits.innovation > 2.2 else "own"


def _field(case: Case, item: Any) -> Response:
    return case.draw(strategic=0.35 + 0.1 * max(0.0, case.traits.innovation), other=0.6)


def _direct(case: Case, item: Any) -> Response:
    holds = {
        "award": case.traits.innovation > 2.4,
        "title": "high_technology" in case.traits.titles,
        "body": case.traits.innovation > 2,
        "equity": case.traits.investors > 0,
    }
    return tuple(name for name, held in holds.items() if held) or ("none",)


def _titles(case: Case, item: Any) -> Response:
    return tuple(name for name in ("technology", "innovative") if name in case.traits.titles) or ("none",)


def _equity(case: Case, item: Any) -> Response:
    return "yes" if case.traits.investors else "no"


def _proof(case: Case, item: Any) -> Response:
    return case.draw(none=0.3, own=0.35, association=0.2, third_party=0.15)


def _application(case: Case, item: Any) -> Response:
    return "renewal" if "specialised" in case.traits.titles else "first"


def _evaluation(case: Case, item: Any) -> Response:
    return f"{min(92.0, max(18.0, 47 + 9 * case.traits.innovation + case.chance.gauss(0, 6))):.1f}"


# -- needs -------------------------------------------------------------------------------------------------------------

WHEN: Final = {"soon": 0.09, "year": 0.16, "later": 0.15, "none": 0.6}
NEEDED: Final = ("soon", "year", "later")


def _when(case: Case, item: Any) -> Response:
    return {row.id: case.draw(**WHEN) for row in item.rows}


def _kinds_of(grid: str) -> Say:
    """Help of the kinds that were said to be needed; at least one of each."""

    def say(case: Case, item: Any) -> Response:
        rows = case.given.get(grid)
        assert isinstance(rows, Mapping)
        chosen: set[str] = set()
        for row in (row for row, when in rows.items() if when in NEEDED):
            of_row = [option.id for option in item.options if option.id.startswith(row.partition("_")[0])]
            chosen.update(case.chance.sample(of_row, min(len(of_row), case.chance.choice((1, 1, 2)))))
        return tuple(option.id for option in item.options if option.id in chosen)

    return say


def _some(case: Case, item: Any) -> Response:
    chosen = set(case.chance.sample([option.id for option in item.options], case.chance.choice((1, 2, 2, 3))))
    return tuple(option.id for option in item.options if option.id in chosen)


CHAINS: Final = ("innovation_chain", "industry_chain", "supply_chain", "data_chain", "capital_chain")


def _first_chain(case: Case, item: Any) -> Response:
    """The chain where most is needed soonest."""

    def pressing(place: int) -> int:
        rows = case.given.get(f"n{place + 1}")
        assert isinstance(rows, Mapping)
        return sum({"soon": 3, "year": 2, "later": 1}.get(when, 0) for when in rows.values())

    return CHAINS[max(range(len(CHAINS)), key=pressing)]


def _amount(case: Case, item: Any) -> Response:
    wanted = case.firm.revenue / 10_000_000 * case.chance.lognormvariate(0.3, 0.6)
    return str(item.options[sum(wanted > edge for edge in (1, 5, 10, 50))].id)


def _budget(case: Case, item: Any) -> Response:
    return case.draw(free=0.2, up_to_50k=0.25, up_to_200k=0.25, up_to_1m=0.15, open=0.15)


SAID: Final[Mapping[str, Mapping[str, Say]]] = {
    "green": {
        "registered": _always("A"),
        "phased_out": _phased_out,
        "permit": _permit,
        "incidents": _rarely("A", {"B": 0.02}),
        "exclusions": _rarely_one("A", {"C": 0.01, "F": 0.01, "G": 0.01}),
        "water_used": lambda case, item: "A" if case.traits.wet else "B",
        "water_circulation": lambda case, item: "ABCD"[case.traits.circulation],
        "waste": _waste,
        "outlets": lambda case, item: "A" if case.traits.outlets else "B",
        "margin": _margin,
        "designs": _designs,
        "products": _products,
        "products_footprint": _products_with_footprint,
    },
    "innovation": {"q1": _right, "q5": _field, "d1": _direct},
    "specialised": {
        "b1": _always("yes"),
        "b2": _rarely_one("none", {"abnormal": 0.02, "environment": 0.01}),
        "b3": _titles,
        "f4": _equity,
        "i2": lambda case, item: ("body",) if case.traits.innovation > 2 else ("none",),
        "m1": _proof,
        "e1": _application,
        "e2": _evaluation,
        "e3": _evaluation,
    },
    "needs": {
        **{f"n{place}": _when for place in range(1, 6)},
        **{f"n{place}_kinds": _kinds_of(f"n{place}") for place in range(1, 6)},
        **dict.fromkeys(("n1_field", "n2_gap", "n3_customer", "n4_area", "n5_use", "m2", "m4"), _some),
        "n5_amount": _amount,
        "m1": _first_chain,
        "m3": _budget,
    },
}
"""By questionnaire and item. Items that are not here are answered by strength."""
