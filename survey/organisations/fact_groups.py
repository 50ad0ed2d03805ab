"""In which part of a firm's books a figure stands: how figures are grouped on a page and on paper."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

OTHER: Final = "other"
"""Figures that only a questionnaire from outside knows."""

TITLES: Final[Mapping[str, LazyString]] = {
    "income": _l("Income statement"),
    "balance": _l("Balance sheet and funding"),
    "people": _l("People"),
    "research": _l("Research and product"),
    "equipment": _l("Equipment and quality"),
    "energy": _l("Energy, environment and land"),
    "property": _l("Intellectual property and standards"),
    OTHER: _l("Other figures"),
}
"""The groups in their order."""

KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "income": ("revenue", "main_revenue", "output_value", "cost", "net_profit"),
    "balance": ("assets", "liabilities", "equity_raised"),
    "people": ("staff", "rd_staff", "tech_staff"),
    "research": ("rd_expense", "segment_years", "market_share"),
    "equipment": (
        "equipment",
        "equipment_digital",
        "equipment_networked",
        "digital_spending",
        "pass_rate_before",
        "pass_rate_after",
    ),
    "energy": (
        "energy",
        "renewable_energy",
        "carbon",
        "water_intake",
        "water_reused",
        "material",
        "solid_waste",
        "solid_waste_used",
        "land_area",
        "floor_area",
    ),
    "property": ("ip_class1", "ip_class1_own", "ip_class1_high", "ip_class1_applied", "ip_class2", "standards_led"),
}

_PLACE: Final = {kind: (group, place) for group, kinds in KINDS.items() for place, kind in enumerate(kinds)}


def grouped(kinds: Iterable[str]) -> dict[str, list[str]]:
    """Kinds by group, both in their order; groups without any are left out."""
    found: dict[str, list[str]] = {group: [] for group in TITLES}
    for kind in sorted(kinds, key=lambda kind: (_PLACE.get(kind, (OTHER, 0))[1], kind)):
        found[_PLACE.get(kind, (OTHER, 0))[0]].append(kind)
    return {group: members for group, members in found.items() if members}
