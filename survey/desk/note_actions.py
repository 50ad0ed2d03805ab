"""What an office notes about a firm: contact with it, and the chains and clusters it belongs to."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey import audit
from survey.desk import firm_page_queries as queries
from survey.models import FirmGroupMember, FirmNote, Organisation


def add_note(session: Session, firm_id: int, kind: str, text: str, actor: audit.Actor, now: datetime) -> None:
    assert actor.user_id is not None
    firm = session.get_one(Organisation, firm_id)
    session.add(FirmNote(organisation_id=firm_id, kind=kind, text=text, at=now, by_user_id=actor.user_id))
    audit.record(session, actor, "firm.note", firm.public_id, now=now, organisation_id=firm_id, detail=kind)


def set_groups(session: Session, firm_id: int, wanted: Collection[str], actor: audit.Actor, now: datetime) -> None:
    """The firm belongs to these chains and clusters (public ids) and no others. Each change is on record."""
    session.get_one(Organisation, firm_id, with_for_update=True)  # two officers at once: one after the other
    for group, held in queries.groups(session, firm_id):
        if (group.public_id in wanted) == held:
            continue
        if held:
            session.execute(
                sa.delete(FirmGroupMember).where(
                    FirmGroupMember.group_id == group.id, FirmGroupMember.organisation_id == firm_id
                )
            )
        else:
            session.add(FirmGroupMember(group_id=group.id, organisation_id=firm_id))
        word = "taken_out" if held else "put_in"
        audit.record(session, actor, "group.edit", group.public_id, now=now, organisation_id=firm_id, detail=word)
