"""The level with its meaning, what is missing for the next one, what can be applied for."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from survey.report.content import Condition, Report
from survey.report.steps import has_levels, result, words
from survey.report.wording import gap, sentences

MOST_NEAREST = 5


def context(report: Report) -> dict[str, Any] | None:
    """title, lead, step (the one above, or the highest; None without a ladder), gap_title, keys, nearest, missing …

    `flat` tells whether every condition of the step is one line with a drawing.
    """
    if not (report.steps or report.scored or report.checks):
        return None
    step = report.next or (report.steps[-1] if report.steps else None)
    conditions = step.conditions if step else ()
    return {
        "title": _("Summary of the result"),
        "lead": _lead(report),
        "step": step,
        "flat": all(condition.simple for condition in conditions),
        "gap_title": _gap_title(report),
        "keys": _keys(report, conditions),
        "nearest": report.nearest[:MOST_NEAREST],
        "more": report.nearest[MOST_NEAREST:],
        "missing": _missing(report),
        "met": sum(condition.state == "met" for condition in conditions),
    }


def _gap_title(report: Report) -> str:
    if report.next and not report.one_step:
        return _("What is missing for %(level)s", level=report.next.level.name)
    if report.one_step:
        return _("The conditions one by one")
    return _("Conditions of %(level)s", level=report.steps[-1].level.name) if report.steps else ""


def _lead(report: Report) -> str:
    if not report.steps:
        return ""
    if report.one_step:
        return _eligible(report.steps[0].conditions)
    said = words(report)
    told = [str(said.gives) % {"level": report.verdict}]
    if not report.level.number:
        told = [_below(report)] if has_levels(report) else told
    if report.next is None:
        told.append(str(said.highest))
    elif missing := gap(report, report.next):
        told.append(_("For %(level)s: %(gap)s.", level=report.next.level.name, gap=missing))
    if report.possible.number > report.level.number:
        told.append(_("With the open answers, up to %(level)s is possible.", level=report.possible.name))
    return sentences(report, told)


def _below(report: Report) -> str:
    if report.on_site:
        return _("The on-site assessment does not reach level 1 yet.")
    return _("This self-assessment does not reach level 1 yet.")


def _eligible(conditions: Sequence[Condition]) -> str:
    """How many conditions are in which state; those that do not concern the firm are not counted."""
    states = [condition.state for condition in conditions if condition.state != "not_applicable"]
    return _(
        "Conditions: %(all)s in all, %(met)s met, %(open)s still to be checked, %(unmet)s not met.",
        all=len(states), met=states.count("met"), unmet=states.count("unmet"),
        open=states.count("unknown") + states.count("manual"),
    )  # fmt: skip


def _keys(report: Report, conditions: Sequence[Condition]) -> list[tuple[str, str, str]]:
    """Name, value and what it is out of."""
    word = report.steps[0].word if report.one_step else report.verdict
    found = [(result(report), word, "")] if report.steps else []
    if report.scored:
        found.append((_("Total score"), report.total.short, f"/ {report.total.maximum_text}"))
    if conditions and not all(condition.simple for condition in conditions):
        met = sum(condition.state == "met" for condition in conditions)
        return [*found, (_("Conditions met"), str(met), f"/ {len(conditions)}")]
    counted = [(each.what, each.now, f"/ {each.most}") for each in conditions if each.mark != "points" and each.now]
    return found + counted


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
    return [_("missing"), unmet[0].missing] if unmet[0].simple else [_("missing"), _("1 condition")]
