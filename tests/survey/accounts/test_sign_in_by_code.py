import dataclasses
from collections.abc import Callable

import sqlalchemy as sa
from flask import Flask

from survey.app import create_app
from survey.models import OneTimeCode, OutgoingMessage, SignInSession, User
from tests.survey.accounts.clock import minutes_pass
from tests.survey.accounts.ways_in import ask_code, is_signed_in, wrong
from tests.survey.browsing import Browser

ENTER = "/sign-in/code/enter"


def test_it_signs_in_with_the_code_and_goes_where_the_person_wanted(
    app: Flask, browse: Browser, make_person, messages, code_in, recorded
) -> None:
    make_person()
    ask_code(browse, next="/help")
    assert browse.path == ENTER
    assert "138****8000" in browse.page.text
    browse.post(ENTER, {"code": code_in(messages()[0])})
    assert browse.path == "/help"
    assert is_signed_in(browse)
    with app.extensions["database"].read() as session:
        assert session.scalars(sa.select(SignInSession.strong)).all() == [False]
    assert recorded() == [("account.request_code", "done", "sign_in"), ("account.sign_in", "done", "code")]


def test_it_answers_the_same_for_accounts_that_are_unknown_or_locked(
    app: Flask, make_person, messages: Callable, recorded
) -> None:
    make_person(mobile="13800138000")
    make_person(mobile="13900139000", state="locked")
    answers, written = set(), []
    for number in ("13800138000", "13900139000", "13700137000"):
        browse = Browser(app)
        ask_code(browse, number)
        shown = browse.page.text.replace(number[:3], "").replace(number[-4:], "")
        browse.post(ENTER, {"code": "000000"}, status=422)
        answers.add((browse.path, shown, browse.page.text.replace(number[:3], "").replace(number[-4:], "")))
        with app.extensions["database"].read() as session:
            written.append(
                [
                    session.scalar(sa.select(sa.func.count()).select_from(model))
                    for model in (OneTimeCode, OutgoingMessage)
                ]
            )
    assert len(answers) == 1
    assert written == [[1, 1], [2, 2], [3, 3]], "the same is written for each"
    assert [message["kind"] for message in messages()] == ["sign_in", "locked", "sign_in_unknown"]
    assert recorded("account.request_code") == [
        ("account.request_code", "done", "sign_in"),
        ("account.request_code", "refused", "locked"),
        ("account.request_code", "refused", "unknown"),
    ]


def test_it_takes_a_code_once(app: Flask, browse: Browser, make_person, messages, code_in) -> None:
    make_person()
    ask_code(browse)
    code = code_in(messages()[0])
    kept = browse.client.get_cookie("session").value
    browse.post(ENTER, {"code": code})
    again = Browser(app)
    again.client.set_cookie("session", kept)
    again.get(ENTER)
    again.post(ENTER, {"code": code}, status=422)
    assert not is_signed_in(again)


def test_it_takes_a_code_only_in_the_browser_that_asked(
    app: Flask, browse: Browser, make_person, messages, code_in
) -> None:
    make_person()
    ask_code(browse)
    thief = Browser(app)
    ask_code(thief)
    thief.post(ENTER, {"code": code_in(messages()[0])}, status=422)
    assert not is_signed_in(thief)


def test_it_refuses_a_code_after_ten_minutes(app: Flask, browse: Browser, make_person, messages, code_in) -> None:
    make_person()
    ask_code(browse)
    minutes_pass(app, 10.1)
    browse.post(ENTER, {"code": code_in(messages()[0])}, status=422)


def test_it_refuses_the_right_code_after_five_wrong_ones(
    app: Flask, browse: Browser, make_person, messages, code_in
) -> None:
    make_person()
    ask_code(browse)
    code = code_in(messages()[0])
    for _ in range(5):
        browse.post(ENTER, {"code": wrong(code)}, status=422)
    browse.post(ENTER, {"code": code}, status=429)
    minutes_pass(app, 1)
    browse.get(ENTER)
    browse.post(ENTER, {"code": code}, status=422)


def test_it_makes_a_guesser_of_codes_wait_over_several_codes(
    app: Flask, browse: Browser, make_person, messages, code_in
) -> None:
    make_person()
    for round_ in range(2):
        ask_code(browse)
        for _ in range(4):
            minutes_pass(app, 0.5)
            browse.post(ENTER, {"code": wrong(code_in(messages()[-1]))}, status=422)
        assert round_ == 0 or browse.post(ENTER, {"code": code_in(messages()[-1])}, status=429)


def test_it_refuses_an_account_that_was_locked_in_between(
    app: Flask, browse: Browser, make_person, messages, code_in, recorded
) -> None:
    make_person()
    ask_code(browse)
    with app.extensions["database"].write() as session:
        session.execute(sa.update(User).values(state="locked"))
    browse.post(ENTER, {"code": code_in(messages()[0])}, status=422)
    assert recorded("account.sign_in") == [("account.sign_in", "refused", "locked")]


def test_it_sends_five_codes_an_hour_to_one_recipient_known_or_not(app: Flask, make_person, messages) -> None:
    make_person()
    pages = set()
    for number in ("13800138000", "13700137000"):
        browse = Browser(app)
        for _ in range(5):
            ask_code(browse, number)
        ask_code(browse, number, status=429)
        pages.add(browse.page.one("main").text.split("E-")[0])
    assert len(pages) == 1
    assert len(messages()) == 10


def test_it_asks_for_an_address_where_no_sms_can_be_sent(settings) -> None:
    app = create_app(dataclasses.replace(settings, sms_driver="none"))
    browse = Browser(app)
    ask_code(browse, status=422)
    assert "this site sends no SMS" in browse.page.text
    app.extensions["database"].close()


def test_it_takes_no_code_that_was_never_asked_for(browse: Browser) -> None:
    browse.get(ENTER)
    assert browse.path == "/sign-in/code"
    browse.post(ENTER, {"code": "000000"})
    assert browse.path == "/sign-in/code"
