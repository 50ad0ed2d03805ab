"""Two processes on one database, as on a real server: what one counts or takes, the other knows."""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context

import pyotp
import pytest
import sqlalchemy as sa
from flask import Flask

from survey import limits
from survey.accounts import codes, second_factor
from survey.app import create_app
from survey.database import Database
from survey.models import Attempt, RecoveryCode
from survey.settings import Settings
from tests.survey.accounts.ways_in import PASSWORD
from tests.survey.browsing import Browser

WORKERS = 2


@pytest.fixture(scope="module")
def pool() -> Iterator[ProcessPoolExecutor]:
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as made:
        yield made


def both(pool: ProcessPoolExecutor, work, *given: object) -> list[object]:
    """What each process answers that does the same at the same time."""
    return [each.result(60) for each in [pool.submit(work, *given) for _ in range(WORKERS)]]


def try_to_sign_in(settings: Settings, password: str, times: int) -> list[int]:
    app = create_app(settings)
    statuses = []
    for _ in range(times):
        browse = Browser(app)
        page = browse.get("/sign-in")
        token = next(each.get("value") for each in page.all("input") if each.get("name") == "csrf_token")
        sent = {"csrf_token": token, "recipient": "13800138000", "password": password}
        statuses.append(browse.client.post("/sign-in", data=sent).status_code)
    app.extensions["database"].close()
    return statuses


def take_factor(settings: Settings, user_id: int, code: str) -> str | None:
    database = Database.connect(settings.database_url)
    with database.write() as session:
        taken = second_factor.take(session, settings, user_id, code, datetime.now(UTC))
    database.close()
    return taken


def take_code(settings: Settings, ticket: str, code: str, times: int) -> list[bool]:
    database, taken = Database.connect(settings.database_url), []
    for _ in range(times):
        with database.write() as session:
            now = datetime.now(UTC)
            found = codes.take(session, settings, codes.SIGN_IN, "13800138000", ticket, code, now)
        taken.append(found is not None)
    database.close()
    return taken


def test_failures_are_counted_together(app: Flask, settings: Settings, make_person, pool) -> None:
    make_person()
    free = limits.LIMITS["sign-in account"].most
    answers = [status for statuses in both(pool, try_to_sign_in, settings, "guess", free) for status in statuses]
    assert answers.count(422) in range(free, free + 2), "a wait of two seconds may pass while both try"
    assert 429 in answers
    with app.extensions["database"].write() as session:
        counts = set(session.scalars(sa.select(Attempt.count)))
        session.execute(sa.update(Attempt).values(until=datetime.now(UTC).replace(year=2099)))
    assert counts == {answers.count(422)}, "no failure is lost, none counted twice"
    assert both(pool, try_to_sign_in, settings, PASSWORD, 1) == [[429], [429]]


def test_a_code_of_the_app_is_taken_by_one(settings: Settings, make_person, with_app_on_phone, pool) -> None:
    user = make_person()
    made: pyotp.TOTP = with_app_on_phone(user)
    assert sorted(map(str, both(pool, take_factor, settings, user.id, made.now()))) == ["None", "totp"]


def test_a_recovery_code_is_taken_by_one(app: Flask, settings: Settings, make_person, pool) -> None:
    user = make_person()
    with app.extensions["database"].write() as session:
        first, *_ = second_factor.new_recovery_codes(session, settings, user.id, datetime.now(UTC))
    assert sorted(map(str, both(pool, take_factor, settings, user.id, first))) == ["None", "recovery"]
    with app.extensions["database"].read() as session:
        used = session.scalars(sa.select(RecoveryCode.used_at)).all()
    assert sum(each is not None for each in used) == 1


def test_a_sent_code_is_taken_by_one_and_has_five_attempts_in_all(app: Flask, settings: Settings, pool) -> None:
    def started() -> codes.Started:
        with app.extensions["database"].write() as session:
            return codes.start(session, settings, codes.SIGN_IN, "13800138000", {}, datetime.now(UTC))

    made = started()
    assert sorted(both(pool, take_code, settings, made.ticket, made.code, 1)) == [[False], [True]]
    guessed = started()
    both(pool, take_code, settings, guessed.ticket, "no code", 3)
    assert both(pool, take_code, settings, guessed.ticket, guessed.code, 1) == [[False], [False]]
