"""Changing the city's own industries."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from survey import audit
from survey.city.own_industries import falls_in, overlapping, own_industries, own_industry_name
from survey.city.refused import ChangeRefused
from survey.errors import WORDINGS, Problem
from survey.languages import page_language
from survey.models import Organisation, SubIndustry


@dataclass(frozen=True, slots=True)
class IndustryValues:
    """What can be said of one; `prefixes` are codes such as "C34", with their letter."""

    code: str
    name_zh: str
    name_en: str
    prefixes: Sequence[str]


def seen(own: SubIndustry) -> str:
    """A short text that changes with anything about it: sent with a form, compared before it is saved."""
    values = (own.code, own.name_zh, own.name_en, own.prefixes, own.active, own.position)
    return hashlib.sha256(repr(values).encode()).hexdigest()[:16]


def counts(session: Session, industries: Sequence[SubIndustry]) -> dict[int, int]:
    """How many firms of the whole city fall in each, by id."""
    query = sa.select(*(sa.func.count(sa.case((falls_in(own), 1))) for own in industries)).select_from(Organisation)
    return dict(zip((own.id for own in industries), session.execute(query).one(), strict=True)) if industries else {}


def add(session: Session, values: IndustryValues, actor: audit.Actor, now: datetime) -> SubIndustry:
    """Add one at the end. Raises `ChangeRefused`."""
    rows = _locked(session)
    _check(values, rows)
    own = SubIndustry(
        code=values.code, name_zh=values.name_zh, name_en=values.name_en, prefixes=list(values.prefixes),
        position=max((row.position for row in rows), default=0) + 1,
    )  # fmt: skip
    session.add(own)
    session.flush()
    audit.record(session, actor, "sub_industry.edit", own.public_id, now=now, detail="add")
    return own


def change(
    session: Session, public_id: str, values: IndustryValues, as_seen: str, actor: audit.Actor, now: datetime
) -> None:
    """Raises `ChangeRefused`; 409 if it was changed since."""
    rows = _locked(session)
    own = _unchanged(rows, public_id, as_seen)
    _check(values, [row for row in rows if row is not own], active=own.active)
    own.code, own.name_zh, own.name_en = values.code, values.name_zh, values.name_en
    own.prefixes = list(values.prefixes)
    audit.record(session, actor, "sub_industry.edit", own.public_id, now=now, detail="change")


def _locked(session: Session) -> list[SubIndustry]:
    session.execute(sa.select(SubIndustry.id).order_by(SubIndustry.id).with_for_update()).all()
    return own_industries(session, also_inactive=True)


def _unchanged(rows: Sequence[SubIndustry], public_id: str, as_seen: str) -> SubIndustry:
    own = next((row for row in rows if row.public_id == public_id), None)
    if own is None or seen(own) != as_seen:
        raise Problem(409, str(WORDINGS[409].title), str(WORDINGS[409].text))
    return own


def _check(values: IndustryValues, others: Sequence[SubIndustry], *, active: bool = True) -> None:
    if any(row.code == values.code for row in others):
        raise ChangeRefused("code", _("Another of the city's own industries has this code"))
    if active:
        check_overlap(values.prefixes, [row for row in others if row.active])


def check_overlap(prefixes: Sequence[str], others: Sequence[SubIndustry]) -> None:
    found = overlapping(prefixes, others)
    if found:
        language = page_language()
        named = _(", ").join(
            _("%(mine)s with %(theirs)s of “%(name)s”", mine=mine, theirs=theirs, name=own_industry_name(own, language))
            for mine, own, theirs in found
        )
        raise ChangeRefused("prefixes", _("A firm would fall in two industries: %(named)s", named=named))


def reorder(session: Session, public_id: str, step: int, as_seen: str, actor: audit.Actor, now: datetime) -> None:
    """One place up (`step` -1) or down (1)."""
    rows = _locked(session)
    own = _unchanged(rows, public_id, as_seen)
    place = rows.index(own)
    rows.insert(min(max(place + step, 0), len(rows) - 1), rows.pop(place))
    for position, row in enumerate(rows, 1):
        row.position = position
    audit.record(session, actor, "sub_industry.edit", own.public_id, now=now, detail="order")


def set_active(session: Session, public_id: str, active: bool, as_seen: str, actor: audit.Actor, now: datetime) -> None:
    """Out of use: no firm falls in it any more, except those whose list entry names it. Raises `ChangeRefused`."""
    rows = _locked(session)
    own = _unchanged(rows, public_id, as_seen)
    if active:
        check_overlap(own.prefixes, [row for row in rows if row.active and row is not own])
    own.active = active
    detail = "in use" if active else "out of use"
    audit.record(session, actor, "sub_industry.edit", own.public_id, now=now, detail=detail)
