"""Charts as the server draws them: HTML carries the words, these drawings stretch with the page, placed by percent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from markupsafe import Markup

from survey.dashboard.shapes import Bar, Bars, Box, Dot, Part
from survey.formatting import number
from survey.report.svg import EDGE, INK, MUTED, PRIMARY, WHITE, element, line, percent, picture, rect, words

HEIGHT: Final = 30
ROOM: Final = 0.09
"""A piece of a bar that is at least so long has its figure in it."""
SCALE: Final = (0, 25, 50, 75, 100)
FIRST, SECOND = "#6f7d8a", PRIMARY
"""The colours of the two values of a pair."""


def bar(one: Bar, shape: Bars) -> Markup:
    """A bar of pieces, the number of firms in each that has room for it."""
    parts: list[Markup] = []
    whole, before = shape.whole or one.total, 0
    if shape.whole:
        parts.append(rect(0, 2, "100%", HEIGHT - 4, fill="#f0f3f5"))
    for count, part in zip(one.counts, shape.parts, strict=True):
        if count:
            parts += _piece(before / whole, count / whole, count, part)
            before += count
    said = ", ".join(f"{part.name} {number(count)}" for count, part in zip(one.counts, shape.parts, strict=True))
    return picture(f"{one.name}: {said}", *parts, height=HEIGHT)


def _piece(start: float, length: float, count: int, part: Part) -> Iterator[Markup]:
    frame = {"stroke": INK, "stroke_dasharray": "4 3"} if part.outlined else {"stroke": WHITE}
    yield rect(percent(start), 2, percent(length), HEIGHT - 4, fill=part.fill, stroke_width=1.5, **frame)
    if length >= ROOM:
        yield words(number(count), percent(start + length / 2), 20, 14, text_anchor="middle", fill=part.ink)


def key(part: Part) -> Markup:
    """The small piece that stands before a part's name."""
    frame = {"stroke": INK, "stroke_dasharray": "4 3"} if part.outlined else {"stroke": EDGE}
    return element("svg", rect(2, 2, 16, 14, fill=part.fill, **frame), width=20, height=18, aria_hidden="true")


def box(one: Box) -> Markup:
    """A spread: a line from the tenth to nine tenths, a box over the middle half, the median in it."""
    if one.marks is None:
        return picture(one.said, height=HEIGHT)
    low, quarter, middle, _upper, high = (percent(mark) for mark in one.marks)
    parts = [
        *_grid(),
        line(low, 15, high, 15, stroke=INK, stroke_width=1.5),
        line(low, 9, low, 21, stroke=INK, stroke_width=1.5),
        line(high, 9, high, 21, stroke=INK, stroke_width=1.5),
        rect(quarter, 5, percent(one.marks[3] - one.marks[1]), 20, fill="#84b4de", stroke="#0a4580", stroke_width=1.5),
        line(middle, 3, middle, 27, stroke=WHITE, stroke_width=6),
        line(middle, 3, middle, 27, stroke=INK, stroke_width=3),
    ]
    return picture(one.said, *parts, height=HEIGHT)


def dot(one: Dot) -> Markup:
    """Two values on one line: the first a ring, the second a full dot; a stretch where only a range is known."""
    parts = list(_grid())
    known = [sum(value) / 2 for value in (one.first, one.second) if value]
    if len(known) == 2:
        parts.append(line(percent(known[0]), 15, percent(known[1]), 15, stroke=MUTED, stroke_width=2))
    if one.first:
        parts += _mark(one.first, FIRST, full=False)
    if one.second:
        parts += _mark(one.second, SECOND, full=True)
    return picture(one.said, *parts, height=HEIGHT)


def _mark(value: tuple[float, float], colour: str, *, full: bool) -> Iterator[Markup]:
    low, high = value
    if low != high:
        yield rect(percent(low), 8, percent(high - low), 14, fill=WHITE, stroke=colour, stroke_width=2.5)
    else:
        fill = colour if full else WHITE
        yield element("circle", cx=percent(low), cy=15, r=6, fill=fill, stroke=colour, stroke_width=2.5)


def _grid() -> Iterator[Markup]:
    for place in SCALE:
        yield line(f"{place}%", 0, f"{place}%", HEIGHT, stroke="#d9e0e6", stroke_width=1)


def scale(maximum: float) -> Markup:
    """The line of figures below spreads and pairs, from 0 to the maximum."""
    ends = {0: "start", 100: "end"}
    parts = [
        words(
            f"{place * maximum / 100:g}", f"{place}%", 14, 14, text_anchor=ends.get(place, "middle"), fill=MUTED
        )
        for place in SCALE
    ]  # fmt: skip
    return element("svg", *parts, height=18, aria_hidden="true")


def first() -> Markup:
    """The mark of the first of two values, for the key."""
    return _small(FIRST, full=False)


def second() -> Markup:
    return _small(SECOND, full=True)


def _small(colour: str, *, full: bool) -> Markup:
    mark = element("circle", cx=10, cy=9, r=6, fill=colour if full else WHITE, stroke=colour, stroke_width=2.5)
    return element("svg", mark, width=20, height=18, aria_hidden="true")


DRAWN: Final[Mapping[str, Callable[..., Any]]] = {
    "bar": bar,
    "key": key,
    "box": box,
    "dot": dot,
    "scale": scale,
    "first": first,
    "second": second,
}
"""What templates may draw."""
