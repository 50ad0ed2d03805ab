"""How the level follows from the answers, and by which versions: for the officer, the auditor and the bank."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from survey.report.content import Report
from survey.report.steps import words
from survey.report.wording import hash_groups, nature, stamp

HEADS: Mapping[str, LazyString] = {
    "points": _l("Total score"),
    "count": _l("Scenes at that level or above"),
    "constrained": _l("Of these constrained (★)"),
}
"""The head of a column of conditions, by how their progress is drawn."""

CONFIDENCE: Mapping[str, LazyString] = {
    "A": _l("A: two or more independent sources, or an official text"),
    "B": _l("B: one source that looks faithful"),
    "C": _l("C: one weak source, sources that conflict, or this platform's reading"),
}


def context(report: Report) -> dict[str, Any]:
    """title, rule, heads, steps, versions (name, value, whether it is a checksum), conflicts, confidence, nature.

    `heads` names the columns where all steps ask for the same things; it is empty where each has its own list.
    """
    return {
        "title": _("Method and verification"),
        "rule": _rule(report),
        "heads": _heads(report),
        "steps": report.steps,
        "versions": _versions(report),
        "conflicts": report.conflicts,
        "confidence": [str(text) for text in CONFIDENCE.values()],
        "nature": nature(report),
    }


def _rule(report: Report) -> str:
    """How the steps follow from the conditions."""
    if report.scene_groups:
        return _(
            "The level is not a band of the score. It is the highest one whose conditions are all met; "
            "a scene at a higher level counts for every lower one."
        )
    return str(words(report).stepwise if report.stepwise else words(report).rule)


def _heads(report: Report) -> list[str]:
    kinds = {tuple(condition.mark for condition in step.conditions) for step in report.steps}
    if len(kinds) != 1 or not all(condition.simple for step in report.steps for condition in step.conditions):
        return []
    return [str(HEADS.get(condition.mark, condition.what)) for condition in report.steps[0].conditions]


def _versions(report: Report) -> list[tuple[str, str, bool]]:
    origin = report.provenance
    return [
        (_("Based on"), f"{origin.basis} {origin.basis_number}", False),
        (_("Questionnaire edition"), origin.edition, False),
        (_("Scoring program"), origin.engine, False),
        (_("Checksum of the rules"), hash_groups(origin.rules_checksum), True),
        (_("Checksum of the texts"), hash_groups(origin.texts_checksum), True),
        (_("Checksum of the answers"), hash_groups(origin.content_hash), True),
        (_("Report number"), origin.reference, False),
        (
            _("Confirmed") if report.on_site else _("Submitted"),
            _("%(time)s (Beijing time)", time=stamp(origin.submitted_at)),
            False,
        ),
    ]
