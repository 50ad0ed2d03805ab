"""The words of a visit: what was found of an answer, what was looked at, how a visit stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

FINDINGS: Final[Mapping[str, LazyString]] = {
    "same": _l("As stated"),
    "changed": _l("Another value"),
    "not_shown": _l("Nothing shown"),
}
"""What was found, by the kinds of `survey.models.verification.FINDINGS`."""

SEEN: Final[Mapping[str, LazyString]] = {
    "document": _l("Document"),
    "system": _l("System"),
    "on_the_spot": _l("On the spot"),
    "interview": _l("Interview"),
    "photo": _l("Photo"),
}
"""What somebody can look at. The words stored are the keys, so that one of them can be said in another way."""

STATES: Final[Mapping[str, LazyString]] = {
    "planned": _l("Planned"),
    "sent_back": _l("Sent back: to be looked at again"),
    "with_firm": _l("With the firm for its word"),
    "to_check": _l("Waits for the second person"),
    "confirmed": _l("Confirmed"),
    "cancelled": _l("Cancelled"),
}
"""How a visit stands, by `survey.verification.standing.stands`."""

MARKS: Final[Mapping[str, str]] = {
    "planned": "not_started",
    "sent_back": "warning",
    "with_firm": "in_progress",
    "to_check": "in_progress",
    "confirmed": "done",
    "cancelled": "unknown",
}
"""The mark beside each of them."""


def looked_at(seen: object) -> str:
    """What was looked at, in words; nothing where nothing was noted."""
    words = seen if isinstance(seen, list | tuple) else ()
    return " · ".join(str(SEEN[each]) for each in SEEN if each in words)
