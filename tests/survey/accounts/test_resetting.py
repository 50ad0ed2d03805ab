"""The seven properties of a link for a forgotten password (AU-08), and that it tells nobody who has an account."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from survey.accounts import passwords
from survey.models import OneTimeCode, SignInSession, User
from tests.survey.accounts.clock import minutes_pass
from tests.survey.accounts.ways_in import is_signed_in, sign_in
from tests.survey.browsing import Browser

NEW = "lantern quiver basalt nine"


def ask(browse: Browser, who: str = "13800138000") -> None:
    browse.get("/forgotten")
    browse.post("/forgotten", {"recipient": who})


@pytest.fixture
def link(messages: Callable[[], list[dict[str, str]]]) -> Callable[[], str]:
    """The path of the link in the newest message."""

    def found() -> str:
        return re.findall(r"http://localhost(/reset/\S+)", messages()[-1]["text"])[0]

    return found


def user_in(app: Flask) -> User:
    with app.extensions["database"].read() as session:
        return session.scalars(sa.select(User).order_by(User.id)).first()


def test_it_is_random_and_only_its_hash_is_kept(app: Flask, browse: Browser, make_person, link) -> None:
    make_person()
    tokens = set()
    for _ in range(2):
        ask(browse)
        tokens.add(link().removeprefix("/reset/"))
    assert len(tokens) == 2
    with app.extensions["database"].read() as session:
        kept = "".join(row.code_hash + (row.payload or "") for row in session.scalars(sa.select(OneTimeCode)))
    for token in tokens:
        assert len(token) >= 43, "256 bits"
        assert token not in kept


def test_it_is_good_once(app: Flask, browse: Browser, make_person, link) -> None:
    make_person()
    ask(browse)
    path = link()
    browse.get(path)
    browse.post(path, {"password": NEW})
    assert browse.path == "/password-set"
    other = Browser(app)
    other.get(path, status=404)
    assert "no longer valid" in other.page.text
    browse.get("/sign-in")
    browse.post(path, {"password": "another " + NEW}, status=404)
    assert passwords.matches(NEW, user_in(app).password_hash)


def test_it_is_good_for_half_an_hour(app: Flask, browse: Browser, make_person, link) -> None:
    make_person()
    ask(browse)
    path = link()
    minutes_pass(app, 29)
    browse.get(path)
    minutes_pass(app, 1.1)
    browse.post(path, {"password": NEW}, status=404)
    assert not passwords.matches(NEW, user_in(app).password_hash)


def test_it_changes_nothing_before_it_is_used(app: Flask, browse: Browser, make_person, browse_as, link) -> None:
    user = make_person()
    elsewhere = browse_as(user)
    ask(browse)
    browse.get(link())
    browse.get(link())
    now = user_in(app)
    assert (now.password_hash, now.password_at, now.state) == (user.password_hash, None, "active")
    assert is_signed_in(elsewhere)
    sign_in(Browser(app))


def test_it_signs_nobody_in(app: Flask, browse: Browser, make_person, link) -> None:
    make_person()
    ask(browse)
    path = link()
    browse.get(path)
    browse.post(path, {"password": NEW})
    assert not is_signed_in(browse)
    with app.extensions["database"].read() as session:
        assert session.scalars(sa.select(SignInSession)).all() == []


def test_it_stands_in_for_no_second_factor(app: Flask, browse: Browser, make_person, with_app_on_phone, link) -> None:
    with_app_on_phone(make_person())
    ask(browse)
    path = link()
    browse.get(path)
    browse.post(path, {"password": NEW})
    sign_in(browse, password=NEW)
    assert browse.path == "/sign-in/second-step"
    assert not is_signed_in(browse)


@pytest.mark.parametrize(("ticked", "stays"), [({"end_others": "y"}, False), ({}, True)])
def test_it_ends_all_sign_ins_if_wanted_and_tells(
    app: Flask, browse: Browser, make_person, browse_as, link, messages, recorded, ticked, stays: bool
) -> None:
    elsewhere = browse_as(make_person())
    ask(browse)
    path = link()
    browse.get(path)
    box = next(each for each in browse.page.all("input") if each.get("name") == "end_others")
    assert "checked" in box.attributes, "the safe choice is made already"
    browse.post(path, {"password": NEW, **ticked})
    assert is_signed_in(elsewhere) is stays
    assert [message["kind"] for message in messages()] == ["reset", "changed"]
    assert ("account.reset", "done", None) in recorded()
    sign_in(Browser(app), password=NEW)


def test_it_dies_with_any_other_change_of_the_account(app: Flask, browse: Browser, make_person, link) -> None:
    make_person()
    for values in ({"password_hash": "another"}, {"totp_at": datetime.now(UTC)}, {"state": "locked"}):
        ask(browse)
        path = link()
        browse.get(path)
        with app.extensions["database"].write() as session:
            session.execute(sa.update(User).values(values))
        browse.get(path, status=404)


def test_it_answers_the_same_for_unknown_and_locked_accounts(app: Flask, make_person, messages) -> None:
    make_person(mobile="13800138000")
    make_person(mobile="13900139000", state="locked")
    pages, rows = set(), []
    for number in ("13800138000", "13900139000", "13700137000"):
        browse = Browser(app)
        ask(browse, number)
        pages.add((browse.path, browse.page.text))
        with app.extensions["database"].read() as session:
            rows.append(session.scalar(sa.select(sa.func.count()).select_from(OneTimeCode)))
    assert len(pages) == 1
    assert rows == [1, 2, 3]
    assert [message["kind"] for message in messages()] == ["reset", "locked", "reset_unknown"]


def test_it_leads_to_the_configured_address_whatever_the_request_says(
    app: Flask, browse: Browser, make_person, messages
) -> None:
    make_person()
    browse.get("/forgotten")
    browse.post("/forgotten", {"recipient": "13800138000"}, headers={"X-Forwarded-Host": "evil.example"})
    assert "http://localhost/reset/" in messages()[0]["text"]


def test_it_sends_the_address_with_the_token_to_nobody(browse: Browser, make_person, link) -> None:
    make_person()
    ask(browse)
    browse.get(link())
    assert browse.response.headers["Referrer-Policy"] == "same-origin"
    assert browse.response.headers["Cache-Control"] == "no-store"
    assert not [each for each in browse.page.all("a") if each.get("href").startswith("http")]


@pytest.mark.parametrize(
    ("password", "says"), [("short", "15 characters"), ("li wei 13800138000 li wei", "easy to guess")]
)
def test_it_refuses_weak_passwords_and_stays_good(browse: Browser, make_person, link, password: str, says: str) -> None:
    make_person()
    ask(browse)
    path = link()
    browse.get(path)
    browse.post(path, {"password": password}, status=422)
    assert says in browse.page.text
    browse.post(path, {"password": NEW})
    assert browse.path == "/password-set"


def test_it_asks_staff_for_eight_characters_since_they_have_a_second_factor(browse: Browser, make_staff, link) -> None:
    make_staff("officer")
    ask(browse, "officer@staff.example")
    path = link()
    browse.get(path)
    browse.post(path, {"password": "ox7ghm"}, status=422)
    assert "at least 8 characters" in browse.page.text
    browse.post(path, {"password": "ox7-ghmz"})
    assert browse.path == "/password-set"


def test_the_owner_does_not_wait_for_a_guesser(app: Flask, browse: Browser, make_person, link) -> None:
    make_person()
    for _ in range(5):
        sign_in(browse, password="guess", status=422)
    ask(browse)
    path = link()
    browse.get(path)
    browse.post(path, {"password": NEW})
    sign_in(browse, password=NEW)
    assert is_signed_in(browse)
