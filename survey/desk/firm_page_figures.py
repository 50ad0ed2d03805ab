"""A firm's figures by year with their source and whether they were verified: for the office's page about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from questionnaires.facts import FactKind
from survey.models import Fact, Organisation
from survey.organisations import fact_groups, figures
from survey.organisations.figures_page import YEARS_SHOWN
from survey.organisations.parts import kinds_of, parts
from survey.organisations.queries import Key, facts_of
from survey.organisations.sources import SOURCES


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure with its unit; where it comes from, and whether an officer has verified it."""

    amount: str
    source: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A kind of figure; a cell for each year of its group, None where nothing was given."""

    label: str
    cells: list[Cell | None]


@dataclass(frozen=True, slots=True)
class Group:
    """A part of the books. `years`, the latest first, are those with any figure in it."""

    title: str
    years: list[int]
    lines: list[Line]


def firm_figures(session: Session, firm: Organisation, year: int, now: datetime, language: str) -> list[Group]:
    """The figures of the last years up to the year of reference and the one after, by group; empty groups left out."""
    stored = {key: fact for key, fact in facts_of(session, firm.id).items() if year - YEARS_SHOWN < key[1]}
    kinds = kinds_of(parts(session, firm.id, now))
    known = {kind for kind, _year in stored if kind in kinds}
    return [
        _group(group, [kinds[each] for each in members], stored, language)
        for group, members in fact_groups.grouped(known).items()
    ]


def _group(group: str, kinds: list[FactKind], stored: Mapping[Key, Fact], language: str) -> Group:
    ids = {kind.id for kind in kinds}
    years = sorted({year for kind, year in stored if kind in ids}, reverse=True)
    lines = [
        Line(kind.label.say(language), [_cell(kind, stored.get((kind.id, year))) for year in years]) for kind in kinds
    ]
    return Group(str(fact_groups.TITLES[group]), years, lines)


def _cell(kind: FactKind, fact: Fact | None) -> Cell | None:
    if fact is None:
        return None
    return Cell(figures.said(kind, fact.value), str(SOURCES.get(fact.source, fact.source)), fact.verified)
