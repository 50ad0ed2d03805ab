"""What a report says, as plain values in one language. Page and PDF draw from this and from nothing else.

Figures arrive as text ready to be read, cut and never rounded up; shares from 0 to 1 stand beside them for drawing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from questionnaires.exact import fixed, shown

DASH = "–"


def column(points: Fraction) -> str:
    """Two decimals, so that a column lines up, but never less than the points themselves have up to three."""
    return fixed(points, 3) if fixed(points, 3)[-1] != "0" else fixed(points)


@dataclass(frozen=True, slots=True)
class Points:
    """Points from `low` to `high`; the two differ while answers are open."""

    low: Fraction
    high: Fraction
    maximum: Fraction

    @property
    def open(self) -> bool:
        return self.low != self.high

    @property
    def text(self) -> str:
        """With both decimals, for columns: "20.75", "8.50–16.00"; a third where it is needed: "1.875"."""
        return column(self.low) if not self.open else f"{column(self.low)}{DASH}{column(self.high)}"

    @property
    def short(self) -> str:
        """Without idle zeros, for sentences: "48.5"."""
        return shown(self.low, 3) if not self.open else f"{shown(self.low, 3)}{DASH}{shown(self.high, 3)}"

    @property
    def maximum_text(self) -> str:
        return shown(self.maximum)

    @property
    def share(self) -> str:
        """Share of the maximum: "41.5%"; whole percent while open, since more digits would promise too much."""
        if not self.maximum:
            return DASH
        low, high = (100 * points / self.maximum for points in (self.low, self.high))
        return f"{shown(low, 1)}%" if not self.open else f"{shown(low, 0)}{DASH}{shown(high, 0)}%"

    @property
    def drawn(self) -> tuple[float, float]:
        """The two ends as shares from 0 to 1."""
        if not self.maximum:
            return 0.0, 0.0
        return float(self.low / self.maximum), float(self.high / self.maximum)


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

    `state` is met, unmet, unknown or manual, `word` says it; `low` to `high` is where the firm stands, of `most`.
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


@dataclass(frozen=True, slots=True)
class Dimension:
    """A dimension, or a group within one."""

    title: str
    meaning: str
    points: Points
    groups: tuple[Dimension, ...] = ()


@dataclass(frozen=True, slots=True)
class Gain:
    """A way to more points: `options` by their words, each worth `each` (and at most `best`) more."""

    options: tuple[str, ...]
    each: str
    best: str
    several: bool


@dataclass(frozen=True, slots=True)
class Loss:
    """A question where points were lost, and what would earn some."""

    number: str
    name: str
    lost: str
    gain: Gain


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
    """One scored answer: the words chosen, the points, the sentence that explains them, the firm's own reason."""

    number: str
    name: str
    label: str
    chosen: tuple[str, ...]
    points: Points
    sentence: str
    reason: str


@dataclass(frozen=True, slots=True)
class AnswerGroup:
    """The answers of one dimension."""

    title: str
    points: Points
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the firm by year, in the order of `Report.years`; empty where none was given."""

    label: str
    unit: str
    values: tuple[str, ...]
    definition: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """Where sources disagree, what is followed, and how sure that is."""

    about: str
    decided: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """By what, from what and when the result was made."""

    questionnaire: str
    edition: str
    basis: str
    basis_number: str
    engine: str
    rules_checksum: str
    texts_checksum: str
    content_hash: str
    reference: str
    submitted_at: datetime


@dataclass(frozen=True, slots=True)
class Report:
    """One submission's result in one language. `next` is the step above the sure level, None at the top."""

    language: str
    field: str
    firm: Firm
    round: str
    reference_year: int
    level: Level
    possible: Level
    total: Points
    steps: tuple[Step, ...]
    next: Step | None
    nearest: tuple[Scene, ...]
    checks: tuple[Check, ...]
    dimensions: tuple[Dimension, ...]
    losses: tuple[Loss, ...]
    scene_groups: tuple[SceneGroup, ...]
    answers: tuple[AnswerGroup, ...]
    years: tuple[int, ...]
    figures: tuple[Figure, ...]
    conflicts: tuple[Conflict, ...]
    provenance: Provenance
    open_answers: int

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
