"""The pages of a visit as each of the people sees them."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from survey.models import Submission, User, Visit
from survey.verification.checking_actions import comment, confirm
from tests.survey.browsing import Browser
from tests.survey.report.made import WORKED
from tests.survey.verification.conftest import TODAY, Story

SECTIONS = ("foundation", "management", "product_lifecycle", "production", "supply_chain", "decision", "effect")


def drawn(page: Any) -> dict[str, Any]:
    """What the form of a section holds when nobody has touched it."""
    form = next(each for each in page.all("form") if each.get("id") == "section")
    data: dict[str, Any] = {}
    for each in page.all("input", "textarea", "select", "option"):
        if form not in each.around or each.get("name") == "csrf_token":
            continue
        name, kind = each.get("name"), each.get("type")
        if kind in ("radio", "checkbox"):
            if "checked" in each.attributes:
                data.setdefault(name, []).append(each.get("value"))
        elif name:
            data[name] = each.text if each.tag == "textarea" else each.get("value")
    return data


def section(tablet: Browser, story: Story, name: str) -> dict[str, Any]:
    return drawn(tablet.get(f"/visits/{story.visit_public_id}/sections/{name}"))


def send(tablet: Browser, story: Story, name: str, data: dict[str, Any], status: int = 200) -> Any:
    return tablet.post(f"/visits/{story.visit_public_id}/sections/{name}", data, status=status)


def test_an_officer_plans_changes_and_cancels(
    story: Story, desk: Browser, messages: Callable[[], list[dict[str, str]]]
) -> None:
    page = desk.get(f"/visits/plan/{story.submission.public_id}")
    assert "Sun Yu" in page.text
    desk.post(f"/visits/plan/{story.submission.public_id}", {"due_on": "2020-01-01"}, status=422)
    day, due = TODAY + timedelta(days=3), TODAY + timedelta(days=9)
    values = {"planned_on": str(day), "due_on": str(due), "assessors": story.assessor.public_id}
    page = desk.post(f"/visits/plan/{story.submission.public_id}", values)
    assert "Planned" in page.text
    path = desk.path
    assert desk.get(f"/visits/plan/{story.submission.public_id}").text == page.text, "it leads to the one under way"
    desk.post(path, {**values, "planned_on": str(due + timedelta(days=1))}, status=422)
    desk.post(path, {**values, "planned_on": ""})
    desk.post(path.replace("/office", "/cancel"), {"reason": " "}, status=422)
    page = desk.post(path.replace("/office", "/cancel"), {"reason": "The firm is moving."})
    assert "Cancelled" in page.text
    kinds = [each["kind"] for each in messages()]
    assert kinds == ["visit_planned", "visit_asked"] * 2 + ["visit_cancelled"] * 2
    assert f"/visits/plan/{story.submission.public_id}" in desk.page.html, "it can be planned again"


def test_a_late_visit_says_so(planned: Story, desk: Browser) -> None:
    with planned.app.extensions["database"].write() as session:
        session.get_one(Visit, planned.visit_id).due_on = TODAY - timedelta(days=7)
    page = desk.get("/visits/office")
    assert "1 visit is late" in page.text
    assert re.search(r"[56] working days late", page.text)


def test_an_assessor_prepares_with_what_was_stated_and_whom_to_call(planned: Story, tablet: Browser) -> None:
    page = tablet.get("/visits")
    assert "津禾精密机械" in page.text
    page = tablet.get(f"/visits/{planned.visit_public_id}")
    assert "13800138000" in page.text
    assert "0 of 31 questions have a finding" in page.text


def test_an_assessor_who_is_not_named_any_more_sees_nothing(
    planned: Story, make_staff: Callable[..., User], browse_as: Callable[..., Browser]
) -> None:
    other = browse_as(make_staff("assessor", "120111", name="Other", email="other@staff.example"))
    for path in ("", "/sections/production", "/hand-in", "/check", "/form/en", "/photos/s5"):
        other.get(f"/visits/{planned.visit_public_id}{path}", status=404)
    assert "no firm" in other.get("/visits").text


def test_findings_are_entered_section_by_section_until_both_results_are_seen(planned: Story, tablet: Browser) -> None:
    for name in SECTIONS:
        data = section(tablet, planned, name)
        if name == "management":
            more = {"r-q8": ["B"], "finding-q8": "changed", "seen-q8": "system", "reason-q8": "Not in use."}
            data = {**data, **more}
        page = send(tablet, planned, name, {**data, "seen-section": ["document", "system"], "then": "others"})
    assert "Both results" in page.text
    assert "Not in use." in page.text
    assert "30 answers" not in page.text, "the count is said after it is handed in"
    mark = next(each.get("value") for each in page.all("input") if each.get("name") == "mark")
    path = f"/visits/{planned.visit_public_id}/hand-in"
    tablet.post(path, {"mark": mark, "visited_on": str(TODAY + timedelta(days=2))}, status=422)
    tablet.post(path, {"mark": "another", "visited_on": str(TODAY)}, status=409)
    tablet.get(path)
    page = tablet.post(path, {"mark": mark, "visited_on": str(TODAY)})
    assert "With the firm for its word" in page.text


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"finding-q8": "changed", "r-q8": ["B"], "seen-q8": "system"}, "Give the reason"),
        ({"finding-q8": "changed", "r-q8": ["B"], "reason-q8": "x"}, "Tick what you looked at"),
        ({"finding-q8": "changed", "seen-q8": "system", "reason-q8": "x"}, "Mark the value you found"),
        ({"finding-q8": "not_shown", "reason-q8": "x"}, "Mark the value that counts"),
        ({"finding-q8": "same", "r-q8": ["B"], "seen-q8": "system"}, "Another answer than the stated one"),
        ({"r-q8": ["B"]}, "Say what was found"),
        ({"finding-q10": "changed", "r-q10": ["A", "B"], "seen-q10": "photo", "reason-q10": "x"}, "q10"),
        ({"then": "others"}, "as stated"),
    ],
    ids=["reason", "seen", "value", "not shown", "same but other", "no finding", "contradiction", "others unseen"],
)
def test_what_is_not_complete_is_said_and_shown_again(
    planned: Story, tablet: Browser, given: dict[str, Any], fault: str
) -> None:
    data = {**section(tablet, planned, "management"), **given}
    data |= {"finding-q9": "same", "seen-q9": "document"}
    page = send(tablet, planned, "management", data, status=422)
    assert fault in page.text or fault in page.html
    again = drawn(page)
    for name, value in given.items():
        assert name == "then" or sorted(again[name]) == sorted(value) or again[name] == [value]
    kept = section(tablet, planned, "management")
    assert kept["finding-q9"] == ["same"], "what was complete is stored"
    assert "finding-q8" not in kept


def test_a_scene_that_was_not_shown_counts_as_not_there(planned: Story, tablet: Browser) -> None:
    data = section(tablet, planned, "production")
    send(tablet, planned, "production", {**data, "finding-s7": "not_shown", "reason-s7": "Not in use."})
    again = section(tablet, planned, "production")
    assert (again["r-s7"], again["finding-s7"], again["reason-s7"]) == (["0"], ["not_shown"], "Not in use.")


def test_a_colleague_who_was_faster_is_not_overwritten_unseen(planned: Story, tablet: Browser) -> None:
    data = section(tablet, planned, "management")
    first = {**data, "finding-q8": "same", "seen-q8": "document"}
    send(tablet, planned, "management", first)
    second = {**data, "finding-q8": "changed", "r-q8": ["B"], "seen-q8": "system", "reason-q8": "Broken."}
    page = send(tablet, planned, "management", second, status=409)
    assert "A colleague entered" in page.text
    again = drawn(page)
    assert (again["reason-q8"], again["finding-q8"]) == ("Broken.", ["changed"])
    send(tablet, planned, "management", {**again, "r-q8": ["B"]})
    assert section(tablet, planned, "management")["finding-q8"] == ["changed"]


def test_what_the_firm_hands_in_anew_is_taken_over_and_only_what_changed_is_found_anew(
    planned: Story, tablet: Browser
) -> None:
    planned.enter({})
    with planned.app.app_context():
        hand_in_again(planned, "q8", "C")
    page = tablet.get(f"/visits/{planned.visit_public_id}")
    assert "handed in anew" in page.text
    assert not planned.hand_in()
    page = tablet.post(f"/visits/{planned.visit_public_id}/renew")
    assert "30 of 31 questions have a finding" in page.text


def hand_in_again(story: Story, item: str, response: str) -> None:
    from survey import audit
    from survey.answering import actions, queries, submitting

    database, user = story.app.extensions["database"], story.officer.id
    with database.write() as session:
        submission = session.get_one(Submission, story.submission.id)
        submission.state = "returned"
        pages = queries.pages(session, submission.id)
        name, page = next((name, page) for name, page in pages.items() if item in page.responses)
        data = queries.page_data({**page.responses, item: response}, page.open)
        session.flush()
        assert actions.save_page(session, submission.id, name, page.rev, data, user, datetime.now(UTC))
    with database.write() as session:
        prepared = submitting.prepare(session, session.get_one(Submission, story.submission.id))
        assert submitting.submit(session, prepared, prepared.mark, audit.Actor(user), datetime.now(UTC))


def test_the_firm_reads_what_was_found_and_says_its_word(handed_in: Story, browser: Browser) -> None:
    path = f"/visits/{handed_in.visit_public_id}/comment"
    page = browser.get(path)
    assert "Only one of the two systems is in use." in page.text
    assert "Sun Yu" in page.text
    browser.post(path, {"agreed": "no"}, status=422)
    page = browser.post(path, {"agreed": "no", "comment": "It runs since May."})
    assert "It runs since May." in page.text
    browser.post(path, {"agreed": "yes"}, status=409)


def test_before_the_visit_the_firm_reads_who_comes(planned: Story, browser: Browser) -> None:
    page = browser.get(f"/visits/{planned.visit_public_id}/comment")
    assert "Sun Yu" in page.text
    assert not page.all("textarea")


def test_a_second_person_checks_and_the_result_stands(
    handed_in: Story, desk: Browser, tablet: Browser, browser: Browser
) -> None:
    path = f"/visits/{handed_in.visit_public_id}/check"
    page = tablet.get(path)
    assert "another person has to check" in page.text
    assert "Confirm what was found" not in page.text
    page = desk.get(path)
    assert "Confirm what was found" not in page.text, "the firm has not said its word"
    handed_in.do(comment, handed_in.visit_id, False, "It runs since May.", by=handed_in.officer)
    assert "It runs since May." in desk.get(path).text
    desk.post(path.replace("/check", "/send-back"), {"reason": ""}, status=422)
    assert "Confirmed" in desk.post(path).text
    desk.post(path, status=409)
    desk.get(f"/visits/{handed_in.visit_public_id}/office")


def test_findings_are_sent_back_with_a_reason(handed_in: Story, desk: Browser, tablet: Browser) -> None:
    path = f"/visits/{handed_in.visit_public_id}/check"
    desk.get(path)
    desk.post(path.replace("/check", "/send-back"), {"reason": "Look at q8 again."})
    assert "Look at q8 again." in tablet.get(f"/visits/{handed_in.visit_public_id}").text


@pytest.fixture
def done(handed_in: Story) -> Story:
    handed_in.do(comment, handed_in.visit_id, False, "It runs since May.", by=handed_in.officer)
    assert handed_in.act(confirm, by=handed_in.officer) is None
    return handed_in


def verified(story: Story) -> Submission:
    with story.app.extensions["database"].read() as session:
        found = session.scalars(sa.select(Submission).where(Submission.kind == "verified")).one()
        session.expunge(found)
        return found


def test_both_reports_show_both_results(done: Story, browser: Browser) -> None:
    page = browser.get(f"/report/{done.submission.public_id}")
    for words in ("Self-assessment and on-site assessment", "Only one of the two systems", "It runs since May."):
        assert words in page.text
    assert "Self-declared, for reference only" in page.text
    page = browser.get(f"/report/{verified(done).public_id}")
    assert "Verified on site on" in page.text
    assert "Self-declared" not in page.text
    assert "It runs since May." in page.text
    for each in (done.submission.public_id, verified(done).public_id):
        preview = browser.client.get(f"/report/{each}/preview/en")
        assert preview.status_code == 200
        assert "It runs since May." in preview.text
    page = browser.get("/report/")
    assert "Verified on site" in page.text


def test_the_round_shows_both_results(done: Story, browser: Browser) -> None:
    with done.app.extensions["database"].read() as session:
        submission = session.get_one(Submission, done.submission.id)
        ids = f"{submission.campaign.round.public_id}/{submission.organisation.public_id}"
    page = browser.get(f"/fill/rounds/{ids}")
    assert re.search(r"Self-assessment Level 1 . 48.5 / 100.{0,3}On-site assessment Level 1 . 45.5 / 100", page.text)
    assert f"/report/{verified(done).public_id}" in page.html
    page = browser.get(f"/report/rounds/{ids}")
    assert re.search(r"On-site assessment: ?Level 1 . 45.5 / 100", page.text)


def test_the_round_leads_to_a_visit_that_is_under_way(planned: Story, browser: Browser) -> None:
    with planned.app.extensions["database"].read() as session:
        submission = session.get_one(Submission, planned.submission.id)
        ids = f"{submission.campaign.round.public_id}/{submission.organisation.public_id}"
    assert f"/visits/{planned.visit_public_id}/comment" in browser.get(f"/fill/rounds/{ids}").html


def test_a_verified_submission_is_nobodys_to_fill_in(done: Story, browser: Browser) -> None:
    there = verified(done).public_id
    for path in ("", "/sections/management", "/check", "/receipt"):
        browser.get(f"/fill/{there}{path}", status=404)
    browser.get(f"/fill/{done.submission.public_id}")
    browser.post(f"/fill/{there}/submit", {"commitment": "truthful-1"}, status=404)
    browser.get(f"/fill/{done.submission.public_id}")
    browser.post(f"/fill/{there}/sections/management", {"r-q8": "D", "rev": "0"}, status=404)
    assert verified(done).reference not in browser.get("/fill").text


def test_the_form_on_paper_holds_every_question(planned: Story, tablet: Browser) -> None:
    page = tablet.get(f"/visits/{planned.visit_public_id}/form/en")
    assert "is being made" in page.text, "it was ordered with the plan"
    page = tablet.get(f"/visits/{planned.visit_public_id}/form/en/pages")
    assert len([each for each in page.all("div") if each.get("class") == "entry"]) == len(WORKED)
    tablet.get(f"/visits/{planned.visit_public_id}/form/fr", status=404)
