"""The site in a test: an application on a migrated database, and clients that look at every page they fetch."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from survey.accounts import passwords
from survey.identity import sign_in_cookie
from survey.models import RoleGrant, SignInSession, User
from survey.protection import token_hash
from survey.settings import Settings
from tests.applications import application
from tests.cast import deliver_all, place_of
from tests.survey.browsing import Browser

PASSWORD = "kettle marble orbit fern"


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    made = application(settings)
    yield made
    made.extensions["database"].close()


@pytest.fixture
def browse(app: Flask) -> Browser:
    """A stranger's browser."""
    return Browser(app)


@pytest.fixture(scope="session")
def password_hash() -> str:
    """The hash of PASSWORD, made once: hashing is slow on purpose."""
    return passwords.hashed(PASSWORD)


@pytest.fixture
def make_person(app: Flask, password_hash: str) -> Callable[..., User]:
    """Add a person with an account."""

    def make(name: str = "Li Wei", mobile: str | None = "13800138000", **values: object) -> User:
        with app.app_context(), app.extensions["database"].write() as session:
            user = User(name=name, mobile=mobile, password_hash=password_hash, created_at=datetime.now(UTC), **values)
            session.add(user)
            session.flush()
            session.expunge(user)
        return user

    return make


@pytest.fixture
def make_staff(app: Flask, make_person: Callable[..., User]) -> Callable[..., User]:
    """Add a person with a role outside firms: at the area with this code, else at the city, or at a provider."""

    def make(role: str, area: str | None = None, **values: object) -> User:
        with app.app_context(), app.extensions["database"].write() as session:
            place = place_of(session, role, area)
        user = make_person(
            **{"name": role.title(), "mobile": None, "email": f"{role}{area or ''}@staff.example", **values}
        )
        with app.app_context(), app.extensions["database"].write() as session:
            session.add(RoleGrant(user_id=user.id, role=role, granted_at=datetime.now(UTC), **place))
        return user

    return make


@pytest.fixture
def browse_as(app: Flask) -> Callable[[User], Browser]:
    """The browser of somebody who is signed in already."""

    def signed_in(user: User, *, strong: bool = True) -> Browser:
        now, token = datetime.now(UTC), f"token-of-{user.public_id}"
        with app.extensions["database"].write() as session:
            session.add(
                SignInSession(
                    token_hash=token_hash(token),
                    user_id=user.id,
                    created_at=now,
                    seen_at=now,
                    ends_at=now + timedelta(hours=12),
                    fresh_at=now,
                    strong=strong,
                )
            )
        browser = Browser(app)
        with app.app_context():
            browser.client.set_cookie(sign_in_cookie(), token)
        return browser

    return signed_in


@pytest.fixture
def messages(app: Flask, settings: Settings) -> Callable[[], list[dict[str, str]]]:
    """The messages that have left the site so far, oldest first; what waits in the outbox is delivered first."""

    def sent() -> list[dict[str, str]]:
        deliver_all(app)
        paths = sorted((settings.data_directory / "messages").glob("*.json"), key=lambda path: path.stat().st_mtime_ns)
        return [json.loads(path.read_text(encoding="utf-8")) for path in paths]

    return sent


@pytest.fixture
def code_in() -> Callable[[dict[str, str]], str]:
    """The code with six digits in a message."""
    return lambda message: re.findall(r"(?<!\d)\d{6}(?!\d)", message["text"])[0]


Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(app: Flask) -> Run:
    """Runs a command; gives its exit code and all it says."""

    def invoke(*arguments: object) -> tuple[int, str]:
        result = app.test_cli_runner().invoke(args=[str(each) for each in arguments])
        return result.exit_code, result.output

    return invoke
