"""Delivering what stands in the outbox: the worker's job of the kind "message"."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from survey.database import Database
from survey.messages.drivers import send
from survey.messages.message import Message
from survey.models import OutgoingMessage
from survey.protection import opened
from survey.settings import Settings


def deliver(settings: Settings, subject_id: int, language: str) -> str:
    """Send one message and erase what it said; raises what the driver raises. Sent or useless ones are left alone."""
    database, now = Database.connect(settings.database_url), datetime.now(UTC)
    try:
        with database.read() as session:
            row = session.get_one(OutgoingMessage, subject_id)
        if row.sealed is None or row.recipient is None:
            return ""
        useless = row.useless_after is not None and row.useless_after <= now
        if not useless:
            content = json.loads(opened(settings, row.sealed))
            send(Message(row.public_id, row.recipient, row.kind, row.language, **content), settings, now)
        with database.write() as session:
            kept = session.get_one(OutgoingMessage, subject_id)
            kept.sealed, kept.recipient, kept.sent_at = None, None, None if useless else now
    finally:
        database.close()
    return ""
