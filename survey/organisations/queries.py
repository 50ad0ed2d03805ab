"""What pages read about firms. Every query that names a firm is scoped by the caller's permission or by membership."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from questionnaires.catalogue import fact_kinds
from scoring.size_class import SizeClass, size_class
from survey.access import rights_of
from survey.models import Area, Fact, FactChange, Membership, Organisation, Round
from survey.models.organisation import MEMBERSHIP_ROLES

FIGURES = ("staff", "revenue", "assets")
"""The kinds a size class is made of, as asked on the firm's page of figures."""
WAN = 10_000

Key = tuple[str, int]
"""Kind and year of a fact."""


def facts_of(session: Session, organisation_id: int) -> dict[Key, Fact]:
    """All figures of a firm, by kind and year."""
    rows = session.scalars(sa.select(Fact).where(Fact.organisation_id == organisation_id))
    return {(fact.kind, fact.year): fact for fact in rows}


def lost_verifications(session: Session, organisation_id: int) -> dict[Key, datetime]:
    """When a verified figure was last replaced by another, by kind and year; it may have been verified again since."""
    query = (
        sa.select(
            FactChange.kind, FactChange.year, sa.func.max(FactChange.changed_at, type_=FactChange.changed_at.type)
        )
        .where(FactChange.organisation_id == organisation_id, FactChange.was_verified)
        .group_by(FactChange.kind, FactChange.year)
    )
    return {(kind, year): at for kind, year, at in session.execute(query)}


def counts() -> sa.ColumnElement[bool]:
    """Firms that count in benchmarks, pilots and figures of the city: those that are confirmed."""
    return Organisation.state == "confirmed"


def organisations_of(session: Session, user_id: int, today: date) -> list[Organisation]:
    """The firms in which a person has a right, in the order of their names."""
    query = (
        sa.select(Organisation)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(*rights_of(user_id, today))
        .options(joinedload(Organisation.operating_area))
    )
    return list(session.scalars(query.order_by(Organisation.name, Organisation.id)))


def members_of(session: Session, organisation_id: int) -> list[Membership]:
    """Everybody who may act for a firm or has asked to, those with most rights first."""
    query = (
        sa.select(Membership)
        .where(Membership.organisation_id == organisation_id, Membership.state != "ended")
        .options(joinedload(Membership.user))
    )
    rank = {role: position for position, role in enumerate(MEMBERSHIP_ROLES)}
    return sorted(session.scalars(query), key=lambda member: (rank[member.role], member.id))


def by_credit_code(session: Session, credit_code: str) -> Organisation | None:
    return session.scalar(sa.select(Organisation).where(Organisation.credit_code == credit_code))


def is_member(session: Session, organisation_id: int, user_id: int, today: date) -> bool:
    """Whether the person has a right in the firm."""
    query = sa.select(Membership.id).where(Membership.organisation_id == organisation_id, *rights_of(user_id, today))
    return session.scalar(query) is not None


# -- areas -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Place:
    """A node of the tree with its depth below the city, which has depth 0."""

    area: Area
    depth: int


def area_name(area: Area, language: str) -> str:
    return area.name_en if language == "en" else area.name_zh


def areas_tree(session: Session) -> list[Place]:
    """All active areas, each followed by those below it, in the city's order."""
    rows = list(session.scalars(sa.select(Area).where(Area.active).order_by(Area.position, Area.id)))
    below: dict[int | None, list[Area]] = {}
    for area in rows:
        below.setdefault(area.parent_id, []).append(area)

    def walk(parent: int | None, depth: int) -> list[Place]:
        return [place for area in below.get(parent, []) for place in (Place(area, depth), *walk(area.id, depth + 1))]

    return walk(None, 0)


def area_by_public_id(session: Session, public_id: str) -> Area | None:
    return session.scalar(sa.select(Area).where(Area.public_id == public_id, Area.active))


def area_by_code(session: Session, code: str) -> Area | None:
    """The area with that number of the national list, if the city's tree has it."""
    return session.scalar(sa.select(Area).where(Area.code == code))


# -- years and size ----------------------------------------------------------------------------------------------------


def reference_year(session: Session, today: date) -> int:
    """The year whose figures are asked for: that of the round that is open, else of the last one, else last year."""
    query = sa.select(Round.reference_year).where(Round.opens_on <= today)
    latest = query.order_by(Round.closes_on.desc(), Round.id.desc()).limit(1)
    return session.scalar(latest) or today.year - 1


def size_of(organisation: Organisation, facts: dict[Key, Fact], year: int) -> SizeClass:
    """The firm's size class by its figures of one year."""
    amounts = {kind: _amount(facts.get((kind, year))) for kind in FIGURES}
    staff, revenue, assets = (amounts[kind] for kind in FIGURES)
    return size_class(
        organisation.industry_code,
        None if staff is None else int(staff),
        None if revenue is None else revenue / WAN,
        None if assets is None else assets / WAN,
    )


def _amount(fact: Fact | None) -> Fraction | None:
    return None if fact is None else fact_kinds()[fact.kind].amount(fact.value)
