"""The copy that may leave production holds nobody and no firm, and still proves its submissions."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from survey import audit
from survey.answering.freezing import content_hash
from survey.credit_code import CreditCode, read
from survey.database import Database
from survey.models import (
    Base,
    Claim,
    DraftNote,
    Fact,
    ListedContact,
    Organisation,
    OutsideResult,
    RightsRequest,
    Snapshot,
    SnapshotNote,
    Submission,
    User,
)
from survey.privacy.inventory import inventory
from survey.privacy.pseudonyms import LEFT_OUT, REPLACED
from survey.publishing.queries import instrument
from tests.survey.privacy.conftest import MakeFirm
from tests.survey.privacy.test_closing import found

NAMES = ("Zhuge Unmistakable", "13987654321", "unmistakable@example.cn", "203.0.113.77", "only this person wrote")
FIRM = "津门独一机械有限公司"

SAYS_NOBODY = frozenset({"user.language"})
"""Text columns about people in which one of a few words stands."""

WORDS = frozenset(
    {
        *("kind", "state", "role", "how", "action", "object_kind", "result", "detail", "version", "purpose"),
        *("language", "unit", "source", "section", "item", "measure", "size_class", "value", "score"),
        *("division", "size", "finding", "seen", "side", "sha256", "file"),
        *("engine_version", "text_version", "reference", "industry_code", "industry_division", "content_hash"),
    }
)
"""Columns that hold words of ours, numbers or coded answers."""

CODED = frozenset({"data", "responses", "facts", "reference_values", "quality_notes", "card", "fields"})


def test_it_forgets_no_column() -> None:
    tables = Base.metadata.tables
    for entry in inventory():
        if entry.table in LEFT_OUT or entry.kind in ("technical", "reference"):
            continue
        plain = tables[entry.table].columns[entry.column].type
        text = isinstance(plain, (sa.String, sa.TypeDecorator)) and "MOMENT" not in repr(plain).upper()
        name = f"{entry.table}.{entry.column}"
        known = name in REPLACED or name in SAYS_NOBODY or entry.column in WORDS | CODED
        assert known or not text, f"say in survey/privacy/pseudonyms.py what stands for {name}"


def test_it_replaces_nothing_that_is_gone() -> None:
    columns = {f"{table.name}.{column.name}" for table in Base.metadata.tables.values() for column in table.columns}
    assert set(REPLACED) <= columns
    assert set(LEFT_OUT) <= set(Base.metadata.tables)


def test_it_holds_nobody_and_no_firm_and_proves_its_submissions(
    app: Flask,
    database: Database,
    make_person: Callable[..., User],
    make_firm: MakeFirm,
    hand_in: Callable[[Organisation, User], Submission],
    run: Callable[..., tuple[int, str]],
    tmp_path: Path,
) -> None:
    user, now = make_person(NAMES[0], NAMES[1], email=NAMES[2]), datetime.now(UTC)
    firm = make_firm(1, FIRM, owner=user)
    submission = hand_in(firm, user)
    with database.write() as session:
        snapshot = session.scalars(sa.select(Snapshot.id)).one()
        by = {"organisation_id": firm.id, "user_id": user.id}
        session.add_all(
            [
                Claim(**by, how="letter", state="waiting", remark=NAMES[4], made_at=now),
                ListedContact(organisation_id=firm.id, name=NAMES[0], mobile=NAMES[1], listed_at=now),
                RightsRequest(user_id=user.id, kind="other", text=NAMES[4], made_at=now, due_on=date(2027, 1, 1)),
                DraftNote(submission_id=submission.id, item="a", text=NAMES[4], updated_at=now, updated_by=user.id),
                SnapshotNote(snapshot_id=snapshot, item="a", text=NAMES[4]),
                OutsideResult(
                    organisation_id=firm.id,
                    kind="cmmm",
                    number=NAMES[4],
                    issuer=NAMES[0],
                    issued_on=date(2026, 1, 1),
                    proof=NAMES[4],
                    recorded_at=now,
                    recorded_by=user.id,
                ),
            ]
        )
        audit.record(session, audit.Actor(user.id, NAMES[3]), "account.sign_in", user.public_id, now=now)
    target = tmp_path / "copy.db"
    status, said = run("privacy", "pseudonymise", target)
    assert status == 0, said

    copy = Database.connect(f"sqlite:///{target}")
    traces = (*NAMES, FIRM, firm.credit_code, user.public_id)
    assert found(database, traces), "the search itself finds what is there"
    assert found(copy, traces) == set()
    with copy.read() as session, database.read() as original:
        frozen = session.scalars(sa.select(Snapshot)).one()
        assert frozen.responses == original.scalars(sa.select(Snapshot.responses)).one()
        assert content_hash(frozen, instrument(session, frozen.instrument_id)) == frozen.content_hash
        assert isinstance(read(session.scalars(sa.select(Organisation.credit_code)).one()), CreditCode)
        for model in (Fact, Submission, User):
            counts = [each.scalar(sa.select(sa.func.count()).select_from(model)) for each in (session, original)]
            assert counts[0] == counts[1]
    copy.close()
    assert target.stat().st_mode & 0o077 == 0
    assert run("privacy", "pseudonymise", target)[0] == 2, "an existing file is left alone"
