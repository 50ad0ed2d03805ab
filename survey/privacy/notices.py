"""The privacy notice in all its versions, and who accepted which.

A change of its meaning is a new version: a new template, a new row here, a new NOTICE_VERSION. The text of an older
version is never changed, since people accepted exactly that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy.orm import Session

from survey import audit
from survey.database import INSERTS
from survey.models import NoticeAcceptance
from survey.pages.privacy import NOTICE_VERSION


@dataclass(frozen=True, slots=True)
class Notice:
    """`changed` says in one sentence what differs from the version before."""

    version: str
    template: str
    changed: LazyString


NOTICES: Final[tuple[Notice, ...]] = (
    Notice(
        NOTICE_VERSION,
        "privacy/notices/2026-11-24.html",
        _l(
            "New kinds of data: the contact on the city's list, the second factor, device and network address of "
            "sign-ins, letters of authorisation, invitations and messages. New: permissions by kind, your own copy, "
            "closing the account yourself."
        ),
    ),
    Notice("2026-11-01", "privacy/notices/2026-11-01.html", _l("The first version.")),
)
"""Newest first."""


def notice(version: str) -> Notice | None:
    return next((each for each in NOTICES if each.version == version), None)


def accepted(session: Session, user_id: int) -> list[NoticeAcceptance]:
    """What the person has accepted, newest first."""
    mine = sa.select(NoticeAcceptance).where(NoticeAcceptance.user_id == user_id)
    return list(session.scalars(mine.order_by(NoticeAcceptance.accepted_at.desc(), NoticeAcceptance.id.desc())))


def accepted_current(session: Session, user_id: int) -> bool:
    """Whether the person has accepted the version in force."""
    mine = sa.select(NoticeAcceptance.id).where(
        NoticeAcceptance.user_id == user_id, NoticeAcceptance.version == NOTICE_VERSION
    )
    return session.scalar(mine) is not None


def accept(session: Session, user_id: int, version: str, actor: audit.Actor, now: datetime) -> None:
    """Keep that the person accepted this version; a second time changes nothing."""
    insert = INSERTS[session.get_bind().dialect.name](NoticeAcceptance)
    row = insert.values(user_id=user_id, version=version, accepted_at=now)
    # no index_elements: SQLite and PostgreSQL both take any conflict
    done = session.execute(row.on_conflict_do_nothing().returning(NoticeAcceptance.id)).first()
    if done is not None:
        audit.record(session, actor, "account.accept_notice", version, now=now)
