"""How a visit stands today: its state in a word, whether it is late, whether a second person may confirm it."""

from __future__ import annotations

from datetime import date

from survey.models import Visit

OPEN: tuple[str, ...] = ("planned", "entered")
"""States of a visit that somebody still has to do something about."""


def stands(visit: Visit, today: date) -> str:
    """A key of `seen.STATES`."""
    if visit.state == "planned":
        return "sent_back" if visit.sent_back else "planned"
    if visit.state == "entered":
        return "to_check" if may_confirm(visit, today) else "with_firm"
    return visit.state


def may_confirm(visit: Visit, today: date) -> bool:
    """Whether the firm has said its word, or its time for it has passed."""
    over = visit.comment_until is not None and today > visit.comment_until
    return visit.state == "entered" and (visit.commented_at is not None or over)


def is_late(visit: Visit, today: date) -> bool:
    return visit.state in OPEN and visit.due_on < today
