"""Titles and results held elsewhere: recorded with number, date and proof, by the rule of each kind."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from survey.formatting import local_time
from survey.languages import speaking
from survey.models import AuditEvent, Organisation, OutsideResult, User
from survey.organisations.outside_kinds import ALL, GROUPS, KINDS
from survey.organisations.outside_queries import outside_results, result_words, validity
from tests.survey.browsing import Browser

TODAY = local_time(datetime.now(UTC)).date()
GIVEN = {
    "number": "津工信〔2024〕12号",
    "issuer": "City bureau",
    "issued_on": "2024-03-01",
    "valid_until": (TODAY + timedelta(60)).isoformat(),
    "proof": "Notice on the bureau's site",
}
SAID = {"value": "1", "score": "2.5", "subject": "Press"}


def path(firm: Organisation, rest: str = "") -> str:
    return f"/organisation/{firm.public_id}/results{rest}"


def add(browser: Browser, firm: Organisation, kind: str, status: int = 200, **changes: Any) -> None:
    browser.get(path(firm, f"/new/{kind}"))
    browser.post(path(firm, f"/new/{kind}"), {**GIVEN, **changes}, status=status)


def rows(app: Flask) -> list[OutsideResult]:
    with app.extensions["database"].read() as session:
        return list(session.scalars(sa.select(OutsideResult).order_by(OutsideResult.id)))


def test_every_group_has_its_kinds_and_every_kind_its_group() -> None:
    assert set(KINDS) == set(GROUPS)
    assert len(ALL) == sum(len(kinds) for kinds in KINDS.values())


@pytest.mark.parametrize("kind", ALL)
def test_every_kind_can_be_recorded_and_read_again(app: Flask, browser: Browser, firm: Organisation, kind: str) -> None:
    about = ALL[kind]
    said = {"value": next(iter(about.values), ""), "score": "2.50", "subject": "Press"}
    add(browser, firm, kind, **said)
    row = rows(app)[0]
    assert (row.kind, row.number, row.issued_on) == (kind, GIVEN["number"], date(2024, 3, 1))
    assert (row.value, row.score, row.subject) == (
        said["value"] or None,
        "2.5" if about.score else None,
        "Press" if about.subject else None,
    )
    with app.test_request_context(), speaking("en"):
        assert str(about.title) in browser.page.text or kind == "other"
        assert result_words(row) in browser.page.text


@pytest.mark.parametrize(
    ("kind", "changes", "said"),
    [
        ("specialised", {"number": " "}, "without it nobody can check"),
        ("specialised", {"issued_on": ""}, "Enter the date of issue"),
        ("specialised", {"issued_on": "2024-02-30"}, "is not a day"),
        ("specialised", {"issued_on": "last year"}, "is not a day"),
        ("specialised", {"issued_on": (TODAY + timedelta(1)).isoformat()}, "lies in the future"),
        ("specialised", {"issued_on": "1024-03-01"}, "lies before 1990"),
        ("specialised", {"valid_until": ""}, "Enter until when it is valid"),
        ("specialised", {"valid_until": "2024-03-01"}, "later than the date of issue"),
        ("specialised", {"proof": ""}, "where the result can be checked"),
        ("specialised", {"issuer": "x" * 101}, "Shorten the text to 100"),
        ("smart_manufacturing", {"value": "6", "score": "2"}, "Choose the result"),
        ("smart_manufacturing", {"value": "2", "score": "5.01"}, "a number from 0 to 5"),
        ("smart_manufacturing", {"value": "2", "score": "two"}, "a number from 0 to 5"),
        ("smart_manufacturing", {"value": "2", "score": ""}, "Enter the score"),
        ("specialised_score", {"score": "100.5"}, "a number from 0 to 100"),
        ("specialised_score", {"score": "-1"}, "a number from 0 to 100"),
        ("specialised_score", {"score": "12.34567"}, "at most 4 decimals"),
        ("digital_level", {"value": ""}, "Choose the result"),
        ("green_factory", {"value": "county"}, "Choose the result"),
        ("first_set", {"value": "city", "subject": ""}, "Enter the name"),
    ],
)
def test_what_cannot_be_right_is_refused_and_kept_as_typed(
    app: Flask, browser: Browser, firm: Organisation, kind: str, changes: dict[str, str], said: str
) -> None:
    add(browser, firm, kind, 422, **changes)
    assert said in browser.page.one("main").text
    assert rows(app) == []
    shown = {each.get("name"): each.get("value") for each in browser.page.all("input")}
    assert shown["issuer"] == changes.get("issuer", GIVEN["issuer"])
    for name in ("number", "issued_on", "valid_until", "score"):
        if name in shown and name in changes:
            assert shown[name] == changes[name].strip()
    assert browser.page.one("title").text.startswith("Error: ")


@pytest.mark.parametrize("typed", ["2024-3-1", "2024.03.01", "2024/3/1", "2024年3月1日", " 2024-03-01 "])
def test_a_day_is_read_as_people_write_it(app: Flask, browser: Browser, firm: Organisation, typed: str) -> None:
    add(browser, firm, "specialised", issued_on=typed)
    assert rows(app)[0].issued_on == date(2024, 3, 1)


def test_the_level_may_be_known_without_a_score(app: Flask, browser: Browser, firm: Organisation) -> None:
    add(browser, firm, "digital_level", value="2", score="", valid_until="")
    assert [(row.value, row.score, row.valid_until) for row in rows(app)] == [("2", None, None)]
    assert "level 2" in browser.page.text


def test_the_same_number_is_not_recorded_twice(app: Flask, browser: Browser, firm: Organisation) -> None:
    add(browser, firm, "specialised")
    add(browser, firm, "specialised", 422)
    assert "recorded already" in browser.page.one("main").text
    add(browser, firm, "little_giant")
    assert [row.kind for row in rows(app)] == ["specialised", "little_giant"]


def test_a_kind_that_nobody_offers_is_a_page_that_does_not_exist(browser: Browser, firm: Organisation) -> None:
    browser.get(path(firm, "/new/nobel_prize"), status=404)
    browser.get(path(firm, "/x"), status=404)


def change(browser: Browser, firm: Organisation, row: OutsideResult, status: int = 200, **changes: str) -> None:
    browser.post(path(firm, f"/{row.public_id}"), {**GIVEN, "rev": str(row.rev), **changes}, status=status)


def test_a_correction_replaces_it_and_is_on_record(app: Flask, browser: Browser, firm: Organisation) -> None:
    add(browser, firm, "specialised")
    row = rows(app)[0]
    browser.get(path(firm, f"/{row.public_id}"))
    change(browser, firm, row, number="津工信〔2024〕21号")
    assert [(each.number, each.rev) for each in rows(app)] == [("津工信〔2024〕21号", 2)]
    with app.extensions["database"].read() as session:
        events = session.execute(
            sa.select(AuditEvent.action, AuditEvent.object_id).where(AuditEvent.object_kind == "outside_result")
        )
        assert [tuple(each) for each in events] == [
            ("outside_result.add", row.public_id),
            ("outside_result.correct", row.public_id),
        ]


def test_two_colleagues_at_once_see_what_the_other_recorded(app: Flask, browser: Browser, firm: Organisation) -> None:
    add(browser, firm, "specialised")
    row = rows(app)[0]
    browser.get(path(firm, f"/{row.public_id}"))
    change(browser, firm, row, number="21")
    change(browser, firm, row, 409, number="22")
    text = browser.page.one("main").text
    assert "A colleague changed this in the meantime" in text
    assert "number 21" in text
    shown = {each.get("name"): each.get("value") for each in browser.page.all("input")}
    assert (shown["number"], shown["rev"]) == ("22", "2")
    assert rows(app)[0].number == "21"
    change(browser, firm, rows(app)[0], number="22")
    assert rows(app)[0].number == "22"


def test_what_is_withdrawn_counts_nowhere_and_stays_on_record(app: Flask, browser: Browser, firm: Organisation) -> None:
    add(browser, firm, "specialised")
    row = rows(app)[0]
    browser.get(path(firm, f"/{row.public_id}"))
    browser.post(path(firm, f"/{row.public_id}/withdraw"), {"rev": "0"}, status=409)
    assert rows(app)[0].withdrawn_at is None
    browser.post(path(firm, f"/{row.public_id}/withdraw"), {"rev": "1"})
    assert "Nothing is recorded yet" in browser.page.text
    assert rows(app)[0].withdrawn_at is not None
    browser.get(path(firm, f"/{row.public_id}"), status=404)
    with app.extensions["database"].read() as session:
        assert outside_results(session, firm.id, TODAY) == []
    add(browser, firm, "specialised")
    assert len(rows(app)) == 2


def test_it_counts_from_the_day_of_issue_to_the_last_day(app: Flask, browser: Browser, firm: Organisation) -> None:
    add(browser, firm, "little_giant", valid_until="2025-03-01")
    add(browser, firm, "specialised", valid_until="2027-02-28")
    add(browser, firm, "green_factory", value="city", valid_until="", issued_on="2026-01-01")

    def held(on: date) -> list[str]:
        with app.extensions["database"].read() as session:
            return [row.kind for row in outside_results(session, firm.id, on)]

    assert held(date(2024, 2, 29)) == []
    assert held(date(2024, 3, 1)) == ["specialised", "little_giant"]
    assert held(date(2025, 3, 1)) == ["specialised", "little_giant"]
    assert held(date(2025, 3, 2)) == ["specialised"]
    assert held(date(2026, 1, 1)) == ["specialised", "green_factory"]
    assert held(date(2027, 3, 1)) == ["green_factory"]


@pytest.mark.parametrize(
    ("days", "mark", "words"),
    [(91, "done", "valid until"), (90, "warning", "expires in 90 days"), (1, "warning", "expires in 1 day"),
     (0, "warning", "expires in 0 days"), (-1, "error", "expired on")],
)  # fmt: skip
def test_the_end_is_announced_in_time(app: Flask, days: int, mark: str, words: str) -> None:
    row = OutsideResult(kind="specialised", issued_on=date(2024, 3, 1), valid_until=TODAY + timedelta(days))
    with app.test_request_context(), speaking("en"):
        found = validity(row, TODAY)
    assert found[0] == mark
    assert found[1].startswith(words)


def test_the_firm_page_warns_of_the_end(browser: Browser, firm: Organisation) -> None:
    add(browser, firm, "specialised")
    assert "expires in 60 days" in browser.get(f"/organisation/{firm.public_id}").one("main").text


def test_a_result_of_another_firm_does_not_exist(
    app: Flask, browser: Browser, firm: Organisation, make_firm: Callable[..., Organisation],
    make_person: Callable[..., User], browse_as: Callable[[User], Browser]
) -> None:  # fmt: skip
    add(browser, firm, "specialised")
    row = rows(app)[0]
    other = make_person("Sun Yue", "13900139001")
    theirs, stranger = make_firm(other, serial=2), browse_as(other)
    stranger.get(path(theirs))
    for rest in (f"/{row.public_id}", f"/{row.public_id}/withdraw"):
        for each in (theirs, firm):
            stranger.post(path(each, rest), {**GIVEN, "rev": "1", "number": "stolen"}, status=404)
    stranger.get(path(theirs, f"/{row.public_id}"), status=404)
    assert [(each.number, each.rev) for each in rows(app)] == [(GIVEN["number"], 1)]


def test_who_only_reads_sees_results_and_changes_none(
    app: Flask, browser: Browser, firm: Organisation, make_person: Callable[..., User],
    join: Callable[..., None], browse_as: Callable[[User], Browser]
) -> None:  # fmt: skip
    add(browser, firm, "specialised")
    row, person = rows(app)[0], make_person("Wang Fang", "13900139000")
    join(firm, person, "viewer")
    viewer = browse_as(person)
    page = viewer.get(path(firm))
    assert GIVEN["number"] in page.text
    assert not any("/results/" in each.get("href") for each in page.all("a"))
    viewer.get(path(firm, f"/{row.public_id}"), status=403)
    for rest in (f"/{row.public_id}", f"/{row.public_id}/withdraw", "/new/specialised"):
        viewer.post(path(firm, rest), {**GIVEN, "rev": "1"}, status=403)
    assert len(rows(app)) == 1
    assert rows(app)[0].rev == 1
