"""Changing the city's tree of areas. Roles and firms hang on ids, so they move along with their area."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from survey import audit
from survey.city.refused import ChangeRefused
from survey.errors import WORDINGS, Problem
from survey.models import Area, Organisation, RoleGrant

BELOW: Final[Mapping[str, tuple[str, ...]]] = {
    "city": ("district", "zone"),
    "district": ("zone", "street"),
    "zone": ("street",),
    "street": (),
}
"""Which kinds of areas may stand below one."""


@dataclass(frozen=True, slots=True)
class AreaValues:
    """What can be said of an area. `parent` is its public id, None for the city alone."""

    kind: str
    parent: str | None
    name_zh: str
    name_en: str
    code: str | None


def seen(area: Area) -> str:
    """A short text that changes with anything about the area: sent with a form, compared before it is saved."""
    values = (area.kind, area.parent_id, area.name_zh, area.name_en, area.code, area.active, area.position)
    return hashlib.sha256(repr(values).encode()).hexdigest()[:16]


def add(session: Session, values: AreaValues, actor: audit.Actor, now: datetime) -> Area:
    """Add an area at the end of those beside it. Raises `ChangeRefused`."""
    tree = _tree(session)
    parent = _parent(tree, values)
    _check_names(tree, values, parent, None)
    beside = [area.position for area in tree.values() if area.parent_id == parent.id]
    area = Area(
        kind=values.kind, parent_id=parent.id, path="", name_zh=values.name_zh, name_en=values.name_en,
        code=values.code, position=max(beside, default=0) + 1,
    )  # fmt: skip
    session.add(area)
    session.flush()
    area.path = f"{parent.path}{area.id}/"
    audit.record(session, actor, "area.edit", area.public_id, now=now, detail="add")
    return area


def change(
    session: Session, public_id: str, values: AreaValues, as_seen: str, actor: audit.Actor, now: datetime
) -> None:
    """Rename an area, or put it with all below it elsewhere. Raises `ChangeRefused`; 409 if it was changed since."""
    tree = _tree(session)
    area = _unchanged(tree, public_id, as_seen)
    if area.parent_id is None:
        area.name_zh, area.name_en = values.name_zh, values.name_en
    else:
        parent = _parent(tree, values)
        if parent.path.startswith(area.path):
            raise ChangeRefused("parent", _("An area cannot stand below itself: choose another"))
        _check_names(tree, values, parent, area)
        _check_children(tree, area, values.kind)
        if parent.id != area.parent_id:
            _move(tree, area, parent)
        area.kind, area.name_zh, area.name_en, area.code = values.kind, values.name_zh, values.name_en, values.code
    audit.record(session, actor, "area.edit", area.public_id, now=now, detail="change")


def _tree(session: Session) -> dict[int, Area]:
    """All areas, locked: changes of the tree happen one after another."""
    return {area.id: area for area in session.scalars(sa.select(Area).order_by(Area.id).with_for_update())}


def _unchanged(tree: Mapping[int, Area], public_id: str, as_seen: str) -> Area:
    area = next((each for each in tree.values() if each.public_id == public_id), None)
    if area is None or seen(area) != as_seen:
        raise Problem(409, str(WORDINGS[409].title), str(WORDINGS[409].text))
    return area


def _parent(tree: Mapping[int, Area], values: AreaValues) -> Area:
    parent = next((each for each in tree.values() if each.public_id == values.parent and each.active), None)
    if parent is None:
        raise ChangeRefused("parent", _("Choose the area above"))
    if values.kind not in BELOW[parent.kind]:
        raise ChangeRefused("kind", _("This kind of area cannot stand there: streets stand below districts and zones, "
                                    "zones below districts or the city, districts below the city"))  # fmt: skip
    return parent


def _check_names(tree: Mapping[int, Area], values: AreaValues, parent: Area, area: Area | None) -> None:
    others = [each for each in tree.values() if each is not area]
    if any(each.parent_id == parent.id and each.name_zh == values.name_zh for each in others):
        raise ChangeRefused("name_zh", _("There is an area with this name in the same place"))
    if values.code and any(each.code == values.code for each in others):
        raise ChangeRefused("code", _("Another area has this number"))


def _check_children(tree: Mapping[int, Area], area: Area, kind: str) -> None:
    if any(each.parent_id == area.id and each.kind not in BELOW[kind] for each in tree.values()):
        raise ChangeRefused("kind", _("The areas below it cannot stand below an area of this kind"))


def _move(tree: Mapping[int, Area], area: Area, parent: Area) -> None:
    """Rewrite the paths of the area and of everything below it."""
    old, new = area.path, f"{parent.path}{area.id}/"
    area.parent_id = parent.id
    area.position = max((each.position for each in tree.values() if each.parent_id == parent.id), default=0) + 1
    for each in tree.values():
        if each.path.startswith(old):
            each.path = new + each.path[len(old) :]


# -- order, in use or not ----------------------------------------------------------------------------------------------


def reorder(session: Session, public_id: str, step: int, as_seen: str, actor: audit.Actor, now: datetime) -> None:
    """Move an area one place up (`step` -1) or down (1) among those beside it; at the end nothing happens."""
    tree = _tree(session)
    area = _unchanged(tree, public_id, as_seen)
    beside = sorted(
        (each for each in tree.values() if each.parent_id == area.parent_id), key=lambda each: (each.position, each.id)
    )
    place = beside.index(area)
    to = min(max(place + step, 0), len(beside) - 1)
    beside.insert(to, beside.pop(place))
    for position, each in enumerate(beside, 1):
        each.position = position
    audit.record(session, actor, "area.edit", area.public_id, now=now, detail="order")


def set_active(session: Session, public_id: str, active: bool, as_seen: str, actor: audit.Actor, now: datetime) -> None:
    """Take an area out of use, or back. Raises `ChangeRefused` while something hangs on it."""
    tree = _tree(session)
    area = _unchanged(tree, public_id, as_seen)
    above = tree.get(area.parent_id or 0)
    if above is None:
        raise ChangeRefused("active", _("The city itself stays"))
    if active and not above.active:
        raise ChangeRefused("active", _("The area above it is not in use: take that back first"))
    if not active:
        _check_free(session, tree, area)
    area.active = active
    audit.record(session, actor, "area.edit", area.public_id, now=now, detail="in use" if active else "out of use")


def _check_free(session: Session, tree: Mapping[int, Area], area: Area) -> None:
    ids = [each.id for each in tree.values() if each.path.startswith(area.path)]
    firms = session.scalar(sa.select(sa.func.count()).where(Organisation.operating_area_id.in_(ids))) or 0
    held = sa.select(sa.func.count()).where(RoleGrant.area_id.in_(ids), RoleGrant.ended_at.is_(None))
    roles = session.scalar(held) or 0
    below = sum(tree[each].active for each in ids) - area.active
    reasons = [
        firms and ngettext("%(num)d firm works there", "%(num)d firms work there", firms),
        roles and ngettext("%(num)d role is held there", "%(num)d roles are held there", roles),
        below and ngettext("%(num)d area below it is in use", "%(num)d areas below it are in use", below),
    ]
    if any(reasons):
        why = _(", ").join(str(reason) for reason in reasons if reason)
        raise ChangeRefused("active", _("It cannot be taken out of use: %(why)s", why=why))
