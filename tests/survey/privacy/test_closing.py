"""Closing an account takes the person out of every table, and leaves what belongs to firms and to the law."""

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from survey import audit
from survey.answering.freezing import content_hash
from survey.database import Database
from survey.models import (
    AuditEvent,
    Base,
    Claim,
    Invitation,
    ListedContact,
    Membership,
    OneTimeCode,
    Organisation,
    RightsRequest,
    RoleGrant,
    Scorecard,
    SignInSession,
    Snapshot,
    SnapshotPerson,
    Submission,
    User,
)
from survey.privacy import closing
from survey.privacy.closing import RELEASE
from survey.privacy.erasing import erase
from survey.publishing.queries import instrument
from survey.settings import Settings
from tests.survey.browsing import Browser
from tests.survey.privacy.conftest import MakeFirm

NAME, MOBILE, EMAIL = "Zhuge Unmistakable", "13987654321", "zhuge.unmistakable@example.cn"
DEVICE, ADDRESS, WORDS = "Unmistakable Phone", "203.0.113.77", "words that only this person wrote"
TRACES = (NAME, MOBILE, EMAIL, DEVICE, ADDRESS, WORDS)
KEPT = {"audit_event.address"}
"""By law, until the record's end."""


@pytest.fixture
def person(make_person: Callable[..., User]) -> User:
    return make_person(NAME, MOBILE, email=EMAIL, language="en", totp_secret=f"sealed {WORDS}")


@pytest.fixture
def colleague(make_person: Callable[..., User]) -> User:
    return make_person("Wang Min", "13800000002")


def found(database: Database, traces: tuple[str, ...] = TRACES) -> set[str]:
    """Every column in which one of these texts stands."""
    places = set()
    with database.read() as session:
        for table in Base.metadata.tables.values():
            for column in table.columns:
                if isinstance(column.type, (sa.String, sa.Text)) or hasattr(column.type, "impl"):
                    values = session.execute(sa.select(sa.cast(column, sa.Text)).where(column.is_not(None))).scalars()
                    if any(trace in value for value in values for trace in traces):
                        places.add(f"{table.name}.{column.name}")
    return places


def leave_traces(app: Flask, settings: Settings, user: User, firm: Organisation) -> None:
    """What a person leaves behind in all the tables that can hold some of it."""
    now = datetime.now(UTC)
    firm_and_person = {"organisation_id": firm.id, "user_id": user.id}
    letter = settings.data_directory / "letters" / "one.pdf"
    letter.parent.mkdir(parents=True)
    letter.write_bytes(b"letter")
    with app.extensions["database"].write() as session:
        session.execute(sa.update(SignInSession).values(device=DEVICE, address=ADDRESS))
        for recipient in (MOBILE, EMAIL):
            code = {"code_hash": "x", "created_at": now, "expires_at": now + timedelta(minutes=10)}
            session.add(OneTimeCode(purpose="sign_in", recipient=recipient, payload=NAME, **code))
        session.add(
            Invitation(
                token_hash="t",
                recipient=EMAIL,
                role="editor",
                organisation_id=firm.id,
                invited_at=now,
                expires_at=now,
                accepted_by=user.id,
            )
        )
        session.add(ListedContact(organisation_id=firm.id, name=NAME, mobile=MOBILE, listed_at=now))
        session.add(
            Claim(
                **firm_and_person,
                how="letter",
                state="waiting",
                remark=WORDS,
                letter_file="letters/one.pdf",
                letter_type="application/pdf",
                made_at=now,
                reason=f"{NAME} may not",
            )
        )
        session.add(RightsRequest(user_id=user.id, kind="other", text=WORDS, made_at=now, due_on=date(2027, 1, 1)))
        audit.record(session, audit.Actor(user.id, ADDRESS), "account.sign_in", None, now=now)


def test_it_erases_the_person_from_every_column(
    app: Flask,
    settings: Settings,
    database: Database,
    person: User,
    colleague: User,
    make_firm: MakeFirm,
    hand_in: Callable[[Organisation, User], Submission],
    browse_as: Callable[..., Browser],
    messages: Callable[[], list[dict[str, str]]],
) -> None:
    firm = make_firm(owner=person, editor=colleague)
    hand_in(firm, person)
    browser = browse_as(person)
    leave_traces(app, settings, person, firm)
    expected = {"user.name", "user.mobile", "claim.remark", "sign_in_session.device", "listed_contact.mobile"}
    assert expected <= found(database), "the search itself finds what is there"
    frozen_before = frozen(database)

    assert "Wang Min" in browser.get("/privacy/mine/close").text
    successor = membership(database, firm, colleague).public_id
    browser.post("/privacy/mine/close", {f"successor-{firm.public_id}": successor, "sure": "y"})

    assert browser.path == "/privacy/mine/close/done"
    # the confirmation stands in the outbox until it was sent
    assert found(database) == {"outgoing_message.recipient"} | KEPT
    told = messages()
    assert [message["kind"] for message in told if message["recipient"] == MOBILE] == ["closed"]
    assert found(database) == KEPT
    assert not (settings.data_directory / "letters" / "one.pdf").exists()
    assert frozen(database) == frozen_before
    browser.get("/privacy/mine")
    assert browser.path == "/timed-out" or browser.path.startswith("/sign-in")


def frozen(database: Database) -> list[object]:
    """What was submitted and what it was worth; that its hash still fits is proved on the way."""
    with database.read() as session:
        for snapshot in session.scalars(sa.select(Snapshot)):
            assert content_hash(snapshot, instrument(session, snapshot.instrument_id)) == snapshot.content_hash
        snapshots = session.execute(sa.select(Snapshot.content_hash, Snapshot.responses)).all()
        return [*map(tuple, snapshots), *session.scalars(sa.select(Scorecard.card))]


def membership(database: Database, firm: Organisation, user: User) -> Membership:
    with database.read() as session:
        mine = Membership.user_id == user.id
        return session.scalars(sa.select(Membership).where(Membership.organisation_id == firm.id, mine)).one()


def test_it_makes_the_chosen_colleague_account_holder_and_says_so(
    app: Flask,
    database: Database,
    person: User,
    colleague: User,
    make_firm: MakeFirm,
    hand_in: Callable[[Organisation, User], Submission],
    browse_as: Callable[..., Browser],
    messages: Callable[[], list[dict[str, str]]],
) -> None:
    firm = make_firm(owner=person, viewer=colleague)
    hand_in(firm, person)
    browser = browse_as(person)
    browser.get("/privacy/mine/close")
    follows = membership(database, firm, colleague).public_id
    browser.post("/privacy/mine/close", {f"successor-{firm.public_id}": follows, "sure": "y"})
    assert membership(database, firm, colleague).role == "owner"
    assert membership(database, firm, person).state == "ended"
    with database.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(SnapshotPerson)) == 0
        assert session.get_one(Organisation, firm.id).state == "confirmed"
    assert ("member_changed", "13800000002") in [(each["kind"], each["recipient"]) for each in messages()]


def test_it_gives_a_firm_without_successor_back_to_the_list(
    database: Database,
    person: User,
    make_person: Callable[..., User],
    make_firm: MakeFirm,
    browse_as: Callable[..., Browser],
) -> None:
    filler = make_person("Filler", "13800000003")
    firm = make_firm(owner=person, filler=filler)
    browser = browse_as(person)
    assert "Filler" not in browser.get("/privacy/mine/close").text, "whoever fills in for another body cannot follow"
    browser.post("/privacy/mine/close", {f"successor-{firm.public_id}": RELEASE, "sure": "y"})
    with database.read() as session:
        assert session.get_one(Organisation, firm.id).state == "listed"
        assert session.get_one(User, person.id).state == "closed"
        recorded = session.scalars(sa.select(AuditEvent.action).where(AuditEvent.organisation_id == firm.id))
        assert "firm.release" in list(recorded)
    assert membership(database, firm, filler).state == "ended"


def test_it_asks_who_follows_and_whether_it_is_meant(
    database: Database, person: User, colleague: User, make_firm: MakeFirm, browse_as: Callable[..., Browser]
) -> None:
    firm = make_firm(owner=person, editor=colleague)
    stranger = make_firm(2, "另一家企业", owner=colleague)
    browser = browse_as(person)
    browser.get("/privacy/mine/close")
    page = browser.post("/privacy/mine/close", {}, status=422)
    assert "2 things need changing" in page.text
    browser.post("/privacy/mine/close", {f"successor-{firm.public_id}": RELEASE}, status=422)
    # somebody of another firm is nobody who could follow
    foreign = membership(database, stranger, colleague).public_id
    browser.post("/privacy/mine/close", {f"successor-{firm.public_id}": foreign, "sure": "y"})
    with database.read() as session:
        assert session.get_one(User, person.id).state == "active"
    assert membership(database, firm, person).state == "confirmed"


def test_it_asks_nothing_of_somebody_who_is_not_the_only_account_holder(
    database: Database, person: User, colleague: User, make_firm: MakeFirm, browse_as: Callable[..., Browser]
) -> None:
    firm = make_firm(owner=colleague, editor=person)
    browser = browse_as(person)
    browser.get("/privacy/mine/close")
    browser.post("/privacy/mine/close", {"sure": "y"})
    with database.read() as session:
        assert session.get_one(User, person.id).closed_at is not None
        assert session.get_one(Organisation, firm.id).state == "confirmed"


def test_it_refuses_whoever_still_holds_a_role_at_an_office(
    database: Database, settings: Settings, make_staff: Callable[..., User], browse_as: Callable[..., Browser]
) -> None:
    officer = make_staff("officer", "120111")
    browser = browse_as(officer)
    assert "still hold a role" in browser.get("/privacy/mine/close").text
    browser.post("/privacy/mine/close", {"sure": "y"})
    with database.read() as session:
        assert session.get_one(User, officer.id).state == "active"
    with database.write() as session:
        session.execute(sa.update(RoleGrant).values(ended_at=datetime.now(UTC)))
    browser.post("/privacy/mine/close", {"sure": "y"})
    with database.read() as session:
        assert session.get_one(User, officer.id).state == "closed"


def test_it_wants_to_know_afresh_who_it_is(database: Database, person: User, browse_as: Callable[..., Browser]) -> None:
    browser = browse_as(person)
    browser.get("/privacy/mine/close")
    with database.write() as session:
        session.execute(sa.update(SignInSession).values(fresh_at=datetime.now(UTC) - timedelta(hours=1)))
    browser.post("/privacy/mine/close", {"sure": "y"}, status=303, follow=False)
    assert browser.response.headers["Location"].startswith("/confirm")
    with database.read() as session:
        assert session.get_one(User, person.id).state == "active"


def test_it_changes_nothing_if_it_cannot_be_finished(
    app: Flask, database: Database, settings: Settings, person: User, make_firm: MakeFirm
) -> None:
    firm = make_firm(owner=person)
    now = datetime.now(UTC)
    with pytest.raises(closing.CannotClose), app.app_context(), database.write() as session:
        closing.close(session, settings, person.id, {firm.public_id: "nobody"}, audit.Actor(person.id), now)
    with database.read() as session:
        assert session.get_one(User, person.id).mobile == MOBILE


def test_it_lets_the_number_be_used_for_a_new_account(
    app: Flask, database: Database, settings: Settings, person: User, make_person: Callable[..., User]
) -> None:
    with app.app_context(), database.write() as session:
        erase(session, settings, session.get_one(User, person.id), audit.Actor(person.id), datetime.now(UTC))
    assert make_person("Another", MOBILE).id != person.id


def test_it_ends_the_dispute_that_the_person_began(
    database: Database, person: User, colleague: User, make_firm: MakeFirm, browse_as: Callable[..., Browser]
) -> None:
    firm, now = make_firm(owner=colleague), datetime.now(UTC)
    with database.write() as session:
        claim = Claim(
            organisation_id=firm.id, user_id=person.id, how="letter", state="waiting", dispute=True, made_at=now
        )
        session.add(claim)
        session.execute(sa.update(Organisation).values(state="disputed"))
    browser = browse_as(person)
    browser.get("/privacy/mine/close")
    browser.post("/privacy/mine/close", {"sure": "y"})
    with database.read() as session:
        assert session.scalars(sa.select(Claim.state)).one() == "withdrawn"
        assert session.get_one(Organisation, firm.id).state == "confirmed"


def test_it_names_a_closed_account_where_the_name_stood(
    app: Flask,
    database: Database,
    settings: Settings,
    person: User,
    colleague: User,
    make_firm: MakeFirm,
    hand_in: Callable[[Organisation, User], Submission],
    browse_as: Callable[..., Browser],
) -> None:
    firm = make_firm(owner=colleague, editor=person)
    submission = hand_in(firm, person)
    with app.app_context(), database.write() as session:
        session.execute(sa.update(Submission).values(state="returned"))
        erase(session, settings, session.get_one(User, person.id), audit.Actor(person.id), datetime.now(UTC))
    page = browse_as(colleague).get(f"/fill/{submission.public_id}")
    assert "by closed account" in page.text
    assert NAME not in page.text


def test_it_withdraws_invitations_to_a_firm_that_is_given_back_and_those_the_person_sent(
    database: Database, person: User, colleague: User, make_firm: MakeFirm, browse_as: Callable[..., Browser]
) -> None:
    released, kept, now = make_firm(1, owner=person), make_firm(2, owner=colleague, editor=person), datetime.now(UTC)
    with database.write() as session:
        for firm, by in ((released, colleague), (kept, person), (kept, colleague)):
            times = {"invited_at": now, "expires_at": now + timedelta(days=14)}
            held = {"recipient": "a@example.cn", "role": "editor", "organisation_id": firm.id, "invited_by": by.id}
            session.add(Invitation(token_hash=f"{firm.id}-{by.id}", **held, **times))
    browser = browse_as(person)
    browser.get("/privacy/mine/close")
    browser.post("/privacy/mine/close", {f"successor-{released.public_id}": RELEASE, "sure": "y"})
    with database.read() as session:
        open_ = sa.select(Invitation.invited_by).where(Invitation.withdrawn_at.is_(None))
        assert list(session.scalars(open_)) == [colleague.id]


def test_of_two_account_holders_who_close_at_once_one_must_name_who_follows(
    app: Flask, database: Database, settings: Settings, person: User, colleague: User, make_firm: MakeFirm
) -> None:
    make_firm(owner=person)
    with database.write() as session:
        firm = session.scalars(sa.select(Organisation.id)).one()
        both = {"organisation_id": firm, "user_id": colleague.id, "role": "owner", "state": "confirmed"}
        session.add(Membership(**both, created_at=datetime.now(UTC)))
    start, outcomes = threading.Barrier(2), []

    def leave(user: User) -> None:
        start.wait()
        try:
            with app.app_context(), database.write() as session:
                closing.close(session, settings, user.id, {}, audit.Actor(user.id), datetime.now(UTC))
            outcomes.append("closed")
        except closing.CannotClose:
            outcomes.append("refused")

    threads = [threading.Thread(target=leave, args=(user,)) for user in (person, colleague)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["closed", "refused"]


def test_the_command_closes_the_account_of_somebody_who_cannot_sign_in(
    database: Database, person: User, make_firm: MakeFirm, run: Callable[..., tuple[int, str]]
) -> None:
    firm = make_firm(owner=person)
    assert run("privacy", "close-account", "nobody")[0] == 2
    status, said = run("privacy", "close-account", person.public_id)
    assert status == 2
    assert firm.name in said
    assert run("privacy", "close-account", person.public_id, "--release")[0] == 0
    with database.read() as session:
        assert session.get_one(User, person.id).state == "closed"
        assert session.get_one(Organisation, firm.id).state == "listed"
    assert run("privacy", "close-account", person.public_id, "--release")[0] == 2, "it is closed already"
