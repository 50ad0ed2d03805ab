"""What the steps of a ladder are called. An in-house rubric has stages and never levels, which only an office gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from survey.report.content import Report


@dataclass(frozen=True, slots=True)
class Words:
    """Everything that pages and print say about steps in general."""

    one: LazyString
    result: LazyString
    gives: LazyString
    highest: LazyString
    needs_all: LazyString
    staircase: LazyString
    open: LazyString
    decided: LazyString
    rule: LazyString
    stepwise: LazyString
    exact: LazyString


LEVEL: Final = Words(
    one=_l("Level"),
    result=_l("Level (self-assessed)"),
    gives=_l("This self-assessment gives %(level)s."),
    highest=_l("That is the highest level."),
    needs_all=_l("A level needs all of its conditions"),
    staircase=_l("Staircase of levels"),
    open=_l("Some answers are open: the level holds with the fewest points they can bring."),
    decided=_l("How the level is decided"),
    rule=_l("The level is the highest one whose conditions are all met."),
    stepwise=_l("A level is reached when its conditions, and those of every level below it, are all met."),
    exact=_l(
        "Points are exact; only what is shown is cut to two decimals, so a shown value "
        "never crosses the line of a level. "
        "A question without an answer is not taken as zero: the least and the most it can bring are judged separately."
    ),
)
STAGE: Final = Words(
    one=_l("Stage"),
    result=_l("Stage (self-diagnosis)"),
    gives=_l("This self-diagnosis gives: %(level)s."),
    highest=_l("That is the highest stage."),
    needs_all=_l("A stage needs all of its conditions"),
    staircase=_l("Staircase of stages"),
    open=_l("Some answers are open: the stage holds with the fewest points they can bring."),
    decided=_l("How the stage is decided"),
    rule=_l("The stage is the highest one whose conditions are all met."),
    stepwise=_l("A stage is reached when its conditions, and those of every stage below it, are all met."),
    exact=_l(
        "Points are exact; only what is shown is cut to two decimals, so a shown value "
        "never crosses the line of a stage. "
        "A question without an answer is not taken as zero: the least and the most it can bring are judged separately."
    ),
)
ELIGIBILITY: Final = Words(
    one=_l("Result"),
    result=_l("Conditions (self-checked)"),
    gives=_l("By what the firm filled in: %(level)s."),
    highest=_l("All conditions are met."),
    needs_all=_l("All conditions must be met"),
    staircase=_l("Conditions"),
    open=_l("Some answers are open: what depends on them is still to be checked."),
    decided=_l("How the result is decided"),
    rule=_l("Every condition is judged by itself from the answers and figures; all of them must be met."),
    stepwise=_l("Every condition is judged by itself from the answers and figures; all of them must be met."),
    exact=_l(
        "Points are exact; only what is shown is cut to two decimals, so a shown value "
        "never crosses a line that is asked for. "
        "A question without an answer is not taken as zero: the least and the most it can bring are judged separately."
    ),
)
ON_SITE: Final = (
    replace(LEVEL, result=_l("Level (verified on site)"), gives=_l("The on-site assessment gives %(level)s.")),
    replace(STAGE, result=_l("Stage (verified on site)"), gives=_l("The on-site assessment gives: %(level)s.")),
    replace(ELIGIBILITY, result=_l("Conditions (verified on site)"), gives=_l("By what was found on site: %(level)s.")),
)
"""The same for what was found on site, in the order of LEVEL, STAGE, ELIGIBILITY."""

RESULTS: Final[Mapping[str, tuple[LazyString, LazyString]]] = {
    "digital": (_l("Digital level (self-assessed)"), _l("Digital level (verified on site)"))
}
"""What stands over the result, self-assessed and found on site, where a field has a name of its own for it."""


def has_levels(report: Report) -> bool:
    """Whether its steps are levels: neither stages of our own nor a single question."""
    return not report.in_house and not report.one_step


def words(report: Report) -> Words:
    place = 1 if report.in_house else 2 if report.one_step else 0
    return ON_SITE[place] if report.on_site else (LEVEL, STAGE, ELIGIBILITY)[place]


def result(report: Report) -> str:
    if has_levels(report) and report.field in RESULTS:
        return str(RESULTS[report.field][report.on_site])
    return str(words(report).result)
