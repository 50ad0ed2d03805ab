"""The four shapes of charts, and a chart: what the server draws and what the script draws is made from the same."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Final

from survey.report.svg import INK, WHITE

RAMP: Final = ("#e8ecf0", "#c2d9ee", "#84b4de", "#2f76b3", "#0a4580")
"""From nothing to all: lighter to darker, so that a print without colour and every eye can tell the steps."""
SHADES: Final = 9
"""Steps of a grid's shade, 0 to 8."""
DARK: Final = 3
"""From this step of the ramp on figures stand in white."""

Cell = str | int | Decimal | None


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of piece in the bars, with its colours; `outlined` is drawn as a white piece with a dark frame."""

    name: str
    fill: str
    ink: str = INK
    outlined: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: how many of each part, and what it is a bar of."""

    name: str
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars below one another. `whole`: how many a full length stands for; None where each bar is its own whole."""

    kind: ClassVar = "bars"
    bars: tuple[Bar, ...]
    parts: tuple[Part, ...]
    whole: int | None = None


@dataclass(frozen=True, slots=True)
class Square:
    """One square of a grid: what stands in it, its shade from 0 to 1, and what it means in words."""

    text: str
    shade: float
    said: str

    @property
    def step(self) -> int:
        return round(self.shade * (SHADES - 1))


@dataclass(frozen=True, slots=True)
class Grid:
    """Squares in rows and columns; None where nobody is counted. `across` and `down` name the two sides."""

    kind: ClassVar = "grid"
    across: str
    down: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Square | None, ...]], ...]


@dataclass(frozen=True, slots=True)
class Box:
    """A spread: tenth, quarter, middle, three quarters and nine tenths, each from 0 to 1, and the words for it."""

    name: str
    count: int
    marks: tuple[float, float, float, float, float] | None
    said: str


@dataclass(frozen=True, slots=True)
class Boxes:
    """Spreads on one scale from 0 to `maximum` points."""

    kind: ClassVar = "boxes"
    boxes: tuple[Box, ...]
    maximum: float
    unit: str


@dataclass(frozen=True, slots=True)
class Dot:
    """Two values of one thing, each from low to high between 0 and 1 (a point where the two are equal) or missing."""

    name: str
    first: tuple[float, float] | None
    second: tuple[float, float] | None
    said: str


@dataclass(frozen=True, slots=True)
class Dots:
    """Pairs of values on one scale of 0 to 100 per cent; `first` and `second` name the two."""

    kind: ClassVar = "dots"
    dots: tuple[Dot, ...]
    first: str
    second: str
    unit: str


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart. `topic` names it, `finding` says what is seen, `about` what is counted in which unit.

    `head` and `rows` are the table with every number shown; `shape` is None where there is nothing to draw, and `why`
    says why.
    """

    id: str
    topic: str
    finding: str
    about: str
    count: int
    shape: Bars | Grid | Boxes | Dots | None
    head: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    why: str = ""


def nothing(chart_id: str, topic: str, about: str, why: str) -> Chart:
    """A chart that cannot be drawn, and why."""
    return Chart(chart_id, topic, "", about, 0, None, why=why)


def ramp(step: int, last: int) -> tuple[str, str]:
    """The colours of one of the steps 0 to `last`: of the piece, and of a figure in it."""
    place = round(step * (len(RAMP) - 1) / last) if last else 0
    return RAMP[place], WHITE if place >= DARK else INK
