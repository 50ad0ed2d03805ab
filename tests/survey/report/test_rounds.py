"""A firm's report on a whole round, from what was submitted through the site's own actions."""

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from pypdf import PdfReader

from survey import audit, database, jobs
from survey.answering import actions, submitting
from survey.answering.queries import page_data
from survey.models import (
    Campaign,
    Job,
    JobItem,
    Membership,
    Organisation,
    OutsideResult,
    Round,
    Snapshot,
    Submission,
    User,
)
from survey.report.make import make_round
from survey.report.round_queries import ROUND, round_record, round_scorecard
from survey.settings import Settings
from tests.cast import make_round_of
from tests.survey.browsing import Browser
from tests.survey.report.conftest import firm_of
from tests.survey.report.made import DIGITAL, WORKED
from tests.survey.report.small import STAGED, STAGES, WISHED, WISHES

GIVEN = {"digital": WORKED, "stages": STAGED, "wishes": WISHED}
PAGES = ("/fill/rounds/{}/{}", "/report/rounds/{}/{}", "/report/rounds/{}/{}/pdf/en", "/report/rounds/{}/{}/preview/en")
DoPart = Callable[..., Submission]


@pytest.fixture
def round_(app: Flask) -> Round:
    with app.app_context(), database.write() as session:
        return make_round_of(session, [DIGITAL, STAGES, WISHES])


@pytest.fixture
def firm(app: Flask, owner: User) -> Organisation:
    with app.app_context(), database.write() as session:
        return firm_of(session, audit.Actor(owner.id))


@pytest.fixture
def do_part(app: Flask, owner: User, firm: Organisation, round_: Round) -> DoPart:
    """Answer one part of the round, and submit it unless told otherwise."""

    def done(questionnaire: str, *, submit: bool = True) -> Submission:
        now, actor = datetime.now(UTC), audit.Actor(owner.id)
        with app.app_context():
            with database.write() as session:
                campaign = session.scalars(
                    sa.select(Campaign).where(Campaign.round_id == round_.id, Campaign.questionnaire == questionnaire)
                ).one()
                submission = actions.start(session, session.get_one(Organisation, firm.id), campaign, actor, now)
                for section in submitting.prepare(session, submission).instrument.sections:
                    given = {item.id: GIVEN[questionnaire][item.id] for item in section.items
                             if item.id in GIVEN[questionnaire]}  # fmt: skip
                    unknown = {item.id for item in section.items if item.id not in given}
                    assert actions.save_page(
                        session, submission.id, section.id, 0, page_data(given, unknown), owner.id, now
                    )
            if submit:
                with database.write() as session:
                    prepared = submitting.prepare(session, session.get_one(Submission, submission.id))
                    assert submitting.submit(session, prepared, prepared.mark, actor, now)
            return database.reading().get_one(Submission, submission.id)

    return done


def ordered(app: Flask) -> list[tuple[str, int]]:
    """The orders for PDFs of the round: language and the scorecard that names it."""
    with app.app_context():
        rows = database.reading().execute(
            sa.select(JobItem.language, JobItem.subject_id).join(Job).where(Job.kind == ROUND).order_by(JobItem.id)
        )
        return [(language, subject) for language, subject in rows]


def test_the_page_shows_each_part_with_its_state_and_forces_none(
    browser: Browser, round_: Round, firm: Organisation, do_part: DoPart
) -> None:
    path = f"/fill/rounds/{round_.public_id}/{firm.public_id}"
    page = browser.get("/fill")
    assert browser.path == path, "with one round, its parts at once"
    assert page.text.count("Not started") == 3
    assert len([each for each in page.all("form") if "/fill/start/" in each.get("action")]) == 3
    do_part("stages")
    do_part("digital", submit=False)
    page = browser.get(path)
    assert page.text.count("Not started") == 1
    assert "31 of 31 answered" in page.text
    assert "Stage 1 · 30 / 100" in page.text
    assert "In-house self-diagnosis" in page.text
    assert f"/report/rounds/{round_.public_id}/{firm.public_id}" in [each.get("href") for each in page.all("a")]


def test_there_is_no_report_before_anything_is_submitted(browser: Browser, round_: Round, firm: Organisation) -> None:
    browser.get(f"/report/rounds/{round_.public_id}/{firm.public_id}", status=404)


def test_one_page_shows_all_that_was_done(browser: Browser, round_: Round, firm: Organisation, do_part: DoPart) -> None:
    do_part("digital")
    do_part("wishes")
    page = browser.get(f"/report/rounds/{round_.public_id}/{firm.public_id}")
    headings = [each.text for each in page.all("h2")]
    assert headings[0] == "What you can apply for and what is missing"
    for words in ("48.5 / 100", "not done yet", "option people", "Level 1"):
        assert words in page.text, words
    assert "500 yuan" not in page.text, "that answer is off the route"


def test_each_submit_orders_a_newer_file_and_an_older_one_stays_what_it_was(
    app: Flask, settings: Settings, browser: Browser, round_: Round, firm: Organisation, do_part: DoPart
) -> None:
    do_part("wishes")
    do_part("stages")
    orders = ordered(app)
    assert [language for language, _ in orders] == ["zh_CN", "en", "zh_CN", "en"]
    first, second = orders[0][1], orders[2][1]
    assert first < second
    with app.app_context():
        session = database.reading()
        assert round_scorecard(session, round_.public_id, firm.id) == second
        today = datetime.now(UTC).date()
        older, newer = round_record(session, first, today), round_record(session, second, today)
        assert older is not None
        assert newer is not None
        assert [each.instrument.questionnaire for each in older.records] == ["wishes"]
        assert [each.instrument.questionnaire for each in newer.records] == ["stages", "wishes"]
        assert {each.questionnaire for each in newer.undone} == {"digital"}


def test_a_round_with_one_part_orders_no_second_file(app: Flask, hand_in: Callable[[], Submission]) -> None:
    hand_in()
    assert ordered(app) == []


def test_the_file_names_what_it_rests_on(
    app: Flask, settings: Settings, browser: Browser, round_: Round, firm: Organisation, do_part: DoPart
) -> None:
    done = [do_part("digital"), do_part("stages")]
    path = f"/report/rounds/{round_.public_id}/{firm.public_id}/pdf/en"
    assert "is being made" in browser.get(path).text
    with app.app_context(), database.write() as session:
        session.execute(sa.update(JobItem).values(priority=-1))
        newest = sa.select(sa.func.max(JobItem.id)).where(JobItem.language == "en")
        session.execute(sa.update(JobItem).where(JobItem.id == newest.scalar_subquery()).values(priority=99))
        taken = jobs.claim(session, datetime.now(UTC))
        assert taken
        assert taken.kind == ROUND
        jobs.finish(session, taken, make_round(settings, taken.subject_id, "en"), datetime.now(UTC))
    answer = browser.client.get(path)
    assert answer.mimetype == "application/pdf"
    printed = "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages).split())
    answer.close()
    with app.app_context():
        for submission in done:
            snapshot = (
                database.reading().scalars(sa.select(Snapshot).where(Snapshot.submission_id == submission.id)).one()
            )
            assert snapshot.content_hash in printed
            assert str(submission.reference) in printed
    assert printed.index("Whatyoucanapplyfor") < printed.index("Summaryoftheresult")


def test_the_file_is_made_on_request(
    app: Flask, browser: Browser, round_: Round, firm: Organisation, do_part: DoPart
) -> None:
    do_part("wishes")
    with app.app_context(), database.write() as session:
        session.execute(sa.delete(JobItem))
    path = f"/report/rounds/{round_.public_id}/{firm.public_id}/pdf/zh_CN"
    assert "has not been made yet" in browser.get(path).text
    assert ordered(app) == []
    browser.post(path)
    assert "is being made" in browser.page.text
    browser.post(path)
    assert [language for language, _ in ordered(app)] == ["zh_CN"], "one order stands"


def test_the_preview_shows_the_pages(browser: Browser, round_: Round, firm: Organisation, do_part: DoPart) -> None:
    do_part("stages")
    answer = browser.client.get(f"/report/rounds/{round_.public_id}/{firm.public_id}/preview/zh_CN")
    assert answer.status_code == 200
    assert "综合评测报告" in answer.text
    assert "style=" not in answer.text


def test_a_title_that_is_about_to_end_is_marked_on_page_and_paper(
    app: Flask, browser: Browser, owner: User, round_: Round, firm: Organisation, do_part: DoPart
) -> None:
    do_part("stages")
    now = datetime.now(UTC)
    with app.app_context(), database.write() as session:
        for number, days in (("soon", 89), ("later", 200)):
            session.add(
                OutsideResult(organisation_id=firm.id, kind="specialised", number=number, issuer="The bureau",
                              issued_on=now.date() - timedelta(400), valid_until=now.date() + timedelta(days),
                              proof="the list", recorded_at=now, recorded_by=owner.id)
            )  # fmt: skip
    at = f"/report/rounds/{round_.public_id}/{firm.public_id}"
    page = browser.get(at)
    rows = [row.text for row in page.all("tr") if "The bureau" in row.text]
    assert [("expires in" in row, "soon" in row) for row in sorted(rows)] == [(False, False), (True, True)]
    printed = browser.client.get(f"{at}/preview/en").text
    assert printed.count("expires in") == 1
    assert "Days are counted from" in printed


@pytest.mark.parametrize(
    "path", ["/fill/rounds/{}/{}", *(f"/report/rounds/{{}}/{{}}{end}" for end in ("", "/pdf/en", "/preview/en"))]
)
def test_a_stranger_gets_the_page_for_missing_things(
    path: str,
    browser: Browser,
    round_: Round,
    firm: Organisation,
    do_part: DoPart,
    make_person: Callable[..., User],
    browse_as: Callable[[User], Browser],
) -> None:
    do_part("wishes")
    stranger = browse_as(make_person("Wang Fang", "13900139000"))
    stranger.get(path.format(round_.public_id, firm.public_id), status=404)
    stranger.post(path.format(round_.public_id, firm.public_id), status=404 if path.endswith("/pdf/en") else 405)
    browser.get(path.format("nothing", firm.public_id), status=404)
    browser.get(path.format(round_.public_id, "nothing"), status=404)


def test_a_viewer_may_look_and_not_start(
    app: Flask,
    round_: Round,
    firm: Organisation,
    do_part: DoPart,
    make_person: Callable[..., User],
    browse_as: Callable[[User], Browser],
) -> None:
    do_part("wishes")
    person = make_person("Zhao Lei", "13800138002")
    with app.extensions["database"].write() as session:
        session.add(
            Membership(organisation_id=firm.id, user_id=person.id, role="viewer", state="confirmed",
                       created_at=datetime.now(UTC))
        )  # fmt: skip
    viewer = browse_as(person)
    page = viewer.get(f"/fill/rounds/{round_.public_id}/{firm.public_id}")
    assert not [each for each in page.all("form") if "/fill/start/" in each.get("action")]
    viewer.get(f"/report/rounds/{round_.public_id}/{firm.public_id}")


def test_the_lists_of_what_to_fill_in_and_of_reports_are_by_round(
    app: Flask, browser: Browser, owner: User, round_: Round, firm: Organisation, do_part: DoPart
) -> None:
    do_part("stages")
    do_part("wishes", submit=False)
    with app.app_context(), database.write() as session:
        make_round_of(session, [DIGITAL])
    page = browser.get("/fill")
    assert browser.path == "/fill", "with two rounds, the list of them"
    rounds = [each.get("href") for each in page.all("a") if each.get("href").startswith("/fill/rounds/")]
    assert len(rounds) == 2
    assert rounds[1].endswith(f"{round_.public_id}/{firm.public_id}"), "the one that opened last comes first"
    assert (page.text.count("In progress"), page.text.count("Not started")) == (1, 2)
    page = browser.get("/report/")
    links = [each.get("href") for each in page.all("a")]
    assert f"/report/rounds/{round_.public_id}/{firm.public_id}" in links
    assert "Stage 1 · 30 / 100" in page.text
