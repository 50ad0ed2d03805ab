from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from survey.identity import cookie_name
from survey.models import AuditEvent, NoticeAcceptance, OneTimeCode, SignInSession, User
from tests.survey.accounts.clock import minutes_pass
from tests.survey.browsing import Browser

PASSWORD = "kettle marble orbit fern"
WISH = {"name": "李伟", "recipient": "138 0013 8000", "password": PASSWORD, "accepted": "y"}


def register(browse: Browser, **changes: str) -> None:
    browse.get("/register")
    browse.post("/register", {**WISH, **changes})


def test_it_makes_an_account_and_signs_in(app: Flask, browse: Browser, messages, code_in) -> None:
    register(browse, recipient="１３８－００１３－８０００")
    assert browse.path == "/register/code"
    assert "138****8000" in browse.page.text
    browse.post("/register/code", {"code": f" {code_in(messages()[0])} "})
    assert "李伟" in browse.page.text
    with app.extensions["database"].read() as session:
        user = session.scalars(sa.select(User)).one()
        events = session.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.id)).all()
        notice = session.scalar(sa.select(AuditEvent.object_id).where(AuditEvent.action == "account.accept_notice"))
        payload = session.scalars(sa.select(OneTimeCode.payload)).one()
        accepted = session.scalars(sa.select(NoticeAcceptance)).all()
    assert (user.mobile, user.email, user.language) == ("13800138000", None, "en")
    assert user.password_hash
    assert user.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert events == ["account.register", "account.accept_notice", "account.sign_in"]
    assert notice
    assert payload is None
    assert [(each.user_id, each.version) for each in accepted] == [(user.id, notice)]


def test_it_sends_the_message_in_the_language_of_the_page(app: Flask, messages) -> None:
    browse = Browser(app, "zh-CN")
    register(browse, recipient="Wei@Example.cn")
    (message,) = messages()
    assert message["recipient"] == "wei@example.cn"
    assert message["language"] == "zh_CN"
    assert "验证码" in message["text"]


def test_it_answers_the_same_for_an_existing_account(app: Flask, make_person, messages) -> None:
    make_person(mobile="13800138000")
    pages = []
    for number in ("13800138000", "13900139000"):
        browse = Browser(app)
        register(browse, recipient=number)
        pages.append(
            (
                browse.path,
                browse.page.html.count("\n"),
                browse.page.text.replace(number[-4:], "").replace(number[:3], ""),
            )
        )
        browse.post("/register/code", {"code": "000000"}, status=422)
    assert pages[0] == pages[1]
    known, unknown = messages()
    assert "already have an account" in known["text"]
    assert "is your code" in unknown["text"]


def test_it_refuses_wrong_codes_after_five_attempts(app: Flask, browse: Browser, messages, code_in) -> None:
    register(browse)
    code = code_in(messages()[0])
    wrong = f"{(int(code) + 1) % 10**6:06}"
    for _ in range(5):
        browse.post("/register/code", {"code": wrong}, status=422)
    browse.post("/register/code", {"code": code}, status=429)
    minutes_pass(app, 1)
    browse.get("/register/code")
    browse.post("/register/code", {"code": code}, status=422)
    assert browse.page.one("title").text.startswith("Error: ")


def test_it_refuses_a_code_after_ten_minutes(app: Flask, browse: Browser, messages, code_in) -> None:
    register(browse)
    with app.extensions["database"].write() as session:
        past = datetime.now(UTC) - timedelta(minutes=11)
        session.execute(sa.update(OneTimeCode).values(created_at=past, expires_at=past + timedelta(minutes=10)))
    browse.post("/register/code", {"code": code_in(messages()[0])}, status=422)


def test_it_refuses_a_code_that_another_browser_asked_for(app: Flask, browse: Browser, messages, code_in) -> None:
    register(browse)
    other = Browser(app)
    register(other, password="another long password here")
    browse.post("/register/code", {"code": code_in(messages()[1])}, status=422)
    browse.post("/register/code", {"code": code_in(messages()[0])})
    assert browse.path == "/" or browse.response.status_code == 200


def test_it_stops_after_five_codes_in_an_hour(browse: Browser, messages) -> None:
    for _ in range(5):
        register(browse)
    browse.get("/register")
    browse.post("/register", WISH, status=429)
    assert len(messages()) == 5


def test_it_names_every_fault_and_keeps_what_was_typed(browse: Browser, messages) -> None:
    browse.get("/register")
    browse.post("/register", {"name": "李伟", "recipient": "12345", "password": "short"}, status=422)
    assert browse.page.one("title").text.startswith("Error: Register")
    assert [each.text for each in browse.page.all("p") if each.get("class") == "msg"] == [
        "Error: Enter a mobile number with 11 digits or an e-mail address",
        "Error: Make the password at least 15 characters long, for example four words that do not belong together",
        "Error: Read the privacy notice and tick that you agree",
    ]
    values = {each.get("id"): each.get("value") for each in browse.page.all("input")}
    assert values["name"] == "李伟"
    assert values["recipient"] == "12345"
    assert values["password"] == ""
    assert not messages()


def test_it_leaves_the_sign_in_of_the_browser_new(
    app: Flask, browse: Browser, settings, messages: Callable, code_in
) -> None:
    register(browse)
    before = browse.client.get_cookie("session")
    browse.post("/register/code", {"code": code_in(messages()[0])})
    cookie = browse.client.get_cookie(cookie_name("sign-in", settings))
    assert cookie
    assert cookie.http_only
    assert cookie.same_site == "Lax"
    with app.extensions["database"].read() as session:
        kept = session.scalars(sa.select(SignInSession.token_hash)).one()
    assert cookie.value not in kept
    assert len(kept) == 64
    assert browse.client.get_cookie("session") != before


def test_it_leads_back_to_the_page_that_a_newcomer_was_sent_to(browse: Browser, messages, code_in) -> None:
    """An invitation or a claim leads to signing in, from there to registering, and back."""
    browse.get("/sign-in?next=/help")
    (link,) = {each.get("href") for each in browse.page.all("a") if each.get("href").startswith("/register")}
    browse.get(link)
    hidden = next(each.get("value") for each in browse.page.all("input") if each.get("name") == "next")
    browse.post("/register", {**WISH, "password": "short", "next": hidden}, status=422)
    hidden = next(each.get("value") for each in browse.page.all("input") if each.get("name") == "next")
    browse.post("/register", {**WISH, "next": hidden})
    browse.post("/register/code", {"code": code_in(messages()[0])})
    assert browse.path == "/help"


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/no-such-page"])
def test_it_leads_to_no_other_site(browse: Browser, messages, code_in, target: str) -> None:
    browse.get("/register")
    browse.post("/register", {**WISH, "next": target})
    browse.post("/register/code", {"code": code_in(messages()[0])}, status=303, follow=False)
    assert "evil" not in browse.response.headers["Location"]
    assert "no-such-page" not in browse.response.headers["Location"]
