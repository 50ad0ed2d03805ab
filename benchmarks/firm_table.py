"""The firm table of 300,000 firms: processor time of whole pages, for filters and orders that officers use.

Measured on SQLite and on PostgreSQL: requests go through WSGI without a server; the time of the database's own process
is added, parallel workers off. The baseline of the same run is the query that any list needs, bare: fifty names along
an index. Counts above 10,000 are not made ("more than 10,000"). The city sees all firms, a district about one in 20.

    python -m benchmarks.firm_table [FIRMS]
"""

from __future__ import annotations

import gc
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from flask import Flask

from benchmarks._many_firms import build
from survey import database
from survey.app import create_app
from survey.credit_code import make_credit_code
from survey.models import Area, FirmGroup, Organisation, RoleGrant, SignInSession, User
from survey.protection import token_hash
from survey.settings import Settings
from tests import databases

FIRMS: Final = 300_000
REPEATS: Final = 3
TARGET_MS: Final = 100
WHO: Final = {"city": "city_administrator", "district": "officer", "street": "officer"}

PAGES: Final = {
    "no filter": "",
    "no filter, by score": "sort=score",
    "no filter, by level": "sort=level",
    "no filter, by day of submission": "sort=submitted",
    "no filter, by area": "sort=area",
    "no filter, by progress": "sort=state",
    "page 20 by name": "page=20",
    "text in many names": "q=食品",
    "text in no name": "q=禾岳铸造11有",
    "beginning of a code": "q=911201160000",
    "whole code": f"q={make_credit_code('120116', 7)}",
    "level 1": "level=1",
    "level 4": "level=4",
    "level 4, medium, quality notes": "level=4&size=medium&signs=1",
    "division C34": "industry=C34",
    "section C by score": "industry=C&sort=score",
    "own industry": "own={own}",
    "chain, level 3, small": "chain={chain}&level=3&size=small",
    "not started": "progress=none",
    "to be checked, longest waiting first": "progress=submitted&sort=state",
    "returned, time is over": "progress=late",
    "verified": "verified=yes",
    "not verified, level 2": "verified=no&level=2",
    "a dimension below 20%": "gap=management:20",
    "a dimension below 60% by score": "gap=management:60&sort=score",
    "score 60 to 61": "low=60&high=61",
    "account disputed": "state=disputed",
    "text, division, level": "q=津南&industry=C34&level=2",
}


def site(url: str, folder: Path) -> Flask:
    """The site with somebody of the city, of a district and of a street signed in."""
    settings = Settings(
        secret_key=secrets.token_urlsafe(48), database_url=url, data_directory=folder, base_url="http://localhost",
        secure_cookies=False, log_level="error",
    )  # fmt: skip
    app, now = create_app(settings), datetime.now(UTC)
    with app.app_context(), database.write() as session:
        for kind, role in WHO.items():
            area = session.scalars(sa.select(Area.id).where(Area.kind == kind).order_by(Area.id).limit(1)).one()
            user = User(name=kind, email=f"{kind}@office.example", created_at=now)
            session.add(user)
            session.flush()
            session.add(RoleGrant(user_id=user.id, role=role, area_id=area, granted_at=now))
            session.add(
                SignInSession(
                    token_hash=token_hash(kind), user_id=user.id, created_at=now, seen_at=now, fresh_at=now,
                    ends_at=now + timedelta(hours=9), strong=True,
                )
            )  # fmt: skip
    return app


def clock(url: str) -> Callable[[], float]:
    """Seconds of processor time: of this process, and of the server's processes that work for this database."""
    if url.startswith("sqlite"):
        return time.process_time
    watcher = database.engine(url, "read").connect().execution_options(isolation_level="AUTOCOMMIT")
    pids = sa.text("SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")

    def read() -> float:
        there = [Path(f"/proc/{pid}/schedstat") for pid in watcher.scalars(pids)]
        return time.process_time() + sum(int(path.read_text().split()[0]) for path in there) / 1e9

    return read


def milliseconds(call: Callable[[], Any], now: Callable[[], float]) -> float:
    """The median of some calls, after one that fills what is kept. Garbage is collected between pages, not in them."""
    call()
    taken = []
    gc.disable()
    for _repeat in range(REPEATS):
        begin = now()
        call()
        taken.append(1000 * (now() - begin))
    gc.enable()
    gc.collect(1)
    return statistics.median(taken)


def measure(kind: str, folder: Path, firms: int) -> None:
    """Build the city on one kind of database and print a line for each page."""
    url = databases.empty(kind, folder / "site.db")
    begin = time.perf_counter()
    build(url, firms)
    print(f"\n{kind}: {firms:,} firms, built in {time.perf_counter() - begin:.0f} s")
    app, now = site(url, folder), clock(url)
    with app.app_context():
        session = database.reading()
        known = {
            "own": session.scalars(sa.text("SELECT public_id FROM sub_industry LIMIT 1")).one(),
            "chain": session.scalars(sa.select(FirmGroup.public_id).limit(1)).one(),
        }
        bare = sa.select(Organisation.public_id, Organisation.name).order_by(Organisation.name).limit(50)
        baseline = milliseconds(lambda: session.execute(bare).all(), now)
    print(f"  {'baseline: 50 names along an index':<42} {baseline:8.2f} ms of processor time")
    print(f"  {'page':<42} {'city':>9} {'district':>9} {'street':>9}   city in baselines")
    for name, query in PAGES.items():
        times = [milliseconds(page(app, query.format(**known), who), now) for who in WHO]
        mark = "" if max(times) < TARGET_MS else f"  above {TARGET_MS} ms"
        print(
            f"  {name:<42} {times[0]:6.1f} ms {times[1]:6.1f} ms {times[2]:6.1f} ms {times[0] / baseline:10.0f}{mark}"
        )


def page(app: Flask, query: str, who: str) -> Callable[[], bytes]:
    def call() -> bytes:
        return fetch(app, query, who)

    return call


def fetch(app: Flask, query: str, who: str) -> bytes:
    """A page of the table through WSGI."""
    answer = app.test_client()
    answer.set_cookie("sign-in", who)
    got = answer.get(f"/desk/firms?{query}")
    assert got.status_code == 200, got.status
    return bytes(got.data)


def main() -> None:
    """Measure and print, on both databases."""
    firms = int(sys.argv[1]) if len(sys.argv) > 1 else FIRMS
    databases.open_folder()
    try:
        for kind in databases.KINDS:
            with tempfile.TemporaryDirectory() as name:
                measure(kind, Path(name), firms)
    finally:
        databases.disconnect()
        databases.close_folder()


if __name__ == "__main__":
    main()
