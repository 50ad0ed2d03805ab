"""Charts of the report page. HTML carries the words; the drawings stretch with the page, placed by percent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from markupsafe import Markup

from survey.benchmark.queries import Compared
from survey.report.content import Condition
from survey.report.points import Points
from survey.report.svg import EDGE, INK, MUTED, PRIMARY, WARN, WHITE, element, line, percent, picture, rect, words

TRACK: Final = "#e8ecf0"
REACHED: Final = "#84b4de"
STEPS_EDGE: Final = "#93a0ac"
BAND: Final = "#e1e6eb"
RAMP: Final = {1: "#c2d9ee", 2: "#84b4de", 3: "#2f76b3", 4: "#0a4580"}
PALE: Final = (1, 2)  # shades that need an outline on white
LADDER_HEIGHT: Final = 142


def ladder(
    level: int, possible: int, steps: int, title: str, text: str, here: str, missing: Sequence[str], perhaps: str
) -> Markup:
    """The staircase from below level 1 up: `here` over the firm's step, `missing` in short lines over the next one."""
    parts: list[Markup] = []
    column = 100 / (steps + 1)
    for step in range(steps + 1):
        top = LADDER_HEIGHT - _step_height(step, steps)
        parts.append(
            rect(
                f"{step * column + 0.5:.2f}%",
                top,
                f"{column - 1:.2f}%",
                LADDER_HEIGHT - top,
                **_step_look(step, level, possible),
            )
        )
    parts += _labels(level, steps, column, [here], INK, bold=True)
    parts.append(_pointer(level, steps, column))
    if level < steps and missing:
        parts += _labels(level + 1, steps, column, missing, WARN)
    elif possible > level:
        parts += _labels(possible, steps, column, [perhaps], INK)
    parts.append(line(0, LADDER_HEIGHT - 0.75, "100%", LADDER_HEIGHT - 0.75, stroke=INK, stroke_width=1.5))
    return picture(title, *parts, text=text, **{"class": "ladder"}, height=LADDER_HEIGHT)


def _step_height(step: int, steps: int) -> float:
    return 14 + step * 108 / steps


def _step_look(step: int, level: int, possible: int) -> dict[str, str | float]:
    if step == level:
        return {"fill": PRIMARY}
    if step < level:
        return {"fill": REACHED}
    if step <= possible:
        return {"fill": WHITE, "stroke": INK, "stroke_width": 1.5, "stroke_dasharray": "4 3"}
    return {"fill": WHITE, "stroke": STEPS_EDGE, "stroke_width": 1.5, "stroke_dasharray": "4 3"}


def _labels(
    step: int, steps: int, column: float, lines: Sequence[str], fill: str, *, bold: bool = False
) -> Iterator[Markup]:
    """Short lines above a step; the highest ones stand inside it, where there is no room above."""
    top = LADDER_HEIGHT - _step_height(step, steps)
    room = 16 if bold else 8 + 19 * (len(lines) - 1)
    first = top - room if top - room > 14 else top + 22
    for place, text in enumerate(lines):
        inside = bold and first > top
        yield words(
            text,
            f"{(step + 0.5) * column:.2f}%",
            first + 19 * place,
            15 if bold else 14,
            text_anchor="middle",
            font_weight=700 if bold else None,
            fill=WHITE if inside else fill,
        )


def _pointer(step: int, steps: int, column: float) -> Markup:
    """The small triangle between the label and the step."""
    top = LADDER_HEIGHT - _step_height(step, steps)
    mark = element("path", d="M-6 0H6L0 7Z", fill=INK if top >= 31 else WHITE)
    y = top - 10 if top >= 31 else top + 27
    return element("svg", mark, x=f"{(step + 0.5) * column:.2f}%", y=y, width=1, height=8, overflow="visible")


def progress(condition: Condition, title: str) -> Markup:
    """How far one condition is met."""
    drawn = _points(condition) if condition.mark == "points" else _pieces(condition)
    return picture(title, *drawn[0], height=34, **drawn[1])


Drawn = tuple[list[Markup], dict[str, str]]


def _points(condition: Condition) -> Drawn:
    """A bar on the whole scale, with a line at what is asked."""
    low, asked = (percent(float(value / condition.most)) for value in (condition.low, condition.asked))
    parts = [rect(0, 12, "100%", 10, fill=TRACK), rect(0, 12, low, 10, fill=PRIMARY)]
    if condition.low != condition.high:
        width = percent(float((condition.high - condition.low) / condition.most))
        parts.append(_dashed(low, width, 12, 10))
    parts += [
        line(asked, 4, asked, 30, stroke=WHITE, stroke_width=6.5),
        line(asked, 4, asked, 30, stroke=INK, stroke_width=2.5),
    ]
    return parts, {}


def _pieces(condition: Condition) -> Drawn:
    """One square for each scene there is; dashed where one is still needed, blue dashed where an answer is open."""
    low, high, asked, most = map(int, (condition.low, condition.high, condition.asked, condition.most))
    parts = [_piece(place, low, high, asked) for place in range(most)]
    x = 20 * asked - 3
    parts += [
        line(x, 3, x, 31, stroke=WHITE, stroke_width=5),
        line(x, 3, x, 31, stroke=INK, stroke_width=2.5),
    ]
    return parts, {"viewBox": f"0 0 {20 * most} 34", "preserveAspectRatio": "xMinYMid meet"}


def _piece(place: int, low: int, high: int, asked: int) -> Markup:
    full, open_, needed = place < low, place < high, place < asked
    return rect(
        20 * place,
        10,
        14,
        14,
        fill=PRIMARY if full else WHITE,
        stroke=PRIMARY if open_ else STEPS_EDGE,
        stroke_width=1.5,
        stroke_dasharray="3 2" if not full and (open_ or needed) else None,
    )


def _dashed(x: str, width: str, y: float, height: float) -> Markup:
    """The part that open answers may still bring."""
    return rect(x, y, width, height, fill=WHITE, stroke=PRIMARY, stroke_width=1.5, stroke_dasharray="4 3")


def share(points: Points, title: str, colour: str = PRIMARY, *, thick: bool = True) -> Markup:
    """Points on a line whose full length is the maximum."""
    low, high = points.drawn
    height = 10 if thick else 8
    y = 16 - height / 2
    parts = [rect(0, 15.5, "100%", 1, fill=STEPS_EDGE)]
    if low:
        parts.append(rect(0, y, percent(low), height, fill=colour))
    elif not points.open:
        parts.append(element("path", d=f"M0 {y - 1}L5 16L0 {y + height + 1}Z", fill=colour))
    if points.open:
        parts.append(_dashed(percent(low), percent(high - low), y, height))
    parts.append(line("100%", 8, "100%", 24, stroke=STEPS_EDGE, stroke_width=3))
    return picture(title, *parts, height=32)


def strip(own: Points | None, compared: Compared, title: str, colour: str = PRIMARY) -> Markup:
    """The middle half of the others as a band, their median as an upright mark, the firm's own points as a bar."""
    parts = [rect(0, 19.5, "100%", 1, fill=STEPS_EDGE)]
    if compared.quartiles:
        low, high = (float(edge / compared.maximum) for edge in (compared.quartiles[0][0], compared.quartiles[1][1]))
        parts.append(rect(percent(low), 8, percent(high - low), 24, fill=BAND, stroke=EDGE))
    if own is not None:
        parts.append(rect(0, 15, percent(own.drawn[0]), 10, fill=colour))
        if own.open:
            parts.append(_dashed(percent(own.drawn[0]), percent(own.drawn[1] - own.drawn[0]), 15, 10))
    low, high = (float(edge / compared.maximum) for edge in compared.median)
    parts.append(rect(percent(low), 4, percent(high - low), 32, fill=INK, stroke=WHITE, stroke_width=1, opacity=0.85))
    parts.append(line("100%", 8, "100%", 32, stroke=STEPS_EDGE, stroke_width=3))
    return picture(title, *parts, height=40)


def change(before: Points, after: Points, title: str, colour: str = PRIMARY) -> Markup:
    """Then and now on a line whose full length is the maximum: a hollow mark, a line, a full mark."""
    then, now = (percent(points.drawn[0]) for points in (before, after))
    return picture(
        title,
        rect(0, 15.5, "100%", 1, fill=STEPS_EDGE),
        line(then, 16, now, 16, stroke=colour, stroke_width=3),
        element("circle", cx=then, cy=16, r=5, fill=WHITE, stroke=INK, stroke_width=1.5),
        element("circle", cx=now, cy=16, r=6, fill=colour, stroke=WHITE, stroke_width=1),
        line("100%", 8, "100%", 24, stroke=STEPS_EDGE, stroke_width=3),
        height=32,
        overflow="visible",
    )


def scene(level: int | None, asked: int | None, *, constrained: bool) -> Markup:
    """One scene's four steps, filled from below; a line at the level asked for, a dot if the scene is constrained.

    Words beside it say the same, so it is hidden from screen readers.
    """
    parts = [_scene_step(step, level) for step in RAMP]
    if asked:
        y = 65 - 14 * asked
        parts.append(line(0, y, "100%", y, stroke=INK, stroke_width=1.5))
    if constrained:
        parts.append(element("circle", cx="50%", cy=4, r=3, fill=INK))
    return element("svg", *parts, height=64, aria_hidden="true")


def _scene_step(step: int, level: int | None) -> Markup:
    look: dict[str, str | float] = {"fill": TRACK}
    if level is None:
        look = {"fill": WHITE, "stroke": MUTED, "stroke_dasharray": "3 2"}
    elif step <= level:
        look = {"fill": RAMP[level]}
        if level in PALE:
            look |= {"stroke": RAMP[3], "stroke_width": 1}
    return rect("50%", 66 - 14 * step, 26, 10, transform="translate(-13 0)", **look)


def levels(level: int | None, title: str) -> Markup:
    """Four small boxes, filled up to the level."""
    boxes: Iterable[Markup] = (
        rect(
            1 + 16 * (step - 1),
            1,
            13,
            12,
            fill=RAMP[step] if level is not None and step <= level else WHITE,
            stroke=EDGE,
            stroke_dasharray="2 2" if level is None else None,
        )
        for step in RAMP
    )
    return picture(title, *boxes, width=64, height=14)
