"""Recording that somebody who is signed in was refused (L-02).

It is the one thing a GET may leave behind, since a refused look is what the record must tell of: a short transaction
of its own, at most once a minute for each person and address of the site, however often it is tried. Strangers are
not recorded: they are sent to the sign-in, whose failures are.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from flask import request

from survey import audit, limits
from survey.database import reading, write
from survey.identity import person

log = logging.getLogger("survey.access")

LIMIT = "refusals recorded"


def note_refusal(permission: str) -> None:
    """Record it, if it was not just recorded. Never fails the request: the refusal stands in any case."""
    who, now, route = person(), datetime.now(UTC), request.endpoint
    if who is None:
        return
    try:
        key = f"{who.user_id} {route}"
        if limits.used_up(reading(), LIMIT, key, now):
            return
        with write() as session:
            if limits.count(session, LIMIT, key, now):
                actor = audit.here(who.roles[0] if who.roles else None)
                audit.record(session, actor, "access.refused", route, now=now, result="refused", detail=permission)
    except Exception:  # such as a database that cannot be written just now
        log.exception("refusal not recorded")
