"""Figures that are parts of others: none may exceed its whole in the same year."""

from __future__ import annotations

from questionnaires.faults import Fault
from questionnaires.figures import Facts
from questionnaires.instrument import Instrument
from questionnaires.items import Single
from questionnaires.text import LANGUAGES


def part_faults(instrument: Instrument, facts: Facts) -> list[Fault]:
    """Parts that exceed their whole, and wholes of 0 that an item has to divide by."""
    faults, divisors = [], _divisors(instrument)
    for kind in instrument.facts:
        whole = instrument.fact_kinds[kind.part_of] if kind.part_of else None
        for known, year in facts:
            if whole is None or known != kind.id or (whole.id, year) not in facts:
                continue
            names = {
                f"{role}_{language}": text.label.say(language)
                for role, text in (("part", kind), ("whole", whole))
                for language in LANGUAGES
            }
            if facts[whole.id, year] == 0 and whole.id in divisors:
                faults.append(Fault(f"facts.{whole.id}.{year}", "whole_is_zero", names))
            elif kind.amount(facts[kind.id, year]) > whole.amount(facts[whole.id, year]):
                faults.append(Fault(f"facts.{kind.id}.{year}", "part_over_whole", names))
    return faults


def _divisors(instrument: Instrument) -> frozenset[str]:
    """The kinds that shares are taken of; of others, such as rights of a class, a firm may well have none."""
    figures = [item.figures for item in instrument.items.values() if isinstance(item, Single) and item.figures]
    return frozenset(quantity.per for each in figures for quantity in each.quantities() if quantity.per)
