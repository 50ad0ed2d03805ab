"""The security administrator finds accounts, locks and unlocks, ends sign-ins, starts resets; never to the own one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from survey import audit
from survey.administration import actions
from survey.administration.actions import LastAdministrator, OwnAccount
from survey.models import AuditEvent, SignInSession, User
from survey.settings import Settings
from tests.survey.browsing import Browser

Staff = Callable[..., User]
As = Callable[..., Browser]
Messages = Callable[[], list[dict[str, str]]]


@pytest.fixture
def chief(make_staff: Staff) -> User:
    return make_staff("security_administrator", name="Security Sun")


@pytest.fixture
def desk(chief: User, browse_as: As) -> Browser:
    return browse_as(chief)


def events(app: Flask, *names: str) -> list[AuditEvent]:
    with app.extensions["database"].read() as session:
        query = sa.select(AuditEvent).where(AuditEvent.action.in_(names)).order_by(AuditEvent.id)
        return list(session.scalars(query))


def fresh(app: Flask, user: User) -> User:
    with app.extensions["database"].read() as session:
        return session.get_one(User, user.id)


def names(browser: Browser) -> list[str]:
    return [each.text for each in browser.page.all("a") if "/security/accounts/" in str(each.get("href"))]


def test_it_lists_staff_and_finds_everybody_by_number_address_or_name(
    desk: Browser, make_staff: Staff, make_person: Callable[..., User]
) -> None:
    make_staff("officer", "120102", name="Officer Ou")
    make_person()
    desk.get("/security")
    assert names(desk) == ["Security Sun", "Officer Ou"]
    assert "Officer, Hedong" in desk.page.text
    for text, found in {
        "13800138000": ["Li Wei"],
        "+86 138 0013 8000": ["Li Wei"],
        "officer120102@staff.example": ["Officer Ou"],
        "i W": ["Li Wei"],
        "13900139000": [],
        "_": [],
    }.items():
        desk.get("/security")
        desk.post("/security", {"text": text, "who": "everybody"})
        assert names(desk) == found, text
        assert len(text) < 4 or text not in desk.response.request.url, "what was typed stays out of the address"
    desk.post("/security", {"text": "", "who": "unprotected"})
    assert names(desk) == ["Security Sun", "Officer Ou"]
    desk.post("/security", {"text": "", "who": "nonsense"}, status=422)
    desk.post("/security", {"text": "L\0i", "who": "everybody"})
    assert names(desk) == ["Li Wei"]
    desk.get("/security?after=" + "9" * 40)


def test_it_pages_by_fifty(app: Flask, desk: Browser) -> None:
    with app.extensions["database"].write() as session:
        session.add_all(User(name=f"Person {number:03}", created_at=datetime.now(UTC)) for number in range(70))
    desk.get("/security")
    desk.post("/security", {"text": "person", "who": "everybody"})
    assert len(names(desk)) == 50
    (more,) = [each.get("href") for each in desk.page.all("a") if each.text == "More accounts"]
    desk.get(str(more))
    assert names(desk) == [f"Person {number:03}" for number in range(50, 70)]


def test_a_locked_person_is_out_at_once_and_told(
    app: Flask, desk: Browser, make_staff: Staff, browse_as: As, messages: Messages
) -> None:
    officer = make_staff("officer", "120102")
    theirs = browse_as(officer)
    theirs.get("/privacy/mine")
    page = f"/security/accounts/{officer.public_id}"
    desk.get(page)
    desk.post(f"{page}/lock", {"reason": ""}, status=422)
    desk.post(f"{page}/lock", {"reason": "left"})
    assert fresh(app, officer).state == "locked"
    assert "Locked" in desk.page.text
    theirs.get("/privacy/mine")
    assert theirs.path.startswith("/timed-out")
    (event,) = events(app, "account.lock")
    assert (event.object_id, event.detail, event.role) == (officer.public_id, "left", "security_administrator")
    desk.post(f"{page}/unlock")
    assert fresh(app, officer).state == "active"
    assert len(events(app, "account.unlock")) == 1
    assert [each["kind"] for each in messages()] == ["locked", "unlocked"]
    theirs.get("/privacy/mine")
    assert theirs.path.startswith("/timed-out"), "a sign-in that ended stays ended"


def test_it_ends_the_sign_ins_of_one_or_of_everybody(
    app: Flask, desk: Browser, make_person: Callable[..., User], browse_as: As
) -> None:
    person = make_person()
    theirs = browse_as(person)
    desk.get(f"/security/accounts/{person.public_id}")
    assert "Open sign-ins" in desk.page.text
    desk.post(f"/security/accounts/{person.public_id}/end-sign-ins")
    theirs.get("/privacy/mine")
    assert theirs.path.startswith("/timed-out")
    desk.get("/security/end-sign-ins")
    desk.post("/security/end-sign-ins")
    assert desk.path == "/sign-in"
    with app.extensions["database"].read() as session:
        assert session.scalar(sa.select(sa.func.count()).where(SignInSession.ended_at.is_(None))) == 0
    assert [event.detail for event in events(app, "account.end_sign_ins")] == [None, "all"]


def test_a_reset_goes_to_the_person_alone(
    app: Flask, desk: Browser, make_person: Callable[..., User], messages: Messages, browse: Browser
) -> None:
    person = make_person()
    desk.get(f"/security/accounts/{person.public_id}")
    desk.post(f"/security/accounts/{person.public_id}/reset")
    (message,) = messages()
    assert (message["kind"], message["recipient"]) == ("reset", "13800138000")
    link = message["text"].split("http://localhost")[1].split()[0]
    assert link.startswith("/reset/")
    assert link not in desk.response.text
    assert fresh(app, person).password_hash == person.password_hash, "nothing is changed before it is used"
    browse.get(link)
    assert [event.actor_id for event in events(app, "account.start_reset")] != [person.id]


def test_no_form_of_the_administrator_holds_a_password(desk: Browser, make_staff: Staff) -> None:
    officer = make_staff("officer", "120102", totp_at=datetime.now(UTC))
    page = f"/security/accounts/{officer.public_id}"
    for path in ("/security", page, f"{page}/second-factor", f"{page}/roles/new", "/security/invitations"):
        desk.get(path)
        assert not [each for each in desk.page.all("input") if "password" in (each.get("type") or "", each.get("name"))]


def test_a_lost_second_factor_is_taken_away_after_a_check(
    app: Flask, desk: Browser, make_staff: Staff, browse_as: As, messages: Messages
) -> None:
    officer = make_staff("officer", "120102", totp_secret="sealed", totp_at=datetime.now(UTC))
    theirs = browse_as(officer)
    page = f"/security/accounts/{officer.public_id}/second-factor"
    desk.get(page)
    desk.post(page, {}, status=422)
    desk.post(page, {"check": "seen"})
    now = fresh(app, officer)
    assert (now.totp_secret, now.totp_at) == (None, None)
    theirs.get("/privacy/mine")
    assert theirs.path.startswith("/timed-out")
    (event,) = events(app, "account.reset_second_factor")
    assert event.detail == "seen"
    (message,) = messages()
    assert message["kind"] == "changed"


@pytest.mark.parametrize("path", ["second-factor", "roles/new"])
def test_dangerous_deeds_ask_afresh_who_it_is(
    app: Flask, chief: User, desk: Browser, make_staff: Staff, path: str
) -> None:
    officer = make_staff("officer", "120102")
    with app.extensions["database"].write() as session:
        long_ago = datetime.now(UTC) - timedelta(minutes=30)
        session.execute(sa.update(SignInSession).where(SignInSession.user_id == chief.id).values(fresh_at=long_ago))
    desk.get(f"/security/accounts/{officer.public_id}/{path}", status=303, follow=False)
    assert desk.response.headers["Location"].startswith("/confirm")


def test_nobody_administers_the_own_account(app: Flask, chief: User, desk: Browser, make_staff: Staff) -> None:
    make_staff("security_administrator", name="Other", email="other@staff.example")
    page = f"/security/accounts/{chief.public_id}"
    desk.get(page)
    assert "own account" in desk.page.text
    for deed, data in {
        "lock": {"reason": "left"},
        "unlock": {},
        "end-sign-ins": {},
        "reset": {},
        "second-factor": {"check": "seen"},
        "roles/new": {"role": "auditor"},
    }.items():
        desk.get("/security")
        desk.post(f"{page}/{deed}", data, status=403)
    assert fresh(app, chief).state == "active"


def test_one_administrator_always_stays(app: Flask, settings: Settings, chief: User, make_staff: Staff) -> None:
    other = make_staff("security_administrator", name="Other", email="other@staff.example")
    database, now = app.extensions["database"], datetime.now(UTC)
    with database.write() as session, pytest.raises(OwnAccount):
        actions.lock(session, settings, chief.id, "left", audit.Actor(chief.id), now)
    with database.write() as session:
        assert actions.lock(session, settings, other.id, "left", audit.Actor(chief.id), now)
    with database.write() as session, pytest.raises(LastAdministrator):
        actions.lock(session, settings, chief.id, "left", audit.Actor(other.id), now)
    with database.write() as session, pytest.raises(LastAdministrator):
        actions.lock(session, settings, chief.id, "left", audit.SYSTEM, now)
    assert fresh(app, chief).state == "active"


@pytest.mark.parametrize("role", ["officer", "city_administrator", "auditor", "provider"])
def test_nobody_else_administers(role: str, make_staff: Staff, browse_as: As, chief: User) -> None:
    theirs = browse_as(make_staff(role))
    page = f"/security/accounts/{chief.public_id}"
    for path in ("/security", page, "/security/unused", "/security/invitations", "/security/end-sign-ins"):
        theirs.get(path, status=403)
    theirs.get("/privacy/mine")
    for deed in ("lock", "unlock", "end-sign-ins", "reset"):
        theirs.post(f"{page}/{deed}", {"reason": "left"}, status=403)


def test_an_account_that_does_not_exist_is_not_there(desk: Browser) -> None:
    desk.get("/security/accounts/nobody", status=404)
    desk.get("/security")
    desk.post("/security/accounts/nobody/lock", {"reason": "left"}, status=404)


# -- not in use --------------------------------------------------------------------------------------------------------


@pytest.fixture
def unused(app: Flask, chief: User, make_staff: Staff, make_person: Callable[..., User]) -> dict[str, User]:
    """An officer and a firm's person who were last here 91 days ago, and an officer of 89 days ago."""
    people = {
        "firm": (make_person(name="Firm Fu"), 100),
        "gone": (make_staff("officer", "120102", name="Gone Gao"), 91),
        "back": (make_staff("officer", "120103", name="Back Bai"), 89),
    }
    with app.extensions["database"].write() as session:
        for user, days in people.values():
            at = datetime.now(UTC) - timedelta(days=days)
            session.execute(sa.update(User).where(User.id == user.id).values(created_at=at - timedelta(days=99)))
            values = {"created_at": at, "seen_at": at, "ends_at": at + timedelta(hours=8), "ended_at": at}
            session.add(SignInSession(token_hash=f"{user.id}", user_id=user.id, **values))
    return {name: user for name, (user, _days) in people.items()}


def test_accounts_not_in_use_are_shown_and_locked_after_a_look(
    app: Flask, desk: Browser, unused: dict[str, User]
) -> None:
    desk.get("/security/unused")
    assert names(desk) == ["Gone Gao", "Firm Fu"], "those with a role first"
    boxes = {
        each.get("value"): "checked" in each.attributes
        for each in desk.page.all("input")
        if each.get("name") == "account"
    }
    assert boxes == {unused["gone"].public_id: True, unused["firm"].public_id: False}
    desk.post("/security/unused", {"account": [unused["gone"].public_id, unused["back"].public_id]})
    states = {name: fresh(app, user).state for name, user in unused.items()}
    assert states == {"gone": "locked", "firm": "active", "back": "active"}
    assert [event.detail for event in events(app, "account.lock")] == ["stale"]


def test_the_command_lists_and_locks_them(
    app: Flask, run: Callable[..., tuple[int, str]], unused: dict[str, User]
) -> None:
    code, said = run("accounts", "stale")
    assert code == 0
    assert "Gone Gao\tofficer\t" in said
    assert "Firm Fu" not in said
    assert "Firm Fu" in run("accounts", "stale", "--everybody")[1]
    assert fresh(app, unused["gone"]).state == "active"
    assert "1 accounts locked" in run("accounts", "stale", "--lock")[1]
    assert fresh(app, unused["gone"]).state == "locked"
    assert run("accounts", "end-sign-ins")[0] == 2
    assert "sign-ins ended" in run("accounts", "end-sign-ins", "--all")[1]
