import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from flask import Flask, url_for

from survey.accounts import passwords
from survey.accounts.devices import device
from survey.app import create_app
from survey.identity import sign_in_cookie
from survey.models import AuditEvent, RoleGrant, SignInSession, User
from tests.survey.accounts.ways_in import PASSWORD, is_signed_in, sign_in
from tests.survey.browsing import Browser


@pytest.mark.parametrize("typed", ["13800138000", "+86 138-0013-8000", "１３８００１３８０００"])
def test_it_signs_in_by_mobile_number(browse: Browser, make_person, typed: str) -> None:
    make_person(name="Li Wei")
    sign_in(browse, typed)
    assert "Li Wei" in browse.page.text
    assert is_signed_in(browse)


def test_it_signs_in_by_mail_address(browse: Browser, make_person) -> None:
    make_person(mobile=None, email="wei@example.cn")
    sign_in(browse, "WEI@example.cn")
    assert is_signed_in(browse)


def test_it_says_the_same_for_every_failure(app: Flask, make_person) -> None:
    make_person(mobile="13800138000")
    make_person(mobile="13900139000", state="locked")
    answers = set()
    attempts = [("13800138000", "wrong"), ("13700137000", PASSWORD), ("13900139000", PASSWORD), ("nobody", "x")]
    for recipient, password in attempts:
        browse = Browser(app)
        sign_in(browse, recipient, password, status=422)
        cookies = [line.split("=")[0] for line in browse.response.headers.getlist("Set-Cookie")]
        answers.add((browse.page.text, browse.page.one("title").text, *cookies))
    assert len(answers) == 1
    with app.extensions["database"].read() as session:
        results = session.execute(sa.select(AuditEvent.action, AuditEvent.result)).all()
        assert session.scalars(sa.select(SignInSession)).all() == []
    assert [tuple(row) for row in results] == [("account.sign_in", "refused")] * 4


def test_it_rewrites_a_hash_with_old_parameters(app: Flask, browse: Browser, make_person) -> None:
    old = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    user = make_person()
    with app.extensions["database"].write() as session:
        session.execute(sa.update(User).values(password_hash=old))
    sign_in(browse)
    with app.extensions["database"].read() as session:
        assert session.get(User, user.id).password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    sign_in(Browser(app))


@pytest.mark.parametrize(
    ("target", "where"),
    [
        ("/help", "/help"),
        ("/help?x=1", "/help"),
        ("//evil.example", None),
        ("/\\evil.example", None),
        ("https:evil.example", None),
        ("%2f%2fevil.example", None),
        ("/%2fevil.example", None),
        ("/%255cevil.example", None),
        ("/\thelp", None),
        ("/no-such-page", None),
        ("/static/site.css", None),
        ("https://evil.example/help", None),
    ],
)
def test_it_goes_back_only_to_pages_of_this_site(
    app: Flask, browse: Browser, make_person, target: str, where: str | None
) -> None:
    make_person()
    browse.get("/sign-in")
    browse.post(
        "/sign-in", {"recipient": "13800138000", "password": PASSWORD, "next": target}, status=303, follow=False
    )
    location = browse.response.headers["Location"]
    with app.test_request_context(base_url="http://localhost"):
        home = url_for("answering.home" if "answering.home" in app.view_functions else "pages.start")
    assert location.split("?")[0] == (where or home)


def test_it_ends_at_sign_out_and_the_old_cookie_is_worth_nothing(app: Flask, browse: Browser, make_person) -> None:
    make_person()
    sign_in(browse)
    with app.app_context():
        name = sign_in_cookie()
    cookie = browse.client.get_cookie(name).value
    browse.post("/sign-out", status=303, follow=False)
    assert browse.response.headers["Clear-Site-Data"] == '"cache", "storage"'
    thief = Browser(app)
    thief.client.set_cookie(name, cookie)
    assert not is_signed_in(thief)


def test_it_makes_a_new_token_at_each_sign_in(app: Flask, make_person) -> None:
    make_person()
    browse, tokens = Browser(app), set()
    with app.app_context():
        name = sign_in_cookie()
    for _ in range(2):
        browse.client.set_cookie(name, "planted by somebody else")
        sign_in(browse)
        tokens.add(browse.client.get_cookie(name).value)
    assert len(tokens) == 2
    assert "planted by somebody else" not in tokens


def test_it_opens_the_page_that_was_asked_for_after_signing_in(app: Flask, make_person) -> None:
    make_person()
    browse = Browser(app)
    browse.client.post("/still-here")
    browse.get("/sign-in?next=/help")
    (target,) = [each.get("value") for each in browse.page.all("input") if each.get("name") == "next"]
    browse.post("/sign-in", {"recipient": "13800138000", "password": PASSWORD, "next": target})
    assert browse.path == "/help"


@pytest.mark.parametrize(
    ("changed", "is_open"),
    [
        ({"seen_at": timedelta(minutes=119)}, True),
        ({"seen_at": timedelta(minutes=121)}, False),
        ({"ends_at": timedelta(seconds=1), "created_at": timedelta(hours=12)}, False),
        ({"ended_at": timedelta(0)}, False),
    ],
)
def test_it_ends_when_idle_too_long_or_open_too_long(
    app: Flask, browse_as: Callable[[User], Browser], make_person, changed: dict[str, timedelta], is_open: bool
) -> None:
    browse = browse_as(make_person())
    now = datetime.now(UTC)
    with app.extensions["database"].write() as session:
        session.execute(sa.update(SignInSession).values({name: now - ago for name, ago in changed.items()}))
    assert is_signed_in(browse) is is_open


def test_it_ends_when_the_account_is_locked(app: Flask, browse_as, make_person) -> None:
    browse = browse_as(make_person())
    assert is_signed_in(browse)
    with app.extensions["database"].write() as session:
        session.execute(sa.update(User).values(state="locked"))
    assert not is_signed_in(browse)


def test_it_moves_the_end_for_posts_and_never_for_pages(app: Flask, browse_as, make_person) -> None:
    browse = browse_as(make_person())
    past = datetime.now(UTC) - timedelta(minutes=60)

    def seen() -> datetime:
        with app.extensions["database"].read() as session:
            return session.scalars(sa.select(SignInSession.seen_at)).one()

    with app.extensions["database"].write() as session:
        session.execute(sa.update(SignInSession).values(seen_at=past))
    browse.get("/confirm")
    assert seen() == past
    browse.post("/still-here")
    assert seen() > past + timedelta(minutes=59)


def test_it_tells_what_happened_when_the_sign_in_has_ended(app: Flask, browse: Browser) -> None:
    with app.app_context():
        browse.client.set_cookie(sign_in_cookie(), "of a sign-in that has ended")
    browse.get("/timed-out?next=/help")
    link = next(each for each in browse.page.all("a") if "btn" in each.get("class"))
    assert link.get("href") == "/sign-in?next=/help"


def test_it_carries_nothing_over_into_the_sign_in(app: Flask, browse: Browser, make_person) -> None:
    """Whatever was planted in the browser before is worth nothing afterwards; the language stays."""
    make_person()
    browse.get("/language/zh_CN")
    browse.get("/sign-in/code")
    browse.post("/sign-in/code", {"recipient": "13700137000"})
    with app.app_context():
        name = sign_in_cookie()
    planted = "planted by somebody else"
    browse.client.set_cookie(name, planted)
    sign_in(browse)
    with browse.client.session_transaction(base_url="http://localhost") as kept:
        assert set(kept) <= {"csrf_token", "_fresh"}
    assert browse.client.get_cookie("language").value == "zh_CN"
    thief = Browser(app)
    thief.client.set_cookie(name, planted)
    assert not is_signed_in(thief)


def test_it_ends_the_sign_in_that_was_open_in_the_browser(app: Flask, browse_as, make_person) -> None:
    browse = browse_as(make_person())
    make_person(name="Wang Fang", mobile="13900139000")
    with app.app_context():
        name = sign_in_cookie()
    old = browse.client.get_cookie(name).value
    browse.get("/second-factor")  # a page with a form
    browse.post("/sign-in", {"recipient": "13900139000", "password": PASSWORD})
    assert "Wang Fang" in browse.page.text
    assert browse.client.get_cookie(name).value != old
    thief = Browser(app)
    thief.client.set_cookie(name, old)
    assert not is_signed_in(thief)


def test_a_role_that_has_ended_counts_no_more_at_the_next_request(app: Flask, browse_as, make_staff) -> None:
    browse = browse_as(make_staff("officer"))
    assert browse.client.get("/desk").status_code == 200
    with app.extensions["database"].write() as session:
        session.execute(sa.update(RoleGrant).values(ended_at=datetime.now(UTC)))
    assert browse.client.get("/desk").status_code == 403


def test_it_leads_staff_to_the_first_page_of_their_part(
    app: Flask, browse: Browser, make_staff, with_app_on_phone
) -> None:
    made = with_app_on_phone(make_staff("auditor"))
    sign_in(browse, "auditor@staff.example")
    browse.post("/sign-in/second-step", {"code": made.now()}, status=303, follow=False)
    assert browse.response.headers["Location"] == "/audit"


def test_it_keeps_a_short_name_of_the_device_and_the_address(app: Flask, browse: Browser, make_person) -> None:
    make_person()
    agent = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/125.0.0.0 Mobile Safari/537.36 geheim"
    browse.get("/sign-in")
    browse.post("/sign-in", {"recipient": "13800138000", "password": PASSWORD}, headers={"User-Agent": agent})
    with app.extensions["database"].read() as session:
        kept = session.scalars(sa.select(SignInSession)).one()
    assert (kept.device, kept.address) == ("Chrome, Android", "127.0.0.1")


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Mobile MicroMessenger/8.0", "WeChat, iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/125.0 Safari/537.36 Edg/125.0", "Edge, Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) Version/17.5 Safari/605.1.15", "Safari, Mac"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:126.0) Gecko/20100101 Firefox/126.0", "Firefox, Linux"),
        ("curl/8.5", None),
        ("", None),
    ],
)
def test_it_names_devices_as_people_do(agent: str, name: str | None) -> None:
    assert device(agent) == name


def test_it_records_how_somebody_got_in_or_why_not(app: Flask, make_person, recorded) -> None:
    make_person()
    make_person(mobile="13900139000", state="locked")
    for who, password, status in (
        ("13800138000", "guess", 422),
        ("13900139000", PASSWORD, 422),
        ("13700137000", PASSWORD, 422),
        ("13800138000", PASSWORD, 200),
    ):
        sign_in(Browser(app), who, password, status)
    assert [row[1:] for row in recorded()] == [
        ("refused", "password"),
        ("refused", "locked"),
        ("refused", "password"),
        ("done", "password"),
    ]


# -- rules for passwords -----------------------------------------------------------------------------------------------


def change_password(browse: Browser, password: str, status: int = 200) -> None:
    browse.post("/sign-in/new-password", {"password": password}, status=status)


@pytest.mark.parametrize(("days", "asked"), [(89, False), (91, True)])
def test_it_asks_for_another_password_after_90_days_where_the_profile_says_so(
    settings, make_person, days: int, asked: bool
) -> None:
    app = create_app(dataclasses.replace(settings, password_profile="mlps"))
    make_person(password_at=datetime.now(UTC) - timedelta(days=days))
    browse = Browser(app)
    sign_in(browse, next="/help")
    assert (browse.path == "/sign-in/new-password") is asked
    assert is_signed_in(browse) is not asked
    if asked:
        change_password(browse, PASSWORD, 422)
        change_password(browse, "Lantern quiver basalt nine")
        assert browse.path == "/help"
        assert is_signed_in(browse)
    app.extensions["database"].close()


def test_it_never_asks_for_another_password_by_its_age_else(browse: Browser, make_person) -> None:
    make_person(password_at=datetime.now(UTC) - timedelta(days=2000))
    sign_in(browse, next="/help")
    assert browse.path == "/help"


def test_it_asks_for_a_longer_password_when_no_role_enforces_the_second_factor_any_more(
    app: Flask, browse: Browser, make_person
) -> None:
    make_person()
    with app.extensions["database"].write() as session:
        session.execute(sa.update(User).values(password_hash=passwords.hashed("ox7-ghmz")))
    sign_in(browse, password="ox7-ghmz", next="/help")
    assert browse.path == "/sign-in/new-password"
    change_password(browse, "qk9-wvtr", 422)
    change_password(browse, "lantern quiver basalt nine")
    assert browse.path == "/help"
