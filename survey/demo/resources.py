"""What an invented firm uses and throws away: energy, carbon, material, water, waste, land."""

from __future__ import annotations

import math
from random import Random
from typing import Final

from survey.demo.firms import Firm
from survey.demo.profile import Profile
from survey.organisations.actions import FactEntry

HUNDREDTHS: Final = 100
"""All these figures are kept in hundredths of their unit."""
CARBON_PER_COAL: Final = 2.46
"""Tonnes of carbon dioxide per tonne of coal equivalent, on average of what firms burn and buy."""
REUSED: Final = (0.0, 0.35, 1.6, 4.0)
"""Water reused per water taken in, by how far it goes round."""


def resources(firm: Firm, traits: Profile, revenue: list[float], year: int, chance: Random) -> list[FactEntry]:
    """Two years of energy, one of everything else."""
    energy = _energy(firm, revenue, chance)
    amounts: list[tuple[str, list[float], str]] = [("energy", energy, "tce")]
    amounts += _material(traits, revenue[0], chance) + _water(firm, traits, revenue[0], chance)
    land = revenue[0] / 10_000 / chance.lognormvariate(math.log(0.7), 0.45)
    amounts.append(("land_area", [round(land, -1)], "square_metre"))
    if energy:
        amounts += _renewable_and_carbon(traits, energy[0], chance)
    return [
        (kind, year - back, max(0, round(amount * HUNDREDTHS)), unit)
        for kind, values, unit in amounts
        for back, amount in enumerate(values)
    ]


def _energy(firm: Firm, revenue: list[float], chance: Random) -> list[float]:
    """Tonnes of coal equivalent. Small firms file no energy return and often cannot say."""
    if firm.staff < 40 and chance.random() < 0.6:
        return []
    intensity = firm.energy * chance.lognormvariate(0, 0.3) / 1_000_000
    before = intensity * math.exp(chance.gauss(0.01 + 0.02 * firm.maturity, 0.05))
    return [max(0.01, revenue[0] * intensity), max(0.01, revenue[1] * before)]


def _renewable_and_carbon(traits: Profile, energy: float, chance: Random) -> list[tuple[str, list[float], str]]:
    renewable = energy * min(0.6, chance.lognormvariate(math.log(0.05) + 0.3 * traits.green, 0.5))
    carbon = (energy - renewable) * CARBON_PER_COAL * chance.uniform(0.92, 1.08)
    return [("renewable_energy", [max(0.01, renewable)], "tce"), ("carbon", [max(0.01, carbon)], "tonne_co2")]


def _material(traits: Profile, revenue: float, chance: Random) -> list[tuple[str, list[float], str]]:
    """Material takes 45 per cent of revenue or so; waste is a small share of it."""
    material = revenue * 0.45 / chance.lognormvariate(math.log(14_000), 0.5)
    waste = 0.0 if traits.wasteless else max(0.1, material * chance.uniform(0.02, 0.12))
    used = waste * min(0.98, max(0.2, chance.gauss(0.68 + 0.1 * traits.green, 0.15)))
    return [("material", [material], "tonne"), ("solid_waste", [waste], "tonne"), ("solid_waste_used", [used], "tonne")]


def _water(firm: Firm, traits: Profile, revenue: float, chance: Random) -> list[tuple[str, list[float], str]]:
    if not traits.wet:
        return []
    taken = max(20.0, round(revenue / 1_000_000 * chance.lognormvariate(math.log(50 * firm.energy), 0.5)))
    reused = round(taken * REUSED[traits.circulation] * chance.uniform(0.8, 1.2))
    return [("water_intake", [taken], "cubic_metre"), ("water_reused", [float(reused)], "cubic_metre")]
