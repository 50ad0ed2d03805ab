"""The cheapest changes that reach the next level, what each adds, and another way."""

from typing import Any

from flask_babel import gettext as _

from scoring.roadmap_sentences import PlanWords, StepWords
from survey.report.content import Improvement, Report
from survey.report.wording import listed, sentences


def context(report: Report) -> dict[str, Any] | None:
    """title, lead, plan, proof, effort (what its points mean), other (another way in sentences), manual, nearest,
    notes, offered (changes that can be called not possible: lock, words, whether it is so already)."""
    found = report.improvement()
    if found is None:
        return None
    words = found.words
    return {
        "title": _("Improvement path"),
        "lead": words.plan.summary if words.plan else words.verdict,
        "plan": words.plan if words.plan and words.plan.steps else None,
        "proof": words.plan.proof if words.plan else "",
        "effort": _effort() if words.plan and words.plan.steps else "",
        "other": _other(report, found),
        "manual": listed(words.manual),
        "nearest": words.nearest,
        "notes": sentences(report, words.notes),
        "offered": [(text, name, True) for text, name in found.locked],
    }


def _effort() -> str:
    return _(
        "Effort is counted in points of this platform: 1 is done soon, 13 is a large project. They are neither money "
        "nor days. Of two ways with the same effort, the one with less work on paper comes first."
    )


def _other(report: Report, found: Improvement) -> str:
    """The alternative by how it differs from the plan."""
    best, other = found.words.plan, found.words.alternative
    if best is None or other is None or not best.steps:
        return ""
    gone, taken = _without(best, other), _without(other, best)
    told = [_("It takes %(effort)s points.", effort=other.effort)]
    if gone and taken:
        told.append(_("Instead of %(gone)s: %(taken)s.", gone=_names(gone), taken=_names(taken)))
    elif taken:
        told.append(_("It takes as well: %(taken)s.", taken=_names(taken)))
    elif gone:
        told.append(_("It does without %(gone)s.", gone=_names(gone)))
    return sentences(report, told)


def _without(one: PlanWords, other: PlanWords) -> list[StepWords]:
    there = {step.lock for step in other.steps}
    return [step for step in one.steps if step.lock not in there]


def _names(steps: list[StepWords]) -> str:
    return listed(_("%(name)s to “%(to)s”", name=step.name, to=step.to) for step in steps)
