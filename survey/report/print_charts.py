"""Charts of the PDF, in millimetres. One mark has one meaning on all pages; see docs/adr/0004-report-pdf.md."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Final

from markupsafe import Markup

from survey.benchmark.queries import Compared
from survey.report.content import Condition, Scene, SceneGroup
from survey.report.points import Points
from survey.report.svg import EDGE, INK, LINE, MUTED, PRIMARY, WHITE, element, line, millimetres, rect, words

SMALL: Final = 2.65  # 7.5 pt, the smallest text anywhere
RAMP: Final = {1: "#c6dbef", 2: "#84b4de", 3: "#3a82bf", 4: "#0a4580"}
LIGHT: Final = (3, 4)  # shades that carry white figures
REACHED: Final = RAMP[1]
BAND: Final = "#e1e6eb"
GROUND: Final = 75.0
STRIP: Final = 58.0
PAD: Final = 2.0
ROW: Final = 7.4
MEASURE: Final = 170.0


def ladder(level: int, possible: int, names: Sequence[str], title: str, text: str, here: str, perhaps: str) -> Markup:
    """The steps of the ladder on the ground; below level 1 the mark stands on the ground, left of the first step."""
    left = 16.0
    width, rise = 96 / len(names), 58 / len(names)
    parts: list[Markup] = []
    for number, name in enumerate(names, 1):
        x, height = left + width * (number - 1), rise * number
        parts.append(rect(x + 0.4, GROUND - height, width - 0.8, height, **_step_look(number, level, possible)))
        here_now = number == level
        parts.append(
            words(name, x + width / 2, GROUND + 4.3, 3.18, text_anchor="middle", fill=INK if here_now else MUTED,
                  font_weight=700 if here_now else None)
        )  # fmt: skip
    parts.append(line(0, GROUND, 112, GROUND, stroke=INK, stroke_width=0.35))
    if possible > level:
        parts.append(words(perhaps, left + width * (possible - 0.5), GROUND - rise * possible - 1.6, 3.0,
                           text_anchor="middle", fill=INK))  # fmt: skip
    parts += _here(left + width * (level - 0.5) if level else left / 2, GROUND - rise * level, here)
    return millimetres(title, 112, 82, *parts, text=text)


def _step_look(number: int, level: int, possible: int) -> dict[str, str | float]:
    if number == level:
        return {"fill": PRIMARY}
    if number < level:
        return {"fill": REACHED}
    if number <= possible:
        return {"fill": WHITE, "stroke": INK, "stroke_width": 0.35, "stroke_dasharray": "1.2 0.8"}
    return {"fill": WHITE, "stroke": EDGE, "stroke_width": 0.25}


def _here(x: float, top: float, text: str) -> tuple[Markup, Markup]:
    mark = element("polygon", points=f"{x - 2:.2f},{top - 4.4:.2f} {x + 2:.2f},{top - 4.4:.2f} {x:.2f},{top - 1:.2f}",
                   fill=INK)  # fmt: skip
    return mark, words(text, x, top - 6.2, 3.0, text_anchor="middle", font_weight=700, fill=INK)


def progress(condition: Condition, title: str) -> Markup:
    """How far one condition is met: a bar with a line at what is asked, or one mark for each piece asked."""
    return PROGRESS[condition.mark](condition, title)


def _bar(condition: Condition, title: str) -> Markup:
    scale = 47.4 / float(condition.most)
    low, high, asked = (float(value) * scale for value in (condition.low, condition.high, condition.asked))
    parts = [rect(0.3, 1.4, 47.4, 2.6, fill=WHITE, stroke=EDGE, stroke_width=0.2)]
    if low:
        parts.append(rect(0.3, 1.4, low, 2.6, fill=PRIMARY))
    if high > low:
        parts.append(_dashed(0.3 + low, 1.4, high - low, 2.6))
    for colour, width in ((WHITE, 1.2), (INK, 0.55)):
        parts.append(line(0.3 + asked, 0.2, 0.3 + asked, 5.2, stroke=colour, stroke_width=width))
    return millimetres(title, 48, 5.4, *parts)


def _dashed(x: float, y: float, width: float, height: float) -> Markup:
    """The part that open answers may still bring."""
    return rect(x, y, width, height, fill=WHITE, stroke=PRIMARY, stroke_width=0.3, stroke_dasharray="0.8 0.6")


def _piece_look(place: int, condition: Condition) -> dict[str, str | float | None]:
    full, open_ = place < condition.low, place < condition.high
    return {
        "fill": PRIMARY if full else WHITE,
        "stroke": PRIMARY if open_ else EDGE,
        "stroke_width": 0.3,
        "stroke_dasharray": "0.8 0.6" if open_ and not full else None,
    }


def _squares(condition: Condition, title: str) -> Markup:
    count = int(condition.asked)
    parts = (rect(0.2 + 4.8 * place, 0.5, 3.6, 3.6, **_piece_look(place, condition)) for place in range(count))
    return millimetres(title, max(4.8 * count, 4.8), 4.6, *parts)


def _stars(condition: Condition, title: str) -> Markup:
    count = int(condition.asked)
    parts = (_star(2.4 + 4.8 * place, 2.4, 2.1, **_piece_look(place, condition)) for place in range(count))
    return millimetres(title, max(4.8 * count, 4.8), 4.8, *parts)


PROGRESS: Final = {"points": _bar, "count": _squares, "constrained": _stars}


def _star(x: float, y: float, radius: float, **look: str | float | None) -> Markup:
    corners = []
    for corner in range(10):
        reach = radius if corner % 2 == 0 else radius * 0.45
        angle = math.pi * (corner / 5 - 0.5)
        corners.append(f"{x + reach * math.cos(angle):.2f},{y + reach * math.sin(angle):.2f}")
    return element("polygon", points=" ".join(corners), **look)


def axis(title: str) -> Markup:
    """The scale above a column of strips."""
    parts = []
    for number in (0, 25, 50, 75, 100):
        x = _x(number / 100)
        parts.append(line(x, 3.2, x, 4.2, stroke=MUTED, stroke_width=0.2))
        at: dict[str, str | float] = (
            {"x": STRIP, "text_anchor": "end"} if number == 100 else {"x": x, "text_anchor": "middle"}
        )
        parts.append(element("text", f"{number}%" if number == 100 else str(number), y=2.5, font_size=SMALL,
                             fill=MUTED, **at))  # fmt: skip
    return millimetres(title, STRIP, 4.2, *parts)


def _x(share: float) -> float:
    return PAD + share * (STRIP - 2 * PAD)


def share(points: Points, title: str, colour: str = PRIMARY, *, thick: bool = True) -> Markup:
    """A bar on the common scale of the column; a wedge where there is exactly nothing."""
    low, high = points.drawn
    height = ROW * (0.38 if thick else 0.27)
    y = (ROW - height) / 2
    parts = [
        line(_x(at), 0, _x(at), ROW, stroke=LINE if at else EDGE, stroke_width=0.2) for at in (0, 0.25, 0.5, 0.75, 1)
    ]
    if low:
        parts.append(rect(PAD, y, _x(low) - PAD, height, fill=colour))
    elif not points.open:
        parts.append(element("polygon", points=f"{PAD},{ROW / 2 - 1.3:.2f} {PAD + 1.3},{ROW / 2:.2f} "
                                               f"{PAD},{ROW / 2 + 1.3:.2f}", fill=colour))  # fmt: skip
    if points.open:
        parts.append(_dashed(_x(low), y, _x(high) - _x(low), height))
    return millimetres(title, STRIP, ROW, *parts)


def strip(own: Points | None, compared: Compared, title: str, colour: str = PRIMARY) -> Markup:
    """The middle half of the others as a band, their median as an upright mark, the firm's own points as a bar."""
    parts = [
        line(_x(at), 0, _x(at), ROW, stroke=LINE if at else EDGE, stroke_width=0.2) for at in (0, 0.25, 0.5, 0.75, 1)
    ]
    if compared.quartiles:
        low, high = (
            _x(float(edge / compared.maximum)) for edge in (compared.quartiles[0][0], compared.quartiles[1][1])
        )
        parts.append(rect(low, ROW * 0.2, high - low, ROW * 0.6, fill=BAND, stroke=EDGE, stroke_width=0.2))
    if own is not None:
        height = ROW * 0.27
        low, high = (_x(at) for at in own.drawn)
        parts.append(rect(PAD, (ROW - height) / 2, low - PAD, height, fill=colour))
        if own.open:
            parts.append(_dashed(low, (ROW - height) / 2, high - low, height))
    low, high = (_x(float(edge / compared.maximum)) for edge in compared.median)
    parts.append(rect(low, ROW * 0.1, high - low, ROW * 0.8, fill=INK, stroke=WHITE, stroke_width=0.2))
    return millimetres(title, STRIP, ROW, *parts)


def change(before: Points, after: Points, title: str, colour: str = PRIMARY) -> Markup:
    """Then and now on the common scale: a hollow mark, a line, a full mark."""
    then, now, middle = _x(before.drawn[0]), _x(after.drawn[0]), ROW / 2
    parts = [
        line(_x(at), 0, _x(at), ROW, stroke=LINE if at else EDGE, stroke_width=0.2) for at in (0, 0.25, 0.5, 0.75, 1)
    ]
    parts += [
        line(then, middle, now, middle, stroke=colour, stroke_width=0.9),
        element("circle", cx=then, cy=middle, r=1.2, fill=WHITE, stroke=INK, stroke_width=0.35),
        element("circle", cx=now, cy=middle, r=1.5, fill=colour),
    ]
    return millimetres(title, STRIP, ROW, *parts)


def heat_strip(groups: Sequence[SceneGroup], title: str, text: str) -> Markup:
    """All scenes in a row: the level in each cell, a star on constrained ones, names or numbers below."""
    count = sum(len(group.scenes) for group in groups)
    gap, between = 2.5, 0.8
    pitch = (MEASURE - gap * (len(groups) - 1)) / count
    named = all(len(scene.name) <= 6 and not scene.name.isascii() for group in groups for scene in group.scenes)
    parts: list[Markup] = []
    x = 0.0
    for group in groups:
        end = x + pitch * len(group.scenes) - between
        parts.append(words(group.title, x, 3.2, SMALL, fill=MUTED))
        parts.append(line(x, 4.6, end, 4.6, stroke=EDGE, stroke_width=0.25))
        for place, scene in enumerate(group.scenes):
            parts += _cell(scene, x + 0.2 + pitch * place, pitch - between, named=named)
        x += pitch * len(group.scenes) + gap
    return millimetres(title, MEASURE, 28 if named else 24.5, *parts, text=text)


def _cell(scene: Scene, x: float, width: float, *, named: bool) -> Iterator[Markup]:
    level, middle = scene.level, x + width / 2
    ink = WHITE if level in LIGHT else INK
    if level:
        yield rect(x, 8, width, 11, fill=RAMP[level])
    else:
        yield rect(x, 8, width, 11, fill=WHITE, stroke=EDGE, stroke_width=0.25, stroke_dasharray="1 0.7")
    figure = "?" if level is None else str(level)
    yield words(figure, middle, 15.3, 4.94, text_anchor="middle", font_weight=700, fill=ink)
    if scene.constrained:
        yield _star(x + width - 1.7, 9.8, 1.2, fill=ink)
    half = (len(scene.name) + 1) // 2
    lines = (scene.name[:half], scene.name[half:]) if named else (scene.number,)
    for place, text in enumerate(lines):
        yield words(text, middle, 22.8 + 3.4 * place, SMALL, text_anchor="middle", fill=INK)


def levels(level: int | None, title: str) -> Markup:
    """Four small boxes, filled up to the level."""
    boxes = (
        rect(0.15 + 3.75 * (step - 1), 0.3, 3.25, 3, stroke=EDGE, stroke_width=0.2,
             fill=RAMP[step] if level is not None and step <= level else WHITE,
             stroke_dasharray="0.6 0.5" if level is None else None)
        for step in RAMP
    )  # fmt: skip
    return millimetres(title, 15, 3.6, *boxes)
