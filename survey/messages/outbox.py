"""Putting a message into the outbox, in the transaction of the deed it tells of: both happen or neither."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from survey import jobs
from survey.languages import DEFAULT, TAGS, speaking
from survey.messages.words import KINDS
from survey.models import OutgoingMessage
from survey.protection import sealed
from survey.settings import Settings


def post(
    session: Session,
    settings: Settings,
    kind: str,
    recipient: str,
    language: str | None,
    values: dict[str, str],
    now: datetime,
    useless_after: timedelta | None = None,
) -> None:
    """Write the message in its language and order its delivery; call `jobs.wake` after the commit.

    Nothing is posted for an empty recipient (an erased account). `useless_after` is when a code or link has run out:
    it is not sent late.
    """
    if not recipient:
        return
    spoken = language if language in TAGS else DEFAULT
    name = settings.platform_name_en if spoken == "en" else settings.platform_name_zh
    with speaking(spoken):
        words = KINDS[kind]
        filled = {"site": name, "base": settings.base_url, **values}
        content = {"subject": str(words.subject) % filled, "text": str(words.text) % filled}
    message = OutgoingMessage(
        recipient=recipient,
        kind=kind,
        language=spoken,
        sealed=sealed(settings, json.dumps(content, ensure_ascii=False)),
        made_at=now,
        useless_after=now + useless_after if useless_after else None,
    )
    session.add(message)
    session.flush()
    jobs.order(session, "message", message.id, [spoken], None, now, priority=jobs.WAITING)
