"""Points by dimension and group, and where most were lost."""

from typing import Any

from flask_babel import gettext as _

from survey.report.content import Dimension, Gain, NotScored, Report
from survey.report.svg import FIELDS, PRIMARY
from survey.report.wording import BETWEEN, listed

MOST_NAMED = 3


def context(report: Report) -> dict[str, Any] | None:
    """title, lead, colour, rows (dimension, whether it is one of the first rank), losses (loss, how to gain) …

    `apart` are indicators that were not scored, by reason, `moved` whether their points went to others.
    """
    if not report.dimensions:
        return None
    return {
        "title": _("Score by dimension"),
        "lead": _lead(report),
        "colour": FIELDS.get(report.field, PRIMARY),
        "rows": [row for dimension in report.dimensions for row in _rows(dimension)],
        "apart": _by_reason(report),
        "moved": any(row.moved for dimension in report.dimensions for row, _first in _rows(dimension)),
        "losses": [(loss, _how(report, loss.gain) or loss.sentence) for loss in report.losses],
    }


def _by_reason(report: Report) -> dict[str, list[NotScored]]:
    """What was not scored, under the reason: most often one reason holds for all."""
    found: dict[str, list[NotScored]] = {}
    for each in report.not_scored:
        found.setdefault(each.why, []).append(each)
    return found


def _rows(dimension: Dimension) -> list[tuple[Dimension, bool]]:
    return [(dimension, True), *((group, False) for group in dimension.groups)]


def _lead(report: Report) -> str:
    total = report.total
    if not total.high:
        return _("No dimension has earned points yet.")
    if total.low == total.maximum:
        return _("Every dimension has all its points.")
    if total.open:
        return _("Some questions are not answered: points are given as a range from the least to the most possible.")
    parts = [group for dimension in report.dimensions for group in dimension.groups or (dimension,) if group.applies]
    best, least = max(parts, key=_share), min(parts, key=_share)
    if _share(best) == _share(least):
        return _("All parts have earned the same share of their points: %(share)s.", share=total.share)
    return _(
        "Highest share of points: %(best)s (%(best_share)s); lowest: %(least)s (%(least_share)s).",
        best=best.title, best_share=best.points.share, least=least.title, least_share=least.points.share,
    )  # fmt: skip


def _share(dimension: Dimension) -> float:
    return dimension.points.drawn[0]


def _how(report: Report, gain: Gain | None) -> str:
    """What an option would earn, where that can be told from the options."""
    if gain is None:
        return ""
    if not gain.several:
        text = _("“%(option)s” earns %(points)s points more.", option=gain.options[0], points=gain.each)
        if gain.best != gain.each:
            text += BETWEEN[report.language] + _("The best answer earns %(points)s.", points=gain.best)
        return text
    named = listed(gain.options[:MOST_NAMED])
    each = gain.each if gain.each == gain.best else f"{gain.each}–{gain.best}"
    if len(gain.options) == 1:
        return _("Not chosen yet, %(points)s points: %(options)s.", points=each, options=named)
    if len(gain.options) > MOST_NAMED:
        return _(
            "%(count)s options not chosen yet, %(points)s points each, such as %(options)s.",
            count=len(gain.options), points=each, options=named,
        )  # fmt: skip
    return _(
        "%(count)s options not chosen yet, %(points)s points each: %(options)s.",
        count=len(gain.options), points=each, options=named,
    )  # fmt: skip
