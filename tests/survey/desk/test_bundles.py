"""Many reports in one zip: what is made, who may fetch it, and what happens when something fails or changes."""

import io
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
import sqlalchemy as sa
from flask import Flask

from survey import jobs
from survey.desk import bundle_make
from survey.desk.bundle_make import file_name
from survey.desk.bundle_queries import MOST_REPORTS
from survey.models import Area, AuditEvent, Bundle, BundleItem, Job, JobItem, Organisation, Submission, User
from survey.privacy.leftovers import leftovers
from survey.privacy.retention import retain
from survey.settings import Settings
from tests.survey.browsing import Browser
from tests.survey.desk.conftest import THERE
from tests.survey.desk.handed_in import hand_in_first

NAMES = ("=SUM(A1) Casting", "津禾/精密: “Jinhe”")


@pytest.fixture
def owner(make_person) -> User:
    return make_person(name="Wang Fang")


@pytest.fixture
def two(app: Flask, owner: User) -> list[Submission]:
    """Two firms of the area that have handed in."""
    return [hand_in_first(app, owner, name, serial) for serial, name in enumerate(NAMES, 1)]


def items(app: Flask, kind: str) -> list[JobItem]:
    with app.extensions["database"].read() as session:
        return list(session.scalars(sa.select(JobItem).join(Job).where(Job.kind == kind).order_by(JobItem.id)))


def only(app: Flask) -> Bundle:
    with app.extensions["database"].read() as session:
        return session.scalars(sa.select(Bundle)).one()


def order(browser: Browser, submissions: list[Submission], status: int = 200) -> str:
    """Order these reports, as the list of firms does; the path of the order."""
    sent = {
        "firm": [each.organisation.public_id for each in submissions],
        "campaign": submissions[0].campaign.public_id,
        "language": "en",
    }
    browser.get("/desk/bundles")
    browser.post("/desk/bundles", sent, status=status)
    return browser.path


def settle(app: Flask, settings: Settings, *, failed: int | None = None) -> None:
    """Do what the worker does: the reports' files (drawn elsewhere, so any bytes will do), then the zip."""
    with app.extensions["database"].write() as session:
        waiting = sa.select(JobItem).join(Job).where(Job.kind == "report", JobItem.state == "queued")
        for item in session.scalars(waiting).all():
            name = f"reports/{item.subject_id}-{item.language}.pdf"
            path = settings.data_directory / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"%PDF-1.7 report " + str(item.subject_id).encode())
            done = {"state": "done", "file": name} if item.subject_id != failed else {"state": "failed"}
            session.execute(sa.update(JobItem).where(JobItem.id == item.id).values(**done))
    zip_up(app, settings)


def zip_up(app: Flask, settings: Settings) -> None:
    item = items(app, "bundle")[-1]
    file = bundle_make.make(settings, item.subject_id, item.language)
    with app.extensions["database"].write() as session:
        session.execute(sa.update(JobItem).where(JobItem.id == item.id).values(state="done", file=file))


def deeds(app: Flask) -> list[str]:
    with app.extensions["database"].read() as session:
        query = sa.select(AuditEvent.action).where(AuditEvent.action.startswith("bundle."))
        return list(session.scalars(query.order_by(AuditEvent.id)))


@pytest.mark.parametrize(
    ("firm", "name"),
    [
        ("津禾精密机械（天津）有限公司", "津禾精密机械（天津）有限公司 D-1.pdf"),
        ("../../etc/passwd", "etc passwd D-1.pdf"),
        ('a\\b:c*d?"<e>|f\u202egpj.exe', "a b c d e f gpj.exe D-1.pdf"),
        (" . ", "D-1.pdf"),
        ("津" * 200, "津" * 60 + " D-1.pdf"),
    ],
)
def test_a_file_in_the_zip_has_a_name_that_people_read_and_systems_take(firm: str, name: str) -> None:
    assert file_name(firm, "D-1") == name
    assert len(name.encode()) <= 255


def test_reports_are_ordered_made_zipped_and_fetched(
    app: Flask, settings: Settings, officer: Browser, two: list[Submission]
) -> None:
    before = len(items(app, "report"))
    path = order(officer, two)
    assert "0 / 2" in officer.page.text
    assert len(items(app, "report")) == before, "each is being made already, since it was handed in"
    with pytest.raises(jobs.NotYet):
        zip_up(app, settings)
    state = officer.client.get(f"{path}/state").json
    assert state == {"state": "making", "settled": 0, "total": 2}
    settle(app, settings)
    assert "Ready" in officer.get(path).text
    with zipfile.ZipFile(io.BytesIO(fetched(officer, path))) as archive:
        index, *reports = archive.namelist()
        assert {each.compress_type for each in archive.infolist()} == {zipfile.ZIP_STORED}
        first, second = (each.reference for each in two)
        assert sorted(reports) == sorted([f"=SUM(A1) Casting {first}.pdf", f"津禾 精密 “Jinhe” {second}.pdf"])
        assert archive.read(reports[0]).startswith(b"%PDF-1.7 report")
        book = openpyxl.load_workbook(io.BytesIO(archive.read(index)))
    rows = list(book.active.iter_rows(min_row=2))
    assert [row[1].value for row in rows] == sorted(NAMES)
    assert all(cell.data_type != "f" for row in rows for cell in row)
    assert deeds(app) == ["bundle.order", "bundle.download"]
    order(officer, two)
    assert len(items(app, "report")) == before, "files that are there are not made again"


def fetched(browser: Browser, path: str) -> bytes:
    """The zip, by the form on the page of the order."""
    token = next(each.get("value") for each in browser.page.all("input") if each.get("name") == "csrf_token")
    with browser.client.post(f"{path}/download", data={"csrf_token": token}) as answer:
        assert answer.mimetype == "application/zip"
        return answer.data


def test_an_order_is_its_makers_alone_and_of_own_firms_alone(
    app: Flask, owner: User, officer: Browser, other_officer: Browser, city: Browser, two: list[Submission]
) -> None:
    elsewhere = hand_in_first(app, owner, "Secret Works", 9, THERE)
    path = order(officer, [*two, elsewhere])
    assert "Secret" not in officer.get(path).text
    with app.extensions["database"].read() as session:
        ordered = set(session.scalars(sa.select(BundleItem.submission_id)))
    assert ordered == {each.id for each in two}
    for browser in (other_officer, city):
        browser.get("/desk/bundles")
        for get in (path, f"{path}/state"):
            browser.get(get, status=404)
        for post in ("again", "download"):
            browser.post(f"{path}/{post}", {}, status=404)
        assert "Nothing is ordered yet" in browser.get("/desk/bundles").text
    order(other_officer, two, status=422)


def test_a_firm_that_leaves_the_area_locks_the_zip_and_is_told(
    app: Flask, settings: Settings, officer: Browser, two: list[Submission]
) -> None:
    path = order(officer, two)
    settle(app, settings)
    with app.extensions["database"].write() as session:
        there = session.scalars(sa.select(Area.id).where(Area.code == THERE)).one()
        moved = sa.update(Organisation).where(Organisation.id == two[0].organisation_id)
        session.execute(moved.values(operating_area_id=there, name="New name elsewhere"))
    page = officer.post(f"{path}/download", {})
    assert "Firms that have left your area" in page.text
    assert NAMES[0] in page.text
    assert "New name elsewhere" not in page.html, "what it is called now is the other office's to know"
    assert deeds(app) == ["bundle.order"]
    assert "left" in officer.client.get(f"{path}/state").text
    officer.post(f"{path}/again", {})
    zip_up(app, settings)
    assert NAMES[0] not in officer.get(path).text
    assert fetched(officer, path)


def test_a_report_that_fails_is_named_and_can_be_tried_again(
    app: Flask, settings: Settings, officer: Browser, two: list[Submission]
) -> None:
    path = order(officer, two)
    settle(app, settings, failed=two[1].scorecard_id)
    page = officer.get(path)
    assert "Ready, with reports missing" in page.text
    failed = next(each.text for each in page.all("section") if "could not be made" in each.text)
    assert NAMES[1] in failed
    assert NAMES[0] not in failed
    assert len(names_in(settings, only(app))) == 2
    before = len(items(app, "report"))
    officer.post(f"{path}/again", {})
    assert len(items(app, "report")) == before + 1
    officer.post(f"{path}/again", {})
    assert len(items(app, "report")) == before + 1, "it is under way"
    settle(app, settings)
    assert len(names_in(settings, only(app))) == 3
    for file in (settings.data_directory / "reports").iterdir():
        file.unlink()
    assert "2 / 2" not in officer.get(path).text
    assert NAMES[0] in next(each.text for each in officer.page.all("section") if "could not" in each.text)


def names_in(settings: Settings, bundle: Bundle) -> list[str]:
    with zipfile.ZipFile(settings.data_directory / str(bundle.file)) as archive:
        return archive.namelist()


def test_an_order_says_what_is_missing_too_many_or_not_chosen(
    app: Flask, officer: Browser, make_firm, two: list[Submission], monkeypatch: pytest.MonkeyPatch
) -> None:
    firms = [each.organisation.public_id for each in two]
    officer.get("/desk/bundles")
    page = officer.post("/desk/bundles", {"firm": firms}, status=422)
    assert "Choose the questionnaire whose reports you want" in page.text
    assert [each.get("value") for each in page.all("input") if each.get("name") == "firm"] == firms
    campaign = two[0].campaign.public_id
    assert "at least one firm" in officer.post("/desk/bundles", {"campaign": campaign}, status=422).text
    draft = make_firm(77).public_id
    nothing = officer.post("/desk/bundles", {"campaign": campaign, "firm": [draft]}, status=422)
    assert "None of these firms has handed in" in nothing.text
    page = officer.post("/desk/bundles", {"campaign": campaign, "firm": [*firms, draft]})
    assert "1 firm of your choice has not handed in" in page.text
    monkeypatch.setattr("survey.desk.bundle_views.MOST_REPORTS", 1)
    assert "At most 1 reports" in officer.post("/desk/bundles", {"campaign": campaign, "firm": firms}, status=422).text
    assert MOST_REPORTS == 500


def test_a_zip_goes_after_seven_days_and_its_order_after_ninety(
    app: Flask, settings: Settings, officer: Browser, two: list[Submission]
) -> None:
    path = order(officer, two)
    settle(app, settings)
    bundle, now = only(app), datetime.now(UTC)
    assert timedelta(days=6, hours=23) < bundle.useless_after - now <= timedelta(days=7)
    assert gone(app, settings, now + timedelta(days=6)) == []
    later = now + timedelta(days=8)
    with app.extensions["database"].write() as session:
        retain(session, later)
    assert only(app).file is None
    assert gone(app, settings, later) == [settings.data_directory / str(bundle.file)]
    with app.extensions["database"].write() as session:
        session.execute(sa.update(Bundle).values(useless_after=now - timedelta(hours=1)))
    assert "Removed after 7 days" in officer.get(path).text
    with app.extensions["database"].write() as session:
        retain(session, now + timedelta(days=91))
        assert session.scalars(sa.select(Bundle)).all() == []


def gone(app: Flask, settings: Settings, now: datetime) -> list[Path]:
    with app.extensions["database"].read() as session:
        return [path for path in leftovers(session, settings.data_directory, now) if path.suffix == ".zip"]
