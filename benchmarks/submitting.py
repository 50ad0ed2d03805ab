"""Handing in, by eight clients at once: submissions a second, through the real action, beside a bare transaction.

Each client is a process of its own, as the processes of a web server are. `action` is everything that handing in does:
read and clean the answers, score them, freeze snapshot, scorecard and scores, order the reports, put it on record, in
one durable transaction. `bare` writes the same rows as one such deed does, made beforehand, in a durable transaction of
nothing but INSERT and UPDATE statements, and waits for the disk just the same. Both run on SQLite and PostgreSQL.

    python -m benchmarks.submitting [SUBMISSIONS]
"""

from __future__ import annotations

import multiprocessing
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from multiprocessing.queues import Queue
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from benchmarks._site import SECRET, fill, site
from survey import audit, database
from survey.answering import submitting
from survey.app import create_app
from survey.credit_code import make_credit_code
from survey.models import AuditEvent, Base, Campaign, DraftPage, Organisation, Score, Scorecard, Snapshot, Submission
from survey.models.job import Job, JobItem
from survey.models.snapshot import SnapshotPerson
from survey.settings import Settings
from tests import databases

SUBMISSIONS: Final = 3000
CLIENTS: Final = 8
ROUNDS: Final = 3
WARM: Final = 4
"""Deeds of each client before the clock runs: statements are compiled then, as in a server that has been up."""
TARGET_RATE, TARGET_RATIO = 150, 0.5
WRITTEN: Final = (Snapshot, SnapshotPerson, Scorecard, Score, Job, JobItem, AuditEvent)
"""What one deed adds; the submission's row is changed."""

Row = dict[str, Any]
LOADED: Final = sa.select(Submission).options(
    joinedload(Submission.organisation), joinedload(Submission.campaign).joinedload(Campaign.round)
)
"""As the page loads it, together with the right to it."""


def settings_of(url: str, folder: Path) -> Settings:
    return Settings(
        secret_key=SECRET, database_url=url, data_directory=folder, base_url="http://localhost",
        secure_cookies=False, log_level="error",
    )  # fmt: skip


def prepare_drafts(url: str, folder: Path, count: int) -> list[int]:
    """`count` firms with the same answered draft; the ids of their submissions."""
    app, _public_id = site(folder, url)
    with app.app_context():
        fill(app)
        with database.write() as session:
            first = session.scalars(sa.select(Submission)).one()
            pages = session.execute(sa.select(DraftPage.__table__)).mappings().all()
            firm = session.get_one(Organisation, first.organisation_id)
            common = {"operating_area_id": firm.operating_area_id, "industry_code": firm.industry_code,
                      "created_at": firm.created_at, "created_by": firm.created_by, "state": "confirmed"}  # fmt: skip
            made = []
            for number in range(2, count + 2):
                other = Organisation(credit_code=make_credit_code("120111", number), name=f"示例{number}", **common)
                session.add(other)
                session.flush()
                mine = Submission(
                    organisation_id=other.id, campaign_id=first.campaign_id, created_at=first.created_at,
                    created_by=first.created_by,
                )  # fmt: skip
                session.add(mine)
                session.flush()
                session.execute(sa.insert(DraftPage), [dict(page) | {"submission_id": mine.id} for page in pages])
                made.append(mine.id)
    app.extensions["database"].close()
    return made


# -- one client --------------------------------------------------------------------------------------------------------


def client(url: str, folder: str, ids: list[int], how: str, ready: Any, told: Queue[list[float]]) -> None:
    """Works off its share once all are ready; tells how long each took."""
    app = create_app(settings_of(url, Path(folder)))
    with app.app_context():
        work = WAYS[how](app, ids)
        for each in ids[1:WARM]:
            work(each)
        ready.wait()
        taken = []
        for each in ids[WARM:]:
            begin = time.perf_counter()
            work(each)
            taken.append(time.perf_counter() - begin)
    told.put(taken)
    app.extensions["database"].close()


def by_action(app: Any, ids: list[int]) -> Callable[[int], None]:
    kept = app.extensions["database"]

    def hand_in(submission_id: int) -> None:
        with kept.read() as session:
            found = session.scalars(LOADED.where(Submission.id == submission_id)).one()
            prepared = submitting.prepare(session, found)
        with kept.write(durable=True) as session:
            actor = audit.Actor(prepared.submission_id and 1)
            assert submitting.submit(session, prepared, prepared.mark, actor, datetime.now(UTC))

    hand_in(ids[0])
    return hand_in


def bare(app: Any, ids: list[int]) -> Callable[[int], None]:
    """The rows of one deed, taken from one that was done, with other keys."""
    kept = app.extensions["database"]
    by_action(app, ids)
    rows = _rows_of(kept, ids[0])
    tables = Base.metadata.tables
    statements = {name: sa.insert(tables[name]) for name in rows}
    keys = {name: tables[name].c.id for name in ("snapshot", "scorecard", "job", "job_item", "audit_event")}

    def write(submission_id: int) -> None:
        with kept.write(durable=True) as session:
            connection = session.connection()
            made: dict[str, int] = {}
            for name in ("snapshot", "scorecard", "job"):
                for row in rows[name]:
                    values = _with_keys(row, submission_id, made)
                    made[name] = connection.execute(statements[name].returning(keys[name]), values).scalar_one()
                    if name == "job":
                        items = [_with_keys(each, submission_id, made) for each in rows["job_item"][:2]]
                        connection.execute(statements["job_item"], items)
            for name in ("snapshot_person", "score", "audit_event"):
                connection.execute(statements[name], [_with_keys(row, submission_id, made) for row in rows[name]])
            connection.execute(
                sa.update(tables["submission"])
                .where(tables["submission"].c.id == submission_id)
                .values(state="submitted", submitted_at=datetime.now(UTC), reference=f"R{submission_id}", rev=2,
                        scorecard_id=made["scorecard"])
            )  # fmt: skip

    return write


def _rows_of(kept: Any, submission_id: int) -> dict[str, list[Row]]:
    """What handing in this submission has added, by table; without ids of their own."""
    with kept.read() as session:
        submission = session.get_one(Submission, submission_id)
        snapshot = sa.select(Snapshot.id).where(Snapshot.submission_id == submission_id)
        card = sa.select(Scorecard.id).where(Scorecard.snapshot_id.in_(snapshot))
        items = sa.select(JobItem.job_id).where(JobItem.subject_id.in_(card))
        wheres = {
            Snapshot: Snapshot.submission_id == submission_id,
            SnapshotPerson: SnapshotPerson.snapshot_id.in_(snapshot),
            Scorecard: Scorecard.snapshot_id.in_(snapshot),
            Score: Score.scorecard_id.in_(card),
            Job: Job.id.in_(items),
            JobItem: JobItem.subject_id.in_(card),
            AuditEvent: AuditEvent.object_id == submission.public_id,
        }
        return {
            model.__tablename__: [
                {key: value for key, value in row.items() if key not in ("id", "public_id")}
                for row in session.execute(sa.select(model.__table__).where(wheres[model])).mappings()
            ]
            for model in WRITTEN
        }


LINKS: Final = {"submission_id": "submission", "snapshot_id": "snapshot", "scorecard_id": "scorecard",
                "job_id": "job", "subject_id": "scorecard"}  # fmt: skip


def _with_keys(row: Row, submission_id: int, made: dict[str, int]) -> Row:
    known = {"submission": submission_id, **made}
    return row | {column: known[to] for column, to in LINKS.items() if column in row and to in known}


WAYS: Final = {"action": by_action, "bare": bare}


# -- all of them -------------------------------------------------------------------------------------------------------


def rate(url: str, folder: Path, ids: list[int], how: str) -> tuple[float, float]:
    """Deeds a second of all clients together, and the slowest hundredth in milliseconds."""
    context = multiprocessing.get_context("spawn")
    ready, told = context.Barrier(CLIENTS + 1), context.Queue()
    shares = [ids[place::CLIENTS] for place in range(CLIENTS)]
    clients = [
        context.Process(target=client, args=(url, str(folder), share, how, ready, told)) for share in shares
    ]  # fmt: skip
    for each in clients:
        each.start()
    ready.wait()
    begin = time.perf_counter()
    taken = sorted(seconds for _client in clients for seconds in told.get())
    whole = time.perf_counter() - begin
    for each in clients:
        each.join()
    return len(taken) / whole, 1000 * taken[int(0.99 * len(taken))]


def measure(kind: str, folder: Path, count: int) -> None:
    url = databases.empty(kind, folder / "submitting.db")
    ids = prepare_drafts(url, folder, count)
    size = len(ids) // (2 * ROUNDS)
    parts = [ids[place * size : (place + 1) * size] for place in range(2 * ROUNDS)]
    found: dict[str, list[tuple[float, float]]] = {"bare": [], "action": []}
    for place, part in enumerate(parts):  # in turns: a noisy minute hits both
        how = ("bare", "action")[place % 2]
        found[how].append(rate(url, folder, part, how))
    medians = {how: statistics.median(each for each, _slow in rates) for how, rates in found.items()}
    print(f"\n{kind}, {CLIENTS} clients (target: {TARGET_RATE}/s and {TARGET_RATIO} of the bare transaction)")
    for how, rates in found.items():
        slowest = statistics.median(slow for _each, slow in rates)
        share = medians[how] / medians["bare"]
        print(
            f"  {how:<8} {medians[how]:7.0f}/s   99 % within {slowest:6.0f} ms   {share:5.2f} of the bare transaction"
        )
    databases.remove(url)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else SUBMISSIONS
    databases.open_folder()
    try:
        for kind in databases.KINDS:
            with tempfile.TemporaryDirectory() as folder:
                measure(kind, Path(folder), count)
    finally:
        databases.disconnect()
        databases.close_folder()


if __name__ == "__main__":
    main()
