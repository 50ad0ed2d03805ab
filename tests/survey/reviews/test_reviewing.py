"""An office checks a submission: three faults, one notice, one due date; the firm mends and hands in a second time."""

import threading
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from questionnaires import catalogue
from survey import audit
from survey.answering.returned import returned
from survey.city.calendar import add_working_days
from survey.database import Database
from survey.errors import Problem
from survey.formatting import local_time
from survey.models import (
    AuditEvent,
    Campaign,
    Membership,
    Organisation,
    Review,
    ReviewFault,
    RoleGrant,
    Round,
    Snapshot,
    Submission,
)
from survey.reviews.actions import accept, mark
from survey.reviews.queries import faults, remarks_for_verification
from tests.cast import place_of
from tests.survey.reviews.conftest import ELSEWHERE, decide, hidden, now_of

TEXTS = {
    "q4": "Name the systems that are in use.",
    "figure:equipment:2025": "The list of equipment shows 79.",
    "s5": "Planning is done by hand, as the photo shows.",
}


def test_three_faults_make_one_notice_and_the_second_submission_is_accepted(
    app: Flask, submission, officer, firm, add_fault, messages, owner
) -> None:
    officer.get("/reviews")
    assert "1 submission waits for your check" in officer.page.text
    for about, text in TEXTS.items():
        add_fault(officer, about, text)
    path = f"/reviews/{submission.public_id}"
    assert "3 faults so far" in officer.get(path).text
    with app.extensions["database"].read() as session:
        due = add_working_days(session, local_time(datetime.now(UTC)).date(), 12)
    preview = officer.get(f"{path}/return?days=12")
    assert all(text in preview.text for text in TEXTS.values())
    decide(officer, submission, "return", days="12")
    assert "Zhao Ke returned this" in officer.page.text
    assert "told 3 things to mend" in officer.page.text
    returned = now_of(app, submission)
    assert (returned.state, returned.due_on) == ("returned", due)
    told = [each for each in messages() if each["kind"] == "returned"]
    assert len(told) == 1
    assert "3 things to mend" in told[0]["text"]
    assert f"/fill/{submission.public_id}" in told[0]["text"]

    # the firm: all of them in one list, each beside its question, on the check page
    hub = firm.get(f"/fill/{submission.public_id}")
    assert hub.text.count("Returned: 3 things to mend") == 1
    assert "12 working days left" in hub.text
    assert all(text in hub.text for text in TEXTS.values())
    page = firm.get(f"/fill/{submission.public_id}/sections/foundation")
    assert TEXTS["q4"] in inside(page, "m-q4")
    assert TEXTS["figure:equipment:2025"] in inside(page, "m-q2"), "a figure at the question that asks for it"
    assert TEXTS["s5"] not in page.text
    check = firm.get(f"/fill/{submission.public_id}/check").text
    assert all(text in check for text in TEXTS.values())
    assert f"/fill/{submission.public_id}" in firm.get(f"/fill/{submission.public_id}/receipt").html
    assert firm.path == f"/fill/{submission.public_id}"

    with app.extensions["database"].read() as session:
        round_id = session.scalars(sa.select(Round.public_id)).one()
        firm_id = session.scalars(sa.select(Organisation.public_id)).one()
    page = firm.get(f"/fill/rounds/{round_id}/{firm_id}")
    assert "Returned: 3 things to mend" in page.text
    assert f"/report/{submission.public_id}" in page.html, "the first result stands until then"
    assert "Mend and hand in again" in page.text

    # it mends one answer and hands in again
    firm.get(f"/fill/{submission.public_id}/sections/production")
    scenes = {f"r-s{number}": "1" for number in range(5, 11)}
    firm.post(f"/fill/{submission.public_id}/sections/production", {**scenes, "rev": "1", "r-s5": "0"})
    firm.get(f"/fill/{submission.public_id}/check")
    firm.post(f"/fill/{submission.public_id}/submit", {"checked": hidden(firm, "checked"), "commitment": "truthful-1"})
    again = now_of(app, submission)
    assert (again.state, again.due_on, again.reference) == ("submitted", None, submission.reference)
    with app.extensions["database"].read() as session:
        first, second = session.scalars(sa.select(Snapshot).order_by(Snapshot.number))
        assert (first.number, second.number) == (1, 2)
        assert (first.responses["s5"], second.responses["s5"]) == (1, 0)
        assert again.scorecard_id != submission.scorecard_id

    # it is not returned a second time; what is left is a remark for a visit
    page = officer.get(path)
    assert "now it can only be accepted" in page.text
    assert "Changed. Before:" in page.text
    assert TEXTS["q4"] in inside(page, "q-q4"), "what was to be mended stands beside the answer"
    assert "was to be mended, not changed" in page.text
    assert "was to be mended, changed since it was returned" in page.text
    add_fault(officer, "s6", "Look at the machine on site.")
    officer.get(f"{path}/return")
    assert officer.path == path
    decide(officer, submission, "accept")
    assert "Zhao Ke accepted this" in officer.page.text
    assert now_of(app, submission).state == "accepted"
    assert [each["kind"] for each in messages()].count("accepted") == 1
    with app.extensions["database"].read() as session:
        assert [each.about for each in remarks_for_verification(session, submission.id)] == ["s6"]
        deeds = session.scalars(sa.select(AuditEvent.action).where(AuditEvent.action.like("review.%"))).all()
        assert sorted(deeds) == ["review.accept", "review.return"]
    firm.get(f"/fill/{submission.public_id}")
    assert firm.path.endswith("/receipt")
    assert "accepted on" in firm.page.text
    assert TEXTS["s5"] in firm.page.text
    assert "Look at the machine on site." not in firm.page.text, "remarks are not the firm's to read"
    firm.post(f"/fill/{submission.public_id}/sections/production", {**scenes, "rev": "2"}, status=409)


def inside(page, id_: str) -> str:
    return next(each for each in page.elements if each.get("id") == id_).text


def test_several_officers_correct_and_remove_each_others_faults(
    app: Flask, submission, officer, second_officer, add_fault
) -> None:
    add_fault(officer, "q4", "Name the systems.")
    add_fault(second_officer, "", "Say who filled this in.", kind="other")
    page = officer.get(f"/reviews/{submission.public_id}")
    assert "Zhao Ke" in page.text
    assert "Liu Yang" in page.text
    with app.extensions["database"].read() as session:
        one, two = session.scalars(sa.select(ReviewFault).order_by(ReviewFault.id))
    path = f"/reviews/{submission.public_id}/faults"
    second_officer.get(f"{path}/{one.public_id}")
    second_officer.post(f"{path}/{one.public_id}", {"kind": "evidence", "text": ""}, status=422)
    second_officer.post(f"{path}/{one.public_id}", {"kind": "evidence", "text": "Add a picture of each system."})
    second_officer.post(f"{path}/{two.public_id}/remove")
    with app.extensions["database"].read() as session:
        left = session.scalars(sa.select(ReviewFault)).one()
        assert (left.kind, left.text, left.added_by) == ("evidence", "Add a picture of each system.", two.added_by)
        assert session.scalars(sa.select(Review)).one().state == "open"


def test_what_was_read_is_what_is_sent(app: Flask, submission, officer, second_officer, add_fault) -> None:
    add_fault(officer, "q4", "Name the systems.")
    path = f"/reviews/{submission.public_id}"
    officer.get(f"{path}/return")
    sent = {"snapshot": hidden(officer, "snapshot"), "seen": hidden(officer, "seen"), "days": "10"}
    officer.post(f"{path}/return", {**sent, "days": "11"}, status=409)  # another date than on the page
    add_fault(second_officer, "q5", "Which budget?")
    officer.get(path)
    officer.post(f"{path}/return", sent, status=409)
    assert "changed since you looked" in officer.page.text
    decide(officer, submission, "return")
    second_officer.get("/reviews?state=returned")
    second_officer.post(f"{path}/accept", {"snapshot": sent["snapshot"], "seen": "x"}, status=409)
    assert "Zhao Ke returned it." in second_officer.page.text
    add_fault(second_officer, "q6", "One more", status=409)
    assert now_of(app, submission).state == "returned"


def test_the_list_is_that_of_the_own_area(submission, officer, make_staff, browse_as, add_fault) -> None:
    other = browse_as(make_staff("officer", ELSEWHERE))
    assert "Nothing waits" in other.get("/reviews").text
    for path in ("", "/return"):
        other.get(f"/reviews/{submission.public_id}{path}", status=404)
    add_fault(officer, "q4", "Name the systems.")
    add_fault(officer, "nothing", "There is no such question.", status=400)
    add_fault(officer, "figure:equipment:1999", "Nor such a figure.", status=400)
    add_fault(officer, "q5", " ", status=422)
    assert "Say in your own words" in officer.page.text
    assert "1 fault so far" in officer.get(f"/reviews/{submission.public_id}").text
    assert "1 submission waits" in officer.get("/reviews?questionnaire=digital&page=7").text
    assert "none in this state" in officer.get("/reviews?state=accepted").text


@pytest.mark.parametrize("why", ["member", "provider"])
def test_whoever_belongs_to_the_firm_does_not_check_it(
    app: Flask, submission, make_staff, browse_as, add_fault, why
) -> None:
    staff = make_staff("officer", name="Involved")
    with app.extensions["database"].write() as session:
        if why == "member":
            session.add(
                Membership(
                    organisation_id=submission.organisation_id, user_id=staff.id, role="owner", state="ended",
                    created_at=datetime.now(UTC),
                )
            )  # fmt: skip
        else:
            place = place_of(session, "provider")
            session.add(RoleGrant(user_id=staff.id, role="provider", granted_at=datetime.now(UTC), **place))
    involved = browse_as(staff)
    page = involved.get(f"/reviews/{submission.public_id}")
    assert "A colleague must check this" in page.text
    assert "Add a fault" not in page.text
    add_fault(involved, "q4", "Mine.", status=403)
    with app.extensions["database"].read() as session:
        assert session.scalar(sa.select(Review.id)) is None


def test_a_returned_one_stays_open_until_its_due_date_only(
    app: Flask, submission, officer, firm, add_fault, messages
) -> None:
    add_fault(officer, "q8", "Which plan?")
    decide(officer, submission, "return", days="5")
    set_closed(app, submission)
    path = f"/fill/{submission.public_id}"
    page = firm.get(f"{path}/sections/management")
    given = {"r-q8": "A", "r-q9": ["B", "C"], "r-q10": ["B", "D"], "r-q11": "A", "rev": "1"}
    assert "Save and continue" in page.text, "although the campaign has closed"
    firm.post(f"{path}/sections/management", given)
    with app.extensions["database"].write() as session:
        session.execute(sa.update(Submission).values(due_on=date(2026, 1, 5)))
    page = firm.get(f"{path}/sections/management")
    assert "Save and continue" not in page.text
    firm.post(f"{path}/sections/management", {**given, "rev": "2"}, status=403)
    firm.get(f"{path}/check")
    firm.post(f"{path}/submit", {"checked": hidden(firm, "checked"), "commitment": "truthful-1"}, status=403)
    assert "the time ended on" in firm.get(path).text
    officer.get(f"/reviews/{submission.public_id}")
    officer.post(f"/reviews/{submission.public_id}/time", {"days": "5"})
    officer.post(f"/reviews/{submission.public_id}/time", {"days": "5"}, status=409)  # no later than it is
    firm.get(f"{path}/sections/management")
    firm.post(f"{path}/sections/management", {**given, "rev": "2"})
    assert [each["kind"] for each in messages()] == ["returned", "more_time"]


def set_closed(app: Flask, submission: Submission) -> None:
    """The campaign is over."""
    with app.extensions["database"].write() as session:
        session.execute(
            sa.update(Campaign).values(
                opens_at=datetime(2026, 1, 1, tzinfo=UTC), closes_at=datetime(2026, 2, 1, tzinfo=UTC)
            )
        )


def test_of_two_officers_who_decide_at_the_same_moment_one_does(
    app: Flask, database: Database, submission, make_staff
) -> None:
    people = [make_staff("officer", name=f"Officer {each}", email=f"o{each}@staff.example").id for each in range(2)]
    with database.read() as session:
        snapshot = session.scalars(sa.select(Snapshot.id)).one()
        seen = mark(faults(session, snapshot))
    outcomes: list[str] = []
    both = threading.Barrier(2)

    def decide_now(user_id: int) -> None:
        both.wait()
        with app.app_context():
            try:
                with database.write() as session:
                    accept(session, snapshot, seen, audit.Actor(user_id), datetime.now(UTC))
                outcomes.append("accepted")
            except Problem as problem:
                outcomes.append(str(problem.status))

    threads = [threading.Thread(target=decide_now, args=(each,)) for each in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["409", "accepted"]
    with database.read() as session:
        assert session.scalars(sa.select(Review)).one().state == "accepted"


def test_a_fault_off_the_route_is_still_listed(app: Flask, submission, officer, firm, add_fault) -> None:
    """About what no question of the firm stands for: it is on the check page, and leads to no question."""
    add_fault(officer, "", "Say who filled this in.", kind="other")
    add_fault(officer, "q5", "Which budget?")
    decide(officer, submission, "return")
    now, known = datetime.now(UTC), catalogue.builtin("digital", "2024")
    with app.test_request_context(base_url="http://localhost"), app.extensions["database"].read() as session:
        found = returned(session, now_of(app, submission), known, 2025, set(known.items) - {"q5"}, now, "en")
    assert found is not None
    assert [(each.item, each.asked) for each in found.elsewhere] == [("q5", False), ("", False)]
    assert "#q-q5" not in found.elsewhere[0].href, "its page says that it is not asked"
    check = firm.get(f"/fill/{submission.public_id}/check")
    assert "The submission as a whole: Say who filled this in." in inside(check, "m-elsewhere")


def test_only_what_was_handed_in_can_be_checked(app: Flask, submission, officer) -> None:
    with app.extensions["database"].write() as session:
        session.execute(sa.update(Submission).values(kind="verified"))
    officer.get(f"/reviews/{submission.public_id}", status=404)
    assert "Nothing waits" in officer.get("/reviews").text
