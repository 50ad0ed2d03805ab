"""What the cells of a list of firms are compared with."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.city.groups import groups
from survey.desk import import_words as words
from survey.models import Area, SubIndustry
from survey.organisations import industries


class CellFault(Exception):
    """What is wrong with a cell, as a sentence that says what to do."""


class Lookup:
    """What cells are compared with, read once for a whole list. `allowed`: ids of the areas the person may list for."""

    def __init__(self, session: Session, allowed: frozenset[int]) -> None:
        self.session, self.allowed = session, allowed
        self.areas = _area_names(session)
        self.own = {
            words.plain(name): row
            for row in session.scalars(sa.select(SubIndustry).where(SubIndustry.active))
            for name in (row.code, row.name_zh, row.name_en)
        }
        self.groups = {
            (row.kind, words.plain(name)): row
            for row in groups(session)
            for name in (row.code, row.name_zh, row.name_en)
        }
        self.codes: dict[str, str | None] = {}

    def industry(self, text: str) -> str | None:
        if text not in self.codes:
            self.codes[text] = industries.resolve(self.session, text)
        return self.codes[text]


def _area_names(session: Session) -> dict[str, list[Area]]:
    """All that an area below the city may be called: its number, its name, its name after those of the areas above."""
    areas = {area.id: area for area in session.scalars(sa.select(Area).where(Area.active))}
    found: dict[str, list[Area]] = {}
    for area in areas.values():
        above = [areas[int(part)] for part in area.path.strip("/").split("/") if int(part) in areas]
        for name in _names(area, above[1:]) if area.parent_id else ():
            found.setdefault(name, []).append(area)
    return found


def _names(area: Area, chain: list[Area]) -> set[str]:
    zh, en = [each.name_zh for each in chain], [each.name_en for each in chain]
    called = {area.code or area.name_zh, area.name_zh, area.name_en, "".join(zh), "/".join(zh), "/".join(en)}
    return {words.plain(name) for name in called}
