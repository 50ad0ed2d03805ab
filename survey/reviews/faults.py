"""What an office may find fault with: the kinds of faults, and the things they are about.

A fault is about an item (its id), about a figure (`figure:KIND:YEAR`), or about the submission as a whole (None).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from questionnaires.instrument import Instrument
from questionnaires.items import Item, Scene, figures_asked
from survey.organisations.figures import Asked, Key, label

KINDS: Final[Mapping[str, LazyString]] = {
    "unclear": _l("Unclear"),
    "contradicts": _l("Contradicts another answer"),
    "implausible": _l("Not plausible"),
    "evidence": _l("Evidence is missing"),
    "figure": _l("Wrong figure"),
    "other": _l("Something else"),
}
"""What may be wrong. A new kind is one row here."""

MOST_TEXT: Final = 500
MOST_FAULTS: Final = 200
"""More than any questionnaire has items: a notice with more helps nobody."""
FIGURE: Final = "figure"


def figure_key(kind: str, year: int) -> str:
    return f"{FIGURE}:{kind}:{year}"


def figure_in(about: str | None) -> Key | None:
    """The kind and year of a fault about a figure."""
    word, _colon, rest = (about or "").partition(":")
    kind, _colon, year = rest.partition(":")
    return (kind, int(year)) if word == FIGURE and year.isascii() and year.isdigit() else None


def item_name(item: Item, language: str) -> str:
    """Number and short name, as the firm finds the item on its pages."""
    number = _("Scene %(number)s", number=item.number) if isinstance(item, Scene) else item.number
    return f"{number} {item.short.say(language)}"


def about_name(about: str | None, instrument: Instrument, language: str) -> str:
    """What a fault is about, in words."""
    figure = figure_in(about)
    if figure is not None and figure[0] in instrument.fact_kinds:
        return label(Asked(instrument.fact_kinds[figure[0]], figure[1]), language)
    item = instrument.items.get(about or "")
    return item_name(item, language) if item else _("The submission as a whole")


def figures_of(item: Item, year: int) -> tuple[Key, ...]:
    """The figures that an item asks for, each once."""
    return tuple(dict.fromkeys((kind, year + offset) for kind, offset in figures_asked(item)))


def home_of(about: str | None, instrument: Instrument, year: int) -> str:
    """The item beside which a fault is shown: for a figure the first that asks for it; empty for the whole."""
    figure = figure_in(about)
    if figure is None:
        return about if about is not None and about in instrument.items else ""
    return next((item.id for item in instrument.items.values() if figure in figures_of(item, year)), "")


def place_of(about: str | None, instrument: Instrument, year: int) -> int:
    """Its place in the order of the questionnaire; what is about the whole comes last."""
    items = list(instrument.items)
    home = home_of(about, instrument, year)
    return items.index(home) if home else len(items)


def known(about: str | None, instrument: Instrument, year: int) -> bool:
    """Whether a fault can be about this."""
    return about is None or bool(home_of(about, instrument, year))
