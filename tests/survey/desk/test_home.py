"""The first page of an office: what waits with its day, and how far the firms are, in its own areas alone."""

from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa
from flask import Flask

from survey.desk.todo import Office
from survey.models import Area, Claim, ListedTitle, Snapshot, Submission, Visit
from tests.cast import make_campaign
from tests.survey.desk.answers import hand_in
from tests.survey.desk.conftest import HERE, THERE

DAY = timedelta(days=1)


def tasks(browser) -> dict[str, str]:
    """The tasks of the open page, with what stands beside each."""
    (found,) = [each for each in browser.page.all("ul") if each.get("class") == "tasks"]
    lines = [each for each in browser.page.all("li") if found in each.around]
    links = [each for each in browser.page.all("a") if found in each.around]
    return {link.text: line.text.removeprefix(link.text) for link, line in zip(links, lines, strict=True)}


def funnel(browser) -> list[str]:
    (found,) = [each for each in browser.page.all("ul") if each.get("class") == "bars"]
    return [each.text for each in browser.page.all("li") if found in each.around]


def test_it_is_empty_before_there_is_a_list(officer) -> None:
    page = officer.get("/desk")
    assert "No firm is here yet" in page.text
    assert page.one("h1").text == "Nothing waits for you"


def test_it_says_what_waits_until_when(app: Flask, officer, make_firm) -> None:
    """One of each kind here, and one of each elsewhere, of which nobody here is told."""
    work_for(app, [make_firm(1), make_firm(2, THERE), make_firm(3), make_firm(4, THERE)])
    page, found = officer.get("/desk"), tasks(officer)
    assert set(found) == {
        "1 claim to decide",
        "1 returned submission not handed in again",
        "1 visit to be made and entered",
        "1 firm whose title ends soon",
        "1 submission to check",
    }
    assert list(found)[:2] == ["1 claim to decide", "1 returned submission not handed in again"]
    assert page.one("h1").text == "1 claim to decide"
    for late in list(found)[:2]:
        assert "1 overdue" in found[late]
    assert "Within 90 days" in found["1 firm whose title ends soon"]
    for words, firm in (("not handed in again", "Firm 1"), ("title ends soon", "Firm 1")):
        href = next(each.get("href") for each in officer.get("/desk").all("a") if words in each.text)
        assert [each.text for each in officer.get(href).all("a") if "/desk/firms/" in each.get("href")] == [firm]


def work_for(app: Flask, firms) -> None:
    now = datetime.now(UTC)
    with app.extensions["database"].write() as session:
        campaign = make_campaign(session)
        for place, firm in enumerate(firms):
            if place >= 2:  # a submission of this morning
                hand_in(session, firm, campaign, submitted_at=now)
                continue
            returned = hand_in(session, firm, campaign, state="returned", due_on=now.date() - DAY)
            snapshot = session.scalars(sa.select(Snapshot.id).where(Snapshot.submission_id == returned.id)).one()
            claim = {"user_id": firm.created_by, "how": "code", "state": "waiting", "made_at": now - 40 * DAY}
            visit = {"submission_id": returned.id, "snapshot_id": snapshot, "created_by": firm.created_by}
            session.add_all(
                [
                    Claim(organisation_id=firm.id, **claim),
                    Visit(organisation_id=firm.id, due_on=now.date() + 9 * DAY, created_at=now, **visit),
                    ListedTitle(organisation_id=firm.id, kind="seed", valid_until=now.date() + 9 * DAY, listed_at=now),
                    ListedTitle(organisation_id=firm.id, kind="green_factory", valid_until=None, listed_at=now),
                ]
            )


def test_it_says_how_far_the_firms_are_and_out_of_what(app: Flask, officer, city, make_firm) -> None:
    now = datetime.now(UTC)
    firms = [
        make_firm(1, state="listed", listed_at=now),
        make_firm(2, state="claimed", listed_at=now),
        make_firm(3, state="confirmed", listed_at=now),
        make_firm(4, state="confirmed", listed_at=now),
        make_firm(5, state="confirmed"),
        make_firm(6, THERE, state="confirmed", listed_at=now),
    ]
    with app.extensions["database"].write() as session:
        campaign = make_campaign(session)
        draft = {"campaign_id": campaign.id, "created_at": now, "created_by": firms[0].created_by}
        session.add(Submission(organisation_id=firms[1].id, **draft))
        hand_in(session, firms[2], campaign, state="returned", due_on=now.date() + 9 * DAY)
        hand_in(session, firms[3], campaign, state="accepted")
        hand_in(session, firms[3], campaign, kind="verified", state="accepted", reference="V")
        hand_in(session, firms[4], campaign)
        hand_in(session, firms[5], campaign, state="accepted")
    page = officer.get("/desk")
    assert "All shares are of 4: firms on the city's list" in page.text
    assert "3 of 5 firms are confirmed" in page.text
    counts = ["4 100%", "3 75%", "3 75%", "2 50%", "1 25%", "1 25%", "1 25%"]
    assert [each[-len(count) :] for each, count in zip(funnel(officer), counts, strict=True)] == counts
    assert "Hexi" not in page.html
    page = officer.get("/desk?of=all")
    assert "All shares are of 5" in page.text
    assert funnel(officer)[3].endswith("3 60%")
    page = city.get("/desk")
    rows = [each.text for each in page.all("tr") if "Binhai" in each.text or "Hexi" in each.text]
    assert rows == ["Hexi District1111010", "Binhai New Area4332111"]


def test_a_table_of_parts_keeps_what_lies_in_none_of_them(app: Flask, officer, make_firm) -> None:
    with app.extensions["database"].write() as session:
        above = session.scalars(sa.select(Area).where(Area.code == HERE)).one()
        street = Area(code="120116001", kind="street", parent_id=above.id, path="", name_zh="街", name_en="Our Street")
        session.add(street)
        session.flush()
        street.path = f"{above.path}{street.id}/"
    make_firm(1)
    make_firm(2, "120116001")
    rows = [each.text for each in officer.get("/desk").all("tr")]
    assert [row for row in rows if row.endswith("1100000")] == [
        "Binhai New Area, in no part of it1100000",
        "Our Street1100000",
    ]


def test_a_deadline_is_over_after_its_working_days() -> None:
    """Friday's claim with two working days is in time on Tuesday; a holiday on Monday gives it one day more."""
    tuesday = datetime(2026, 11, 24, 3, tzinfo=UTC)
    office = Office(None, 1, "en", tuesday, {})  # type: ignore[arg-type]
    friday = datetime(2026, 11, 20, tzinfo=UTC)
    assert friday >= office.late_before(2)
    assert friday - DAY < office.late_before(2)
    with_holiday = Office(None, 1, "en", tuesday, {date(2026, 11, 23): "holiday"})  # type: ignore[arg-type]
    assert friday - DAY >= with_holiday.late_before(2)
