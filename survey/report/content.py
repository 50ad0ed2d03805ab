"""What a report says, as plain values in one language. Page and PDF draw from this and from nothing else.

Figures arrive as text ready to be read, cut and never rounded up; shares from 0 to 1 stand beside them for drawing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from scoring.roadmap_sentences import RoadmapWords
from survey.report.beside import Verified
from survey.report.city_values import CityValue
from survey.report.origin import Conflict, Provenance
from survey.report.points import Points
from survey.report.waves import Waves

if TYPE_CHECKING:  # a comparison says sizes in the words of a report
    from survey.benchmark.queries import Comparison


@dataclass(frozen=True, slots=True)
class Firm:
    """The firm as it was at submit. `outside` says what holds for firms that the questionnaire is not written for."""

    name: str
    masked_code: str
    area: str
    industry: str
    size: str
    size_explained: str
    outside: str | None


@dataclass(frozen=True, slots=True)
class Level:
    """A step by number and name; `title` and `meaning` may be empty."""

    number: int
    name: str
    title: str = ""
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition in words. `mark` says how its progress is drawn: points, count, constrained, or empty.

    `state` is met, unmet, unknown, manual or not_applicable, `word` says it; `low` to `high` is where the firm stands,
    of `most`. `parts` are the conditions that a combined one is made of, with an empty `what` where they say all;
    `advice` says what would help.
    """

    kind: str
    mark: str
    what: str
    need: str
    now: str
    state: str
    word: str
    missing: str
    low: Fraction = Fraction(0)
    high: Fraction = Fraction(0)
    asked: Fraction = Fraction(0)
    most: Fraction = Fraction(0)
    parts: tuple[Condition, ...] = ()
    advice: str = ""

    @property
    def simple(self) -> bool:
        """Whether one line with a drawing tells all of it."""
        return bool(self.mark) and not self.parts


@dataclass(frozen=True, slots=True)
class Step:
    """A level and how the firm stands with its conditions."""

    level: Level
    state: str
    word: str
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """Something to apply for: its title, what it is, how the firm stands."""

    title: str
    about: str
    state: str
    word: str
    conditions: tuple[Condition, ...]

    @property
    def flat(self) -> bool:
        """Whether no condition is made of others."""
        return not any(condition.parts for condition in self.conditions)


@dataclass(frozen=True, slots=True)
class Dimension:
    """A dimension, or a group within one. `moved` are points that come from what does not apply elsewhere."""

    title: str
    meaning: str
    points: Points
    groups: tuple[Dimension, ...] = ()
    applies: bool = True
    moved: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class NotScored:
    """An indicator that earned and lost nothing, and why."""

    title: str
    why: str
    maximum: str


@dataclass(frozen=True, slots=True)
class Gain:
    """A way to more points: `options` by their words, each worth `each` (and at most `best`) more."""

    options: tuple[str, ...]
    each: str
    best: str
    several: bool


@dataclass(frozen=True, slots=True)
class Loss:
    """A question where points were lost, and what would earn some; where options do not tell, why it is so."""

    number: str
    name: str
    lost: str
    gain: Gain | None
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Scene:
    """A scene with the words of its level now and of the next; `level` is None while it is not answered."""

    number: str
    name: str
    constrained: bool
    level: int | None
    level_name: str
    now: str
    next_name: str
    next: str


@dataclass(frozen=True, slots=True)
class SceneGroup:
    """Scenes that belong together."""

    title: str
    scenes: tuple[Scene, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: the words chosen, the firm's own reason; where it is scored, its points and the sentence.

    `by_figures`: nothing was chosen, figures of the firm say all.
    """

    number: str
    name: str
    label: str
    chosen: tuple[str, ...]
    points: Points | None = None
    sentence: str = ""
    reason: str = ""
    by_figures: bool = False


@dataclass(frozen=True, slots=True)
class AnswerGroup:
    """The answers of one dimension; of one section of the questionnaire where they earn no points."""

    title: str
    points: Points | None
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the firm by year, in the order of `Report.years`; empty where none was given."""

    label: str
    unit: str
    values: tuple[str, ...]
    definition: str


@dataclass(frozen=True, slots=True)
class Improvement:
    """The way to the next level. `locked` is what the firm calls not possible: as in an address, and in words."""

    words: RoadmapWords
    locked: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """One submission's result in one language. `next` is the step above the sure level, None at the top.

    A questionnaire without a ladder has no `steps` and an empty `verdict`; one without a tree has a total of 0 out of
    0. `standing` is "official" or "in-house".
    """

    language: str
    field: str
    standing: str
    firm: Firm
    round: str
    reference_year: int
    verdict: str
    level: Level
    possible: Level
    total: Points
    steps: tuple[Step, ...]
    stepwise: bool
    next: Step | None
    nearest: tuple[Scene, ...]
    checks: tuple[Check, ...]
    dimensions: tuple[Dimension, ...]
    not_scored: tuple[NotScored, ...]
    losses: tuple[Loss, ...]
    scene_groups: tuple[SceneGroup, ...]
    answers: tuple[AnswerGroup, ...]
    years: tuple[int, ...]
    figures: tuple[Figure, ...]
    conflicts: tuple[Conflict, ...]
    provenance: Provenance
    open_answers: int
    improvement: Callable[[], Improvement | None] = lambda: None  # takes up to seconds: worked out where it is shown
    city_values: tuple[CityValue, ...] = ()
    waves: Waves | None = None
    compared: Comparison | None = None
    verified: Verified | None = None

    @property
    def on_site(self) -> bool:
        """Whether this is the result of an on-site assessment itself."""
        return self.verified is not None and self.verified.itself

    @property
    def in_house(self) -> bool:
        """Whether it is rated by a rubric of our own; a list of answers is no rubric."""
        return self.standing == "in-house" and (self.scored or bool(self.steps))

    @property
    def scored(self) -> bool:
        """Whether there are points at all."""
        return bool(self.total.maximum)

    @property
    def one_step(self) -> bool:
        """Whether the ladder is a single question: eligible or not."""
        return len(self.steps) == 1

    @property
    def scenes(self) -> tuple[Scene, ...]:
        return tuple(scene for group in self.scene_groups for scene in group.scenes)

    @property
    def open_scenes(self) -> int:
        return sum(scene.level is None for scene in self.scenes)

    @property
    def open(self) -> bool:
        """Whether anything is not answered."""
        return bool(self.open_answers or self.open_scenes)
