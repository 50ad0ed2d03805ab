from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from flask import Flask, url_for

from survey.identity import sign_in_cookie
from survey.models import AuditEvent, SignInSession, User
from tests.survey.browsing import Browser

PASSWORD = "kettle marble orbit fern"


def sign_in(
    browse: Browser, recipient: str = "13800138000", password: str = PASSWORD, status: int = 200, **more: str
) -> None:
    browse.get("/sign-in")
    browse.post("/sign-in", {"recipient": recipient, "password": password, **more}, status=status)


def is_signed_in(browse: Browser) -> bool:
    return (
        browse.client.post(
            "/still-here", headers={"Accept": "application/json", "X-CSRFToken": token(browse)}
        ).status_code
        == 200
    )


def token(browse: Browser) -> str:
    browse.get("/help")
    found = [each.get("value") for each in browse.page.all("input") if each.get("name") == "csrf_token"]
    return found[0] if found else ""


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
    browse.get("/help")
    assert seen() == past
    assert is_signed_in(browse)
    assert seen() > past + timedelta(minutes=59)


def test_it_tells_what_happened_when_the_sign_in_has_ended(app: Flask, browse: Browser) -> None:
    with app.app_context():
        browse.client.set_cookie(sign_in_cookie(), "of a sign-in that has ended")
    browse.get("/timed-out?next=/help")
    link = next(each for each in browse.page.all("a") if "btn" in each.get("class"))
    assert link.get("href") == "/sign-in?next=/help"
