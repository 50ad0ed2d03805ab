"""What the firm table may be narrowed to and sorted by: read from an address or a form, said again as chips.

A filter is one row of FIELDS, a row of OPTIONS if it is chosen from a list, and a row of CONDITIONS in
table_conditions.py. What cannot be is left out, so that an old address still opens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy.orm import Session

from questionnaires.instrument import Instrument
from survey import formatting
from survey.desk.table_options import OPTIONS, Context, Option, campaigns
from survey.desk.table_sorts import SORTS
from survey.forms import tidy
from survey.models import Campaign
from survey.publishing.queries import instrument

MOST_TEXT: Final = 100
MOST_PAGES: Final = 200
MOST_POINTS: Final = 100_000


@dataclass(frozen=True, slots=True)
class Field:
    """A filter: its name on the page, and how it is given (a row of READERS)."""

    label: LazyString
    kind: str = "select"


FIELDS: Final[Mapping[str, Field]] = {
    "q": Field(_l("Name or code"), "text"),
    "progress": Field(_l("Progress")),
    "area": Field(_l("Area")),
    "level": Field(_l("Level")),
    "industry": Field(_l("Industry")),
    "own": Field(_l("Own industry")),
    "size": Field(_l("Size")),
    "chain": Field(_l("Industry chain")),
    "cluster": Field(_l("Cluster")),
    "state": Field(_l("Claiming")),
    "verified": Field(_l("Verified on site")),
    "gap": Field(_l("Gap")),
    "titles": Field(_l("Titles")),
    "low": Field(_l("Score from"), "points"),
    "high": Field(_l("Score up to"), "points"),
    "signs": Field(_l("With answer quality notes"), "tick"),
}
"""All filters, in the order of the page."""
ALWAYS_SHOWN: Final = ("q", "progress")
"""The others are folded away until one of them is on."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for. `chosen` holds an Option, a text, points or True by the name of the filter.

    `campaign` is the one whose answers the columns show, None before the first round. `page` counts from 1.
    """

    campaign: Campaign | None
    campaigns: list[Option]
    instrument: Instrument | None
    options: Mapping[str, list[Option]]
    chosen: Mapping[str, Any] = field(default_factory=dict)
    sort: str = "name"
    page: int = 1

    def arguments(self, **changes: Any) -> dict[str, Any]:
        """The same wish as values of an address, some of them changed; what is as it would be anyway is left out."""
        values = {name: _written(value) for name, value in self.chosen.items()}
        if self.campaign and self.campaigns and self.campaigns[0].value != self.campaign.public_id:
            values["campaign"] = self.campaign.public_id
        values |= {"sort": "" if self.sort == "name" else self.sort, **changes}
        return {key: value for key, value in values.items() if value not in ("", 1, None)}


def wanted(session: Session, values: Mapping[str, str], language: str, now: datetime) -> Wanted:
    """What these values of an address or a form ask for."""
    offered = campaigns(session, language, now)
    chosen = _option(offered, values.get("campaign", "")) or (offered[0] if offered else None)
    campaign: Campaign | None = chosen.thing if chosen else None
    asked = instrument(session, campaign.instrument_id) if campaign else None
    context = Context(session, language, asked)
    options = {name: make(context) for name, make in OPTIONS.items()}
    read = {name: READERS[each.kind](values.get(name) or "", options.get(name, [])) for name, each in FIELDS.items()}
    return Wanted(
        campaign,
        offered,
        asked,
        options,
        {name: value for name, value in read.items() if value is not None},
        sort=values.get("sort", "name") if values.get("sort") in SORTS else "name",
        page=_page(values.get("page", "1")),
    )


def _option(offered: Iterable[Option], value: str) -> Option | None:
    return next((each for each in offered if each.value == value), None)


def _text(value: str, _offered: list[Option]) -> str | None:
    return (tidy(value) or "").replace("\0", "")[:MOST_TEXT] or None


def _points(value: str, _offered: list[Option]) -> Fraction | None:
    whole, _dot, part = (tidy(value) or "").partition(".")
    if not (whole + part).isascii() or not whole.isdigit() or (part and not part.isdigit()) or len(value) > 12:
        return None
    return min(Fraction(f"{whole}.{part or 0}"), Fraction(MOST_POINTS))


def _page(value: str) -> int:
    number = int(value) if value.isascii() and value.isdigit() and len(value) < 9 else 1
    return min(max(number, 1), MOST_PAGES)


READERS: Final[Mapping[str, Callable[[str, list[Option]], Any]]] = {
    "text": _text,
    "select": lambda value, offered: _option(offered, value),
    "points": _points,
    "tick": lambda value, _offered: True if value == "1" else None,
}
"""How a filter is read; None narrows nothing."""


def _written(value: Any) -> str:
    """A value as an address holds it."""
    if value is True:
        return "1"
    if isinstance(value, Fraction):
        return str(value.numerator) if value.denominator == 1 else f"{float(value):.4f}".rstrip("0")
    return value.value if isinstance(value, Option) else str(value)


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is on: what it says, and the values of the address without it."""

    name: str
    text: str
    without: dict[str, Any]


def chips(asked: Wanted) -> list[Chip]:
    """One for each filter that narrows, in the order of the page."""
    return [Chip(name, said(asked, name), asked.arguments(**{name: ""})) for name in FIELDS if name in asked.chosen]


def said(asked: Wanted, name: str) -> str:
    """A filter in words: "Level: level 2"."""
    label, value = str(FIELDS[name].label), asked.chosen[name]
    if value is True:
        return label
    told = formatting.points(value) if isinstance(value, Fraction) else getattr(value, "text", value)
    return _("%(name)s: %(value)s", name=label, value=told)
