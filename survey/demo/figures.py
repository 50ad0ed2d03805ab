"""The figures of an invented firm over the years: one set for all questionnaires, each in step with the others."""

from __future__ import annotations

import math
from collections.abc import Mapping
from random import Random
from typing import Final

from survey.demo.firms import Firm, dice
from survey.demo.profile import Profile
from survey.demo.resources import resources
from survey.organisations.actions import FactEntry

FEN: Final = 100
WAN_FROM: Final = 5_000_000
"""Firms with more revenue than this, in yuan, enter amounts in units of 10,000 yuan."""
HUNDRED_YUAN: Final = 100 * FEN
YOUNG_SHARE: Final = 0.08
AT_ALL: Final = {"staff", "revenue", "assets"}
"""What is asked on the firm's own page."""
AUDITED_FROM: Final = 60
"""Firms with more staff than this have their accounts audited."""

BOOKS: Final = frozenset({"revenue", "cost", "assets", "main_revenue", "liabilities", "digital_spending"})
SOURCES: Final[Mapping[str, str]] = {
    "staff": "ledger",
    "rd_expense": "ledger",
    "rd_staff": "ledger",
    "energy": "bills",
    "water_intake": "bills",
    "material": "ledger",
    "ip_class1": "certificate",
    "ip_class1_applied": "certificate",
    "land_area": "certificate",
    "market_share": "estimate",
}
"""Where a figure comes from, other than the books; the others do not say."""


def figures(firm: Firm, traits: Profile, year: int, seed: int) -> list[FactEntry]:
    """All figures up to the reference year, in the smallest unit of their kind."""
    chance = dice(seed, "figures", firm.number)
    revenue = _back(firm.revenue, 1 if chance.random() < YOUNG_SHARE else 2, 0.05, 0.11, chance)
    return [
        *_books(firm, traits, revenue, year, chance),
        *_people(firm, traits, year, chance),
        *_machines(firm, year, chance),
        *_pass_rates(firm, year, chance),
        *resources(firm, traits, revenue, year, chance),
        *_standing(traits, year, chance),
    ]


def source(firm: Firm, kind: str) -> str | None:
    """Where the firm has a figure from; None where it does not say."""
    return ("audited" if firm.staff > AUDITED_FROM else "accounts") if kind in BOOKS else SOURCES.get(kind)


def _back(amount: float, years: int, growth: float, spread: float, chance: Random) -> list[float]:
    """An amount and what it was in the years before."""
    amounts = [amount]
    for _ in range(years):
        amounts.append(amounts[-1] / math.exp(chance.gauss(growth, spread)))
    return amounts


def _books(firm: Firm, traits: Profile, revenue: list[float], year: int, chance: Random) -> list[FactEntry]:
    """What balance sheet, income statement and ledgers say, in yuan."""
    assets = firm.revenue * chance.lognormvariate(-0.25, 0.35)
    amounts = {
        "revenue": revenue,
        "cost": _costs(firm, revenue, chance),
        "assets": [assets],
        "digital_spending": _spending(firm, revenue, chance),
        "main_revenue": _most(revenue[:2], min(1.0, chance.triangular(0.7, 1.06, 0.97)), 0.01, chance),
        "liabilities": [assets * min(1.1, chance.lognormvariate(math.log(0.5), 0.35))],
        "rd_expense": _most(revenue[:2], traits.research, traits.research / 10, chance),
        "equity_raised": [_round_of_funding(firm, traits), 0.0, 0.0],
        "output_value": _most(revenue[:2], chance.uniform(0.94, 1.06), 0.01, chance),
    }
    return [entry for kind, values in amounts.items() for entry in _money(kind, values, firm, year)]


def _most(whole: list[float], share: float, spread: float, chance: Random) -> list[float]:
    """A share of each year's amount that moves a little, and never above a share of 1 where it was not before."""
    most = max(1.0, share)
    return [amount * min(most, max(0.0, share + chance.gauss(0, spread))) if share else 0.0 for amount in whole]


def _round_of_funding(firm: Firm, traits: Profile) -> float:
    """Investors come with whole millions."""
    return max(1.0, round(firm.revenue * traits.investors / 1_000_000)) * 1_000_000 if traits.investors else 0.0


def _money(kind: str, amounts: list[float], firm: Firm, year: int) -> list[FactEntry]:
    wan = firm.revenue > WAN_FROM
    unit, step = ("wan_yuan", HUNDRED_YUAN) if wan else ("yuan", FEN)
    return [(kind, year - back, int(amount * FEN / step) * step, unit) for back, amount in enumerate(amounts)]


def _costs(firm: Firm, revenue: list[float], chance: Random) -> list[float]:
    share = chance.uniform(0.72, 0.9)
    before = share + chance.gauss(0.004 + 0.006 * firm.maturity, 0.015)
    return [revenue[0] * share, revenue[1] * min(before, 0.97)]


def _spending(firm: Firm, revenue: list[float], chance: Random) -> list[float]:
    """Most firms spend about one per cent of their revenue."""
    share = chance.lognormvariate(math.log(0.008) + 0.45 * firm.maturity, 0.7)
    return [amount * min(share * chance.uniform(0.6, 1.5), 0.5) for amount in revenue]


def _people(firm: Firm, traits: Profile, year: int, chance: Random) -> list[FactEntry]:
    staff = [firm.staff, max(1, round(firm.staff / math.exp(chance.gauss(0.01, 0.05))))]
    research = max(1, round(firm.staff * min(0.6, 2.5 * traits.research))) if traits.research else 0
    return [
        *(("staff", year - back, persons, "person") for back, persons in enumerate(staff)),
        ("rd_staff", year, research, "person"),
    ]


def _machines(firm: Firm, year: int, chance: Random) -> list[FactEntry]:
    total = max(3, round(firm.staff * chance.uniform(0.35, 1.1)))
    digital = round(total * _share(firm.maturity - 1.3 + chance.gauss(0, 0.5)))
    networked = round(digital * _share(firm.maturity - 0.6 + chance.gauss(0, 0.6)))
    counts = {"equipment": total, "equipment_digital": digital, "equipment_networked": networked}
    return [(kind, year, count, "machine") for kind, count in counts.items()]


def _share(strength: float) -> float:
    return 1 / (1 + math.exp(-1.4 * strength))


def _pass_rates(firm: Firm, year: int, chance: Random) -> list[FactEntry]:
    """Hundredths of a per cent; the same before and after where there was no upgrade."""
    if firm.maturity < -0.4 and chance.random() < 0.5:
        return []
    before = round(chance.triangular(9300, 9960, 9780))
    gain = chance.gauss(35, 45) if firm.maturity + chance.gauss(0, 0.5) > 0.3 else 0
    after = min(9995, before + round(gain))
    return [("pass_rate_before", year, before, "percent"), ("pass_rate_after", year, after, "percent")]


def _standing(traits: Profile, year: int, chance: Random) -> list[FactEntry]:
    """Rights, years in the market and share of it."""
    applied = sum(chance.random() < 0.85 for _ in range(traits.rights))
    return [
        ("segment_years", year, traits.segment_years, "year_count"),
        ("ip_class1", year, traits.rights, "piece"),
        ("ip_class1_applied", year, applied, "piece"),
        ("market_share", year, round(min(4000, 100 * chance.lognormvariate(math.log(3), 0.8))), "percent"),
    ]
