"""Why an account was locked, and how somebody's identity was checked: short words for the record, with their names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

LOCK_REASONS: Final[Mapping[str, LazyString]] = {
    "left": _l("Left the office or firm"),
    "stale": _l("Not used for 90 days"),
    "suspicious": _l("Suspicious use"),
    "lost": _l("Phone or password in other hands"),
    "request": _l("Asked for by the person"),
}

CHECKS: Final[Mapping[str, LazyString]] = {
    "seen": _l("Seen in person with an identity card"),
    "called": _l("Called back on the office's known number"),
    "superior": _l("Confirmed in writing by the person's superior"),
}
"""How it was made sure that the person who asks is the one whose account it is."""

DONE: Final[Mapping[str, LazyString]] = {
    "lock": _l("The account is locked, and the person is told."),
    "unlock": _l("The account is open again, and the person is told."),
    "end_sign_ins": _l("All sign-ins of this person have ended."),
    "reset": _l("The link is on its way. It is valid for 30 minutes."),
    "factor": _l("The second factor is taken away, and the person is told."),
}
"""What the page of an account says after something was done to it."""
