"""The list for the bookkeeper: every figure of the chosen questionnaires on one sheet, given ones filled in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from questionnaires.facts import FactKind
from survey import formatting
from survey.languages import page_language
from survey.organisations import fact_groups
from survey.organisations.figures import UNIT_NAMES
from survey.organisations.figures_page import Page
from survey.organisations.parts import Part

END: Final = {"zh_CN": re.compile(r"(?<=[\u3002\uff1a])"), "en": re.compile(r"(?<=[.:])\s")}
"""Where the first sentence of a hint ends: it names the statement and the line."""


@dataclass(frozen=True, slots=True)
class Line:
    """One figure. `cells` stand in the order of the years: the value given, empty for a box, None if not asked."""

    label: str
    unit: str
    where: str
    cells: list[str | None]


@dataclass(frozen=True, slots=True)
class Choice:
    """A questionnaire that can be put on the list or left out."""

    name: str
    title: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class PaperList:
    """`missing` counts the boxes that are still empty."""

    years: list[int]
    groups: list[tuple[str, list[Line]]]
    choices: list[Choice]
    missing: int


def paper_list(parts: Sequence[Part], names: Sequence[str], page: Page) -> PaperList:
    """The list for the parts of these names; for all open ones where none of the names is among them.

    Where no questionnaire is open it holds the figures that the firm's size is judged by.
    """
    language = page_language()
    chosen = [part for part in parts if part.name in names] or list(parts)
    keys = frozenset[tuple[str, int]]().union(*(part.figures() for part in chosen)) if chosen else page.keys
    years = sorted({year for _kind, year in keys}, reverse=True)
    sheet = Page(keys, page.kinds, page.stored)
    groups = fact_groups.grouped({kind for kind, _year in keys})
    return PaperList(
        years,
        [
            (str(fact_groups.TITLES[group]), [_line(sheet, page.kinds[kind], years, language) for kind in kinds])
            for group, kinds in groups.items()
        ],
        [Choice(part.name, part.instrument.title.say(language), part in chosen) for part in parts],
        len(keys - set(page.stored)),
    )


def _line(sheet: Page, kind: FactKind, years: Sequence[int], language: str) -> Line:
    where = END[language].split(kind.hint.say(language))[0].rstrip("\u3002.\uff1a: ")
    cells = [_cell(sheet, kind, year) if (kind.id, year) in sheet.keys else None for year in years]
    return Line(kind.label.say(language), str(UNIT_NAMES[kind.unit]), where, cells)


def _cell(sheet: Page, kind: FactKind, year: int) -> str:
    """A given figure in its base unit; decimals only where there are some."""
    fact = sheet.stored.get((kind.id, year))
    if fact is None:
        return ""
    amount = kind.amount(fact.value)
    return formatting.number(amount, 0 if amount.denominator == 1 else kind.decimals)
