"""The figures of an invented firm over the years, which agree with each other and with how mature it is."""

from __future__ import annotations

import math
from random import Random
from typing import Final

from survey.demo.firms import Firm
from survey.organisations.actions import FactEntry

FEN: Final = 100
WAN_FROM: Final = 5_000_000
"""Firms with more revenue than this, in yuan, enter amounts in units of 10,000 yuan."""
HUNDRED_YUAN: Final = 100 * FEN
YOUNG_SHARE: Final = 0.08
AT_ALL: Final = {"staff", "revenue", "assets"}
"""What is asked on the firm's own page."""


def figures(firm: Firm, year: int, chance: Random) -> list[FactEntry]:
    """All figures up to the reference year, in the smallest unit of their kind."""
    revenue = _back(firm.revenue, 1 if chance.random() < YOUNG_SHARE else 2, 0.05, 0.11, chance)
    staff = [firm.staff, max(1, round(firm.staff / math.exp(chance.gauss(0.01, 0.05))))]
    return [
        *_money("revenue", revenue, firm, year),
        *_money("cost", _costs(firm, revenue, chance), firm, year),
        *_money("assets", [firm.revenue * chance.lognormvariate(-0.25, 0.35)], firm, year),
        *_money("digital_spending", _spending(firm, revenue, chance), firm, year),
        *(("staff", year - back, persons, "person") for back, persons in enumerate(staff)),
        *_machines(firm, year, chance),
        *_energy(firm, revenue, year, chance),
        *_pass_rates(firm, year, chance),
    ]


def _back(amount: float, years: int, growth: float, spread: float, chance: Random) -> list[float]:
    """An amount and what it was in the years before."""
    amounts = [amount]
    for _ in range(years):
        amounts.append(amounts[-1] / math.exp(chance.gauss(growth, spread)))
    return amounts


def _money(kind: str, amounts: list[float], firm: Firm, year: int) -> list[FactEntry]:
    wan = firm.revenue > WAN_FROM
    unit, step = ("wan_yuan", HUNDRED_YUAN) if wan else ("yuan", FEN)
    return [(kind, year - back, round(amount * FEN / step) * step, unit) for back, amount in enumerate(amounts)]


def _costs(firm: Firm, revenue: list[float], chance: Random) -> list[float]:
    share = chance.uniform(0.72, 0.9)
    before = share + chance.gauss(0.004 + 0.006 * firm.maturity, 0.015)
    return [revenue[0] * share, revenue[1] * min(before, 0.97)]


def _spending(firm: Firm, revenue: list[float], chance: Random) -> list[float]:
    """Most firms spend about one per cent of their revenue."""
    share = chance.lognormvariate(math.log(0.008) + 0.45 * firm.maturity, 0.7)
    return [amount * min(share * chance.uniform(0.6, 1.5), 0.5) for amount in revenue]


def _machines(firm: Firm, year: int, chance: Random) -> list[FactEntry]:
    total = max(3, round(firm.staff * chance.uniform(0.35, 1.1)))
    digital = round(total * _share(firm.maturity - 1.3 + chance.gauss(0, 0.5)))
    networked = round(digital * _share(firm.maturity - 0.6 + chance.gauss(0, 0.6)))
    counts = {"equipment": total, "equipment_digital": digital, "equipment_networked": networked}
    return [(kind, year, count, "machine") for kind, count in counts.items()]


def _share(strength: float) -> float:
    return 1 / (1 + math.exp(-1.4 * strength))


def _energy(firm: Firm, revenue: list[float], year: int, chance: Random) -> list[FactEntry]:
    """Hundredths of a tonne. Small firms file no energy return and often cannot say."""
    if firm.staff < 40 and chance.random() < 0.6:
        return []
    intensity = firm.energy * chance.lognormvariate(0, 0.3) / 1_000_000
    before = intensity * math.exp(chance.gauss(0.01 + 0.02 * firm.maturity, 0.05))
    tonnes = (revenue[0] * intensity, revenue[1] * before)
    return [("energy", year - back, max(1, round(amount * 100)), "tce") for back, amount in enumerate(tonnes)]


def _pass_rates(firm: Firm, year: int, chance: Random) -> list[FactEntry]:
    """Hundredths of a per cent; the same before and after where there was no upgrade."""
    if firm.maturity < -0.4 and chance.random() < 0.5:
        return []
    before = round(chance.triangular(9300, 9960, 9780))
    gain = chance.gauss(35, 45) if firm.maturity + chance.gauss(0, 0.5) > 0.3 else 0
    after = min(9995, before + round(gain))
    return [("pass_rate_before", year, before, "percent"), ("pass_rate_after", year, after, "percent")]
