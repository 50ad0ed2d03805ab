"""Reading the rows of a list of firms: each becomes an entry, or everything that is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from flask_babel import gettext as _

from questionnaires.faults import brief
from survey import credit_code
from survey.accounts.recipients import recipient
from survey.credit_code import CreditCode, Wrong
from survey.desk import import_words as words
from survey.desk.import_lookup import CellFault, Lookup
from survey.languages import page_language
from survey.models import Area, SubIndustry
from survey.organisations.forms import visible, why_wrong
from survey.workbooks import Line

MOST_NAME: Final = 100
MOST_CONTACT: Final = 50
EARLIEST, LATEST = 2000, 2100
_BETWEEN: Final = re.compile(r"[;,\uff1b\uff0c\u3001\n]+")
_SEMICOLONS: Final = re.compile(r"[;\uff1b\n]+")
_NUMBERS: Final = re.compile(r"\d+")


class ListFaults(Exception):
    """The list cannot be imported; `faults` names every cell to mend."""

    def __init__(self, faults: Sequence[ListFault]) -> None:
        self.faults = list(faults)
        super().__init__(f"{len(self.faults)} faults")


@dataclass(frozen=True, slots=True)
class ListFault:
    """Something to mend, or (as a warning) to look at. `row` is the number that Excel shows, 0 for the whole file."""

    row: int
    column: str
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One row. `given` holds the columns that say something, by key; None in it takes away what was there."""

    row: int
    code: CreditCode
    name: str
    area: Area
    given: Mapping[str, Any] = field(default_factory=dict)


Columns = Mapping[str, tuple[int, str]]
"""For each key of a column its place, counted from 0, and its name as the file has it."""


def columns(head: Line) -> dict[str, tuple[int, str]]:
    """The columns of the list. Raises `ListFaults` where one is missing or there twice; others are left aside."""
    found: dict[str, tuple[int, str]] = {}
    faults = []
    for place, name in enumerate(head.cells):
        key = words.meaning("columns", name)
        if key in found:
            faults.append(ListFault(head.number, name, _("There are two columns for this: delete one")))
        elif key is not None:
            found[key] = (place, name)
    for key in words.REQUIRED:
        if key not in found:
            name = words.word("columns", key, page_language())
            faults.append(ListFault(head.number, name, _("This column is missing: add it, or take the template")))
    if faults:
        raise ListFaults(faults)
    return found


# -- one cell ----------------------------------------------------------------------------------------------------------


def _code(lookup: Lookup, text: str) -> CreditCode:
    found = credit_code.read(text)
    if isinstance(found, Wrong):
        raise CellFault(why_wrong(found))
    return found


def _name(lookup: Lookup, text: str) -> str:
    return _short(text, MOST_NAME)


def _contact(lookup: Lookup, text: str) -> str:
    return _short(text, MOST_CONTACT)


def _short(text: str, most: int) -> str:
    name = visible(text) or ""
    if len(name) > most:
        raise CellFault(_("Shorten the name to %(most)s characters", most=most))
    return name


def _area(lookup: Lookup, text: str) -> Area:
    found = lookup.areas.get(words.plain(text), [])
    if not found:
        raise CellFault(
            _("“%(name)s” is no area of the city. The sheet “Areas” of the template lists them", name=brief(text))
        )
    mine = [area for area in found if area.id in lookup.allowed]
    if len(mine or found) > 1:
        raise CellFault(
            _("Several areas are called “%(name)s”. Write the district before it, as in the template", name=brief(text))
        )
    if not mine:
        raise CellFault(_("This is not your area: its own office lists the firms there. Delete the row"))
    return mine[0]


def _mobile(lookup: Lookup, text: str) -> str:
    found = recipient(text)
    if found is None or found[0] != "mobile":
        raise CellFault(_("This is no mobile number. It has 11 digits and begins with 1"))
    return found[1]


def _industry(lookup: Lookup, text: str) -> str:
    found = lookup.industry(text)
    if found is None:
        raise CellFault(
            _(
                "“%(code)s” is no industry; enter a division, group or class such as C34, C348 or C3484",
                code=brief(text),
            )
        )
    return found


def _sub_industry(lookup: Lookup, text: str) -> SubIndustry:
    found = lookup.own.get(words.plain(text))
    if found is None:
        raise CellFault(_("“%(name)s” is none of the city's own industries. The template lists them", name=brief(text)))
    return found


def _chain(lookup: Lookup, text: str) -> frozenset[int]:
    return _groups(lookup, "chain", text)


def _cluster(lookup: Lookup, text: str) -> frozenset[int]:
    return _groups(lookup, "cluster", text)


def _groups(lookup: Lookup, kind: str, text: str) -> frozenset[int]:
    """The ids of those that a cell names by code or name."""
    named = [part for each in _SEMICOLONS.split(text) for part in _parted(lookup, kind, each.strip())]
    found = {part: lookup.groups.get((kind, words.plain(part))) for part in named}
    wrong = next((part for part, group in found.items() if group is None), None)
    if wrong is not None:
        raise CellFault(UNKNOWN_GROUP[kind](brief(wrong)))
    return frozenset(group.id for group in found.values() if group)


def _parted(lookup: Lookup, kind: str, text: str) -> list[str]:
    """A name may hold a comma itself: only what is no name as a whole is taken apart at them."""
    if (kind, words.plain(text)) in lookup.groups:
        return [text]
    return [part for part in (each.strip() for each in _BETWEEN.split(text)) if part]


UNKNOWN_GROUP: Final[Mapping[str, Callable[[str], str]]] = {
    "chain": lambda name: _("“%(name)s” is none of the city's chains. The template lists them", name=name),
    "cluster": lambda name: _("“%(name)s” is none of the city's clusters. The template lists them", name=name),
}


def _titles(lookup: Lookup, text: str) -> dict[str, date | None]:
    found: dict[str, date | None] = {}
    for part in filter(None, (each.strip() for each in _BETWEEN.split(text))):
        name, _colon, until = part.replace("\uff1a", ":").partition(":")
        key = words.meaning("titles", name)
        if key is None:
            raise CellFault(_("“%(name)s” is no title that is known here. The template lists them", name=brief(name)))
        if key in found:
            raise CellFault(_("“%(name)s” stands here twice", name=brief(name)))
        found[key] = _day(until) if until.strip() else None
    return found


def _day(text: str) -> date:
    numbers = [int(number) for number in _NUMBERS.findall(text)[:4] if len(number) <= 4]
    try:
        day = date(*numbers)
    except (TypeError, ValueError):
        day = date.min
    if not EARLIEST <= day.year <= LATEST:
        raise CellFault(_("“%(day)s” is no day. Write it as 2027-06-30", day=brief(text.strip())))
    return day


def _above(lookup: Lookup, text: str) -> bool:
    return _choice("above", text) == "above"


def _checked(lookup: Lookup, text: str) -> bool:
    return _choice("checked", text) == "yes"


def _choice(kind: str, text: str) -> str:
    found = words.meaning(kind, text)
    if found is None:
        known = _(" or ").join(words.word(kind, key, page_language()) for key in words.keys(kind))
        raise CellFault(_("“%(typed)s” is not understood. Write %(known)s", typed=brief(text), known=known))
    return found


READERS: Final[Mapping[str, Callable[[Lookup, str], Any]]] = {
    "credit_code": _code,
    "name": _name,
    "area": _area,
    "contact": _contact,
    "mobile": _mobile,
    "industry_code": _industry,
    "sub_industry": _sub_industry,
    "chain": _chain,
    "cluster": _cluster,
    "titles": _titles,
    "above": _above,
    "code_checked": _checked,
}
"""How each column is read. A new column is one row here and one in list_words.yaml."""

STANDS_FOR: Final = "stands_for"
"""In what an entry gives: the industry code that the own industry of the city stands for."""

REMOVABLE: Final = frozenset({"contact", "mobile", "sub_industry", "chain", "cluster", "titles", "above"})


# -- one row -----------------------------------------------------------------------------------------------------------


def entry(line: Line, places: Columns, lookup: Lookup) -> Entry | list[ListFault]:
    """The row, or everything that is wrong with it."""
    given: dict[str, Any] = {}
    faults = list(_read(line, places, lookup, given))
    if faults:
        return faults
    code, name, area = (given.pop(key) for key in words.REQUIRED)
    if given.get("sub_industry"):
        given[STANDS_FOR] = next(filter(None, map(lookup.industry, given["sub_industry"].prefixes)), None)
    return Entry(line.number, code, name, area, given)


def _read(line: Line, places: Columns, lookup: Lookup, given: dict[str, Any]) -> Iterator[ListFault]:
    for key, (place, column) in places.items():
        text = line.cells[place] if place < len(line.cells) else ""
        if not visible(text):
            if key in words.REQUIRED:
                yield ListFault(line.number, column, _("This cell is empty: fill it in"))
        elif key in REMOVABLE and words.meaning("nothing", text):
            given[key] = None
        else:
            try:
                given[key] = READERS[key](lookup, text)
            except CellFault as fault:
                yield ListFault(line.number, column, str(fault))
