"""What a list is filtered by, carried from page to page in one sealed value.

So no number and no name stands in an address or a log, and nobody looks by a filter whose use was not recorded: only
the form that records it makes the value, for this person and for this day.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any, Final

from survey.protection import CannotOpen, opened, sealed
from survey.settings import Settings

LIFE: Final = timedelta(hours=12)
MOST_DIGITS: Final = 18
"""Of an id: more do not fit into 64 bits."""


def place(text: str | None) -> int | None:
    """The id after which a page of a list begins, as an address names it; None if it names none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None


def keep(settings: Settings, what: str, user_id: int, values: dict[str, Any], now: datetime) -> str:
    """The value for an address; `what` names the list, `values` are plain texts."""
    return sealed(settings, json.dumps([what, user_id, now.timestamp(), values], ensure_ascii=False))


def kept(settings: Settings, what: str, user_id: int, value: str, now: datetime) -> dict[str, Any] | None:
    """What was kept; None if it is no such value, too old, or somebody else's."""
    try:
        its_list, its_user, made, values = json.loads(opened(settings, value))
    except (CannotOpen, ValueError):
        return None
    fits = (its_list, its_user) == (what, user_id) and made > (now - LIFE).timestamp()
    return dict(values) if fits else None
