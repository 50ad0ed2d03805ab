"""Fresh authentication: asked for before deeds that matter, with a new token afterwards."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from flask import Flask

from survey import limits
from survey.identity import sign_in_cookie
from survey.models import SignInSession, User
from tests.survey.accounts.clock import minutes_pass
from tests.survey.accounts.ways_in import PASSWORD, is_signed_in, wrong
from tests.survey.browsing import Browser

MATTERS = "/second-factor"
"""A page that asks for a fresh proof."""


def grow_old(app: Flask, minutes: int = 11) -> None:
    with app.extensions["database"].write() as session:
        session.execute(sa.update(SignInSession).values(fresh_at=datetime.now(UTC) - timedelta(minutes=minutes)))


def test_it_is_asked_for_after_ten_minutes_and_leads_back_under_a_new_token(
    app: Flask, make_person, browse_as, recorded
) -> None:
    browse = browse_as(make_person(), strong=False)
    browse.get(MATTERS)
    assert browse.path == MATTERS
    grow_old(app)
    browse.get(MATTERS)
    assert browse.path == "/confirm"
    with app.app_context():
        name = sign_in_cookie()
    old = browse.client.get_cookie(name).value
    browse.post("/confirm", {"password": PASSWORD, "next": MATTERS})
    assert browse.path == MATTERS
    thief = Browser(app)
    thief.client.set_cookie(name, old)
    assert not is_signed_in(thief)
    with app.extensions["database"].read() as session:
        assert session.scalars(sa.select(SignInSession.strong)).all() == [False]
    assert recorded() == [("account.prove", "done", "password")]


def test_it_refuses_a_wrong_password(app: Flask, make_person, browse_as, recorded) -> None:
    browse = browse_as(make_person(), strong=False)
    grow_old(app)
    browse.get(MATTERS)
    browse.post("/confirm", {"password": "guess", "next": MATTERS}, status=422)
    browse.get(MATTERS)
    assert browse.path == "/confirm"
    assert recorded() == [("account.prove", "refused", "password")]


def test_it_goes_only_to_pages_of_this_site(make_person, browse_as) -> None:
    browse = browse_as(make_person(), strong=False)
    browse.get("/confirm?next=https://evil.example/")
    browse.post("/confirm", {"password": PASSWORD, "next": "//evil.example"}, status=303, follow=False)
    assert browse.response.headers["Location"].startswith("/")
    assert not browse.response.headers["Location"].startswith("//")


def test_it_asks_for_the_second_factor_too_and_makes_the_sign_in_strong(
    app: Flask, make_person, browse_as, with_app_on_phone
) -> None:
    user = make_person()
    made = with_app_on_phone(user)
    browse = browse_as(user, strong=False)
    grow_old(app)
    browse.get("/confirm")
    browse.post("/confirm", {"password": PASSWORD, "code": wrong(made.now())}, status=422)
    browse.post("/confirm", {"password": "guess", "code": made.now()}, status=422)
    browse.post("/confirm", {"password": PASSWORD, "code": made.now(), "next": MATTERS})
    assert browse.path == MATTERS
    with app.extensions["database"].read() as session:
        assert session.scalars(sa.select(SignInSession.strong)).all() == [True]


def test_it_sends_a_code_to_people_without_a_password(
    app: Flask, make_person, browse_as, messages, code_in, recorded
) -> None:
    user = make_person()
    with app.extensions["database"].write() as session:
        session.execute(sa.update(User).values(password_hash=None))
    browse = browse_as(user, strong=False)
    grow_old(app)
    browse.get(MATTERS)
    browse.post("/confirm/code", {"next": MATTERS})
    assert browse.path == "/confirm"
    code = code_in(messages()[0])
    browse.post("/confirm", {"sent": wrong(code), "next": MATTERS}, status=422)
    browse.post("/confirm", {"sent": code, "next": MATTERS})
    assert browse.path == MATTERS
    assert [row[1:] for row in recorded("account.prove")] == [("refused", "code"), ("done", "code")]


def test_it_makes_a_guesser_wait(app: Flask, make_person, browse_as) -> None:
    browse = browse_as(make_person(), strong=False)
    browse.get("/confirm")
    for _ in range(limits.LIMITS["fresh"].most):
        browse.post("/confirm", {"password": "guess"}, status=422)
    browse.post("/confirm", {"password": PASSWORD, "next": "/help"}, status=429)
    assert browse.page.one("h1").text == "Wait a moment"
    minutes_pass(app, 1)
    browse.get("/confirm")
    browse.post("/confirm", {"password": PASSWORD, "next": "/help"})
    assert browse.path == "/help"


def test_it_is_asked_again_before_the_form_of_a_page_is_taken(app: Flask, make_person, browse_as) -> None:
    browse = browse_as(make_person(), strong=False)
    browse.get(MATTERS)
    grow_old(app, 21)
    browse.post(MATTERS, {"code": "000000"})
    assert browse.path == "/confirm"
