"""The city's industry chains and clusters: their order, their names, and which firms belong to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy.orm import Session

from survey.models import FirmGroup, FirmGroupMember

KINDS: Final[Mapping[str, LazyString]] = {"chain": _l("Industry chains"), "cluster": _l("Industrial clusters")}


def groups(session: Session, *, also_inactive: bool = False) -> list[FirmGroup]:
    """Chains, then clusters, each kind in the city's order."""
    query = sa.select(FirmGroup).order_by(FirmGroup.kind, FirmGroup.position, FirmGroup.id)
    return list(session.scalars(query if also_inactive else query.where(FirmGroup.active)))


def group_name(group: FirmGroup, language: str) -> str:
    return group.name_en if language == "en" else group.name_zh


def counts(session: Session) -> dict[int, int]:
    """How many firms of the whole city belong to each, by id."""
    query = sa.select(FirmGroupMember.group_id, sa.func.count()).group_by(FirmGroupMember.group_id)
    return {group_id: count for group_id, count in session.execute(query)}  # noqa: C416  # rows unpack
