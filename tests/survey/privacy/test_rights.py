"""Requests about personal data: due in time, answered by the security administrator, seen by the person."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from survey.database import Database
from survey.models import AuditEvent, RightsRequest, User
from survey.privacy import rights
from tests.survey.browsing import Browser

NAMED = {date(2026, 10, 8): "holiday", date(2026, 10, 9): "holiday", date(2026, 10, 10): "workday"}


@pytest.mark.parametrize(
    ("kind", "made", "due"),
    [
        ("close", date(2026, 11, 24), date(2026, 12, 15)),  # a Tuesday: three weeks of five days
        ("close", date(2026, 11, 28), date(2026, 12, 18)),  # a Saturday: counted from Monday
        ("close", date(2026, 11, 27), date(2026, 12, 18)),
        ("close", date(2026, 9, 21), date(2026, 10, 13)),  # a holiday on the way, and a Saturday that is worked
        ("close", date(2026, 9, 24), date(2026, 10, 16)),
        ("other", date(2026, 11, 24), date(2026, 12, 24)),
        ("copy", date(2027, 1, 31), date(2027, 3, 2)),
    ],
)
def test_it_is_due_in_time(kind: str, made: date, due: date) -> None:
    assert rights.due_on(NAMED, kind, made) == due


@pytest.mark.parametrize("start", [date(2026, 1, 1) + timedelta(days=each) for each in range(7)])
def test_fifteen_working_days_are_counted_one_by_one(start: date) -> None:
    due = rights.due_on({}, "close", start)
    days = [start + timedelta(days=each) for each in range(1, (due - start).days + 1)]
    assert sum(day.weekday() < 5 for day in days) == 15
    assert due.weekday() < 5


def test_it_is_made_answered_and_seen(
    database: Database,
    make_person: Callable[..., User],
    make_staff: Callable[..., User],
    browse_as: Callable[..., Browser],
    messages: Callable[[], list[dict[str, str]]],
) -> None:
    person, administrator = make_person(language="en"), make_staff("security_administrator")
    mine, office = browse_as(person), browse_as(administrator)
    mine.get("/privacy/mine/request")
    mine.post("/privacy/mine/request", {"kind": "correct", "text": "My name\r\nis spelt wrong"})
    assert "My name is spelt wrong" in mine.page.text
    assert "Not answered yet" in mine.page.text

    office.get("/security/requests")
    assert "Correct something" in office.page.text
    request_id = only(database).public_id
    office.get(f"/security/requests/{request_id}")
    assert "is spelt wrong" in office.page.text
    office.post(f"/security/requests/{request_id}", {"state": "", "answer": ""}, status=422)
    office.post(f"/security/requests/{request_id}", {"state": "done", "answer": "It is right now."})

    assert "It is right now." in mine.get("/privacy/mine").text
    told = [each for each in messages() if each["kind"] == "rights_answered"]
    assert [each["recipient"] for each in told] == [person.mobile]
    assert "It is right now." in told[0]["text"]
    office.get(f"/security/requests/{request_id}")
    office.post(f"/security/requests/{request_id}", {"state": "refused", "answer": "No."}, status=409)
    assert only(database).answer == "It is right now."
    with database.read() as session:
        events = session.execute(
            sa.select(AuditEvent.action, AuditEvent.role).where(AuditEvent.object_kind == "rights_request")
        ).all()
    assert [tuple(each) for each in events] == [
        ("rights.request", None),
        ("rights.answer", "security_administrator"),
    ]


def only(database: Database) -> RightsRequest:
    with database.read() as session:
        return session.scalars(sa.select(RightsRequest)).one()


def test_it_marks_what_is_overdue_and_puts_the_most_urgent_first(
    database: Database,
    make_person: Callable[..., User],
    make_staff: Callable[..., User],
    browse_as: Callable[..., Browser],
) -> None:
    person, today = make_person(), datetime.now(UTC).date()
    with database.write() as session:
        for kind, days, state in (("copy", 9, "open"), ("delete", -9, "open"), ("explain", -30, "done")):
            closed = datetime.now(UTC) if state == "done" else None
            session.add(
                RightsRequest(
                    user_id=person.id,
                    kind=kind,
                    made_at=datetime.now(UTC),
                    due_on=today + timedelta(days=days),
                    state=state,
                    closed_at=closed,
                )
            )
    text = browse_as(make_staff("security_administrator")).get("/security/requests").text
    order = [text.index(str(rights.KINDS[kind])) for kind in ("delete", "copy", "explain")]
    assert order == sorted(order)
    assert text.count("Overdue") == 1
    assert browse_as(person).get("/privacy/mine").text.count("Overdue") == 1


def test_it_asks_for_words_where_they_are_needed(
    database: Database, make_person: Callable[..., User], browse_as: Callable[..., Browser]
) -> None:
    browser = browse_as(make_person())
    browser.get("/privacy/mine/request")
    browser.post("/privacy/mine/request", {}, status=422)
    browser.post("/privacy/mine/request", {"kind": "delete", "text": "  "}, status=422)
    browser.post("/privacy/mine/request", {"kind": "other", "text": "x" * 2001}, status=422)
    browser.post("/privacy/mine/request", {"kind": "close"})
    assert only(database).text is None


def test_it_takes_ten_open_requests_of_one_person(
    make_person: Callable[..., User], browse_as: Callable[..., Browser]
) -> None:
    browser = browse_as(make_person())
    browser.get("/privacy/mine/request")
    for _ in range(rights.MOST_OPEN):
        browser.post("/privacy/mine/request", {"kind": "explain"})
    browser.get("/privacy/mine/request")
    browser.post("/privacy/mine/request", {"kind": "explain"}, status=429)


def test_it_shows_the_register_to_the_security_administrator_alone(
    make_person: Callable[..., User], make_staff: Callable[..., User], browse_as: Callable[..., Browser]
) -> None:
    for user in (make_person(), make_staff("city_administrator"), make_staff("officer", "120111")):
        browse_as(user).get("/security/requests", status=403)
    browse_as(make_staff("security_administrator")).get("/security/requests/nothing", status=404)
