"""What roles are called, and where those outside firms are held, for pages and messages."""

from collections.abc import Mapping
from typing import Final

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy.orm import Session

from survey.models import Area, Provider

FIRM_ROLE_NAMES: Final[Mapping[str, LazyString]] = {
    "owner": _l("Holds the account"),
    "editor": _l("Fills in"),
    "viewer": _l("Reads"),
    "filler": _l("Authorised to fill in"),
}
"""One word for each of `models.organisation.MEMBERSHIP_ROLES`."""

STAFF_ROLE_NAMES: Final[Mapping[str, LazyString]] = {
    "officer": _l("Officer"),
    "assessor": _l("On-site assessor"),
    "city_administrator": _l("City administrator"),
    "security_administrator": _l("Security administrator"),
    "auditor": _l("Auditor"),
    "provider": _l("Provider's contact"),
}
"""One word for each of `models.staff.STAFF_ROLES`."""

ROLE_NAMES: Final[Mapping[str, LazyString]] = {**FIRM_ROLE_NAMES, **STAFF_ROLE_NAMES}


def place_name(session: Session, area_id: int | None, provider_id: int | None, language: str) -> str:
    """The area or provider at which a role is held."""
    if area_id is not None:
        area = session.get_one(Area, area_id)
        return area.name_en if language == "en" else area.name_zh
    return str(session.get_one(Provider, provider_id).name)
