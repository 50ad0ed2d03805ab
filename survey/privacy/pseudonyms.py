"""A copy of the database without the people and firms in it, for whoever looks for a fault outside production (P-16).

Names, numbers, addresses, codes of firms and everything in somebody's own words are replaced or left out; answers,
figures and scores stay, since faults hide there. The copy is therefore still confidential: whoever knows a firm's
figures can recognise it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy.orm import Session

from survey import database
from survey.answering.freezing import content_hash
from survey.credit_code import make_credit_code
from survey.models import Base, Snapshot
from survey.protection import token, token_hash
from survey.publishing.queries import instrument

TOP: Final = Path(__file__).resolve().parents[2]
BATCH: Final = 500
Row = Mapping[str, Any] | sa.RowMapping

LEFT_OUT: Final = frozenset(
    {
        "attempt",
        "audit_seal",  # the chain is over addresses and would not hold
        "invitation",
        "bundle",
        "bundle_item",
        "dashboard_figures",  # counted anew
        "job",
        "job_item",
        "listed_contact",
        "one_time_code",
        "outgoing_message",
        "recovery_code",
        "sign_in_session",
    }
)
"""Tables of which a fault-finder needs nothing."""


def _word(word: str) -> Callable[[Row], str]:
    return lambda row: f"{word} {row['id']}"


def _nothing(_row: Row) -> None:
    return None


def _code(row: Row) -> str:
    """A valid code that is plainly invented, another for each row."""
    return make_credit_code(f"{120100 + row['id'] // 10_000:06}", row["id"] % 10_000)


def _firm_then(row: Row) -> Any:
    return {**row["organisation"], "name": f"Firm of submission {row['submission_id']}", "credit_code": "withheld"}


REPLACED: Final[Mapping[str, Callable[[Row], Any]]] = {
    "user.name": _word("Person"),
    "user.mobile": _nothing,
    "user.email": lambda row: f"person{row['id']}@example.invalid",
    "user.password_hash": _nothing,
    "user.totp_secret": _nothing,
    "user.totp_step": _nothing,
    "user.public_id": lambda _row: token_hash(token())[:22],
    "membership.body": lambda row: row["body"] and f"Body {row['id']}",
    "claim.remark": _nothing,
    "claim.typed": _nothing,
    "claim.letter_file": _nothing,
    "claim.letter_type": _nothing,
    "claim.reason": _nothing,
    "rights_request.text": _nothing,
    "rights_request.answer": _nothing,
    "audit_event.address": _nothing,
    "audit_event.request_id": _nothing,
    "audit_event.object_id": _nothing,
    "organisation.name": _word("Firm"),
    "organisation.credit_code": _code,
    "provider.name": _word("Provider"),
    "provider.credit_code": lambda row: row["credit_code"] and _code(row),
    "outside_result.number": _word("Number"),
    "outside_result.issuer": _word("Issuer"),
    "outside_result.proof": _word("Proof"),
    "outside_result.subject": lambda row: row["subject"] and f"Subject {row['id']}",
    "draft_note.text": lambda _row: "withheld",
    "snapshot_note.text": lambda _row: "withheld",
    "snapshot.organisation": _firm_then,
    "review_fault.text": lambda _row: "withheld",
    "visit.comment": _nothing,
    "visit.sent_back": _nothing,
    "visit_value.reason": _nothing,
    "firm_note.text": lambda _row: "withheld",
    "evidence.name": _nothing,
    "evidence.file": lambda row: row["file"] and "withheld",
    "consent.recipient": lambda row: row["recipient"] and f"Recipient {row['id']}",
    "disclosure.recipient": _word("Recipient"),
}
"""By column: what stands there in the copy. inventory.yaml classes every column; a test asks that none is forgotten."""


def pseudonymise(source: Session, target: Path) -> int:
    """Write the copy into a new SQLite file with all migrations; how many rows it has. Raises `FileExistsError`."""
    target.touch(mode=0o600, exist_ok=False)
    url = f"sqlite:///{target.resolve()}"
    config = Config(TOP / "alembic.ini")
    config.attributes["database_url"] = url
    command.upgrade(config, "head")
    engine = database.engine(url, "migrate")  # references are not watched: an area may come before the one above it
    try:
        with engine.begin() as connection:
            return sum(_copy(source, connection, table) for table in Base.metadata.sorted_tables)
    finally:
        engine.dispose()


def _copy(source: Session, target: sa.Connection, table: sa.Table) -> int:
    if table.name in LEFT_OUT:
        return 0
    if not table.info.get("frozen"):
        target.execute(sa.delete(table))  # what migrations put there themselves
    count = 0
    for rows in source.execute(sa.select(table)).mappings().partitions(BATCH):
        target.execute(sa.insert(table), [_replaced(source, table.name, row) for row in rows])
        count += len(rows)
    return count


def _replaced(source: Session, table: str, row: Row) -> dict[str, Any]:
    made = {**row, **dict(_replacements(table, row))}
    return made | _hash_of(source, made) if table == "snapshot" else made


def _replacements(table: str, row: Row) -> Iterator[tuple[str, Any]]:
    for column in row:
        replace = REPLACED.get(f"{table}.{column}")
        if replace is not None:
            yield column, replace(row)


def _hash_of(source: Session, made: dict[str, Any]) -> dict[str, str]:
    """So that the copy proves itself like the original."""
    return {"content_hash": content_hash(Snapshot(**made), instrument(source, made["instrument_id"]))}
