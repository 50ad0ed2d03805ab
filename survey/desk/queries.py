"""The firms of an office's areas: counts, the list with its filters, one firm. All scoped by `firms:view`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy.orm import Session, joinedload

from survey.access import in_my_areas
from survey.models import Area, ListedContact, ListedTitle, Membership, Organisation

VIEW: Final = "firms:view"

STATES: Final[Mapping[str, tuple[str, LazyString]]] = {
    "listed": ("not_started", _l("Nobody's yet")),
    "claimed": ("in_progress", _l("Claimed")),
    "confirmed": ("done", _l("Confirmed")),
    "disputed": ("warning", _l("Disputed")),
}
"""The mark and the word for each state of a firm."""


def counts(session: Session) -> dict[str, int]:
    """How many firms of my areas are in each state; `all` of them; those on the `list`."""
    query = sa.select(Organisation.state, sa.func.count(), sa.func.count(Organisation.listed_at))
    rows = session.execute(_mine(query).group_by(Organisation.state)).all()
    found = dict.fromkeys(STATES, 0) | {state: count for state, count, _listed in rows}
    return {**found, "all": sum(row[1] for row in rows), "list": sum(row[2] for row in rows)}


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


def tops(session: Session) -> list[Area]:
    """The areas that the person holds, without those that lie in another of them."""
    rows = areas(session)
    known = {row.id for row in rows}
    return [row for row in rows if row.parent_id not in known]


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
