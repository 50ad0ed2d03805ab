"""How long a dashboard takes on the server: a street is counted while somebody waits, large areas beforehand.

Run `python -m benchmarks.dashboard`. The city is made up: two rounds with the digital questionnaire. Pages go through
WSGI, without a server, for somebody who is signed in. The baseline, measured in the same rounds on the same database,
is the least that a live dashboard of the area would have to do: one query that counts its firms by level. Both in
processor time of this process, which on PostgreSQL leaves out what the database does. Then what counting everything
beforehand costs, as `flask dashboard count` does it. `--database` names an empty PostgreSQL instead of SQLite.
"""

from __future__ import annotations

import argparse
import resource
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from flask import Flask

from benchmarks._dashboard_city import city
from survey import database
from survey.app import create_app
from survey.dashboard.commands import keep
from survey.models import Area, Campaign, Organisation, RoleGrant, SignInSession, Submission, User
from survey.protection import token_hash
from survey.settings import Settings

ROOT: Final = Path(__file__).parent.parent
TARGET: Final = 0.3  # seconds for a page
ROUNDS: Final = 8


def site(folder: Path, url: str, firms: int) -> tuple[Flask, dict[str, str]]:
    """The site on a made-up city, and the public ids of its areas; a city administrator is signed in."""
    config = Config(ROOT / "alembic.ini")
    config.attributes["database_url"] = url
    command.upgrade(config, "head")
    ids = city(url, firms)
    settings = Settings(
        secret_key=secrets.token_urlsafe(48),
        database_url=url,
        data_directory=folder,
        base_url="http://localhost",
        secure_cookies=False,
        log_level="error",
    )
    app, now = create_app(settings), datetime.now(UTC)
    with app.app_context(), database.write() as session:
        user, top = session.scalars(sa.select(User)).one(), session.scalars(sa.select(Area.id).limit(1)).one()
        session.add(RoleGrant(user_id=user.id, role="city_administrator", area_id=top, granted_at=now))
        until = now + timedelta(hours=9)
        moments = {"created_at": now, "seen_at": now, "fresh_at": now, "ends_at": until}
        session.add(SignInSession(token_hash=token_hash("t"), user_id=user.id, strong=True, **moments))
    return app, ids


def least(app: Flask, area: str) -> Callable[[], object]:
    """One query over the area's firms: how many are at each level."""
    query = (
        sa.select(Submission.level, sa.func.count())
        .join(Organisation, Organisation.id == Submission.organisation_id)
        .join(Area, Area.id == Organisation.operating_area_id)
        .where(Submission.kind == "self", Submission.state.in_(("submitted", "accepted")))
        .where(Submission.campaign_id == sa.select(sa.func.max(Campaign.id)).scalar_subquery())
        .where(Area.path.startswith(sa.select(Area.path).where(Area.public_id == area).scalar_subquery()))
        .group_by(Submission.level)
    )

    def call() -> object:
        with app.extensions["database"].read() as session:
            return session.execute(query).all()

    return call


def opened(app: Flask, path: str) -> Callable[[], object]:
    """Opens the page."""
    client = app.test_client()
    client.set_cookie("sign-in", "t")

    def call() -> object:
        answer = client.get(path)
        assert answer.status_code == 200, answer.text[:2000]
        return answer

    return call


def spent(*sides: Callable[[], object]) -> list[float]:
    """Processor seconds of each side, the median of rounds in which they take turns."""
    taken: list[list[float]] = [[] for _side in sides]
    for _round in range(ROUNDS):
        for side, times in zip(sides, taken, strict=True):
            begin = time.process_time()
            side()
            times.append(time.process_time() - begin)
    return [statistics.median(times[1:]) for times in taken]


def beforehand(app: Flask, ids: dict[str, str], name: str) -> float:
    """Seconds to count one area and keep the counts."""
    with app.app_context():
        session = database.reading()
        campaign = session.scalars(sa.select(Campaign).where(Campaign.public_id == ids["campaign"])).one()
        area = session.scalars(sa.select(Area).where(Area.public_id == ids[name])).one()
        begin = time.process_time()
        keep(session, campaign, area, datetime.now(UTC))
        return time.process_time() - begin


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--firms", type=int, default=300_000)
    parser.add_argument("--database", default="")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        print(f"making a city of {asked.firms:,} firms …", file=sys.stderr, flush=True)
        app, ids = site(Path(name), asked.database or f"sqlite:///{name}/site.db", asked.firms)
        print("\nCounting beforehand (once an hour, in no page)")
        for area in ("district", "city"):
            print(f"  {area:<30} {beforehand(app, ids, area):8.1f} s")
        print(f"  at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB of memory")
        print(f"\nA dashboard with nine charts (target: {1000 * TARGET:.0f} ms)")
        for area in ("street", "district", "city"):
            path = f"/dashboard?campaign={ids['campaign']}&area={ids[area]}"
            counting, page = spent(least(app, ids[area]), opened(app, path))
            said = f"{page / counting:6.2f} times one count by level ({1000 * counting:.0f} ms)"
            print(f"  {area:<30} {1000 * page:8.0f} ms, {said}", flush=True)


if __name__ == "__main__":
    main()
