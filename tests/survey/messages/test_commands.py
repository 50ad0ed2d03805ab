"""Operators try the way out and see what waits."""

from datetime import UTC, datetime, timedelta

from flask import Flask

from survey import jobs
from survey.messages import outbox
from survey.settings import Settings


def test_it_sends_a_test_message(run, messages) -> None:
    assert run("messages", "try", "138 0013 8000") == (0, "handed over for 138****8000\n")
    assert [(each["recipient"], each["kind"]) for each in messages()] == [("13800138000", "test")]


def test_it_refuses_what_is_no_recipient(run, messages) -> None:
    code, said = run("messages", "try", "somebody")
    assert (code, "neither a mobile number" in said) == (2, True)
    assert not messages()


def test_it_lists_what_was_given_up_and_why(app: Flask, settings: Settings, run) -> None:
    assert run("messages", "waiting") == (0, "")
    database, now = app.extensions["database"], datetime.now(UTC)
    with app.app_context(), database.write() as session:
        outbox.post(session, settings, "sign_in", "wang@firm.example", "en", {"code": "123456"}, now)
    assert "sign_in: queued, 0 attempts" in run("messages", "waiting")[1]
    for step in range(len(jobs.RETRY_AFTER) + 1):
        with database.write() as session:
            taken = jobs.claim(session, now + step * timedelta(hours=3))
            assert taken is not None
            jobs.fail(session, taken, "no route to host", now + step * timedelta(hours=3))
    code, said = run("messages", "waiting")
    assert (code, "failed, 6 attempts, no route to host" in said) == (1, True)
    assert "wang" not in said
    assert "123456" not in said
