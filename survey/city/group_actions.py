"""Changing the city's chains and clusters."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from survey import audit
from survey.city.groups import groups
from survey.city.refused import ChangeRefused
from survey.errors import WORDINGS, Problem
from survey.models import FirmGroup


@dataclass(frozen=True, slots=True)
class GroupValues:
    """What can be said of one; its kind stays what it is."""

    code: str
    name_zh: str
    name_en: str


def seen(group: FirmGroup) -> str:
    """A short text that changes with anything about it: sent with a form, compared before it is saved."""
    values = (group.kind, group.code, group.name_zh, group.name_en, group.active, group.position)
    return hashlib.sha256(repr(values).encode()).hexdigest()[:16]


def add(session: Session, kind: str, values: GroupValues, actor: audit.Actor, now: datetime) -> FirmGroup:
    """Add one at the end of its kind. Raises `ChangeRefused`."""
    beside = _locked(session, kind)
    _check(values, beside)
    group = FirmGroup(
        kind=kind, code=values.code, name_zh=values.name_zh, name_en=values.name_en,
        position=max((row.position for row in beside), default=0) + 1,
    )  # fmt: skip
    session.add(group)
    session.flush()
    _record(session, group, "add", actor, now)
    return group


def change(
    session: Session, public_id: str, values: GroupValues, as_seen: str, actor: audit.Actor, now: datetime
) -> None:
    """Raises `ChangeRefused`; 409 if it was changed since."""
    group, beside = _unchanged(session, public_id, as_seen)
    _check(values, [row for row in beside if row is not group])
    group.code, group.name_zh, group.name_en = values.code, values.name_zh, values.name_en
    _record(session, group, "change", actor, now)


def reorder(session: Session, public_id: str, step: int, as_seen: str, actor: audit.Actor, now: datetime) -> None:
    """One place up (`step` -1) or down (1) within its kind."""
    group, beside = _unchanged(session, public_id, as_seen)
    place = beside.index(group)
    beside.insert(min(max(place + step, 0), len(beside) - 1), beside.pop(place))
    for position, row in enumerate(beside, 1):
        row.position = position
    _record(session, group, "order", actor, now)


def set_active(session: Session, public_id: str, active: bool, as_seen: str, actor: audit.Actor, now: datetime) -> None:
    """Out of use: lists and filters no longer offer it; the firms that belong to it stay noted."""
    group, _beside = _unchanged(session, public_id, as_seen)
    group.active = active
    _record(session, group, "in use" if active else "out of use", actor, now)


def _locked(session: Session, kind: str) -> list[FirmGroup]:
    """All of a kind, locked: changes happen one after another."""
    session.execute(sa.select(FirmGroup.id).order_by(FirmGroup.id).with_for_update()).all()
    return [row for row in groups(session, also_inactive=True) if row.kind == kind]


def _unchanged(session: Session, public_id: str, as_seen: str) -> tuple[FirmGroup, list[FirmGroup]]:
    """The group, and all of its kind."""
    kind = session.scalar(sa.select(FirmGroup.kind).where(FirmGroup.public_id == public_id))
    beside = _locked(session, kind or "")
    group = next((row for row in beside if row.public_id == public_id), None)
    if group is None or seen(group) != as_seen:
        raise Problem(409, str(WORDINGS[409].title), str(WORDINGS[409].text))
    return group, beside


def _check(values: GroupValues, others: Sequence[FirmGroup]) -> None:
    if any(row.code == values.code for row in others):
        raise ChangeRefused("code", _("Another one has this code"))
    for field in ("name_zh", "name_en"):
        if any(getattr(row, field) == getattr(values, field) for row in others):
            raise ChangeRefused(field, _("Another one has this name: lists of firms could not tell them apart"))


def _record(session: Session, group: FirmGroup, detail: str, actor: audit.Actor, now: datetime) -> None:
    audit.record(session, actor, "group.edit", group.public_id, now=now, detail=detail)
