"""Waits that grow with each failure, for an account and for an address; never a lock (AU-07)."""

import pytest
import sqlalchemy as sa
from flask import Flask

from survey import limits
from survey.accounts import passwords
from survey.models import Attempt
from tests.survey.accounts.clock import minutes_pass
from tests.survey.accounts.ways_in import PASSWORD, is_signed_in, sign_in
from tests.survey.browsing import Browser

FREE = limits.LIMITS["sign-in account"].most


def wait_page(browse: Browser) -> str:
    return browse.page.one("main").text


def test_it_refuses_the_right_password_too_while_one_has_to_wait(
    app: Flask, browse: Browser, make_person, monkeypatch: pytest.MonkeyPatch, recorded
) -> None:
    make_person()
    for _ in range(FREE):
        sign_in(browse, password="guess", status=422)
    looked = []
    monkeypatch.setattr(passwords, "matches", lambda *given: looked.append(given) or True)
    sign_in(browse, password=PASSWORD, status=429)
    sign_in(browse, password="guess", status=429)
    assert looked == [], "the password is not even looked at"
    assert "Try again in 2 seconds." in wait_page(browse) or "Try again in 1 second." in wait_page(browse)
    assert not is_signed_in(browse)
    assert recorded()[-1] == ("account.sign_in", "refused", "wait")
    monkeypatch.undo()
    minutes_pass(app, 0.1)
    sign_in(browse)
    assert is_signed_in(browse)


def test_it_waits_the_same_for_unknown_and_locked_accounts(app: Flask, make_person) -> None:
    make_person(mobile="13800138000")
    make_person(mobile="13900139000", state="locked")
    answers = {}
    for who, password in (("13800138000", "guess"), ("13900139000", PASSWORD), ("13700137000", "guess")):
        browse = Browser(app)
        statuses = []
        for _ in range(FREE + 1):
            browse.get("/sign-in")
            page = browse.client.post(
                "/sign-in", data={"csrf_token": token(browse), "recipient": who, "password": password}
            )
            statuses.append(page.status_code)
        answers[who] = tuple(statuses), page.text.count("\n")
    assert len(set(answers.values())) == 1, answers
    assert answers["13700137000"][0] == (422,) * FREE + (429,)


def token(browse: Browser) -> str:
    return next(each.get("value") for each in browse.page.all("input") if each.get("name") == "csrf_token")


def test_each_failure_makes_the_wait_longer_and_none_is_longer_than_a_quarter_of_an_hour(
    app: Flask, browse: Browser, make_person
) -> None:
    make_person()
    waits = []
    for number in range(FREE + 11):
        sign_in(browse, password="guess", status=422)
        if number >= FREE - 1:
            sign_in(browse, status=429)
            waits.append(int(browse.response.headers["Retry-After"]))
        minutes_pass(app, 15.1)
    assert waits[:4] == [2, 4, 8, 16]
    assert waits[-1] == limits.LONGEST_WAIT.total_seconds()
    sign_in(browse)
    assert is_signed_in(browse), "whoever waits gets in"


def test_trying_during_the_wait_does_not_make_it_longer(app: Flask, browse: Browser, make_person) -> None:
    make_person()
    for _ in range(FREE):
        sign_in(browse, password="guess", status=422)
    with app.extensions["database"].read() as session:
        before = session.scalars(sa.select(Attempt.until).order_by(Attempt.key)).all()
    for _ in range(3):
        sign_in(browse, password="guess", status=429)
    with app.extensions["database"].read() as session:
        assert session.scalars(sa.select(Attempt.until).order_by(Attempt.key)).all() == before


def test_a_success_forgets_the_failures_of_the_account(app: Flask, browse: Browser, make_person) -> None:
    make_person()
    for _ in range(2):
        for _ in range(FREE - 1):
            sign_in(browse, password="guess", status=422)
        sign_in(browse)
        assert is_signed_in(browse)
        browse.post("/sign-out")


def test_one_address_that_tries_many_accounts_has_to_wait(app: Flask, make_person) -> None:
    make_person()
    browse = Browser(app)
    most = limits.LIMITS["sign-in address"].most
    for number in range(most):
        sign_in(browse, f"139{number:08}", "guess", status=422)
    sign_in(browse, status=429)
    other = {"environ_base": {"REMOTE_ADDR": "192.0.2.7"}}
    browse.get("/sign-in")
    browse.post("/sign-in", {"recipient": "13800138000", "password": PASSWORD}, **other)
    assert is_signed_in(browse)


def test_signing_in_to_an_own_account_does_not_clear_the_address(app: Flask, make_person) -> None:
    make_person()
    browse = Browser(app)
    for number in range(limits.LIMITS["sign-in address"].most - 1):
        sign_in(browse, f"139{number:08}", "guess", status=422)
    sign_in(browse)
    browse.post("/sign-out")
    sign_in(browse, "13911111111", "guess", status=422)
    sign_in(browse, "13911111112", "guess", status=429)
