"""Firms of an office's areas that nobody has claimed, and where their codes could be sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager

from survey.claims.codes import without_code
from survey.models import Area, ListedContact, Membership, Organisation

MOST_LETTERS: Final = 200
"""So many letters are made at once; who has one is not on the next page."""


def contact_of(session: Session, firm_id: int) -> ListedContact | None:
    """Whom the list names for the firm, until the firm has an owner."""
    return session.get(ListedContact, firm_id)


def _unclaimed(scope: sa.ColumnElement[bool]) -> sa.Select[Organisation]:
    """Firms on the list for which nobody acts. `scope` holds for the areas of the office."""
    acting = sa.select(Membership.id).where(
        Membership.organisation_id == Organisation.id, Membership.state == "confirmed"
    )
    query: sa.Select[Organisation] = sa.select(Organisation).join(Organisation.operating_area)
    return query.where(scope, Organisation.listed_at.is_not(None), ~acting.exists())


def waiting_for_code(session: Session, scope: sa.ColumnElement[bool], now: datetime) -> tuple[list[Organisation], int]:
    """The first firms without a valid code, by area and name, and how many there are."""
    query = _unclaimed(scope).where(without_code(now))
    count = session.scalar(sa.select(sa.func.count()).select_from(query.with_only_columns(Organisation.id).subquery()))
    first = query.order_by(Area.path, Organisation.name, Organisation.id).limit(MOST_LETTERS)
    return list(session.scalars(first.options(contains_eager(Organisation.operating_area)))), count or 0


def chosen(session: Session, scope: sa.ColumnElement[bool], public_ids: Sequence[str]) -> list[Organisation]:
    """Those of these firms that are the office's and still nobody's."""
    query = _unclaimed(scope).where(Organisation.public_id.in_(public_ids[:MOST_LETTERS]))
    ordered: sa.Select[Any] = query.order_by(Area.path, Organisation.name, Organisation.id)
    return list(session.scalars(ordered))


def contacts(session: Session, firm_ids: Sequence[int]) -> dict[int, str]:
    """The names on the letters, by the firm's id."""
    query = sa.select(ListedContact.organisation_id, ListedContact.name).where(
        ListedContact.organisation_id.in_(firm_ids), ListedContact.name.is_not(None)
    )
    return {firm_id: name or "" for firm_id, name in session.execute(query)}
