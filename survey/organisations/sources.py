"""Where a figure may come from: one row each, in the order they are offered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

TYPED: Final = "entered"
"""The source of a figure that somebody typed without saying where it comes from."""

VERIFIED: Final = "on_site"
"""The source of a figure that an assessor has found on site; nobody chooses it."""

SOURCES: Final[Mapping[str, LazyString]] = {
    TYPED: _l("not stated"),
    "audited": _l("Audit report"),
    "accounts": _l("Own accounts, not audited"),
    "tax": _l("Annual tax return"),
    "statistics": _l("Statistical return"),
    "ledger": _l("Ledger, payroll or list"),
    "bills": _l("Bills or meters"),
    "certificate": _l("Certificate or contract"),
    "estimate": _l("Estimate"),
}

NAMES: Final[Mapping[str, LazyString]] = {**SOURCES, VERIFIED: _l("Verified on site")}
"""All of them, also the one that is not offered."""
