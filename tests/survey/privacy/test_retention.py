"""What has had its time is erased, what has not is kept; files that nothing refers to any more go too."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from survey import jobs, limits
from survey.database import Database
from survey.models import (
    Attempt,
    AuditEvent,
    Bundle,
    Claim,
    Evidence,
    Invitation,
    Job,
    JobItem,
    ListedContact,
    OneTimeCode,
    Organisation,
    OutgoingMessage,
    RightsRequest,
    SignInSession,
    User,
)
from survey.privacy.leftovers import leftovers, remove
from survey.privacy.retention import RULES, retain
from survey.settings import Settings
from tests.survey.privacy.conftest import MakeFirm

START = datetime(2026, 3, 1, 8, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def user(make_person: Callable[..., User]) -> User:
    return make_person()


@pytest.fixture
def firm(user: User, make_firm: MakeFirm) -> Organisation:
    return make_firm(viewer=user)


def code(user: User, firm: Organisation) -> Any:
    times = {"created_at": START - DAY, "expires_at": START}
    return OneTimeCode(purpose="sign_in", recipient="13800138000", code_hash="x", **times)


def attempt(user: User, firm: Organisation) -> Any:
    return Attempt(key="k", count=1, since=START - DAY, expires_at=START)


def sign_in(user: User, firm: Organisation) -> Any:
    times = {"created_at": START, "seen_at": START, "ends_at": START + timedelta(hours=12)}
    return SignInSession(token_hash="h", user_id=user.id, device="Firefox", address="203.0.113.5", **times)


def invitation(user: User, firm: Organisation) -> Any:
    times = {"invited_at": START - 14 * DAY, "expires_at": START}
    return Invitation(token_hash="i", recipient="a@example.cn", role="editor", organisation_id=firm.id, **times)


def contact(user: User, firm: Organisation) -> Any:
    return ListedContact(organisation_id=firm.id, name="Zhang", mobile="13800000000", listed_at=START)


def claim(user: User, firm: Organisation) -> Any:
    held = {"remark": "I keep the books", "letter_file": "letters/a.pdf", "letter_type": "application/pdf"}
    return Claim(
        organisation_id=firm.id, user_id=user.id, how="letter", state="refused", made_at=START, decided_at=START, **held
    )


def message(user: User, firm: Organisation) -> Any:
    return OutgoingMessage(recipient="a@example.cn", kind="sign_in", language="en", sealed="s", made_at=START)


def request(user: User, firm: Organisation) -> Any:
    return RightsRequest(
        user_id=user.id, kind="copy", made_at=START, due_on=START.date(), state="done", closed_at=START
    )


def bundle(user: User, firm: Organisation) -> Any:
    values = {"language": "en", "made_at": START, "made_by": user.id, "useless_after": START + 7 * DAY}
    return Bundle(job=Job(kind="bundle", created_at=START), file="bundles/a.zip", **values)


CASES = [
    # what, the rule, how long it is kept, the columns that are emptied (none: the row goes)
    (code, "codes", DAY, ()),
    (attempt, "attempts", timedelta(0), ()),
    (sign_in, "sign-in devices", 180 * DAY, ("device", "address")),
    (sign_in, "sign-ins", 730 * DAY + timedelta(hours=12), ()),
    (invitation, "invitations", 30 * DAY, ("recipient",)),
    (contact, "listed contacts", 730 * DAY, ()),
    (claim, "claims", 365 * DAY, ("remark", "letter_file", "letter_type")),
    (message, "unsent messages", 7 * DAY, ("recipient", "sealed")),
    (message, "messages", 90 * DAY, ()),
    (bundle, "zips", 7 * DAY, ("file",)),
    (bundle, "bundles", 90 * DAY, ()),
    (request, "requests", 3 * 365 * DAY, ()),
]


@pytest.mark.parametrize(("make", "rule", "kept", "emptied"), CASES, ids=[case[1] for case in CASES])
def test_it_erases_each_kind_when_its_time_is_over_and_not_before(
    database: Database,
    user: User,
    firm: Organisation,
    make: Callable[..., Any],
    rule: str,
    kept: timedelta,
    emptied: tuple[str, ...],
) -> None:
    row = make(user, firm)
    with database.write() as session:
        session.add(row)
    model = type(row)
    before, after = START + kept - timedelta(seconds=1), START + kept + timedelta(seconds=1)
    with database.write() as session:
        assert retain(session, before)[rule] == 0
        assert session.scalar(sa.select(sa.func.count()).select_from(model)) == 1
    with database.write() as session:
        assert retain(session, after)[rule] == 1
    with database.read() as session:
        left = session.scalars(sa.select(model)).all()
        recorded = set(session.scalars(sa.select(AuditEvent.detail).where(AuditEvent.action == "account.retain")))
    assert rule in recorded
    if not emptied:
        assert not left
    else:
        assert [getattr(each, column) for each in left for column in emptied] == [None] * len(emptied)
    with database.write() as session:
        assert retain(session, after)[rule] == 0, "what was emptied is not counted again"


def test_it_has_a_case_for_every_rule() -> None:
    elsewhere = {"listed contacts of claimed firms", "message orders", "empty orders", "contents of bundles"}
    assert {case[1] for case in CASES} | elsewhere == set(RULES)


def test_it_deletes_the_listed_contact_once_the_firm_has_an_account_holder(
    database: Database, user: User, make_firm: MakeFirm
) -> None:
    claimed, waiting = make_firm(1, owner=user), make_firm(2, editor=user)
    with database.write() as session:
        session.add_all([contact(user, claimed), contact(user, waiting)])
    with database.write() as session:
        assert retain(session, START + DAY)["listed contacts of claimed firms"] == 1
    with database.read() as session:
        assert list(session.scalars(sa.select(ListedContact.organisation_id))) == [waiting.id]


def test_it_deletes_the_orders_of_messages_and_no_others(database: Database, user: User) -> None:
    with database.write() as session:
        jobs.order(session, "message", 1, ["en"], None, START)
        jobs.order(session, "report", 1, ["en"], user.id, START)
    with database.write() as session:
        erased = retain(session, START + 91 * DAY)
    assert (erased["message orders"], erased["empty orders"]) == (1, 1)
    with database.read() as session:
        assert list(session.scalars(sa.select(Job.kind))) == ["report"]
        assert session.scalar(sa.select(sa.func.count()).select_from(JobItem)) == 1


def test_it_keeps_counters_that_still_count(database: Database) -> None:
    with database.write() as session:
        limits.count(session, "claims", "somebody", START)
    with database.write() as session:
        assert retain(session, START + timedelta(hours=23))["attempts"] == 0


def file(path: Path, at: datetime) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x")
    os.utime(path, (at.timestamp(), at.timestamp()))
    return path


def test_it_finds_files_that_nothing_refers_to(
    database: Database, user: User, firm: Organisation, settings: Settings
) -> None:
    folder, now = settings.data_directory, START + 2 * DAY
    with database.write() as session:
        session.add(claim(user, firm))
    kept = [file(folder / "letters" / "a.pdf", START), file(folder / "letters" / "young.pdf", now)]
    kept.append(file(folder / "reports" / "one.pdf", START - 900 * DAY))
    gone = [file(folder / "letters" / "old.pdf", START), file(folder / "imports" / "list.xlsx", START - DAY)]
    with database.read() as session:
        found = leftovers(session, folder, now)
    assert sorted(found) == sorted(gone)
    assert remove(folder, found) == 2
    assert all(path.exists() for path in kept)
    assert not any(path.exists() for path in gone)


def test_proof_stays_with_its_small_picture_and_what_is_missing_is_named(
    app: Flask, database: Database, user: User, firm: Organisation, settings: Settings, run: Callable[..., Any]
) -> None:
    folder, now = settings.data_directory, START + 2 * DAY
    common = {"organisation_id": firm.id, "kind": "photo", "bytes": 1, "added_at": START, "added_by": user.id}
    with database.write() as session:
        for name in ("a", "lost"):
            session.add(Evidence(name="x.jpg", sha256=name * 16, file=f"evidence/firm1/{name}.jpg", **common))
    kept = [file(folder / "evidence" / "firm1" / name, START) for name in ("a.jpg", "a.small.jpg")]
    gone = [file(folder / "evidence" / "firm1" / name, START) for name in ("b.jpg", "b.small.jpg", "c.pdf.new")]
    with database.read() as session:
        found = leftovers(session, folder, now)
    assert sorted(found) == sorted(gone)
    assert all(path.exists() for path in kept)
    _status, said = run("privacy", "retain", "--dry-run")
    assert said.count("missing:") == 1
    assert "missing: evidence/firm1/lost.jpg" in said


def test_it_removes_nothing_outside_the_data_folder(settings: Settings, tmp_path: Path) -> None:
    outside = file(tmp_path / "outside.txt", START)
    settings.data_directory.mkdir()
    assert remove(settings.data_directory, ["../outside.txt", outside]) == 0
    assert outside.exists()


def test_the_command_counts_first_and_erases_then(
    app: Flask, database: Database, user: User, firm: Organisation, run: Callable[..., tuple[int, str]]
) -> None:
    with database.write() as session:
        session.add(code(user, firm))
    old = file(app.config["SETTINGS"].data_directory / "imports" / "list.xlsx", START)
    status, said = run("privacy", "retain", "--dry-run")
    assert (status, said.splitlines()[-1]) == (0, "nothing was erased")
    assert "1  codes by SMS or mail" in said
    assert old.exists()
    with database.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(OneTimeCode)) == 1
    status, said = run("privacy", "retain")
    assert (status, said.splitlines()[-1]) == (0, "done")
    assert not old.exists()
    with database.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(OneTimeCode)) == 0
