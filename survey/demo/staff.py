"""The people of offices, of the city and of a provider in the demonstration, each with a second factor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import pyotp
import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey.accounts import passwords, second_factor
from survey.accounts.granting import Place, grant_role
from survey.audit import SYSTEM
from survey.demo.firms import words
from survey.demo.journeys import register
from survey.demo.lives import Site
from survey.models import Area, Provider, SignInSession
from survey.models.staff import PROVIDER_ROLES

AREA: Final = "120111"
"""The district whose office is shown: that of the printed firms' neighbours, with claims to decide."""

STAFF: Final = (
    ("city", "city_administrator", None, "runs the city's content: list of firms, areas, own industries"),
    ("security", "security_administrator", None, "runs accounts, roles and requests; sees no firm"),
    ("auditor", "auditor", None, "reads the record of deeds, nothing else"),
    ("officer", "officer", AREA, "office of a district: its firms, claims to decide, codes, assessors"),
    ("binhai", "officer", "120116", "office of another area"),
    ("assessor", "assessor", AREA, "is asked to visit firms of the district"),
    ("provider", "provider", None, "a service provider's engineer"),
)
"""Name of the address, role, code of the area (none: the city), what is to be seen."""

BEFORE: Final = timedelta(days=6)
"""So long before the round the offices were at work."""


@dataclass(frozen=True, slots=True)
class Hired:
    """Somebody of an office: the account's id, and what its second factor is made from."""

    user_id: int
    secret: str


def hire(site: Site, keys: Mapping[str, str], host: str) -> dict[str, Hired]:
    """Give everybody an account, a role and a second factor; by the name of the address."""
    at = site.beginning - BEFORE
    return {
        name: _hire(site, (surname, f"{name}@{host}", keys[name]), role, area, at)
        for surname, (name, role, area, _about) in zip(reversed(words()["surnames"]), STAFF, strict=False)
    }


def _hire(site: Site, person: tuple[str, str, str], role: str, area: str | None, at: datetime) -> Hired:
    surname, address, password = person
    called = words()["person"].format(surname=surname)
    user_id = register(site, called, address, passwords.hashed(password), at)
    with site.database.write() as session:
        refused = grant_role(session, site.settings, user_id, role, _place(session, role, area, at), SYSTEM, at)
        assert refused is None, refused
        box = second_factor.begin(site.settings, user_id)
        secret = second_factor.secret_in(site.settings, user_id, box) or ""
        code = pyotp.TOTP(secret).at(at)
        assert second_factor.confirm(session, site.settings, user_id, box, code, at, replace=False)
        session.execute(sa.delete(SignInSession).where(SignInSession.user_id == user_id))
    return Hired(user_id, secret)


def _place(session: Session, role: str, area: str | None, at: datetime) -> Place:
    if role in PROVIDER_ROLES:
        provider = Provider(name=words()["provider"], created_at=at)
        session.add(provider)
        session.flush()
        return Place(provider_id=provider.id)
    where = Area.code == area if area else Area.parent_id.is_(None)
    return Place(area_id=session.scalars(sa.select(Area.id).where(where)).one())


def codes_now(factors: Mapping[str, str], now: datetime) -> list[str]:
    """One line for each address with its code of this half minute."""
    left = second_factor.SECONDS - int(now.timestamp()) % second_factor.SECONDS
    width = max(map(len, factors), default=0)
    lines = [f"  {address:<{width}}  {pyotp.TOTP(secret).at(now)}" for address, secret in factors.items()]
    return [*lines, f"  for another {left} seconds; each code is taken once"]
