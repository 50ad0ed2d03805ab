"""The demonstration: who is in it, that it is the same each time, and that it starts and stops as a whole."""

import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from questionnaires import catalogue
from survey.accounts import passwords
from survey.database import Database
from survey.demo import load as loading
from survey.demo.firms import Firm, Place, firms, words
from survey.demo.parts import DRAFT, SUBMITTED, parts
from survey.demo.profile import profile
from survey.demo.staff import STAFF, codes_now
from survey.models import (
    Area,
    Assignment,
    AuditEvent,
    Campaign,
    Claim,
    Consent,
    DraftPage,
    Fact,
    Job,
    JobItem,
    Membership,
    Organisation,
    ReferenceValue,
    RoleGrant,
    Scorecard,
    Snapshot,
    Submission,
    User,
)
from survey.settings import Settings
from tests import databases

ROOT = Path(__file__).parent.parent.parent
NOW = datetime(2026, 5, 20, 3, 0, tzinfo=UTC)
YEAR = 2025
DIGITAL = catalogue.builtin("digital", "2024")
PLACES = [Place(number, code, 1 + number) for number, code in enumerate(("120101", "120111", "120116", "120116"))]


def load(database: Database, data: Path, seed: int, count: int, **more: Any) -> list[loading.Account]:
    settings = Settings(
        secret_key="x9Qm2Lr7Tz4Vb8Nk1Wd6Hs3Jf5Gc0Pya-for-tests",
        database_url=database.writer.url.render_as_string(hide_password=False),
        data_directory=data,
        demo=True,
        secure_cookies=False,
    )
    return loading.load(database, settings, seed, count, NOW, **more)


def drawn(count: int) -> list[Firm]:
    return list(firms(1, count, PLACES))


# -- loading -----------------------------------------------------------------------------------------------------------


def test_it_loads_firms_as_the_site_would(database: Database, tmp_path: Path) -> None:
    told: list[int] = []
    accounts = load(database, tmp_path / "data", 1, 12, progress=told.append)
    assert told == list(range(1, 13))
    with database.read() as session:
        everything = session.scalars(sa.select(Submission)).all()
        submissions = [each for each in everything if each.campaign.round.reference_year == YEAR]
        drafts = [each for each in submissions if each.state == "draft"]
        wanted = [state for firm in drawn(12) for state in parts(firm, profile(firm, 1), 1).values()]
        assert (len(submissions), len(drafts)) == (len(wanted), wanted.count(DRAFT))
        before = len(everything) - len(submissions)
        assert before
        handed_in = session.scalar(sa.select(sa.func.count(Snapshot.submission_id.distinct())))
        assert handed_in == wanted.count(SUBMITTED) + before
        states = Counter(session.scalars(sa.select(Organisation.state)))
        assert sum(states.values()) == 12 + 3, "three are listed and nobody's"
        begun = min(each.created_at for each in submissions)
        last = max(each.submitted_at for each in submissions if each.submitted_at)
        assert NOW - timedelta(days=31) < begun < last < NOW
        mine = AuditEvent.action.like("submission.%")
        deeds = session.scalars(sa.select(AuditEvent.at).where(mine).order_by(AuditEvent.id)).all()
        assert deeds == sorted(deeds), "everything happens in the order of time"
    check_accounts(database, accounts)
    check_reports(database)


def check_accounts(database: Database, accounts: list[loading.Account]) -> None:
    """Each printed account signs in, with the right it is said to have."""
    wanted = {
        "owner": "owner",
        "editor": "editor",
        "viewer": "viewer",
        "reported": "owner",
        "fresh": "owner",
        "filler": "filler",
        "new": None,
    }
    firms_people, staff = accounts[: len(wanted)], accounts[len(wanted) :]
    assert [account.address.partition("@")[0] for account in firms_people] == list(wanted)
    assert [account.address.partition("@")[0] for account in staff] == [name for name, *_ in STAFF]
    with database.read() as session:
        for account, role in zip(firms_people, wanted.values(), strict=True):
            user = session.scalars(sa.select(User).where(User.email == account.address)).one()
            assert passwords.matches(account.password, user.password_hash)
            rows = session.scalars(sa.select(Membership).where(Membership.user_id == user.id)).all()
            assert [(row.role, row.state, row.organisation.name) for row in rows] == (
                [(role, "confirmed", account.firm)] if role else []
            )
        for account, (_name, role, _area, _about) in zip(staff, STAFF, strict=True):
            user = session.scalars(sa.select(User).where(User.email == account.address)).one()
            assert passwords.matches(account.password, user.password_hash)
            assert user.totp_at is not None
            assert account.factor
            assert session.scalars(sa.select(RoleGrant.role).where(RoleGrant.user_id == user.id)).all() == [role]
        others = session.scalars(sa.select(User.password_hash).where(User.email.like("firm%"))).all()
        assert len(set(others)) == 1


def check_reports(database: Database) -> None:
    """Only the firm of a printed account gets reports; the half-filled one is half filled, the fresh one empty."""
    with database.read() as session:
        half, reported, fresh = (
            session.scalars(sa.select(Organisation).where(Organisation.credit_code.like(f"%DEMA000{number}%"))).one()
            for number in (1, 2, 3)
        )
        every = sa.select(Scorecard).join(Snapshot).join(Submission).where(Submission.organisation_id == reported.id)
        assert session.scalars(every.where(Snapshot.reference_year == YEAR - 1)).first(), "it was there before"
        mine = every.where(Snapshot.reference_year == YEAR)
        cards = {card.id for card in session.scalars(mine)}
        assert len(cards) == 4
        papers = sa.select(Job.kind, JobItem.subject_id, JobItem.language).join(Job).where(Job.kind != "message")
        ordered = session.execute(papers).all()
        languages = [{lang for kind, subject, lang in ordered if (kind, subject) == ("report", card)} for card in cards]
        assert languages == [{"zh_CN", "en"}] * 4, "one report for each part"
        assert {lang for kind, _subject, lang in ordered if kind != "report"} == {"zh_CN", "en"}, "and one for all"
        assert {subject for _kind, subject, _language in ordered} == cards
        pages = sa.select(Campaign.questionnaire, DraftPage.section).select_from(DraftPage).join(Submission)
        begun = session.execute(pages.join(Campaign).where(Submission.organisation_id == half.id)).all()
        assert Counter(name for name, _section in begun) == {"digital": 4, "green": 2}
        for model in (Submission, Fact):
            assert not session.scalar(sa.select(sa.func.count()).where(model.organisation_id == fresh.id))


def test_the_city_has_sample_values_for_some_industries_and_says_so(tmp_path: Path) -> None:
    database = Database.connect(databases.migrated("sqlite", tmp_path / "references.db"))
    load(database, tmp_path / "data", 1, 30)
    with database.read() as session:
        sources = set(session.scalars(sa.select(ReferenceValue.source)))
        assert len(sources) == 1
        assert words()["mark"] in sources.pop()
        green = sa.select(Snapshot.reference_values).join(Submission).join(Campaign)
        found = session.scalars(green.where(Campaign.questionnaire == "green")).all()
        assert 0 < sum(values is None for values in found) < len(found), "others are not scored on intensity"
    database.close()


def test_it_loads_the_same_for_the_same_seed(tmp_path: Path) -> None:
    first, second, other = (contents(tmp_path / f"{place}.db", seed) for place, seed in enumerate((5, 5, 6)))
    assert first == second
    assert not set(first["names"]) & set(other["names"])


def contents(path: Path, seed: int) -> dict[str, list[Any]]:
    database = Database.connect(databases.migrated("sqlite", path))
    load(database, path.parent / f"data-{path.stem}", seed, 6)
    frozen = sa.select(Snapshot.responses, Snapshot.facts, Snapshot.organisation, Snapshot.submitted_at)
    queries = {
        "names": sa.select(Organisation.name).order_by(Organisation.id),
        "snapshots": frozen.order_by(Snapshot.id),
        "levels": sa.select(Scorecard.level, Scorecard.total_e6).order_by(Scorecard.id),
        "facts": sa.select(Fact.kind, Fact.year, Fact.value, Fact.unit, Fact.updated_at).order_by(Fact.id),
        "pages": sa.select(DraftPage.section, DraftPage.data).order_by(DraftPage.submission_id, DraftPage.section),
    }
    with database.read() as session:
        found = {name: [tuple(row) for row in session.execute(query)] for name, query in queries.items()}
    database.close()
    assert all(found.values())
    return found


def test_it_puts_firms_into_every_district_and_zone(tmp_path: Path) -> None:
    database = Database.connect(databases.migrated("sqlite", tmp_path / "places.db"))
    places = loading._places(database)
    with database.read() as session:
        wanted = set(session.scalars(sa.select(Area.id).where(Area.kind.in_(("district", "zone")))))
    database.close()
    assert len(wanted) >= 19
    assert {firm.area_id for firm in firms(1, 320, places)} == wanted
    assert all(re.fullmatch(r"1201\d\d", place.code) for place in places)


def test_it_shows_claims_in_every_state(tmp_path: Path) -> None:
    database = Database.connect(databases.migrated("sqlite", tmp_path / "claims.db"))
    load(database, tmp_path / "data", 1, 110)
    with database.read() as session:
        claims = Counter((each.how, each.state, each.dispute) for each in session.scalars(sa.select(Claim)))
        states = Counter(session.scalars(sa.select(Organisation.state)))
        visits = session.scalars(sa.select(Assignment)).all()
        letters = [tmp_path / "data" / file for file in session.scalars(sa.select(Claim.letter_file)) if file]
        kinds = set(session.scalars(sa.select(Consent.kind)))
    database.close()
    assert set(states) == {"listed", "claimed", "confirmed", "disputed"}
    assert states["confirmed"] > 0.7 * 110
    wanted = {("code", "approved"), ("entered", "approved"), ("letter", "waiting"), ("letter", "refused")}
    assert wanted <= {(how, state) for how, state, _dispute in claims}
    assert claims["letter", "waiting", True]
    assert visits
    assert letters
    assert all(path.is_file() for path in letters)
    assert kinds == {"benchmark", "contact"}


def test_it_prints_the_codes_of_the_second_step() -> None:
    lines = codes_now({"city@demo.example": "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"}, datetime.fromtimestamp(59, UTC))
    assert lines == ["  city@demo.example  287082", "  for another 1 seconds; each code is taken once"]


# -- starting and stopping ---------------------------------------------------------------------------------------------


def environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("SME_")}


def command(folder: Path, *options: str) -> list[str]:
    return [sys.executable, "-m", "survey.demo", "--folder", str(folder), "--firms", "3", *options]


@contextmanager
def demo(folder: Path) -> Iterator[tuple[subprocess.Popen[str], str, str]]:
    """A running demonstration, its address and what it printed until then."""
    started = subprocess.Popen(
        command(folder, "--port", "0"), cwd=ROOT, env=environment(), stdout=subprocess.PIPE, text=True
    )
    assert started.stdout is not None
    said = ""
    try:
        for line in started.stdout:
            said += line
            if found := re.search(r"http://127\.0\.0\.1:\d+/", line):
                yield started, found[0], said
                break
        else:
            pytest.fail(f"it never served: {said}")
    finally:
        started.send_signal(signal.SIGTERM)
        started.wait(30)
        started.stdout.close()


def processes_of(folder: Path) -> dict[int, str]:
    """The processes that use this demonstration's database, with their commands."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if f"{folder}/platform.db".encode() in (process / "environ").read_bytes():
                found[int(process.name)] = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
    return found


@pytest.mark.slow
def test_it_starts_web_and_worker_and_stops_both(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    with demo(folder) as (parent, address, said):
        with urllib.request.urlopen(address, timeout=10) as page:  # noqa: S310 -- the address is our own
            assert page.status == 200
            assert 'lang="zh-CN"' in page.read().decode()
        running = processes_of(folder).values()
        assert [each for each in running if "granian" in each and "wsgi:app" in each]
        assert [each for each in running if "-m survey.worker" in each]
        again = subprocess.run(
            command(folder, "--fresh"), cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=30
        )
        assert again.returncode == 2
        assert "is running already" in again.stderr
        parent.send_signal(signal.SIGINT)
        assert parent.wait(30) == 0
    assert not processes_of(folder)
    accounts = folder / "accounts.txt"
    assert stat.S_IMODE(accounts.stat().st_mode) == 0o600
    assert accounts.read_text(encoding="utf-8") in said


@pytest.mark.slow
def test_a_second_start_is_quick_and_prints_the_same_accounts(tmp_path: Path) -> None:
    with demo(tmp_path / "demo") as (parent, _address, first):
        pass
    assert parent.returncode == 0, "SIGTERM is a way to stop it"
    assert not processes_of(tmp_path / "demo")
    seconds = []
    for _try in range(2):  # the machine may be busy with other tests; a slow start is slow each time
        begun = time.monotonic()
        with demo(tmp_path / "demo") as (_parent, address, second):
            seconds.append(time.monotonic() - begun)
            urllib.request.urlopen(address, timeout=10).close()  # noqa: S310 -- the address is our own
        if seconds[-1] < 5:
            break
    assert min(seconds) < 5
    assert "Making" in first
    assert "Making" not in second
    # the codes of the second step, which follow, are others half a minute later
    listed: Callable[[str], list[str]] = lambda said: re.findall(r"(?m)^  \S+@\S+ +\S+-.*$", said)  # noqa: E731
    assert len(listed(first)) == len(loading.ACCOUNTS) + len(STAFF)
    assert listed(first) == listed(second)


@pytest.mark.slow
def test_it_begins_anew_where_the_last_start_was_cut_off(tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "demo.lock").touch()
    databases.migrated("sqlite", tmp_path / "demo" / "platform.db")
    with Database.connect(f"sqlite:///{tmp_path / 'demo' / 'platform.db'}").write() as session:
        session.add(User(name="Half", email=f"owner@{loading.HOST}", created_at=NOW))
    with demo(tmp_path / "demo") as (_parent, _address, said):
        assert "Making" in said


@pytest.mark.slow
def test_it_leaves_nothing_running_when_nobody_listens_any_more(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    started = subprocess.Popen(
        command(folder, "--port", "0"), cwd=ROOT, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert started.stdout is not None
    while b"Accounts" not in started.stdout.readline():
        pass
    started.stdout.close()
    assert started.wait(30) != 0
    assert not processes_of(folder)


def refused(folder: Path, *options: str, **variables: str) -> str:
    """What it says when it will not start."""
    done = subprocess.run(
        command(folder, *options),
        cwd=ROOT,
        env={**environment(), **variables},
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 2, done.stdout + done.stderr
    assert not done.stdout
    assert "Traceback" not in done.stderr
    return done.stderr


def test_it_says_when_the_port_is_taken(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert f"Port {port} cannot be used" in refused(tmp_path / "demo", "--port", str(port))
    assert not (tmp_path / "demo" / "platform.db").exists()


def test_it_never_mixes_with_the_settings_of_a_site(tmp_path: Path) -> None:
    said = refused(tmp_path / "demo", SME_DATABASE_URL="postgresql://city:hidden@db/platform", SME_SECRET_KEY="hidden")
    assert "SME_DATABASE_URL, SME_SECRET_KEY" in said
    assert "hidden" not in said
    assert not (tmp_path / "demo").exists()


def test_it_never_empties_a_folder_of_somebody_else(tmp_path: Path) -> None:
    kept = tmp_path / "letters.txt"
    kept.write_text("dear", encoding="utf-8")
    assert "not the demo's" in refused(tmp_path, "--fresh", "--port", "0")
    assert kept.read_text(encoding="utf-8") == "dear"


@pytest.mark.parametrize("option", [("--firms", "2"), ("--firms", "many"), ("--port", "65536")])
def test_it_explains_options_that_make_no_sense(tmp_path: Path, option: tuple[str, str]) -> None:
    assert "must be a whole number from" in refused(tmp_path / "demo", *option)
