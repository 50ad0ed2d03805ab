"""What roles are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

ROLES: Final[Mapping[str, LazyString]] = {
    "owner": _l("Holds the firm's account"),
    "editor": _l("Fills in for the firm"),
    "viewer": _l("Reads for the firm"),
    "filler": _l("Authorised filler"),
    "officer": _l("Officer"),
    "assessor": _l("Assessor"),
    "city_administrator": _l("City administrator"),
    "security_administrator": _l("Security administrator"),
    "auditor": _l("Auditor"),
    "provider": _l("Provider's colleague"),
}
"""Each role of `access.GRANTS` by its name."""
