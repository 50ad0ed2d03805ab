"""The pages of one's own account."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from survey.accounts import passwords
from survey.models import AuditEvent, RecoveryCode, SignInSession, User
from survey.protection import token_hash
from tests.survey.browsing import Browser
from tests.survey.conftest import PASSWORD

Messages = Callable[[], list[dict[str, str]]]
CodeIn = Callable[[dict[str, str]], str]
OTHER_PASSWORD = "granite violin harbour 7 moss"


@pytest.fixture
def me(make_person: Callable[..., User]) -> User:
    return make_person(email="li@firm.example", language="en")


@pytest.fixture
def browser(me: User, browse_as: Callable[..., Browser]) -> Browser:
    return browse_as(me)


@pytest.fixture
def now_is(app: Flask, me: User) -> Callable[[], User]:
    """The account as the database has it."""

    def find() -> User:
        with app.extensions["database"].read() as session:
            return session.get_one(User, me.id)

    return find


@pytest.fixture
def sign_in_elsewhere(app: Flask) -> Callable[..., None]:
    """Another open sign-in of a person."""

    def add(user: User, name: str = "phone", **values: Any) -> None:
        now = datetime.now(UTC)
        made = {"created_at": now, "seen_at": now, "ends_at": now + timedelta(hours=12), **values}
        with app.extensions["database"].write() as session:
            session.add(SignInSession(token_hash=token_hash(name), user_id=user.id, **made))

    return add


def open_tokens(app: Flask, user: User) -> set[str]:
    with app.extensions["database"].read() as session:
        rows = sa.select(SignInSession.token_hash).where(
            SignInSession.user_id == user.id, SignInSession.ended_at.is_(None)
        )
        return set(session.scalars(rows))


def events(app: Flask, action: str) -> list[tuple[str, str | None]]:
    with app.extensions["database"].read() as session:
        rows = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == action).order_by(AuditEvent.id))
        return [(event.result, event.detail) for event in rows]


def change(browser: Browser, kind: str, to: str) -> None:
    browser.get(f"/account/{kind}")
    browser.post(f"/account/{kind}", {"recipient": to})


# -- the page ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_it_shows_the_account_whole(browser: Browser, language: str) -> None:
    browser.language = language
    page = browser.get("/account")
    for words in ("Li Wei", "13800138000", "li@firm.example"):
        assert words in page.text
    links = {each.get("href") for each in page.all("a")}
    assert {"/account/name", "/account/password", "/account/mobile", "/second-factor", "/privacy/mine"} <= links
    for path in ("name", "language", "password", "mobile", "email/remove", "second-factor/remove"):
        browser.get(f"/account/{path}")


def test_the_name_above_leads_to_the_account(browser: Browser) -> None:
    links = [each for each in browser.get("/help").all("a") if each.get("href") == "/account"]
    assert [each.get("aria-label") for each in links] == ["My account: Li Wei"]


def test_a_stranger_signs_in_first(browse: Browser) -> None:
    browse.get("/account", status=303, follow=False)
    assert browse.response.location == "/sign-in?next=/account"


def test_the_name_changes_and_nothing_else(browser: Browser, now_is: Callable[[], User], app: Flask) -> None:
    browser.get("/account/name")
    browser.post("/account/name", {"name": " Li  Na ", "mobile": "13100131000", "state": "closed", "totp_secret": "x"})
    user = now_is()
    assert (user.name, user.mobile, user.state, user.totp_secret) == ("Li Na", "13800138000", "active", None)
    assert events(app, "account.change") == [("done", "name")]
    browser.get("/account/name")
    browser.post("/account/name", {"name": " "}, status=422)


def test_messages_come_in_the_language_that_was_chosen(browser: Browser, now_is: Callable[[], User]) -> None:
    browser.get("/account/language")
    browser.post("/account/language", {"language": "zh_CN"})
    assert now_is().language == "zh_CN"
    browser.get("/account/language")
    browser.post("/account/language", {"language": "fr"}, status=422)


# -- password ----------------------------------------------------------------------------------------------------------


def test_a_new_password_ends_all_other_sign_ins(
    app: Flask, me: User, browser: Browser, now_is: Any, sign_in_elsewhere: Any, messages: Messages
) -> None:
    sign_in_elsewhere(me)
    browser.get("/account/password")
    browser.post("/account/password", {"password": OTHER_PASSWORD})
    assert browser.path == "/account"
    assert "Set today" in browser.page.text
    assert passwords.matches(OTHER_PASSWORD, now_is().password_hash)
    assert open_tokens(app, me) == {token_hash(f"token-of-{me.public_id}")}
    told = messages()[-1]
    assert (told["recipient"], told["kind"]) == ("13800138000", "changed")
    assert "password" in told["text"]


@pytest.mark.parametrize("password", ["short", "li wei li wei li wei", PASSWORD])
def test_a_weak_password_or_the_same_is_refused(browser: Browser, now_is: Any, password: str) -> None:
    browser.get("/account/password")
    browser.post("/account/password", {"password": password}, status=422)
    assert passwords.matches(PASSWORD, now_is().password_hash)


FRESH = ("password", "mobile", "email", "mobile/code", "mobile/remove", "recovery-codes", "second-factor/remove")


@pytest.mark.parametrize("path", FRESH)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_opens_the_account_wants_a_fresh_proof(
    app: Flask, browser: Browser, now_is: Any, path: str, method: str
) -> None:
    browser.get("/account/name")
    with app.extensions["database"].write() as session:
        session.execute(sa.update(SignInSession).values(fresh_at=datetime.now(UTC) - timedelta(minutes=21)))
    send = browser.get if method == "GET" else browser.post
    send(f"/account/{path}", status=303, follow=False)
    assert browser.response.location == f"/confirm?next=/account/{path}"
    assert now_is().mobile == "13800138000"


# -- number and address ------------------------------------------------------------------------------------------------


def test_a_new_number_counts_once_its_code_came_and_the_old_one_is_told(
    browser: Browser, now_is: Any, messages: Messages, code_in: CodeIn, app: Flask
) -> None:
    change(browser, "mobile", "137 0013 7000")
    message = messages()[-1]
    assert (message["recipient"], message["kind"]) == ("13700137000", "change")
    assert now_is().mobile == "13800138000"
    browser.post("/account/mobile/code", {"code": code_in(message)})
    assert browser.path == "/account"
    assert now_is().mobile == "13700137000"
    told = messages()[-1]
    assert (told["recipient"], told["kind"]) == ("13800138000", "changed")
    assert "mobile number" in told["text"]
    assert events(app, "account.change") == [("done", "mobile")]
    browser.get("/account/mobile")
    browser.post("/account/mobile/code", {"code": code_in(message)})
    assert browser.path == "/account/mobile"


def test_an_added_address_is_told_to_the_number(
    make_person: Callable[..., User],
    browse_as: Callable[..., Browser],
    messages: Messages,
    code_in: CodeIn,
) -> None:
    browser = browse_as(make_person("Wang Fang", "13900139000"))
    change(browser, "email", "Wang@Firm.example")
    browser.post("/account/email/code", {"code": code_in(messages()[-1])})
    assert "wang@firm.example" in browser.page.text
    assert messages()[-1]["recipient"] == "13900139000"


def test_a_code_is_no_use_in_another_account_or_browser(
    me: User,
    browser: Browser,
    make_person: Callable[..., User],
    browse_as: Callable[..., Browser],
    messages: Messages,
    code_in: CodeIn,
    now_is: Any,
    app: Flask,
) -> None:
    change(browser, "mobile", "13700137000")
    code = code_in(messages()[-1])
    other = make_person("Wang Fang", "13900139000")
    theirs = browse_as(other)
    theirs.get("/account/mobile")
    theirs.post("/account/mobile/code", {"code": code})
    assert theirs.path == "/account/mobile"
    change(theirs, "mobile", "13700137000")
    theirs.post("/account/mobile/code", {"code": code}, status=422)
    with app.extensions["database"].read() as session:
        assert session.get_one(User, other.id).mobile == "13900139000"
    assert now_is().mobile == "13800138000"


def test_five_wrong_codes_are_the_end_of_it(
    browser: Browser, now_is: Any, messages: Messages, code_in: CodeIn, app: Flask
) -> None:
    change(browser, "mobile", "13700137000")
    code = code_in(messages()[-1])
    wrong = f"{(int(code) + 1) % 10**6:06}"
    for _ in range(5):
        browser.post("/account/mobile/code", {"code": wrong}, status=422)
    browser.post("/account/mobile/code", {"code": code}, status=422)
    assert now_is().mobile == "13800138000"
    assert events(app, "account.change") == [("refused", "code")] * 6


def test_an_old_code_is_no_use(app: Flask, browser: Browser, now_is: Any, messages: Messages, code_in: CodeIn) -> None:
    from survey.models import OneTimeCode

    change(browser, "mobile", "13700137000")
    with app.extensions["database"].write() as session:
        before = datetime.now(UTC) - timedelta(minutes=11)
        session.execute(sa.update(OneTimeCode).values(created_at=before, expires_at=before + timedelta(minutes=10)))
    browser.post("/account/mobile/code", {"code": code_in(messages()[-1])}, status=422)
    assert now_is().mobile == "13800138000"


def test_a_number_of_another_account_looks_the_same_here_and_is_told_there(
    browser: Browser, make_person: Callable[..., User], messages: Messages, now_is: Any
) -> None:
    change(browser, "mobile", "13700137000")
    free = browser.page.one("main").text
    make_person("Wang Fang", "13900139000")
    change(browser, "mobile", "13900139000")
    assert browser.page.one("main").text.replace("139****9000", "137****7000") == free
    message = messages()[-1]
    assert (message["recipient"], message["kind"]) == ("13900139000", "change_taken")
    browser.post("/account/mobile/code", {"code": "000000"}, status=422)
    assert now_is().mobile == "13800138000"


def test_somebody_else_may_be_quicker(
    browser: Browser, make_person: Callable[..., User], messages: Messages, code_in: CodeIn, now_is: Any
) -> None:
    change(browser, "mobile", "13700137000")
    make_person("Wang Fang", "13700137000")
    browser.post("/account/mobile/code", {"code": code_in(messages()[-1])}, status=422)
    assert now_is().mobile == "13800138000"


@pytest.mark.parametrize(("kind", "typed"), [
    ("mobile", "li@new.example"), ("email", "13700137000"), ("mobile", "13800138000"), ("email", ""),
])  # fmt: skip
def test_it_asks_for_what_fits(browser: Browser, messages: Messages, kind: str, typed: str) -> None:
    browser.get(f"/account/{kind}")
    browser.post(f"/account/{kind}", {"recipient": typed}, status=422)
    assert messages() == []


def test_one_of_both_stays(browser: Browser, now_is: Any, messages: Messages) -> None:
    browser.get("/account/email/remove")
    browser.post("/account/email/remove")
    assert now_is().email is None
    assert {each["recipient"] for each in messages()} == {"13800138000", "li@firm.example"}
    browser.get("/account/mobile/remove", status=409)
    browser.get("/account/name")
    browser.post("/account/mobile/remove", status=409)
    assert now_is().mobile == "13800138000"
    browser.get("/account/fax", status=404)


# -- second factor -----------------------------------------------------------------------------------------------------


@pytest.fixture
def with_factor(app: Flask) -> Callable[[User], None]:
    def add(user: User) -> None:
        with app.extensions["database"].write() as session:
            values = {"totp_secret": "sealed", "totp_at": datetime.now(UTC)}
            session.execute(sa.update(User).where(User.id == user.id).values(values))

    return add


def test_new_recovery_codes_are_shown_once_and_told(
    app: Flask, me: User, browser: Browser, with_factor: Any, messages: Messages
) -> None:
    browser.get("/account/recovery-codes", status=404)
    with_factor(me)
    assert "New recovery codes" in browser.get("/account").text
    browser.get("/account/recovery-codes")
    browser.post("/account/recovery-codes")
    assert browser.path == "/second-factor/recovery-codes"
    with app.extensions["database"].read() as session:
        assert session.scalar(sa.select(sa.func.count()).where(RecoveryCode.user_id == me.id)) == 10
    assert "recovery codes" in messages()[-1]["text"]
    assert "10 recovery codes left" in browser.get("/account").text


def test_the_second_factor_can_be_removed(
    me: User, browser: Browser, with_factor: Any, now_is: Any, messages: Messages
) -> None:
    with_factor(me)
    browser.get("/account/second-factor/remove")
    browser.post("/account/second-factor/remove")
    assert (now_is().totp_at, now_is().totp_secret) == (None, None)
    assert "second factor" in messages()[-1]["text"]


def test_staff_keep_theirs(
    app: Flask, make_staff: Callable[..., User], browse_as: Callable[..., Browser], with_factor: Any
) -> None:
    officer = make_staff("officer", "120111")
    with_factor(officer)
    browser = browse_as(officer)
    page = browser.get("/account")
    assert "/account/second-factor/remove" not in page.html
    assert "Xiqing" in page.text
    browser.get("/account/name")
    browser.post("/account/second-factor/remove", status=409)
    assert "Your role needs the second factor" in browser.page.text
    with app.extensions["database"].read() as session:
        assert session.get_one(User, officer.id).totp_at is not None


# -- sign-ins ----------------------------------------------------------------------------------------------------------


def test_it_lists_what_is_open(me: User, browser: Browser, sign_in_elsewhere: Any, make_person: Any) -> None:
    ago = datetime.now(UTC) - timedelta(days=2)
    sign_in_elsewhere(me, device="WeChat, Android", address="203.0.113.7")
    sign_in_elsewhere(me, "idle", device="Idle, Mac", seen_at=ago, created_at=ago)
    sign_in_elsewhere(me, "over", device="Over, Mac", ended_at=datetime.now(UTC))
    sign_in_elsewhere(make_person("Wang Fang", "13900139000"), "hers", device="Hers, iPad")
    text = browser.get("/account").text
    assert "WeChat, Android" in text
    assert "203.0.113.7" in text
    assert text.count("this one") == 1
    for device in ("Idle", "Over", "Hers"):
        assert device not in text


def test_one_sign_in_ends_or_all_others(app: Flask, me: User, browser: Browser, sign_in_elsewhere: Any) -> None:
    mine = token_hash(f"token-of-{me.public_id}")
    for token in ("phone", "tablet", "office"):
        sign_in_elsewhere(me, token)
    browser.get("/account")
    browser.post("/account/sign-ins/end", {"which": token_hash("phone")[:16]})
    assert open_tokens(app, me) == {mine, token_hash("tablet"), token_hash("office")}
    browser.post("/account/sign-ins/end", {"which": "others"})
    assert open_tokens(app, me) == {mine}
    assert events(app, "account.end_sign_ins") == [("done", "one"), ("done", "others")]


def test_nobody_ends_the_sign_in_of_somebody_else(
    app: Flask, browser: Browser, sign_in_elsewhere: Any, make_person: Any
) -> None:
    other = make_person("Wang Fang", "13900139000")
    sign_in_elsewhere(other, "hers")
    browser.get("/account")
    for which in (token_hash("hers")[:16], "", "1", token_hash("hers")):
        browser.post("/account/sign-ins/end", {"which": which, "user_id": str(other.id)})
    assert open_tokens(app, other) == {token_hash("hers")}
