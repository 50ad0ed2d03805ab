"""What is logged tells what happened and nothing that somebody typed."""

import json
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from survey import audit
from survey.app import create_app
from survey.models import AuditEvent
from survey.settings import Settings

TYPED = "13800138000 营业收入 4826 kettle marble"


def lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def test_it_logs_one_line_per_request_without_what_was_typed(settings: Settings, capsys) -> None:
    client = create_app(settings).test_client()
    client.get(f"/help?q={TYPED}", headers={"Cookie": f"x={TYPED}", "User-Agent": TYPED})
    client.post("/sign-in", data={"recipient": TYPED, "password": TYPED})
    client.get("/no/such/4826\r\nforged: line")
    client.get("/static/site.css").close()
    output = capsys.readouterr().err
    requests = [line for line in lines(output) if line["message"] == "request"]
    assert [(line["method"], line["route"], line["status"]) for line in requests] == [
        ("GET", "/help", 200),
        ("POST", "/sign-in", 400),
        ("GET", None, 404),
    ]
    assert len({line["reference"] for line in requests}) == 3
    assert "4826" not in output
    assert "kettle" not in output


def test_it_hides_values_when_a_statement_fails(app: Flask) -> None:
    statement = sa.text("INSERT INTO no_such_table VALUES (:answer)")
    with pytest.raises(sa.exc.SQLAlchemyError) as error, app.extensions["database"].write() as session:
        session.execute(statement, {"answer": TYPED})
    assert "kettle" not in str(error.value)


def test_it_records_deeds_it_knows_and_no_others(app: Flask) -> None:
    now, actor = datetime.now(UTC), audit.Actor(None, "192.0.2.7", "E-0000-0001")
    with app.extensions["database"].write() as session:
        audit.record(session, actor, "submission.submit", "abc", now=now)
        with pytest.raises(KeyError):
            audit.record(session, actor, "submission.sumbit", "abc", now=now)
        with pytest.raises(ValueError):
            audit.record(session, actor, "submission.submit", "abc", now=now, result="perhaps")
    with app.extensions["database"].read() as session:
        event = session.scalars(sa.select(AuditEvent)).one()
    assert (event.at, event.action, event.object_kind, event.object_id) == (
        now,
        "submission.submit",
        "submission",
        "abc",
    )
    assert (event.address, event.request_id, event.result) == ("192.0.2.7", "E-0000-0001", "done")
