"""People with accounts on a running site: made beforehand, and how they sign in with password and second factor."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache

import pyotp
import sqlalchemy as sa
from playwright.sync_api import expect

from survey.accounts import passwords
from survey.accounts.second_factor import SECONDS
from survey.credit_code import make_credit_code
from survey.database import Database
from survey.models import Area, Membership, NoticeAcceptance, Organisation, RoleGrant, User
from survey.pages.privacy import NOTICE_VERSION
from survey.protection import sealed
from survey.settings import Settings
from tests.browser.entering import PASSWORD
from tests.browser.site import Site
from tests.browser.visitor import Visitor
from tests.cast import place_of


@dataclass
class Phone:
    """An app that makes codes. No code is taken twice, so it goes on to the next, and waits where that is too early."""

    secret: str = field(default_factory=pyotp.random_base32)
    last: int = 0

    def code(self) -> str:
        self.last = max(self.last + 1, int(time.time()) // SECONDS)
        while self.last > int(time.time()) // SECONDS + 1:  # the site takes the code of one step ahead as well
            time.sleep(0.5)
        return pyotp.TOTP(self.secret).generate_otp(self.last)


@cache
def password_hash() -> str:
    """Hashing is slow on purpose."""
    return passwords.hashed(PASSWORD)


def make_person(site: Site, name: str, recipient: str, *roles: tuple[str, str | None], language: str) -> Phone | None:
    """An account with these roles, each at the area with a code, else at the city; with roles also with a phone."""
    phone, now = Phone() if roles else None, datetime.now(UTC)
    database = Database.connect(site.database)
    with database.write() as session:
        user = User(name=name, password_hash=password_hash(), language=language, created_at=now)
        setattr(user, "email" if "@" in recipient else "mobile", recipient)
        if phone:
            user.totp_secret, user.totp_at = sealed(Settings.from_environment(site.environment), phone.secret), now
        session.add(user)
        session.flush()
        session.add(NoticeAcceptance(user_id=user.id, version=NOTICE_VERSION, accepted_at=now))
        for role, area in roles:
            place = place_of(session, role, area)
            session.add(RoleGrant(user_id=user.id, role=role, granted_at=now, **place))
    database.close()
    return phone


def make_firm(site: Site, name: str, owner: str) -> Organisation:
    """A confirmed firm whose account is held by whoever has this mobile number."""
    database, now = Database.connect(site.database), datetime.now(UTC)
    with database.write() as session:
        user = session.scalars(sa.select(User).where(User.mobile == owner)).one()
        firm = Organisation(
            credit_code=make_credit_code("120111", 7), name=name, industry_code="C3484", state="confirmed",
            operating_area_id=session.scalars(sa.select(Area.id).where(Area.code == "120111")).one(),
            created_at=now, created_by=user.id,
        )  # fmt: skip
        session.add(firm)
        session.flush()
        session.add(
            Membership(organisation_id=firm.id, user_id=user.id, role="owner", state="confirmed", created_at=now)
        )
    database.close()
    return firm


def sign_in(visitor: Visitor, recipient: str, phone: Phone | None = None, password: str = PASSWORD) -> None:
    """From the first page on, with password and, where there is a phone, its code."""
    page = visitor.page
    visitor.go("/sign-in")
    give_password(visitor, recipient, password)
    if phone:
        expect(page).to_have_url(f"{visitor.site.url}/sign-in/second-step")
        page.fill("#code", phone.code())
        visitor.follow(page.locator("main form button").first)
    expect(page.locator("main form #password")).to_have_count(0)


def give_password(visitor: Visitor, recipient: str, password: str = PASSWORD) -> None:
    visitor.page.fill("#recipient", recipient)
    visitor.page.fill("#password", password)
    visitor.follow(visitor.page.locator("main form button").first)
