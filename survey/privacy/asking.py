"""Who accepted only an older notice is asked on the first pages after signing in. It never blocks anything."""

from __future__ import annotations

from typing import Any, Final

from flask import request, session

from survey.database import reading
from survey.identity import person
from survey.pages.privacy import NOTICE_VERSION
from survey.privacy.notices import NOTICES, accepted_current

ASKED: Final = "notice"
"""Key in the browser's session: the version that was accepted or put off; signing in forgets it."""

WHERE: Final = frozenset(
    {
        "answering.home",
        "organisations.home",
        "report.home",
        "account.home",
        "privacy.mine",
        "desk.home",
        "city.areas",
        "administration.home",
        "auditing.home",
        "providers.home",
    }
)
"""The pages people come to after signing in; on all others nothing is asked, and no query is made."""


def notice_due() -> bool:
    """Whether this page asks. One query on a first page, none once the answer is known."""
    who = person() if request.endpoint in WHERE and request.method == "GET" else None
    if who is None or session.get(ASKED) == NOTICE_VERSION:
        return False
    if accepted_current(reading(), who.user_id):
        session[ASKED] = NOTICE_VERSION
        return False
    return True


def for_templates() -> dict[str, Any]:
    return {"notice_due": notice_due, "notice_changed": NOTICES[0].changed}
