"""The auditor reads and filters the record; every use of a filter is recorded; nobody else sees a line of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask
from openpyxl import load_workbook

from survey import audit
from survey.auditing.queries import Filter, lines
from survey.auditing.sealing import seal_all
from survey.credit_code import make_credit_code
from survey.formatting import local_time
from survey.kept_filter import keep
from survey.models import Area, AuditEvent, Organisation, User
from survey.settings import Settings
from tests.survey.auditing.conftest import Attack, Write
from tests.survey.browsing import Browser
from tests.survey.conftest import Run

TODAY = datetime.now(UTC)
TODAY_THERE = local_time(TODAY).date()


@pytest.fixture
def auditor(make_staff: Callable[..., User], browse_as: Callable[..., Browser]) -> Browser:
    return browse_as(make_staff("auditor", name="Audit Ma"))


@pytest.fixture
def firm(app: Flask, make_person: Callable[..., User]) -> Organisation:
    """A firm in Hedong, entered by Li Wei."""
    owner = make_person()
    with app.extensions["database"].write() as session:
        made = Organisation(
            credit_code=make_credit_code("120102", 7),
            name="=Heyue Precision",
            operating_area_id=session.scalars(sa.select(Area.id).where(Area.code == "120102")).one(),
            industry_code="C3484",
            created_at=TODAY,
            created_by=owner.id,
        )
        session.add(made)
        session.flush()
        actor = audit.Actor(owner.id, "192.0.2.7", "E-7Q2K-0419")
        audit.record(session, actor, "organisation.create", made.public_id, now=TODAY, organisation_id=made.id)
        audit.record(session, actor, "account.change", owner.public_id, now=TODAY - timedelta(days=20))
        audit.record(session, audit.SYSTEM, "account.sign_in", owner.public_id, now=TODAY, result="refused")
    return made


def shown(browser: Browser, **wish: str) -> list[str]:
    """The deeds that the page lists, newest first, after the filter was sent."""
    browser.get("/audit")
    browser.post("/audit", {"since": "", "until": "", "deed": "", "result": "", "area": "", **wish})
    return deeds(browser)


def deeds(browser: Browser) -> list[str]:
    return [each.text for each in browser.page.all("td") if each.get("data-label") == "What"]


def reads(app: Flask) -> int:
    with app.extensions["database"].read() as session:
        query = sa.select(sa.func.count()).select_from(AuditEvent).where(AuditEvent.action == "audit.read")
        return session.scalar(query) or 0


@pytest.mark.usefixtures("firm")
def test_nothing_is_shown_before_a_filter_was_sent_and_recorded(app: Flask, auditor: Browser) -> None:
    auditor.get("/audit")
    assert deeds(auditor) == []
    assert reads(app) == 0
    assert "Record read" in shown(auditor)[0]
    assert reads(app) == 1
    auditor.get(f"{auditor.path}?{auditor.response.request.query_string.decode()}")
    assert len(deeds(auditor)) == 4
    assert reads(app) == 1, "paging and looking again is the same reading"


@pytest.mark.usefixtures("firm")
def test_a_filter_of_somebody_else_or_of_yesterday_shows_nothing(
    settings: Settings, make_staff: Callable[..., User], browse_as: Callable[..., Browser]
) -> None:
    mine = make_staff("auditor")
    browser = browse_as(mine)
    for user_id, at, what in (
        (mine.id + 1, TODAY, "record"),
        (mine.id, TODAY - timedelta(hours=13), "record"),
        (mine.id, TODAY, "accounts"),
    ):
        browser.get(f"/audit?view={keep(settings, what, user_id, {}, at)}")
        assert deeds(browser) == []
    browser.get("/audit?view=made-up")
    assert deeds(browser) == []
    browser.get(f"/audit?view={keep(settings, 'record', mine.id, {}, TODAY)}")
    assert len(deeds(browser)) == 3


def test_it_filters_by_everything_an_auditor_asks_for(auditor: Browser, firm: Organisation) -> None:
    entered, changed, refused = "Firm entered", "Account changed", "Signed in"
    everything = [refused, changed, entered]
    assert shown(auditor)[1:] == everything
    cases: list[tuple[dict[str, str], list[str]]] = [
        ({"since": TODAY_THERE.isoformat()}, [refused, entered]),
        ({"until": (TODAY_THERE - timedelta(days=10)).isoformat()}, [changed]),
        ({"deed": "organisation.create"}, [entered]),
        ({"deed": "group:sign_in"}, [refused]),
        ({"result": "refused"}, [refused]),
        ({"person": "138 0013 8000"}, everything),
        ({"person": "li w"}, everything),
        ({"person": "13900139000"}, []),
        ({"person": "%"}, []),
        ({"firm": firm.credit_code.lower()}, [entered]),
        ({"firm": "nonsense"}, []),
        ({"reference": "e-7q2k-0419"}, [changed, entered]),
    ]
    for wish, told in cases:
        found = [deed for deed in shown(auditor, **wish) if not deed.startswith("Record read")]
        assert found == told, wish


def test_it_filters_by_area(app: Flask, auditor: Browser, firm: Organisation, make_staff: Callable[..., User]) -> None:
    officer = make_staff("officer", "120102")
    with app.extensions["database"].write() as session:
        areas = {area.code: area for area in session.scalars(sa.select(Area)) if area.code}
        actor = audit.Actor(officer.id, role="officer", area_id=areas["120102"].id)
        audit.record(session, actor, "firms.export", None, now=TODAY)
        city = session.scalars(sa.select(Area).where(Area.kind == "city")).one()
    assert shown(auditor, area=areas["120102"].public_id) == ["List of firms exported", "Firm entered"]
    assert shown(auditor, area=areas["120103"].public_id) == []
    assert len(shown(auditor, area=city.public_id)) == 5, "with the reading done at the city"


def test_it_says_in_which_role_and_where_from(auditor: Browser, firm: Organisation) -> None:
    shown(auditor, deed="organisation.create")
    text = auditor.page.text
    for part in ("Li Wei", "192.0.2.7", "E-7Q2K-0419", f"=Heyue Precision ({firm.credit_code})"):
        assert part in text, part
    shown(auditor, deed="audit.read")
    assert "Auditor · Tianjin" in auditor.page.text


def test_it_pages_by_fifty(app: Flask, auditor: Browser, write_events: Write) -> None:
    write_events(120)
    assert len(shown(auditor, deed="account.sign_in")) == 50
    counts = [50]
    while older := [each.get("href") for each in auditor.page.all("a") if each.text == "Older events"]:
        auditor.get(str(older[0]).partition("#")[0])
        counts.append(len(deeds(auditor)))
    assert counts == [50, 50, 20]
    assert reads(app) == 1


def test_what_is_typed_wrongly_comes_back_and_is_not_recorded(app: Flask, auditor: Browser) -> None:
    auditor.get("/audit")
    auditor.post("/audit", {"since": "2026-02-02", "until": "2026-02-01"}, status=422)
    assert "The last day lies before the first" in auditor.page.text
    auditor.post("/audit", {"since": "yesterday"}, status=422)
    auditor.post("/audit", {"deed": "no.such"}, status=422)
    assert reads(app) == 0


def test_odd_signs_and_numbers_do_no_harm(auditor: Browser) -> None:
    assert shown(auditor, person="a\0b", firm="\0", reference="\x1b") == []
    view = parse_qs(urlsplit(auditor.response.request.url).query)["view"][0]
    for before in ("9" * 40, "-1", "x", "\u0661"):
        auditor.get("/audit", query_string={"view": view, "before": before})


def test_it_gives_the_rows_as_a_table(app: Flask, auditor: Browser, firm: Organisation) -> None:
    shown(auditor)
    view = parse_qs(urlsplit(auditor.response.request.url).query)["view"][0]
    auditor.post(f"/audit/export?view={view}")
    sheet = load_workbook(BytesIO(auditor.response.data)).active
    assert sheet is not None
    table = [[str(cell.value or "") for cell in row] for row in sheet.iter_rows()]
    assert table[0][:3] == ["Number", "Time", "Who"]
    entered = next(row for row in table if "Firm entered" in row)
    assert f"=Heyue Precision ({firm.credit_code})" in entered, "kept as text, not as a formula"
    assert reads(app) == 2, "the table is recorded too"
    auditor.post("/audit/export?view=made-up", status=400)


def test_it_shows_the_state_of_the_chain(
    app: Flask, auditor: Browser, write_events: Write, run: Run, attack: Attack
) -> None:
    auditor.get("/audit")
    assert "Not verified yet" in auditor.page.text
    write_events(3)
    seal_all(app.extensions["database"])
    assert run("audit", "verify")[0] == 0
    auditor.get("/audit")
    for part in ("link 3", "1 event", "nothing was changed"):
        assert part in auditor.page.text, part
    attack("UPDATE audit_event SET result = 'refused' WHERE id = 2")
    assert run("audit", "verify")[0] == 1
    auditor.get("/audit")
    assert "the record was changed" in auditor.page.text


@pytest.mark.parametrize("role", ["officer", "assessor", "city_administrator", "security_administrator", "provider"])
def test_nobody_else_reads_it(role: str, make_staff: Callable[..., User], browse_as: Callable[..., Browser]) -> None:
    browse_as(make_staff(role)).get("/audit", status=403)


def test_an_auditor_without_second_factor_reads_nothing(
    make_staff: Callable[..., User], browse_as: Callable[..., Browser]
) -> None:
    browse_as(make_staff("auditor"), strong=False).get("/audit", status=403)


def test_one_page_takes_one_query_of_the_record(app: Flask, write_events: Write) -> None:
    write_events(60)
    database, seen = app.extensions["database"], []
    sa.event.listen(database.reader, "before_cursor_execute", lambda *values: seen.append(values[2]))
    with database.read() as session:
        assert len(lines(session, Filter(since=TODAY_THERE))) == 50
    assert [each for each in seen if not each.startswith("BEGIN")][1:] == []
