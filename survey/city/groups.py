"""The city's industry chains and clusters: their order, their names, and which firms belong to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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


AT_ONCE: Final = 500


def names_by_firm(session: Session, firm_ids: Sequence[int], language: str) -> dict[tuple[int, str], list[str]]:
    """The names of the chains and clusters in use that firms belong to, by firm and kind, in the city's order."""
    found: dict[tuple[int, str], list[str]] = {}
    for at in range(0, len(firm_ids), AT_ONCE):
        query = (
            sa.select(FirmGroupMember.organisation_id, FirmGroup)
            .join(FirmGroup, FirmGroup.id == FirmGroupMember.group_id)
            .where(FirmGroupMember.organisation_id.in_(firm_ids[at : at + AT_ONCE]), FirmGroup.active)
            .order_by(FirmGroup.position, FirmGroup.id)
        )
        for firm_id, group in session.execute(query):
            found.setdefault((firm_id, group.kind), []).append(group_name(group, language))
    return found
