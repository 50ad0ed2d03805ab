"""The index of what the city keeps: one entry for each page, with how it stands."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from survey.city.calendar import years_without
from survey.models import Area, FirmGroup, SubIndustry

RELEASES = "benchmark.home"
"""The page of benchmark releases, where the site has one."""


@dataclass(frozen=True, slots=True)
class CityPage:
    """One entry, in the shape of a task list. `kind` and `word` are a mark and what it means."""

    href: str
    name: str
    text: str
    count: str
    kind: str
    word: str


def entries(session: Session, today: date, pages: Container[str]) -> list[CityPage]:
    """`pages` are the endpoints that the site has."""
    found = [_areas(session), _industries(session), _groups(session), _calendar(session, today)]
    if RELEASES in pages:
        text = _("The dated figures that firms are compared with")
        found.append(CityPage(url_for(RELEASES), _("Benchmark releases"), text, "", "done", _("Open")))
    return found


def _areas(session: Session) -> CityPage:
    count = session.scalar(sa.select(sa.func.count()).select_from(Area).where(Area.active)) or 0
    return _page(
        "city.areas", _("Areas"), _("Districts, functional zones and streets, and what hangs on them"),
        ngettext("%(num)d in use", "%(num)d in use", count), True,
    )  # fmt: skip


def _industries(session: Session) -> CityPage:
    count = session.scalar(sa.select(sa.func.count()).select_from(SubIndustry).where(SubIndustry.active)) or 0
    return _page(
        "city.industries", _("Own industries"), _("The city's own list for pilots, made of industry codes"),
        ngettext("%(num)d in use", "%(num)d in use", count), bool(count),
    )  # fmt: skip


def _groups(session: Session) -> CityPage:
    count = session.scalar(sa.select(sa.func.count()).select_from(FirmGroup).where(FirmGroup.active)) or 0
    return _page(
        "city.groups", _("Chains and clusters"), _("Which firms belong together, beyond their industry"),
        ngettext("%(num)d in use", "%(num)d in use", count), bool(count),
    )  # fmt: skip


def _calendar(session: Session, today: date) -> CityPage:
    missing = years_without(session, today)
    about = _("Holidays and make-up days, by which due dates are counted")
    if not missing:
        return CityPage(url_for("city.calendar"), _("Calendar of working days"), about, "", "done", _("Filled in"))
    years = _(" and ").join(map(str, missing))
    return CityPage(url_for("city.calendar"), _("Calendar of working days"), about, years, "warning", _("Missing"))


def _page(endpoint: str, name: str, text: str, count: str, filled: bool) -> CityPage:
    kind, word = ("done", _("Filled in")) if filled else ("not_started", _("Empty"))
    return CityPage(url_for(endpoint), name, text, count, kind, word)
