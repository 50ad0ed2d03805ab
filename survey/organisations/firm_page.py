"""What the firm's own page shows, ready for the template."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from questionnaires.catalogue import fact_kinds
from scoring import size_class
from survey import formatting
from survey.accounts.role_names import FIRM_ROLE_NAMES
from survey.city.own_industries import own_industry_name, sub_industry_of
from survey.models import Fact, Organisation
from survey.organisations import outside_queries, queries
from survey.organisations.figures import UNIT_NAMES
from survey.organisations.figures_page import growth
from survey.organisations.industries import names
from survey.organisations.queries import FIGURES, WAN
from survey.organisations.standing_page import ABOVE, MEANINGS, Title, titles_by_list

ROLES = FIRM_ROLE_NAMES
STATES = {
    "claimed": _l("Waiting for confirmation"),
    "confirmed": _l("Confirmed"),
    "disputed": _l("Disputed"),
}


@dataclass(frozen=True, slots=True)
class FirmPage:
    """`size` is the class in words, empty while it is open; `figures` and `members` are rows for the table macro."""

    year: int
    size: str
    size_steps: tuple[str, ...]
    size_open: bool
    head: list[str]
    figures: list[list[str]]
    complete: bool
    about: list[tuple[str, str]]
    members: list[list[str]]
    standing: str
    listed_titles: list[Title]
    results: list[outside_queries.Line]


def firm_page(session: Session, firm: Organisation, year: int, today: date, language: str) -> FirmPage:
    facts = queries.facts_of(session, firm.id)
    size = queries.size_of(firm, facts, year)
    return FirmPage(
        year=year,
        size=_capital(size_class.name(size.size, language)) if size.size else "",
        size_steps=size_class.explain(size, language),
        size_open=size.row is not None and size.size is None,
        head=[_("Figure"), str(year), str(year - 1), _("Growth")],
        figures=[_figure_row(kind, facts, year, language) for kind in FIGURES],
        complete=all((kind, when) in facts for kind in FIGURES for when in (year, year - 1)),
        about=_about(session, firm, language),
        members=[
            [member.user.name, str(ROLES[member.role]), str(STATES[member.state])]
            for member in queries.members_of(session, firm.id)
        ],
        standing=str(MEANINGS[firm.state]),
        listed_titles=titles_by_list(session, firm, today),
        results=outside_queries.lines(outside_queries.recorded(session, firm.id), today),
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _figure_row(kind_id: str, facts: dict[queries.Key, Fact], year: int, language: str) -> list[str]:
    kind = fact_kinds()[kind_id]
    per, unit, places = (WAN, "wan_yuan", 2) if kind.unit == "yuan" else (1, kind.unit, kind.decimals)
    values = [facts.get((kind_id, when)) for when in (year, year - 1)]
    shown = [
        formatting.number(None if fact is None else Fraction(fact.value, kind.scale * per), places) for fact in values
    ]
    now, before = values
    change = growth(now.value, before.value, year - 1) if now and before else None
    return [
        str(_("%(figure)s (%(unit)s)", figure=kind.label.say(language), unit=UNIT_NAMES[unit])),
        *shown,
        change or formatting.MISSING,
    ]


def _about(session: Session, firm: Organisation, language: str) -> list[tuple[str, str]]:
    industry = names(session, [firm.industry_code], language)[firm.industry_code]
    registered, own = firm.registered_area, sub_industry_of(session, firm)
    return [
        (_("Unified social credit code"), firm.credit_code),
        (_("Area where the firm works"), queries.area_name(firm.operating_area, language)),
        (_("Area of registration"), queries.area_name(registered, language) if registered else _("outside the city")),
        (_("Industry"), f"{firm.industry_code} {industry}"),
        *([(_("The city's own industry"), own_industry_name(own, language))] if own else []),
        *_by_list(firm),
    ]


def _by_list(firm: Organisation) -> list[tuple[str, str]]:
    if firm.listed_at is None:
        return []
    size = [(_("Size by the list"), str(ABOVE[firm.declared_above]))] if firm.declared_above is not None else []
    return [(_("On the city's list since"), formatting.date(firm.listed_at)), *size]
