"""What the steps of a ladder are called. An in-house rubric has stages and never levels, which only an office gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
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
RESULTS: Final[Mapping[str, LazyString]] = {"digital": _l("Digital level (self-assessed)")}
"""What stands over the result, where a field has a name of its own for it."""


def words(report: Report) -> Words:
    if report.in_house:
        return STAGE
    return ELIGIBILITY if report.one_step else LEVEL


def result(report: Report) -> str:
    return str(RESULTS.get(report.field, words(report).result) if words(report) is LEVEL else words(report).result)
