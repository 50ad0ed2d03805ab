"""Accounts as the security administrator reads them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from survey import formatting
from survey.accounts.role_names import ROLE_NAMES
from survey.administration.queries import Account
from survey.models import RoleGrant
from survey.organisations.queries import area_name

STATES: Final = {
    "active": ("done", _l("In use")),
    "locked": ("error", _l("Locked")),
    "closed": ("unknown", _l("Closed")),
}
"""The mark and the word of each of `models.user.USER_STATES`."""


@dataclass(frozen=True, slots=True)
class Row:
    """An account in words. `mark` is one of `components/marks.html`."""

    public_id: str
    name: str
    recipients: str
    roles: list[str]
    mark: str
    state: str
    used: str
    protected: bool


def listed(found: Iterable[Account], language: str) -> list[Row]:
    """In the order given."""
    return [_row(each, language) for each in found]


def _row(account: Account, language: str) -> Row:
    user = account.user
    mark, state = STATES[user.state]
    return Row(
        public_id=user.public_id,
        name=user.name,
        recipients=" · ".join(each for each in (user.mobile, user.email) if each),
        roles=[role_at(grant, language) for grant in account.grants],
        mark=mark,
        state=str(state),
        used=formatting.date(account.used_at) if account.used_at else _("never"),
        protected=user.totp_at is not None,
    )


def role_at(grant: RoleGrant, language: str) -> str:
    """The role with the place where it is held."""
    place = area_name(grant.area, language) if grant.area else grant.provider.name if grant.provider else ""
    return _("%(role)s, %(place)s", role=ROLE_NAMES[grant.role], place=place)
