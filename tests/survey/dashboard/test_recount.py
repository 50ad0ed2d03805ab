"""Every number of every chart is a plain recount of the firms, whatever the dashboard is narrowed to."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

from tests.survey.dashboard.conftest import Table
from tests.survey.dashboard.made import (
    LEVELS,
    MEASURES,
    STAGES,
    Firm,
    Town,
    by_division,
    by_size,
    cut_share,
    levels,
    quantile,
    shares,
    shown,
)

HALF = Fraction(1, 2)
WANTED = [{}, {"area": "Here"}, {"area": "=There 1", "industry": "C34"}, {"industry": "own", "size": "small"}]


def test_it_counts_right(town: Town, city, table: Table) -> None:
    """One test for all choices: making a town costs more than asking."""
    for choice in WANTED:
        wanted = dict(choice)
        area = wanted.pop("area", "Tianjin")
        if wanted.get("industry") == "own":
            wanted["industry"] = town.own
        asked = {**wanted, "area": town.areas[area], "campaign": town.campaign}
        firms, everybody = town.of(area, **wanted), town.of(area, wanted.get("industry", ""), counted=False)
        assert [line[1:] for line in table(city, "levels_size", **asked)[1:]] == [
            list(map(str, levels(group))) for _name, group in by_size(firms)
        ]
        assert table(city, "levels_industry", **asked)[1:] == [
            [name, *map(str, levels(group))] for name, group in by_division(firms)
        ]
        assert [line[:2] for line in table(city, "funnel", **asked)[1:]] == funnel(everybody)
        assert table(city, "areas", **asked)[1:] == progress(everybody, area)
        assert table(city, "dimensions", **asked)[1:] == dimensions(firms)
        assert table(city, "score_size", **asked)[1:] == spreads(firms)
        assert table(city, "verified", **asked)[1:] == verified(firms)
        assert table(city, "waves", **asked)[1:] == waves(firms)
        assert table(city, "waves_points", **asked)[1:] == waves_points(firms)


def funnel(firms: list[Firm]) -> list[list[str]]:
    reached = [STAGES.index(firm.stage) for firm in firms]
    handed_in = {"submitted", "returned", "accepted", "verified"}
    return [
        ["On the register", str(len(firms))],
        ["Have claimed", str(sum(stage >= 1 for stage in reached))],
        ["Have started", str(sum(stage >= 2 for stage in reached))],
        ["Have submitted", str(sum(firm.stage in handed_in for firm in firms))],
        ["Have been accepted", str(sum(firm.stage in ("accepted", "verified") for firm in firms))],
        ["Verified on site", str(sum(firm.stage == "verified" for firm in firms))],
    ]


def progress(firms: list[Firm], area: str) -> list[list[str]]:
    """In the city's order: the districts by their position, the second street before the first."""
    lines = []
    for name in ("Here", "=There", f"{area} 2", f"{area} 1"):
        group = [firm for firm in firms if name in firm.path[firm.path.index(area) + 1 :][:1]]
        if group:
            lines.append([name, group])
    rest = [firm for firm in firms if firm.path[-1] == area]
    if rest:
        lines.append([f"{area}, no part named" if lines else area, rest])
    return [[safe(name), *stages(group)] for name, group in lines]


def safe(name: str) -> str:
    return f"'{name}" if name.startswith("=") else name


def stages(firms: list[Firm]) -> list[str]:
    counted = Counter(firm.stage for firm in firms)
    return [str(counted[stage]) for stage in STAGES] + [str(len(firms))]


def dimensions(firms: list[Firm]) -> list[list[str]]:
    lines = []
    for name, group in [*by_division(firms), ("All industries", firms)]:
        line = [name]
        for measure in ("foundation", "management", "effect"):
            values = shares(group, measure)
            line += [shown(quantile(values, HALF) * 100) if values else "", str(len(values))]
        lines.append(line)
    return lines


def spreads(firms: list[Firm]) -> list[list[str]]:
    marks = [Fraction(1, 10), Fraction(1, 4), HALF, Fraction(3, 4), Fraction(9, 10)]
    groups = [(name, shares(group, "total")) for name, group in by_size(firms)]
    return [
        [name, *(shown(quantile(values, mark) * MEASURES["total"]) for mark in marks), str(len(values))]
        for name, values in groups
        if values
    ]


def verified(firms: list[Firm]) -> list[list[str]]:
    pairs = Counter((firm.now.level, firm.verified) for firm in firms if firm.now and firm.verified is not None)
    if not pairs:
        return []
    return [[LEVELS[own], *(str(pairs[own, seen]) for seen in range(5))] for own in range(5)]


def both(firms: list[Firm]) -> list[Firm]:
    return [firm for firm in firms if firm.before and firm.before.state in ("submitted", "accepted")]


def waves(firms: list[Firm]) -> list[list[str]]:
    same = both(firms)
    if not same:
        return []
    then = Counter(firm.before.level for firm in same if firm.before)
    return [
        ["Round 2024", *(str(then[level]) for level in range(5)), str(len(same))],
        ["This round", *map(str, levels(same))],
    ]


def waves_points(firms: list[Firm]) -> list[list[str]]:
    lines = []
    for measure, name in zip(
        MEASURES, ("Score", "Digital foundation", "Digital management", "Digital effect"), strict=True
    ):
        pairs = [
            (firm.before.points[measure], firm.now.points[measure]) for firm in both(firms) if firm.before and firm.now
        ]
        known = [(cut_share(old, measure), cut_share(new, measure)) for old, new in pairs if None not in (old, new)]
        if known:
            middles = [shown(quantile([pair[side] for pair in known], HALF) * 100) for side in (0, 1)]
            lines.append([name, *middles, str(len(known))])
    return lines
