"""Rules: how answers become a share of an indicator's points. Adding one is a class and its line in `Rule`.

Shares are hundredths of the indicator's maximum. A rule offers `faults(path, instrument)`; `shares()`, every share it
may give without dividing; `bounds(instrument)`, the least and the most share; `reader(scale, instrument)`, a function
that reads the points of what is given, `scale` units to the hundredth, as an interval; `open(given)`, whether it still
waits for an answer; `items_read` and `figures`, what it reads; and `told(given, points)`, what the trace keeps of it.
"""

from typing import Annotated

from pydantic import Field

from scoring.case_rule import CasesRule
from scoring.figure_rules import BandsRule, ChangeRule, LinearRule, ShareRule
from scoring.grid_rule import GridRule
from scoring.item_rules import CountRule, OptionRule, SceneRule, SumOfOptionsRule

Rule = Annotated[
    OptionRule
    | SumOfOptionsRule
    | SceneRule
    | CountRule
    | GridRule
    | BandsRule
    | LinearRule
    | ShareRule
    | ChangeRule
    | CasesRule,
    Field(discriminator="kind"),
]
