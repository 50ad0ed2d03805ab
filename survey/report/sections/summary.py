"""The level with its meaning, what is missing for the next one, what can be applied for."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from survey.report.content import Report
from survey.report.wording import gap, sentences

MOST_NEAREST = 5


def context(report: Report) -> dict[str, Any]:
    """title, lead, step (the one above, or the highest), gap_title, keys, nearest, more, missing."""
    step = report.next or report.steps[-1]
    return {
        "title": _("Summary of the result"),
        "lead": _lead(report),
        "step": step,
        "gap_title": _gap_title(report),
        "keys": _keys(report),
        "nearest": report.nearest[:MOST_NEAREST],
        "more": report.nearest[MOST_NEAREST:],
        "missing": _missing(report),
        "met": sum(condition.state == "met" for condition in step.conditions),
    }


def _gap_title(report: Report) -> str:
    if report.next:
        return _("What is missing for %(level)s", level=report.next.level.name)
    return _("Conditions of %(level)s", level=report.level.name)


def _lead(report: Report) -> str:
    told = [_("This self-assessment gives %(level)s.", level=report.level.name)] if report.level.number else []
    if not report.level.number:
        told.append(_("This self-assessment does not reach level 1 yet."))
    if report.next is None:
        told.append(_("That is the highest level."))
    elif missing := gap(report, report.next):
        told.append(_("For %(level)s: %(gap)s.", level=report.next.level.name, gap=missing))
    if report.possible.number > report.level.number:
        told.append(_("With the open answers, up to %(level)s is possible.", level=report.possible.name))
    return sentences(report, told)


def _keys(report: Report) -> list[tuple[str, str, str]]:
    """Name, value and what it is out of."""
    step = report.next or report.steps[-1]
    counted = [
        (condition.what, condition.now, f"/ {condition.most}")
        for condition in step.conditions
        if condition.mark != "points"
    ]
    return [
        (_("Level (self-assessed)"), report.level.name, ""),
        (_("Total score"), report.total.short, f"/ {report.total.maximum_text}"),
        *(key for key in counted if key[1]),
    ]


def _missing(report: Report) -> list[str]:
    """Two short lines over the next step of the staircase; none while answers are open or nothing is missing."""
    unmet = [condition for condition in report.next.conditions if condition.state == "unmet"] if report.next else []
    if not unmet:
        return []
    points = [condition.asked - condition.high for condition in unmet if condition.mark == "points"]
    scenes = [condition.asked - condition.high for condition in unmet if condition.mark in ("count", "constrained")]
    if (points and scenes) or not (points or scenes):
        return [_("missing"), ngettext("%(num)d condition", "%(num)d conditions", len(unmet))]
    if scenes:
        return [_("missing"), ngettext("%(num)d scene", "%(num)d scenes", int(max(scenes)))]
    return [_("missing"), unmet[0].missing]
