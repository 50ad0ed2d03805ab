"""Handing in: once, whole, frozen, and by the holder of the account alone."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest
import sqlalchemy as sa
from flask import Flask

from questionnaires.answers import Answers
from scoring import scorer_for
from survey.answering import submitting
from survey.answering.actions import save_page
from survey.answering.freezing import content_hash, freeze
from survey.models import (
    Campaign,
    DraftNote,
    JobItem,
    Organisation,
    Score,
    Scorecard,
    Snapshot,
    SnapshotNote,
    SnapshotPerson,
    Submission,
)
from survey.publishing.queries import instrument
from tests.survey.answering.answers import WORKED
from tests.survey.answering.forms import at, control, dump, form_of, stored, summary
from tests.survey.browsing import Browser


@pytest.fixture
def filled(browser: Browser, submission: Submission) -> Submission:
    """Every section answered as the worked example does."""
    for section, data in WORKED.items():
        browser.get(at(submission, section))
        browser.post(at(submission, section), {"rev": "0", "then": "continue", **data})
    return submission


def check_form(browser: Browser, submission: Submission) -> dict[str, str]:
    page = browser.get(f"/fill/{submission.public_id}/check")
    mark = next((each.get("value") for each in page.all("input") if each.get("name") == "checked"), "")
    return {"checked": mark, "commitment": "truthful-1"}


def submit(browser: Browser, submission: Submission, status: int = 200, **changes: str) -> None:
    form = {**check_form(browser, submission), **changes}
    browser.post(f"/fill/{submission.public_id}/submit", form, status=status)


def count(app: Flask, *models: type) -> list[int]:
    with app.extensions["database"].read() as session:
        return [session.scalar(sa.select(sa.func.count()).select_from(model)) or 0 for model in models]


def test_twenty_at_once_give_one_snapshot_and_one_receipt(app: Flask, browser: Browser, filled: Submission) -> None:
    form = check_form(browser, filled)
    token = next(each.get("value") for each in browser.page.all("input") if each.get("name") == "csrf_token")
    cookies = "; ".join(f"{key}={cookie.value}" for (_, _, key), cookie in browser.client._cookies.items())

    def post(_number: int) -> tuple[int, str]:
        answer = app.test_client(use_cookies=False).post(
            f"/fill/{filled.public_id}/submit", data={**form, "csrf_token": token}, headers={"Cookie": cookies}
        )
        return answer.status_code, answer.headers.get("Location", answer.text[:300])

    with ThreadPoolExecutor(20) as pool:
        answers = set(pool.map(post, range(20)))
    assert answers == {(303, f"/fill/{filled.public_id}/receipt")}
    assert count(app, Snapshot, Scorecard, SnapshotPerson, JobItem) == [1, 1, 1, 2]
    with app.extensions["database"].read() as session:
        card = session.scalars(sa.select(Scorecard)).one()
        assert session.scalar(sa.select(sa.func.count()).select_from(Score)) == len(card.card["measures"])
        assert session.scalars(sa.select(Submission)).one().rev == 2
    first = receipt(browser, filled)
    browser.post(f"/fill/{filled.public_id}/submit", {**form, "checked": "anything"})
    assert browser.path.endswith("/receipt")
    assert receipt(browser, filled) == first
    assert count(app, Snapshot, JobItem) == [1, 2]


def receipt(browser: Browser, submission: Submission) -> str:
    page = browser.get(f"/fill/{submission.public_id}/receipt")
    with browser.app.extensions["database"].read() as session:
        reference = session.scalars(sa.select(Submission.reference)).one()
    assert reference
    assert reference in page.text
    return page.one("main").text


def test_the_hash_can_be_worked_out_again_from_what_is_stored(app: Flask, browser: Browser, filled: Submission) -> None:
    submit(browser, filled)
    with app.extensions["database"].read() as session:
        snapshot = session.scalars(sa.select(Snapshot)).one()
        assert content_hash(snapshot, instrument(session, snapshot.instrument_id)) == snapshot.content_hash
        assert snapshot.content_hash[:16] in browser.page.text
        for name, other in {
            "responses": {**snapshot.responses, "q1": ["B"]},
            "facts": snapshot.facts[1:],
            "organisation": {**snapshot.organisation, "name": "another"},
            "commitment": "another",
            "reference_year": 2024,
        }.items():
            kept = getattr(snapshot, name)
            setattr(snapshot, name, other)
            assert content_hash(snapshot, instrument(session, snapshot.instrument_id)) != snapshot.content_hash, name
            setattr(snapshot, name, kept)
        answers = Answers(
            {item: tuple(given) if isinstance(given, list) else given for item, given in snapshot.responses.items()},
            {(fact["id"], fact["year"]): fact["value"] for fact in snapshot.facts},
            snapshot.reference_year,
        )
        again = scorer_for(instrument(session, snapshot.instrument_id)).score(answers)
        assert again.model_dump(mode="json") == session.scalars(sa.select(Scorecard)).one().card


def test_a_reason_is_in_the_snapshot_and_outside_the_hash(app: Flask, browser: Browser, filled: Submission) -> None:
    path = at(filled, "effect")
    figures = {"f-energy-2024": "100", "f-energy-2025": "120", "f-revenue-2024": "1000", "f-revenue-2025": "1000"}
    page = browser.post(path, form_of(browser.get(path), **figures), status=422)
    browser.post(path, form_of(page, **{"w-q12": "heating of the new hall"}))
    hashes = [prepared_hash(app, filled)]
    with app.extensions["database"].write() as session:
        session.execute(sa.update(DraftNote).values(text="something else"))
    hashes.append(prepared_hash(app, filled))
    assert hashes[0] == hashes[1]
    submit(browser, filled)
    with app.extensions["database"].read() as session:
        assert {note.item: note.text for note in session.scalars(sa.select(SnapshotNote))} == {"q12": "something else"}
        snapshot = session.scalars(sa.select(Snapshot)).one()
        assert snapshot.content_hash == hashes[0]
        assert "something else" not in repr((snapshot.responses, snapshot.facts, snapshot.organisation))
        assert "something else" not in repr(session.scalars(sa.select(Scorecard)).one().card)


def prepared_hash(app: Flask, submission: Submission) -> str:
    """The hash of what would be submitted now."""
    with app.test_request_context(base_url="http://localhost"), app.extensions["database"].write() as session:
        prepared = submitting.prepare(session, session.get_one(Submission, submission.id))
        mine = session.get_one(Submission, submission.id)
        card = freeze(session, mine, submitting.material(prepared), submission.created_by, datetime.now(UTC))
        found = card.snapshot.content_hash
        session.rollback()
    return found


def test_what_changed_since_the_check_must_be_looked_at_again(
    app: Flask, browser: Browser, colleague: Browser, filled: Submission
) -> None:
    form = check_form(browser, filled)
    path = at(filled, "management")
    colleague.post(path, form_of(colleague.get(path), **{"r-q8": "A", "then": "leave"}))
    page = browser.post(f"/fill/{filled.public_id}/submit", form, status=409)
    assert "Somebody changed an answer" in page.text
    assert count(app, Snapshot, JobItem) == [0, 0]
    mark = next(each.get("value") for each in page.all("input") if each.get("name") == "checked")
    browser.post(f"/fill/{filled.public_id}/submit", {**form, "checked": mark})
    with app.extensions["database"].read() as session:
        assert session.scalars(sa.select(Snapshot)).one().responses["q8"] == "A"


def test_the_commitment_must_be_ticked(app: Flask, browser: Browser, filled: Submission) -> None:
    submit(browser, filled, 422, commitment="")
    ((target, text),) = summary(browser.page)
    assert control(browser.page, target).get("type") == "checkbox"
    assert text in control(browser.page, "commitment-error").text
    assert count(app, Snapshot) == [0]
    submit(browser, filled, 422, commitment="truthful-0")


def test_an_incomplete_assessment_is_refused(app: Flask, browser: Browser, submission: Submission) -> None:
    page = browser.get(f"/fill/{submission.public_id}/check")
    assert "31 questions are not answered" in page.text
    form = {"checked": "x", "commitment": "truthful-1"}
    browser.post(f"/fill/{submission.public_id}/submit", form, status=422)
    browser.post(f"/fill/{submission.public_id}/submit", {}, status=422)
    assert count(app, Snapshot) == [0]


def test_figures_that_contradict_an_answer_later_are_refused(app: Flask, browser: Browser, filled: Submission) -> None:
    """The band was chosen first; the figures that say otherwise came from another page."""
    path = at(filled, "foundation")
    browser.post(path, form_of(browser.get(path), **{"r-q2": "C", "then": "leave"}))
    browser.post(path, form_of(browser.get(path), **{"f-equipment_digital-2025": "80", "then": "leave"}), status=422)
    page = browser.get(f"/fill/{filled.public_id}/check")
    assert "1 answer does not fit" in page.text
    browser.post(f"/fill/{filled.public_id}/submit", {"checked": "x", "commitment": "truthful-1"}, status=422)
    assert count(app, Snapshot) == [0]


def test_only_the_owner_submits(
    app: Flask, browser: Browser, colleague: Browser, viewer: Browser, stranger: Browser, filled: Submission
) -> None:
    form = check_form(browser, filled)
    for other in (colleague, viewer):
        page = other.get(f"/fill/{filled.public_id}/check")
        assert "Only the holder of the firm's account can submit" in page.text
        assert not [each for each in page.all("input") if each.get("name") == "checked"]
        other.post(f"/fill/{filled.public_id}/submit", form, status=403)
    stranger.get("/help")
    stranger.post(f"/fill/{filled.public_id}/submit", form, status=404)
    assert count(app, Snapshot) == [0]


def test_after_submitting_nothing_changes_any_more(
    app: Flask, browser: Browser, colleague: Browser, filled: Submission
) -> None:
    path = at(filled, "management")
    form = form_of(colleague.get(path), **{"r-q8": "A", "then": "leave"})
    submit(browser, filled)
    before = dump(app)
    page = colleague.post(path, form, status=409)
    assert "has been submitted" in page.text
    colleague.post(path, {**form, "then": "autosave"}, status=409, headers={"Accept": "application/json"})
    assert dump(app) == before
    for place in ("", "/check", "/sections/management", "/sections/effect"):
        browser.get(f"/fill/{filled.public_id}{place}")
        assert browser.path == f"/fill/{filled.public_id}/receipt"


def test_a_save_that_waits_for_the_submit_is_refused(app: Flask, filled: Submission) -> None:
    """The save begins while the submission is still open, and comes to its turn when the snapshot is there."""
    database, waiting = app.extensions["database"], Event()

    def save() -> int | None:
        waiting.set()
        with database.write() as session:
            data = {"responses": {}, "open": []}
            return save_page(session, filled.id, "management", 1, data, filled.created_by, datetime.now(UTC))

    with ThreadPoolExecutor(1) as pool:
        with database.write() as session:
            row = session.get_one(Submission, filled.id, with_for_update=True)
            later = pool.submit(save)
            waiting.wait()
            time.sleep(0.2)
            row.state, row.submitted_at, row.reference = "submitted", datetime.now(UTC), "x"
        assert later.result() is None
    assert stored(app, filled, "management")["responses"]["q8"] == "D"


@pytest.mark.parametrize("days", [(-10, -1), (1, 10)])
def test_outside_its_time_a_campaign_is_read_only(
    app: Flask, browser: Browser, filled: Submission, campaign: Campaign, days: tuple[int, int]
) -> None:
    path, form = at(filled, "management"), check_form(browser, filled)
    sent = form_of(browser.get(path), **{"r-q8": "A"})
    opens, closes = (datetime.now(UTC) + timedelta(days=each) for each in days)
    with app.extensions["database"].write() as session:
        session.execute(sa.update(Campaign).values(opens_at=opens, closes_at=closes))
    before = dump(app)
    assert "is not open now" in browser.post(path, sent, status=403).text
    assert "is not open now" in browser.post(f"/fill/{filled.public_id}/submit", form, status=403).text
    page = browser.get(path)
    assert "can be read but not changed" in page.text
    assert not [each for each in page.all("button") if each.get("name") == "then"]
    assert ("closed" in browser.get(f"/fill/{filled.public_id}").text) == (days[1] < 0)
    assert dump(app) == before


def test_open_answers_give_a_range(app: Flask, browser: Browser, submission: Submission) -> None:
    for section, data in WORKED.items():
        browser.get(at(submission, section))
        sent = {**data, "r-q5": "unsure", "r-s1": "unsure"}
        kept = {name: value for name, value in sent.items() if name in data}
        browser.post(at(submission, section), {"rev": "0", **kept})
    page = browser.get(f"/fill/{submission.public_id}/check")
    assert "2 questions are left open" in page.text
    submit(browser, submission)
    with app.extensions["database"].read() as session:
        card = session.scalars(sa.select(Scorecard)).one()
        total = session.scalars(sa.select(Score).where(Score.measure == card.card["measures"][0]["id"])).one()
        assert card.total_e6 is None
        assert total.points_e6 is None
        assert total.low_e6 < 48_500_000 < total.high_e6
        assert "q5" not in session.scalars(sa.select(Snapshot)).one().responses


def test_starting_twice_at_once_gives_one_submission(
    app: Flask, browser: Browser, firm: Organisation, campaign: Campaign
) -> None:
    page = browser.get("/fill")
    token = next(each.get("value") for each in page.all("input") if each.get("name") == "csrf_token")
    action = next(each.get("action") for each in page.all("form") if "/fill/start/" in each.get("action"))
    cookies = "; ".join(f"{key}={cookie.value}" for (_, _, key), cookie in browser.client._cookies.items())

    def post(_number: int) -> str:
        client = app.test_client(use_cookies=False)
        return client.post(action, data={"csrf_token": token}, headers={"Cookie": cookies}).headers["Location"]

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(post, range(8)))) == 1
    assert count(app, Submission) == [1]
