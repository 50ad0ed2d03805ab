"""Charts of points: dimensions by industry, score and size, dimensions since the round before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from flask_babel import gettext as _

from survey.dashboard.figures import median, quantile
from survey.dashboard.gathering import Measured
from survey.dashboard.level_charts import no_comparison
from survey.dashboard.shapes import Box, Boxes, Cell, Chart, Dot, Dots, Grid, Square, nothing
from survey.dashboard.told import Told, decimal
from survey.formatting import number, percent, points

MARKS: Final = (Fraction(1, 10), Fraction(1, 4), Fraction(1, 2), Fraction(3, 4), Fraction(9, 10))


def dimensions(told: Told) -> Chart:
    """Median share of the maximum, dimension by industry."""
    topic = _("Dimensions by industry")
    about = _("Median share of the points that can be had, in steps of half a percent.") + told.between + told.firms()
    measures = told.parts.dimensions
    found = {each.name: told.figures.by("division", f"points:{each.name}", told.wanted) for each in measures}
    codes = sorted({code for groups in found.values() for code in groups})
    if not codes:
        return nothing("dimensions", topic, about, _no_points(told))
    everybody = _("All industries")
    lines = [(told.division(code), [found[each.name].get(code, Counter()) for each in measures]) for code in codes]
    overall = [told.figures.sum(f"points:{each.name}", told.wanted) for each in measures]
    lines.append((everybody, overall))
    names = tuple(told.measure(each) for each in measures)
    grid = Grid(
        _("Dimension"), _("Industry"), names,
        tuple((name, tuple(_square(name, *pair) for pair in zip(names, bins, strict=True))) for name, bins in lines),
    )  # fmt: skip
    head: list[str] = [_("Industry")]
    for name in names:
        head += [_("%(dimension)s, %%", dimension=name), _("%(dimension)s, firms", dimension=name)]
    rows = tuple((name, *(cell for each in bins for cell in _median_and_count(each))) for name, bins in lines)
    count = max(bins.total() for bins in overall)
    return Chart("dimensions", topic, _extremes(names, overall), about, count, grid, tuple(head), rows)


def _no_points(told: Told) -> str:
    return _("No firm has submitted yet.") if told.parts.total else _("This questionnaire gives no points.")


def _square(industry: str, dimension: str, bins: Counter[int]) -> Square | None:
    middle = median(bins)
    if middle is None:
        return None
    said = _(
        "%(industry)s, %(dimension)s: median %(share)s, %(count)s firms",
        industry=industry, dimension=dimension, share=percent(middle), count=number(bins.total()),
    )  # fmt: skip
    return Square(percent(middle), float(middle), said)


def _median_and_count(bins: Counter[int]) -> tuple[Cell, Cell]:
    return decimal(median(bins), 100), bins.total()


def _extremes(names: Sequence[str], overall: Sequence[Counter[int]]) -> str:
    known = [(middle, name) for name, bins in zip(names, overall, strict=True) if (middle := median(bins)) is not None]
    best, least = max(known), min(known)
    if best[0] == least[0]:
        return _("All dimensions stand at a median of %(share)s", share=percent(best[0]))
    return _(
        "%(best)s stands best at a median of %(high)s, %(least)s least at %(low)s",
        best=best[1], high=percent(best[0]), least=least[1], low=percent(least[0]),
    )  # fmt: skip


# -- score and size ----------------------------------------------------------------------------------------------------


def by_size(told: Told) -> Chart:
    topic, total = _("Score and size"), told.parts.total
    about = _("Points by size: the box holds the middle half of the firms, the line in it is the median, the ends are the tenth from below and from above. In steps of half a percent.")  # fmt: skip  # noqa: E501  # one sentence for translators
    rows = told.sizes(told.figures.by("size", f"points:{total.name}", told.wanted)) if total else []
    if total is None or not rows:
        return nothing("score_size", topic, about, _no_points(told))
    maximum = total.maximum
    boxes = tuple(_box(name, bins, maximum) for name, bins in rows)
    medians = [
        _("%(name)s %(value)s", name=name, value=points((median(bins) or Fraction(0)) * maximum)) for name, bins in rows
    ]
    return Chart(
        "score_size",
        topic,
        _("Median score: %(list)s", list=told.listed(medians)),
        about,
        sum(box.count for box in boxes),
        Boxes(boxes, float(maximum), _("Points")),
        (_("Size"), _("Tenth"), _("Quarter"), _("Median"), _("Three quarters"), _("Nine tenths"), _("Number of firms")),
        tuple((name, *(decimal(quantile(bins, mark), maximum) for mark in MARKS), bins.total()) for name, bins in rows),
    )


def _box(name: str, bins: Counter[int], maximum: Fraction) -> Box:
    marks = [quantile(bins, mark) or Fraction(0) for mark in MARKS]
    low, middle, high = (points(mark * maximum) for mark in marks[1:4])
    said = _(
        "%(name)s: median %(middle)s, middle half %(low)s to %(high)s, %(count)s firms",
        name=name, middle=middle, low=low, high=high, count=number(bins.total()),
    )  # fmt: skip
    first, second, third, fourth, fifth = map(float, marks)
    return Box(name, bins.total(), (first, second, third, fourth, fifth), said)


# -- since the round before --------------------------------------------------------------------------------------------


def waves(told: Told) -> Chart:
    """Total and dimensions that may be compared, then and now, of firms that were in both rounds."""
    topic = _("Points since the round before")
    about = _("Median share of the points that can be had, of the same firms in both rounds.")
    asked = [each for each in (told.parts.total, *told.parts.dimensions) if each and each.before is not None]
    pairs = [(each, *_then_and_now(told, each)) for each in asked]
    known = [(each, then, now) for each, then, now in pairs if then]
    if why := no_comparison(told, levels=bool(asked), anybody=bool(known)):
        return nothing("waves_points", topic, about, why)
    dots = tuple(_dot(told, *pair) for pair in known)
    rows = tuple(
        (told.measure(each), decimal(median(then), 100), decimal(median(now), 100), then.total())
        for each, then, now in known
    )
    head = (_("Measure"), _("%(round)s, %%", round=told.before or ""), _("This round, %"), _("Number of firms"))
    return Chart(
        "waves_points", topic, _most_changed(told, known), about, max(then.total() for _each, then, _now in known),
        Dots(dots, told.before or "", _("This round"), _("Median share of the points, %")), head, rows,
    )  # fmt: skip


def _then_and_now(told: Told, measured: Measured) -> tuple[Counter[int], Counter[int]]:
    then, now = (told.figures.sum(f"{when}:{measured.name}", told.wanted) for when in ("then", "now"))
    return then, now


def _dot(told: Told, measured: Measured, then: Counter[int], now: Counter[int]) -> Dot:
    first, second = (median(bins) or Fraction(0) for bins in (then, now))
    name = told.measure(measured)
    said = _("%(name)s: from %(first)s to %(second)s", name=name, first=percent(first), second=percent(second))
    return Dot(name, (float(first),) * 2, (float(second),) * 2, said)


def _most_changed(told: Told, known: Sequence[tuple[Measured, Counter[int], Counter[int]]]) -> str:
    measured, then, now = max(known, key=_change)
    return _(
        "%(name)s has changed most: from %(first)s to %(second)s",
        name=told.measure(measured), first=percent(median(then)), second=percent(median(now)),
    )  # fmt: skip


def _change(known: tuple[Measured, Counter[int], Counter[int]]) -> Fraction:
    _measured, then, now = known
    return abs((median(now) or Fraction(0)) - (median(then) or Fraction(0)))
