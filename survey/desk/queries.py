"""The firms of an office's areas: counts, the list with its filters, one firm. All scoped by `firms:view`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy.orm import Session, contains_eager, joinedload

from survey import credit_code
from survey.access import in_my_areas
from survey.city.own_industries import falls_in
from survey.models import Area, Claim, ListedContact, ListedTitle, Membership, Organisation, SubIndustry
from survey.models.organisation import ORGANISATION_STATES

VIEW: Final = "firms:view"
PER_PAGE: Final = 50
MOST_EXPORTED: Final = 20_000

STATES: Final[Mapping[str, tuple[str, LazyString]]] = {
    "listed": ("not_started", _l("Nobody's yet")),
    "claimed": ("in_progress", _l("Claimed")),
    "confirmed": ("done", _l("Confirmed")),
    "disputed": ("warning", _l("Disputed")),
}
"""The mark and the word for each state of a firm."""

SORTS: Final[Mapping[str, tuple[LazyString, tuple[Any, ...]]]] = {
    "name": (_l("Name of the firm"), (Organisation.name,)),
    "state": (
        _l("State"),
        (sa.case({state: place for place, state in enumerate(ORGANISATION_STATES)}, value=Organisation.state),
         Organisation.name),
    ),
    "area": (_l("Area"), (Area.path, Organisation.name)),
}  # fmt: skip
"""How the list may be sorted. A new way is one row here."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What the list is narrowed to; empty fields narrow nothing. `page` counts from 1."""

    text: str = ""
    state: str = ""
    area: Area | None = None
    own: SubIndustry | None = None
    sort: str = "name"
    page: int = 1


def counts(session: Session) -> dict[str, int]:
    """How many firms of my areas are in each state; `all` of them; those on the `list`."""
    query = sa.select(Organisation.state, sa.func.count(), sa.func.count(Organisation.listed_at))
    rows = session.execute(_mine(query).group_by(Organisation.state)).all()
    found = dict.fromkeys(STATES, 0) | {state: count for state, count, _listed in rows}
    return {**found, "all": sum(row[1] for row in rows), "list": sum(row[2] for row in rows)}


def claims_waiting(session: Session) -> int:
    query = (
        sa.select(sa.func.count())
        .select_from(Claim)
        .join(Organisation, Organisation.id == Claim.organisation_id)
        .join(Area, Area.id == Organisation.operating_area_id)
        .where(Claim.state == "waiting", in_my_areas("claims:decide"))
    )
    return session.scalar(query) or 0


def areas(session: Session) -> list[Area]:
    """The areas where the person sees firms, in the order of the tree."""
    query = sa.select(Area).where(Area.active, in_my_areas(VIEW)).order_by(Area.position, Area.id)
    rows = list(session.scalars(query))
    below: dict[int | None, list[Area]] = {}
    for row in rows:
        below.setdefault(row.parent_id, []).append(row)
    ids = {row.id for row in rows}

    def walk(area: Area) -> list[Area]:
        return [area, *(each for child in below.get(area.id, []) for each in walk(child))]

    return [each for row in rows if row.parent_id not in ids for each in walk(row)]


def _mine(query: Any) -> Any:
    """A query on firms, with their areas, scoped to where the person sees firms."""
    return query.join(Area, Area.id == Organisation.operating_area_id).where(in_my_areas(VIEW))


def _conditions(wanted: Filter) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if wanted.text:
        code = credit_code.normal(wanted.text)
        found.append(
            sa.or_(
                Organisation.name.icontains(wanted.text, autoescape=True),
                Organisation.credit_code.startswith(code, autoescape=True) if code else sa.false(),
            )
        )
    if wanted.state:
        found.append(Organisation.state == wanted.state)
    if wanted.area is not None:
        found.append(Area.path.startswith(wanted.area.path, autoescape=True))
    if wanted.own is not None:
        found.append(falls_in(wanted.own))
    return found


def firms(session: Session, wanted: Filter) -> tuple[list[Organisation], int]:
    """The page of firms that was asked for, with their areas, and how many there are on all pages."""
    conditions = _conditions(wanted)
    total = session.scalar(_mine(sa.select(sa.func.count(Organisation.id))).where(*conditions)) or 0
    query = _listed(wanted, conditions).limit(PER_PAGE).offset((wanted.page - 1) * PER_PAGE)
    return list(session.scalars(query)), total


def all_firms(session: Session, wanted: Filter) -> list[Organisation]:
    """The firms of all pages, at most `MOST_EXPORTED`."""
    return list(session.scalars(_listed(wanted, _conditions(wanted)).limit(MOST_EXPORTED)))


def _listed(wanted: Filter, conditions: Sequence[sa.ColumnElement[bool]]) -> Any:
    query = _mine(sa.select(Organisation)).where(*conditions)
    return query.options(contains_eager(Organisation.operating_area), joinedload(Organisation.sub_industry)).order_by(
        *SORTS[wanted.sort][1], Organisation.id
    )


# -- what belongs to firms that were found by a scoped query -----------------------------------------------------------


def contacts(session: Session, firm_ids: Sequence[int]) -> dict[int, ListedContact]:
    query = sa.select(ListedContact).where(ListedContact.organisation_id.in_(firm_ids))
    return {row.organisation_id: row for row in session.scalars(query)}


def titles(session: Session, firm_ids: Sequence[int]) -> dict[int, list[ListedTitle]]:
    found: dict[int, list[ListedTitle]] = {}
    query = sa.select(ListedTitle).where(ListedTitle.organisation_id.in_(firm_ids)).order_by(ListedTitle.id)
    for row in session.scalars(query):
        found.setdefault(row.organisation_id, []).append(row)
    return found


def members(session: Session, firm_id: int) -> list[Membership]:
    """Everybody who acts for the firm or asked to, with their names."""
    query = (
        sa.select(Membership)
        .where(Membership.organisation_id == firm_id, Membership.state != "ended")
        .options(joinedload(Membership.user))
        .order_by(Membership.id)
    )
    return list(session.scalars(query))
