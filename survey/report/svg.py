"""Drawing: small SVG elements with presentation attributes only, so that page, print and PDF show the same."""

from __future__ import annotations

from typing import Final

from markupsafe import Markup, escape

INK: Final = "#1b2733"
MUTED: Final = "#556575"
LINE: Final = "#d9e0e6"
EDGE: Final = "#8896a3"
WHITE: Final = "#ffffff"
PRIMARY: Final = "#0b5cab"
WARN: Final = "#9a4508"
FIELDS: Final = {"digital": PRIMARY, "green": "#1b7f4b", "innovation": "#8a5a00", "needs": "#4d5c6b"}
"""The colour of the firm's own bars, by the questionnaire's field."""

Value = str | int | float


def element(name: str, *children: Markup | str, **attributes: Value | None) -> Markup:
    """`stroke_width=.2` becomes `stroke-width="0.2"`; None is left out; children are escaped unless they are Markup."""
    given = "".join(
        f' {key.replace("_", "-")}="{escape(_said(value))}"' for key, value in attributes.items() if value is not None
    )
    inside = "".join(escape(child) for child in children)
    return Markup(f"<{name}{given}>{inside}</{name}>" if inside else f"<{name}{given}/>")  # noqa: S704  # all escaped


def _said(value: Value) -> str:
    """Numbers with at most three decimals: a thousandth of a millimetre is enough."""
    return f"{value:.3f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def picture(title: str, *parts: Markup, text: str = "", **attributes: Value | None) -> Markup:
    """A whole drawing with its title and, for larger ones, a text that tells what is to be seen."""
    told = (element("title", title), *((element("desc", text),) if text else ()))
    label = f"{title} {text}".strip()
    return element("svg", *told, *parts, role="img", aria_label=label, **attributes)


def millimetres(title: str, width: float, height: float, *parts: Markup, text: str = "") -> Markup:
    """A drawing for the PDF, one unit to the millimetre. The family stands here: SVG takes none from the page."""
    size = {"width": f"{_said(float(width))}mm", "height": f"{_said(float(height))}mm"}
    box = f"0 0 {_said(float(width))} {_said(float(height))}"
    return picture(
        title,
        *parts,
        text=text,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=box,
        font_family="'Report Sans SC', 'Noto Sans CJK SC'",
        **size,
    )


def rect(x: Value, y: Value, width: Value, height: Value, **attributes: Value | None) -> Markup:
    return element("rect", x=x, y=y, width=width, height=height, **attributes)


def line(x1: Value, y1: Value, x2: Value, y2: Value, **attributes: Value | None) -> Markup:
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, **attributes)


def words(text: str, x: Value, y: Value, size: Value, **attributes: Value | None) -> Markup:
    return element("text", text, x=x, y=y, font_size=size, **attributes)


def percent(share: float) -> str:
    return f"{_said(round(100 * share, 2))}%"
