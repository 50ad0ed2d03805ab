"""Charts of levels: by industry, by size, self beside verified, and since the round before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from flask_babel import gettext as _

from survey.dashboard.figures import PAIR
from survey.dashboard.shapes import Bar, Bars, Cell, Chart, Grid, Square, nothing
from survey.dashboard.told import Told, reached, share
from survey.formatting import number


def by_industry(told: Told) -> Chart:
    found = told.figures.by("division", "levels", told.wanted)
    rows = [(told.division(code), counter) for code, counter in found.items()]
    everybody = told.figures.sum("levels", told.wanted)
    finding = _(
        "%(share)s of %(count)s firms have reached “%(level)s” or more",
        share=share(reached(everybody, told.goal), everybody.total()),
        count=number(everybody.total()),
        level=told.level(told.goal),
    )
    return _levels(told, "levels_industry", _("Level by industry"), _("Industry"), rows, finding)


def by_size(told: Told) -> Chart:
    rows = told.sizes(told.figures.by("size", "levels", told.wanted))
    shares = [
        _("%(name)s %(value)s", name=name, value=share(reached(counter, told.goal), counter.total()))
        for name, counter in rows
    ]
    finding = _("“%(level)s” or more: %(list)s", level=told.level(told.goal), list=told.listed(shares))
    return _levels(told, "levels_size", _("Level by size"), _("Size"), rows, finding)


def _levels(
    told: Told, chart_id: str, topic: str, side: str, rows: Sequence[tuple[str, Counter[int]]], finding: str
) -> Chart:
    about = _("Share of firms at each level, number of firms at the end.") + told.between + told.firms()
    if not told.last_level:
        return nothing(chart_id, topic, about, _("This questionnaire gives no level."))
    if not rows:
        return nothing(chart_id, topic, about, _("No firm has submitted yet."))
    bars = tuple(Bar(name, told.level_counts(counter)) for name, counter in rows)
    return Chart(
        chart_id,
        topic,
        finding,
        about,
        sum(bar.total for bar in bars),
        Bars(bars, told.level_parts()),
        (side, *(part.name for part in told.level_parts()), _("Number of firms")),
        tuple((bar.name, *bar.counts, bar.total) for bar in bars),
    )


# -- self beside verified ----------------------------------------------------------------------------------------------


def verified(told: Told) -> Chart:
    topic, about = (
        _("Self and verified"),
        _("Firms by the level of their self-assessment and the one verified on site."),
    )
    pairs = told.figures.sum("verified", told.wanted)
    if not pairs:
        return nothing("verified", topic, about, _("No firm has been verified on site yet."))
    same, lower, higher = _changes(pairs)
    finding = _(
        "%(same)s of %(count)s verified firms keep their level, %(lower)s come out lower, %(higher)s higher",
        same=number(same), count=number(pairs.total()), lower=number(lower), higher=number(higher),
    )  # fmt: skip
    levels = range(told.last_level + 1)
    names = tuple(told.level(level) for level in levels)
    most = max(pairs.values())
    grid = Grid(
        _("Verified on site"),
        _("Self-assessment"),
        names,
        tuple(
            (names[own], tuple(_square(names[own], names[seen], pairs[PAIR * own + seen], most) for seen in levels))
            for own in levels
        ),
    )
    rows: list[tuple[Cell, ...]] = [(names[own], *(pairs[PAIR * own + seen] for seen in levels)) for own in levels]
    return Chart("verified", topic, finding, about, pairs.total(), grid, (_("Self-assessment"), *names), tuple(rows))


def _changes(pairs: Counter[int]) -> tuple[int, int, int]:
    """How many have the same second level, a lower one, a higher one."""
    same = sum(count for pair, count in pairs.items() if pair // PAIR == pair % PAIR)
    lower = sum(count for pair, count in pairs.items() if pair // PAIR > pair % PAIR)
    return same, lower, pairs.total() - same - lower


def _square(own: str, seen: str, count: int, most: int) -> Square | None:
    said = _("Self “%(own)s”, verified “%(seen)s”: %(count)s", own=own, seen=seen, count=number(count))
    return Square(number(count), count / most, said) if count else None


# -- since the round before --------------------------------------------------------------------------------------------


def waves(told: Told) -> Chart:
    topic = _("Since the round before")
    about = _("The same firms in both rounds.")
    pairs = told.figures.sum("moves", told.wanted)
    if why := no_comparison(told, levels=told.parts.levels, anybody=bool(pairs)):
        return nothing("waves", topic, about, why)
    _same, fallen, risen = _changes(pairs)
    finding = _(
        "%(risen)s of %(count)s firms have risen, %(fallen)s have fallen",
        risen=number(risen), count=number(pairs.total()), fallen=number(fallen),
    )  # fmt: skip
    then, now = (_side(pairs, first=first) for first in (True, False))
    bars = tuple(
        Bar(name, told.level_counts(counter)) for name, counter in ((told.before or "", then), (_("This round"), now))
    )
    head = (_("Round"), *(part.name for part in told.level_parts()), _("Number of firms"))
    rows: Iterable[tuple[Cell, ...]] = ((bar.name, *bar.counts, bar.total) for bar in bars)
    return Chart("waves", topic, finding, about, pairs.total(), Bars(bars, told.level_parts()), head, tuple(rows))


def _side(pairs: Counter[int], *, first: bool) -> Counter[int]:
    """The levels on one side of the pairs."""
    found: Counter[int] = Counter()
    for pair, count in pairs.items():
        found[pair // PAIR if first else pair % PAIR] += count
    return found


def no_comparison(told: Told, *, levels: bool, anybody: bool) -> str:
    """Why the round before is not set beside this one; empty if it is."""
    if told.before is None:
        return _("There was no round before with this questionnaire.")
    if not levels:
        return _("The rules have changed since the round before: the results cannot be compared.")
    return "" if anybody else _("No firm has submitted in both rounds yet.")
