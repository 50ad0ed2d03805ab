"""The city's own industries (细分行业): which firms fall in one, and which one a firm falls in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.models import Organisation, SubIndustry


def own_industries(session: Session, *, also_inactive: bool = False) -> list[SubIndustry]:
    """In the city's order."""
    query = sa.select(SubIndustry).order_by(SubIndustry.position, SubIndustry.id)
    return list(session.scalars(query if also_inactive else query.where(SubIndustry.active)))


def own_industry_name(own: SubIndustry, language: str) -> str:
    return own.name_en if language == "en" else own.name_zh


def sub_industry_of(session: Session, organisation: Organisation) -> SubIndustry | None:
    """The own industry the list names for the firm, else the one with the longest prefix of its industry code."""
    if organisation.sub_industry_id is not None:
        return session.get(SubIndustry, organisation.sub_industry_id)
    return by_code(own_industries(session), organisation.industry_code)


def by_code(industries: Iterable[SubIndustry], code: str) -> SubIndustry | None:
    """Among these, the one with the longest prefix of an industry code."""
    fitting = [
        (len(prefix), -own.position, own) for own in industries for prefix in own.prefixes if code.startswith(prefix)
    ]
    return max(fitting, key=lambda each: each[:2])[2] if fitting else None


def falls_in(own: SubIndustry) -> sa.ColumnElement[bool]:
    """Whether a firm falls in it, for a query on firms: prefixes of different industries never overlap."""
    by_prefix = [Organisation.industry_code.startswith(prefix, autoescape=True) for prefix in own.prefixes]
    unnamed = sa.and_(Organisation.sub_industry_id.is_(None), sa.or_(sa.false(), *by_prefix))
    return sa.or_(Organisation.sub_industry_id == own.id, unnamed if own.active else sa.false())


def overlapping(prefixes: Sequence[str], others: Iterable[SubIndustry]) -> list[tuple[str, SubIndustry, str]]:
    """(prefix, other industry, its prefix) for every pair of which one begins with the other."""
    return [
        (mine, other, theirs)
        for mine in prefixes
        for other in others
        for theirs in other.prefixes
        if mine.startswith(theirs) or theirs.startswith(mine)
    ]
