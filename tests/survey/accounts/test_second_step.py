import re
from collections.abc import Callable
from datetime import UTC, datetime

import pyotp
import pytest
import sqlalchemy as sa
from flask import Flask

from survey.accounts import second_factor
from survey.models import RecoveryCode, RoleGrant, SignInSession, User
from survey.protection import opened
from tests.survey.accounts.clock import minutes_pass, minutes_pass_between_steps
from tests.survey.accounts.ways_in import PASSWORD, ask_code, is_signed_in, sign_in, wrong
from tests.survey.browsing import Browser

STEP, SET_UP, CODES = "/sign-in/second-step", "/sign-in/second-step/set-up", "/second-factor/recovery-codes"
OFFICER = "officer@staff.example"


def sign_ins(app: Flask) -> list[SignInSession]:
    with app.extensions["database"].read() as session:
        return list(session.scalars(sa.select(SignInSession).order_by(SignInSession.id)))


def secret_on(browse: Browser) -> str:
    """The key for the app, as text on the page."""
    shown = next(each for each in browse.page.all("p") if each.get("class") == "secret")
    return shown.text.replace(" ", "")


def codes_on(browse: Browser) -> list[str]:
    return [each.text for each in browse.page.all("li") if re.fullmatch(r"\d{4} \d{4} \d{4}", each.text)]


def set_up(browse: Browser, who: str = OFFICER) -> tuple[pyotp.TOTP, list[str]]:
    """Sign in for the first time as staff; ends on the page with the recovery codes."""
    sign_in(browse, who)
    made = pyotp.TOTP(secret_on(browse))
    browse.post(SET_UP, {"code": made.now()})
    assert browse.path == CODES
    return made, codes_on(browse)


@pytest.mark.parametrize(
    "role", ["officer", "assessor", "city_administrator", "security_administrator", "auditor", "provider"]
)
def test_it_leads_everybody_with_a_role_to_set_it_up(app: Flask, browse: Browser, make_staff, role: str) -> None:
    make_staff(role)
    sign_in(browse, f"{role}@staff.example")
    assert browse.path == SET_UP
    assert not is_signed_in(browse)
    assert sign_ins(app) == []


def test_it_opens_a_strong_sign_in_after_the_first_code(
    app: Flask, settings, browse: Browser, make_staff, messages: Callable, recorded
) -> None:
    make_staff("officer")
    made, codes = set_up(browse)
    assert len(set(codes)) == 10
    (kept,) = sign_ins(app)
    assert kept.strong
    assert (kept.ends_at - kept.created_at).total_seconds() == settings.staff_absolute_hours * 3600
    with app.extensions["database"].read() as session:
        user = session.scalars(sa.select(User)).one()
        hashes = session.scalars(sa.select(RecoveryCode.code_hash)).all()
    assert made.secret not in user.totp_secret
    assert opened(settings, user.totp_secret) == made.secret
    assert not {code.replace(" ", "") for code in codes} & set(hashes)
    assert [message["kind"] for message in messages()] == ["changed"]
    assert recorded() == [("account.second_factor", "done", "set_up"), ("account.sign_in", "done", "password")]


def test_it_shows_the_recovery_codes_until_they_are_kept(app: Flask, browse: Browser, make_staff) -> None:
    make_staff("officer")
    _, codes = set_up(browse)
    browse.get(CODES)
    assert codes_on(browse) == codes
    browse.post(CODES)
    browse.get(CODES)
    assert codes_on(browse) == []


def test_it_keeps_the_key_when_the_page_is_loaded_again_and_shows_it_to_nobody_else(
    app: Flask, browse: Browser, make_staff
) -> None:
    make_staff("officer")
    sign_in(browse, OFFICER)
    first = secret_on(browse)
    browse.post(SET_UP, {"code": "000000"}, status=422)
    assert secret_on(browse) == first
    (picture,) = [each for each in browse.page.all("img") if each.get("class") == "scan"]
    assert picture.get("src").startswith("data:image/svg+xml")
    sign_in(browse, OFFICER)
    assert secret_on(browse) != first


def test_it_does_not_let_the_first_factor_replace_the_second(app: Flask, make_staff, with_app_on_phone) -> None:
    """Two browsers stand before setting up; only the first to confirm gets in by it."""
    make_staff("officer")
    mine, other = Browser(app), Browser(app)
    sign_in(mine, OFFICER)
    sign_in(other, OFFICER)
    mine.post(SET_UP, {"code": pyotp.TOTP(secret_on(mine)).now()})
    other.post(SET_UP, {"code": pyotp.TOTP(secret_on(other)).now()})
    assert other.path == "/sign-in"
    assert not is_signed_in(other)


def test_it_asks_whoever_has_set_it_up(app: Flask, browse: Browser, make_person, with_app_on_phone, recorded) -> None:
    made = with_app_on_phone(make_person())
    sign_in(browse, next="/help")
    assert browse.path == STEP
    assert not is_signed_in(browse)
    browse.post(STEP, {"code": wrong(made.now())}, status=422)
    assert sign_ins(app) == []
    code = made.now()
    browse.post(STEP, {"code": f" {code[:3]} {code[3:]} "})
    assert browse.path == "/help"
    assert [each.strong for each in sign_ins(app)] == [True]
    assert recorded() == [
        ("account.second_factor", "refused", "totp"),
        ("account.second_factor", "done", "totp"),
        ("account.sign_in", "done", "password"),
    ]


def test_it_asks_after_a_sent_code_too(browse: Browser, make_person, with_app_on_phone, messages, code_in) -> None:
    with_app_on_phone(make_person())
    ask_code(browse)
    browse.post("/sign-in/code/enter", {"code": code_in(messages()[0])})
    assert browse.path == STEP
    assert not is_signed_in(browse)


def test_it_takes_a_code_of_the_app_once(app: Flask, make_person, with_app_on_phone) -> None:
    made = with_app_on_phone(make_person())
    code = made.now()
    for status, path in ((200, None), (422, STEP)):
        browse = Browser(app)
        sign_in(browse)
        browse.post(STEP, {"code": code}, status=status)
        assert path is None or browse.path == path


@pytest.mark.parametrize(("steps", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_it_allows_one_step_of_drift(
    app: Flask, settings, make_person, with_app_on_phone, steps: int, taken: bool
) -> None:
    user = make_person()
    made, now = with_app_on_phone(user), datetime(2026, 3, 2, 9, 0, 15, tzinfo=UTC)
    with app.extensions["database"].write() as session:
        code = made.at(now, counter_offset=steps)
        assert (second_factor.take(session, settings, user.id, code, now) == "totp") is taken


@pytest.mark.parametrize("typed", ["١٢٣٤٥٦", "12345", "abcdef", "验证码验证码", "1234567890123"])
def test_it_takes_nothing_that_is_no_code(browse: Browser, make_person, with_app_on_phone, typed: str) -> None:
    with_app_on_phone(make_person())
    sign_in(browse)
    browse.post(STEP, {"code": typed}, status=422)


def test_it_takes_a_recovery_code_once_and_tells(app: Flask, browse: Browser, make_staff, messages, recorded) -> None:
    make_staff("officer")
    _, codes = set_up(browse)
    for status in (200, 422):
        other = Browser(app)
        sign_in(other, OFFICER)
        other.post(STEP, {"code": codes[0]}, status=status)
        assert is_signed_in(other) is (status == 200)
    assert len(messages()) == 2
    assert ("account.use_recovery_code", "done", "recovery") in recorded()
    assert ("account.second_factor", "refused", "recovery") in recorded()


def test_it_takes_no_recovery_code_of_somebody_else(
    app: Flask, browse: Browser, make_staff, make_person, with_app_on_phone
) -> None:
    make_staff("officer")
    _, codes = set_up(browse)
    with_app_on_phone(make_person())
    other = Browser(app)
    sign_in(other)
    other.post(STEP, {"code": codes[0]}, status=422)


def test_it_makes_a_guesser_wait_and_then_refuses_the_right_code_too(
    app: Flask, browse: Browser, make_person, with_app_on_phone, recorded
) -> None:
    made = with_app_on_phone(make_person())
    sign_in(browse)
    for _ in range(5):
        browse.post(STEP, {"code": wrong(made.now())}, status=422)
    browse.post(STEP, {"code": made.now()}, status=429)
    assert int(browse.response.headers["Retry-After"]) <= 2
    assert "Try again in" in browse.page.text
    other = Browser(app)
    sign_in(other)
    other.post(STEP, {"code": made.now()}, status=429)
    minutes_pass(app, 1)
    browse.get(STEP)
    browse.post(STEP, {"code": made.now()})
    assert is_signed_in(browse)
    assert ("account.second_factor", "refused", "wait") in recorded()


@pytest.mark.parametrize("change", ["late", "password", "locked"])
def test_it_forgets_the_first_factor_after_ten_minutes_or_a_change(
    app: Flask, browse: Browser, make_person, with_app_on_phone, change: str
) -> None:
    made = with_app_on_phone(make_person())
    sign_in(browse, next="/help")
    if change == "late":
        minutes_pass_between_steps(browse, 10.1)
    else:
        values = {"password": {"password_hash": "another"}, "locked": {"state": "locked"}}[change]
        with app.extensions["database"].write() as session:
            session.execute(sa.update(User).values(values))
    browse.post(STEP, {"code": made.now()})
    assert browse.path == "/sign-in"
    assert "Start again" in browse.page.text
    assert not is_signed_in(browse)


def test_it_shows_no_step_to_strangers(browse: Browser) -> None:
    for path in (STEP, SET_UP, "/sign-in/new-password"):
        browse.get(path)
        assert browse.path == "/sign-in"
        browse.post(path, {"code": "000000", "password": PASSWORD})
        assert browse.path == "/sign-in"


def test_it_can_be_set_up_by_choice_and_gives_a_new_token(app: Flask, make_person, browse_as) -> None:
    user = make_person()
    browse = browse_as(user, strong=False)
    before = sign_ins(app)[0].token_hash
    browse.get("/second-factor")
    browse.post("/second-factor", {"code": pyotp.TOTP(secret_on(browse)).now()})
    assert len(codes_on(browse)) == 10
    (kept,) = sign_ins(app)
    assert kept.strong
    assert kept.token_hash != before


def test_it_cannot_be_removed_while_a_role_asks_for_it(app: Flask, make_staff, with_app_on_phone) -> None:
    user = make_staff("officer")
    with_app_on_phone(user)
    with app.extensions["database"].write() as session, pytest.raises(second_factor.StillNeeded):
        second_factor.remove(session, user.id)
    with app.extensions["database"].write() as session:
        session.execute(sa.update(RoleGrant).values(ended_at=datetime.now(UTC)))
        second_factor.remove(session, user.id)
    with app.extensions["database"].read() as session:
        assert session.get_one(User, user.id).totp_secret is None
