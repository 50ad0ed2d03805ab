"""The calendar: days that differ from their weekday, one by one and pasted, and what is counted by them."""

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_babel import Babel

from survey.city.calendar import add_working_days, working_days_left, years_without
from survey.city.calendar_lines import read
from survey.models import AuditEvent, CalendarDay
from tests.survey.browsing import Browser

LINES = """
2026-10-01 ~ 2026-10-07, holiday, National Day
2026年9月27日　上班　国庆节
2026.10.10\tNational Day\tworkday
"""


@pytest.fixture
def city(make_staff, browse_as) -> Browser:
    return browse_as(make_staff("city_administrator"))


def rows(app: Flask) -> dict[str, tuple[str, str]]:
    with app.extensions["database"].read() as session:
        found = session.scalars(sa.select(CalendarDay).order_by(CalendarDay.day))
        return {row.day.isoformat(): (row.kind, row.name) for row in found}


@pytest.fixture(scope="module")
def translated() -> Flask:
    """Just enough of an application to say what is wrong."""
    app = Flask(__name__)
    Babel(app)
    return app


def test_it_reads_lines_as_offices_write_them(translated: Flask) -> None:
    with translated.test_request_context():
        found = read(
            LINES, {date(2026, 10, 1): CalendarDay(day=date(2026, 10, 1), kind="holiday", name="National Day")}
        )
    assert not found.faults
    assert [(each.day.isoformat(), each.kind) for each in found.new] == [
        ("2026-09-27", "workday"),
        *((f"2026-10-0{day}", "holiday") for day in range(2, 8)),
        ("2026-10-10", "workday"),
    ]
    assert (len(found.same), len(found.changed)) == (1, 0)
    assert found.new[0].name == "国庆节"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("tomorrow, holiday, X", "does not begin with a date"),
        ("2026-02-30, holiday, X", "2026-02-30 is no date"),
        ("2026-10-01, National Day", "holiday or a workday"),
        ("2026-10-01, holiday", "Give the name"),
        ("2026-10-01, holiday, " + "x" * 61, "60 characters"),
        ("2026-10-09, workday, X", "worked anyway"),
        ("2026-10-07 ~ 2026-10-01, holiday, X", "before the first"),
        ("1926-10-07, holiday, X", "too far away"),
        ("2026-10-01, holiday, X\n2026-10-01, holiday, Y", "named twice"),
    ],
)
def test_it_names_what_is_wrong_with_a_line(translated: Flask, line: str, words: str) -> None:
    with translated.test_request_context():
        fault = read(f"2026-05-01, holiday, Labour Day\n{line}", {}).faults[0]
    assert words in fault.text
    assert fault.line == (3 if "\n" in line else 2)


def test_pasted_lines_are_checked_before_they_are_entered(app: Flask, city) -> None:
    city.get("/city/calendar/lines")
    city.post("/city/calendar/lines", {"lines": LINES + "someday, holiday, X\nmore"}, status=422)
    assert "Line 5" in city.page.text
    assert "Line 6" in city.page.text, "all faults at once"
    city.post("/city/calendar/lines", {"lines": LINES})
    assert "Enter 9 days" in city.page.text
    assert rows(app) == {}
    city.post("/city/calendar/lines", {"lines": LINES, "confirmed": "yes"})
    assert "9 days were entered" in city.page.text
    assert rows(app)["2026-10-10"] == ("workday", "National Day")
    with app.extensions["database"].read() as session:
        assert add_working_days(session, date(2026, 9, 30), 2) == date(2026, 10, 9)
        assert add_working_days(session, date(2026, 9, 30), 3) == date(2026, 10, 10)
        assert working_days_left(session, date(2026, 9, 30), date(2026, 10, 10)) == 3
        assert years_without(session, date(2026, 11, 1)) == [2027]
        assert session.scalars(sa.select(AuditEvent.action)).all().count("calendar.edit") == 1


def test_it_adds_changes_and_removes_one_day(app: Flask, city) -> None:
    today = datetime.now(UTC).date()
    assert f"No day is named for {today.year} and {today.year + 1}" in city.get("/city/calendar").text
    city.get("/city/calendar/new")
    day = {"day": "2026-10-01", "kind": "holiday", "name": "National Day"}
    city.post("/city/calendar/new", day)
    city.get("/city/calendar/new")
    city.post("/city/calendar/new", day, status=422)
    assert "in the calendar already" in city.page.text
    city.post("/city/calendar/new", {**day, "day": "2026-10-09", "kind": "workday"}, status=422)
    assert "worked anyway" in city.page.text
    city.get("/city/calendar/2026-10-01")
    seen = next(each.get("value") for each in city.page.all("input") if each.get("name") == "seen")
    city.post("/city/calendar/2026-10-01", {"kind": "holiday", "name": "Festival", "seen": seen})
    assert rows(app) == {"2026-10-01": ("holiday", "Festival")}
    city.post("/city/calendar/2026-10-01/remove", {"seen": seen}, status=409)  # as it was before
    city.get("/city/calendar?year=2026")
    seen = next(each.get("value") for each in city.page.all("input") if each.get("name") == "seen")
    city.post("/city/calendar/2026-10-01/remove", {"seen": seen})
    assert rows(app) == {}
    city.get("/city/calendar/2026-10-01", status=404)
    city.get("/city/calendar/nothing", status=404)
