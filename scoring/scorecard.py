"""The scorecard: everything one set of answers is worth, as data that can be stored, read back and explained.

Numbers are exact text (`"48.5"`, `"97/3"`). No sentence is stored: `scoring.sentences` makes them from this.
"""

from __future__ import annotations

from typing import Literal

from questionnaires.items import Response
from questionnaires.statements import State
from questionnaires.text import Strict


class MeasureScore(Strict):
    """One measure. `points` is given when `low` equals `high`; `answered` is the share of its indicators answered.

    `applicable` is `no` where it does not apply to the firm (then it has no points), `open` while that is not decided.
    `redistributed` are those of its points that come from sharing out what does not apply. `values` names the named
    values it may have, one as soon as that is sure.
    """

    id: str
    parent: str | None
    points: str | None
    low: str
    high: str
    maximum: str
    answered: str
    applicable: Literal["yes", "no", "open"] = "yes"
    redistributed: str | None = None
    values: tuple[str, ...] = ()


class SceneScore(Strict):
    """One scene's level, or `None` while it is not answered."""

    item: str
    level: int | None
    constrained: bool


class ConditionScore(Strict):
    """One condition, by its place in the definition: now from `low` to `high`, `need` asked for.

    `conditions` are those that a combined one is made of.
    """

    kind: str
    state: State
    low: str | None = None
    high: str | None = None
    need: str | None = None
    conditions: tuple[ConditionScore, ...] = ()


class StepScore(Strict):
    """One step of the ladder."""

    level: int
    state: State
    conditions: tuple[ConditionScore, ...]


class CheckScore(Strict):
    """One eligibility check."""

    id: str
    state: State
    conditions: tuple[ConditionScore, ...]


class MeasuredTrace(Strict):
    """A figure behind an answer: `value` = `of` / `per` over `years`."""

    value: str
    of: str
    per: str | None
    years: tuple[int, ...]


class Trace(Strict):
    """How one indicator got its points: the rule, the parts of the answer with their points, the figures behind it.

    `item` is the one item behind it, if there is just one; `items` are all. `value` is the value a rule worked with,
    from `base` to `lead` (of a band: its lower and upper edge; of a change: the value before). `case` is the place of
    the case that decided. `absent` says why it does not apply.
    """

    measure: str
    item: str | None
    rule: str
    response: Response | None
    parts: tuple[tuple[str, str], ...] = ()  # option (or row of a grid), its points
    low: str
    high: str
    maximum: str
    derived: str | None = None  # the option that the figures speak for
    after: MeasuredTrace | None = None
    before: MeasuredTrace | None = None
    items: tuple[str, ...] = ()
    open: bool = False
    value: str | None = None
    base: str | None = None
    lead: str | None = None
    case: int | None = None
    absent: Literal["answer", "route", "reference"] | None = None


class Scorecard(Strict):
    """All measures, the level, what holds it back, and the trace, for one set of answers."""

    engine: str
    questionnaire: str
    version: str
    rules_checksum: str
    level: int
    possible_level: int
    measures: tuple[MeasureScore, ...]
    scenes: tuple[SceneScore, ...]
    ladder: tuple[StepScore, ...]
    checks: tuple[CheckScore, ...]
    trace: tuple[Trace, ...]

    def measure(self, measure_id: str) -> MeasureScore:
        return next(measure for measure in self.measures if measure.id == measure_id)

    @property
    def total(self) -> MeasureScore | None:
        """The root of the tree; `None` where nothing is scored."""
        return self.measures[0] if self.measures else None

    def next_step(self) -> StepScore | None:
        """The step above the sure level: its conditions that are not met hold the level back. `None` at the top."""
        return self.ladder[self.level] if self.level < len(self.ladder) else None
