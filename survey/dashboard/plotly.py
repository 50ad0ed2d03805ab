"""The same charts for Plotly, as plain data. Words are escaped: Plotly understands some HTML in them.

The Python package of Plotly is not needed to make a dictionary; tests check every one with it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from textwrap import wrap
from typing import Any, Final

from survey.dashboard.drawing import FIRST, SECOND
from survey.dashboard.shapes import Bars, Boxes, Chart, Dots, Grid
from survey.formatting import number
from survey.report.svg import INK, MUTED, WHITE

LINE: Final = "#d9e0e6"
ROW, LINE_HEIGHT = 34, 18
"""Height of a row, and of a line of its name, in pixels."""
ROUND_IT: Final = 64
"""Height of the axis."""
SQUARES: Final = ("#eef2f6", "#b4d0ea", "#5f9bd3")
"""From nothing to all, light enough for dark figures throughout; dashboard.css has the same in nine steps."""
APART: Final = "\N{NO-BREAK SPACE}\N{MIDDLE DOT}\N{NO-BREAK SPACE}"
LETTERS: Final = 52
"""A name with more is broken; a Chinese character counts as two."""

Spec = dict[str, Any]


def spec(chart: Chart) -> Spec | None:
    """`data` and `layout` of a chart; None where there is nothing to draw."""
    if chart.shape is None:
        return None
    data, layout = SHAPES[chart.shape.kind](chart.shape)
    return {"data": data, "layout": {**FRAME, **layout}}


FRAME: Final[Mapping[str, Any]] = {
    "font": {"size": 14, "color": INK},
    "paper_bgcolor": "rgba(0,0,0,0)",
    "plot_bgcolor": "rgba(0,0,0,0)",
    "margin": {"l": 8, "r": 16, "t": 4, "b": 52},
    "hovermode": "closest",
    "hoverlabel": {"bgcolor": WHITE, "bordercolor": INK, "font": {"size": 14, "color": INK}},
    "dragmode": False,
    "showlegend": False,
}


def _axis(title: str, **more: Any) -> Spec:
    return {"title": {"text": escape(title)}, "fixedrange": True, "zeroline": False, "gridcolor": LINE, **more}


def _names(names: Sequence[str]) -> Spec:
    """The axis of names, the first at the top; by number, since two areas may bear one name."""
    return {
        "tickmode": "array",
        "tickvals": list(range(len(names))),
        "ticktext": [_broken(name) for name in names],
        "range": [len(names) - 0.5, -0.5],
        "automargin": True,
        "fixedrange": True,
        "showgrid": False,
        "zeroline": False,
        "ticklabelstandoff": 6,
    }


def _broken(name: str) -> str:
    """A name on lines that leave room for the chart."""
    wide = any(sign >= "\u1100" for sign in name)
    return "<br>".join(escape(each) for each in wrap(name, LETTERS // 2 if wide else LETTERS))


def _height(names: Sequence[str]) -> int:
    """Rows are as high as the name with most lines asks."""
    lines = max((_broken(name).count("<br>") + 1 for name in names), default=1)
    return ROUND_IT + max(ROW, LINE_HEIGHT * lines + 6) * len(names)


def _bars(shape: Bars) -> tuple[list[Spec], Spec]:
    rows = list(range(len(shape.bars)))
    wholes = [shape.whole or bar.total for bar in shape.bars]
    data = []
    for place, part in enumerate(shape.parts):
        counts = [bar.counts[place] for bar in shape.bars]
        shares = [100 * count / whole if whole else 0 for count, whole in zip(counts, wholes, strict=True)]
        said = [
            f"{escape(bar.name)}<br>{escape(part.name)}: {number(count)} / {number(whole)} ({share:.1f}%)"
            for bar, count, whole, share in zip(shape.bars, counts, wholes, shares, strict=True)
        ]
        frame = {"color": INK if part.outlined else WHITE, "width": 1.5}
        data.append(
            {
                "type": "bar",
                "orientation": "h",
                "name": escape(part.name),
                "y": rows,
                "x": shares,
                "text": [number(count) if share >= 6 else "" for count, share in zip(counts, shares, strict=True)],
                "textposition": "inside",
                "insidetextanchor": "middle",
                "textangle": 0,
                "insidetextfont": {"color": part.ink},
                "hovertext": said,
                "hoverinfo": "text",
                "marker": {"color": part.fill, "line": frame, **_hatch(part.outlined)},
            }
        )
    names = [bar.name if shape.whole else f"{bar.name}{APART}{number(bar.total)}" for bar in shape.bars]
    layout = {
        "barmode": "stack",
        "bargap": 0.25,
        "height": _height(names),
        "xaxis": _axis("%", range=[0, 100], tickvals=[0, 25, 50, 75, 100]),
        "yaxis": _names(names),
    }
    return data, layout


def _hatch(outlined: bool) -> Spec:
    return {"pattern": {"shape": "/", "fgcolor": MUTED, "size": 6, "solidity": 0.15}} if outlined else {}


def _grid(shape: Grid) -> tuple[list[Spec], Spec]:
    squares = [line for _name, line in shape.rows]
    data = {
        "type": "heatmap",
        "x": list(range(len(shape.columns))),
        "y": list(range(len(shape.rows))),
        "z": [[square.shade if square else None for square in line] for line in squares],
        "text": [[escape(square.text) if square else "" for square in line] for line in squares],
        "texttemplate": "%{text}",
        "hovertext": [[escape(square.said) if square else "" for square in line] for line in squares],
        "hoverinfo": "text",
        "hoverongaps": False,
        "zmin": 0,
        "zmax": 1,
        "colorscale": [[place / (len(SQUARES) - 1), colour] for place, colour in enumerate(SQUARES)],
        "textfont": {"color": INK},
        "showscale": False,
        "xgap": 2,
        "ygap": 2,
    }
    names = [name for name, _line in shape.rows]
    columns = {**_names(shape.columns), "range": [-0.5, len(shape.columns) - 0.5], "side": "top"}
    layout = {
        "height": _height(names),
        "margin": {"l": 8, "r": 16, "t": 72, "b": 8},
        "xaxis": {**columns, "title": {"text": escape(shape.across)}},
        "yaxis": _names(names),
    }
    return [data], layout


def _boxes(shape: Boxes) -> tuple[list[Spec], Spec]:
    known = [(place, box.marks) for place, box in enumerate(shape.boxes) if box.marks]
    lower, first, middle, third, upper = ([marks[at] * shape.maximum for _place, marks in known] for at in range(5))
    data = {
        "type": "box",
        "orientation": "h",
        "y": [place for place, _marks in known],
        "lowerfence": lower,
        "q1": first,
        "median": middle,
        "q3": third,
        "upperfence": upper,
        "hoverinfo": "x",
        "fillcolor": "#84b4de",
        "line": {"color": "#0a4580", "width": 2},
        "width": 0.6,
    }
    names = [f"{box.name}{APART}{number(box.count)}" for box in shape.boxes]
    layout = {
        "height": _height(names),
        "xaxis": _axis(shape.unit, range=[0, shape.maximum]),
        "yaxis": _names(names),
    }
    return [data], layout


def _dots(shape: Dots) -> tuple[list[Spec], Spec]:
    sides = (("first", shape.first, FIRST, "circle-open"), ("second", shape.second, SECOND, "circle"))
    data = []
    for side, name, colour, symbol in sides:
        known = [
            (place, value, dot.said)
            for place, dot in enumerate(shape.dots)
            if (value := getattr(dot, side)) is not None
        ]
        data.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": escape(name),
                "x": [50 * (low + high) for _place, (low, high), _said in known],
                "y": [place for place, _value, _said in known],
                "error_x": {
                    "type": "data",
                    "array": [50 * (high - low) for _place, (low, high), _said in known],
                    "color": colour,
                    "thickness": 8,
                    "width": 0,
                },
                "hovertext": [escape(said) for _place, _value, said in known],
                "hoverinfo": "text",
                "marker": {"color": colour, "symbol": symbol, "size": 12, "line": {"width": 2.5, "color": colour}},
            }
        )
    names = [dot.name for dot in shape.dots]
    layout = {
        "height": _height(names),
        "xaxis": _axis(shape.unit, range=[0, 100], tickvals=[0, 25, 50, 75, 100]),
        "yaxis": _names(names),
    }
    return data, layout


SHAPES: Final[Mapping[str, Callable[[Any], tuple[list[Spec], Spec]]]] = {
    "bars": _bars,
    "grid": _grid,
    "boxes": _boxes,
    "dots": _dots,
}
