"""The rules of a visit: who may take part, when it may be confirmed, and what the verified result is."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from questionnaires import answers, catalogue
from scoring import scorer_for
from survey.errors import Problem
from survey.models import Fact, FactChange, Job, JobItem, Membership, Scorecard, Snapshot, Submission, User
from survey.organisations.actions import save_facts
from survey.report.beside import beside_of, verified_of
from survey.rescoring import rescored
from survey.verification.checking_actions import comment, confirm, send_back
from survey.verification.overlay import Found
from tests.survey.report.made import WORKED
from tests.survey.verification.conftest import CHANGES, Story

LATER = timedelta(days=30)
"""After which every firm's time for its word has passed."""


def confirmed(story: Story, by: User | None = None) -> None:
    story.do(comment, story.visit_id, True, None, by=story.officer)
    assert story.act(confirm, by=by or story.officer) is None


def rows(story: Story, query: sa.Select[Any]) -> list[Any]:
    with story.app.extensions["database"].read() as session:
        found = list(session.scalars(query))
        session.expunge_all()
        return found


def test_it_scores_exactly_what_was_found_laid_over_what_was_stated(handed_in: Story) -> None:
    confirmed(handed_in)
    (verified,) = handed_in.snapshots("verified")
    by_hand = {**WORKED, "q8": "B", "s12": 0}
    raw = {item: list(given) if isinstance(given, tuple) else given for item, given in by_hand.items()}
    digital = catalogue.builtin("digital", "2024")
    wanted = scorer_for(digital).score(answers.clean(digital, {"responses": raw, "reference_year": 2025}).answers)
    (card,) = rows(handed_in, sa.select(Scorecard).where(Scorecard.snapshot_id == verified.id))
    assert card.card["measures"] == wanted.model_dump(mode="json")["measures"]
    assert (card.level, card.possible_level) == (wanted.level, wanted.possible_level)
    assert verified.commitment == "verified-1"
    assert verified.responses == raw
    with handed_in.app.app_context(), handed_in.app.extensions["database"].read() as session:
        assert [each.differences for each in rescored(session)] == [(), ()]


def test_the_self_assessment_stays_as_it_is_and_both_stand_beside_each_other(handed_in: Story) -> None:
    (before,) = handed_in.snapshots("self")
    confirmed(handed_in)
    (after,) = handed_in.snapshots("self")
    assert (after.responses, after.content_hash) == (before.responses, before.content_hash)
    (made,) = rows(handed_in, sa.select(Submission).where(Submission.kind == "verified"))
    stated = handed_in.submission
    assert (made.state, made.verifies_id, made.campaign_id) == ("accepted", stated.id, stated.campaign_id)
    assert made.reference == f"{stated.reference}-V"
    with handed_in.app.app_context(), handed_in.app.extensions["database"].read() as session:
        both = session.scalars(sa.select(Snapshot).order_by(Snapshot.id))
        sides = [verified_of(beside_of(session, each), "en") for each in both]
    assert [side and side.itself for side in sides] == [False, True]
    for side in sides:
        assert side is not None
        assert [each.item for each in side.compared.differences] == ["q8", "s12"]
        assert side.compared.same == 29
        assert side.compared.rows[0].found.low < side.compared.rows[0].stated.low
        assert side.agreed is True


def test_a_second_visit_makes_the_second_snapshot_of_the_same_verified_submission(handed_in: Story) -> None:
    confirmed(handed_in)
    assert not handed_in.plan(handed_in.assessor)
    handed_in.enter({})
    assert handed_in.hand_in()
    confirmed(handed_in)
    assert [each.number for each in handed_in.snapshots("verified")] == [1, 2]
    assert handed_in.snapshots("verified")[1].responses == handed_in.snapshots("self")[0].responses


def test_whoever_entered_does_not_confirm_and_that_is_on_record(handed_in: Story) -> None:
    handed_in.do(comment, handed_in.visit_id, True, None, by=handed_in.officer)
    assert handed_in.act(confirm, by=handed_in.assessor) == "entered"
    assert handed_in.visit().state == "entered"
    assert handed_in.records()[-1] == ("visit.confirm", "refused", "entered")


def test_whoever_had_a_hand_in_the_findings_does_not_confirm_either(planned: Story, make_staff: Any) -> None:
    colleague = make_staff("assessor", "120111", name="Li Na", email="li@staff.example")
    planned.enter({}, by=colleague)
    assert planned.hand_in()
    assert planned.act(confirm, by=colleague, now=datetime.now(UTC) + LATER) == "entered"


def test_nobody_of_the_firm_confirms(handed_in: Story, make_staff: Any) -> None:
    insider = make_staff("officer", "120111", name="Insider", email="insider@staff.example")
    with handed_in.app.extensions["database"].write() as session:
        session.add(
            Membership(
                organisation_id=handed_in.submission.organisation_id, user_id=insider.id, role="viewer", state="ended",
                created_at=datetime.now(UTC),
            )
        )  # fmt: skip
    assert handed_in.act(confirm, by=insider, now=datetime.now(UTC) + LATER) == "member"
    assert handed_in.act(send_back, "No.", by=insider) == "member"
    assert [each[1:] for each in handed_in.records()[-2:]] == [("refused", "member")] * 2


def test_nobody_of_the_firm_is_sent_to_it_and_nothing_is_planned_then(story: Story) -> None:
    with story.app.extensions["database"].write() as session:
        session.add(
            Membership(
                organisation_id=story.submission.organisation_id, user_id=story.assessor.id, role="filler",
                state="ended", created_at=datetime.now(UTC),
            )
        )  # fmt: skip
    assert story.plan(story.assessor) == {story.assessor.id: "filler"}
    assert story.visit_id == 0
    assert story.records()[-1] == ("assessor.assign", "refused", "filler")


def test_it_is_confirmed_only_after_the_firms_word_or_its_time(handed_in: Story) -> None:
    with pytest.raises(Problem):
        handed_in.act(confirm, by=handed_in.officer)
    until = handed_in.visit().comment_until
    assert until is not None
    last = datetime(until.year, until.month, until.day, 15, 59, tzinfo=UTC)  # 23:59 in Shanghai
    with pytest.raises(Problem):
        handed_in.act(confirm, by=handed_in.officer, now=last)
    assert handed_in.act(confirm, by=handed_in.officer, now=last + timedelta(minutes=1)) is None
    assert handed_in.visit().state == "confirmed"


def test_the_firm_says_its_word_once_and_in_time(handed_in: Story) -> None:
    with pytest.raises(Problem):
        handed_in.do(comment, handed_in.visit_id, True, None, by=handed_in.officer, now=datetime.now(UTC) + LATER)
    handed_in.do(comment, handed_in.visit_id, False, "The system is in use.", by=handed_in.officer)
    with pytest.raises(Problem):
        handed_in.do(comment, handed_in.visit_id, True, None, by=handed_in.officer)
    assert handed_in.visit().comment == "The system is in use."


def test_findings_that_were_sent_back_are_handed_in_again_and_commented_anew(handed_in: Story) -> None:
    assert handed_in.act(send_back, "Look at q8 again.", by=handed_in.officer) is None
    visit = handed_in.visit()
    assert (visit.state, visit.sent_back, visit.entered_by) == ("planned", "Look at q8 again.", None)
    handed_in.enter({"s12": CHANGES["s12"]})
    assert handed_in.hand_in()
    assert handed_in.visit().commented_at is None
    confirmed(handed_in)
    (verified,) = handed_in.snapshots("verified")
    assert (verified.responses["q8"], verified.responses["s12"]) == (WORKED["q8"], 0)


def test_nothing_is_handed_in_while_an_item_is_open(planned: Story) -> None:
    assert not planned.hand_in()
    assert planned.visit().state == "planned"


def test_figures_that_were_found_become_the_firms_verified_figures(story: Story) -> None:
    """The digital questionnaire asks for them where bands follow from figures: the band is worked out anew."""
    firm = story.submission.organisation_id
    figures = [("equipment", 2025, 86, "machine"), ("equipment_digital", 2025, 24, "machine")]
    with story.app.app_context(), story.app.extensions["database"].write() as session:
        save_facts(session, firm, figures, story.officer.id, datetime.now(UTC))
    with story.app.app_context():
        again(story)
    assert not story.plan(story.assessor)
    story.enter(
        {
            "q2": Found("changed", "C", ("on_the_spot",), "Counted: 60."),
            "figure:equipment:2025": Found("same", 86, ("on_the_spot",)),
            "figure:equipment_digital:2025": Found("changed", 60, ("on_the_spot",), "Counted: 60."),
        }
    )
    assert story.hand_in()
    confirmed(story)
    facts = {row.kind: row for row in rows(story, sa.select(Fact).where(Fact.organisation_id == firm))}
    assert {kind: (row.value, row.verified, row.source) for kind, row in facts.items()} == {
        "equipment": (86, True, "on_site"),
        "equipment_digital": (60, True, "on_site"),
    }
    changes = rows(story, sa.select(FactChange).where(FactChange.source == "on_site").order_by(FactChange.id))
    assert sorted((row.kind, row.value) for row in changes) == [("equipment", 86), ("equipment_digital", 60)]
    verified = story.snapshots("verified")[-1]
    assert verified.responses["q2"] == "E"  # 60 of 86
    assert {fact["id"]: fact["value"] for fact in verified.facts} == {"equipment": 86, "equipment_digital": 60}


def again(story: Story) -> None:
    """The firm hands in a second time, now with its figures."""
    from survey import audit
    from survey.answering import submitting

    database = story.app.extensions["database"]
    with database.write() as session:
        submission = session.get_one(Submission, story.submission.id)
        submission.state = "returned"
    with database.write() as session:
        prepared = submitting.prepare(session, session.get_one(Submission, story.submission.id))
        assert submitting.submit(session, prepared, prepared.mark, audit.Actor(story.officer.id), datetime.now(UTC))


def test_it_orders_the_reports_of_both_again(handed_in: Story) -> None:
    confirmed(handed_in)
    reports = rows(handed_in, sa.select(JobItem).join(Job).where(Job.kind == "report").order_by(JobItem.id))
    (stated,) = rows(handed_in, sa.select(Submission.scorecard_id).where(Submission.kind == "self"))
    (found,) = rows(handed_in, sa.select(Submission.scorecard_id).where(Submission.kind == "verified"))
    assert [item.subject_id for item in reports] == [stated, stated, found, found, stated, stated]


def test_the_firm_and_the_assessor_are_told(planned: Story, messages: Any) -> None:
    planned.enter({})
    assert planned.hand_in()
    confirmed(planned)
    told = [(each["kind"], each["recipient"]) for each in messages()]
    assert told == [
        ("visit_planned", "13800138000"),
        ("visit_asked", "assessor120111@staff.example"),
        ("visit_entered", "13800138000"),
        ("visit_confirmed", "13800138000"),
    ]
    texts = {each["kind"]: each["text"] for each in messages()}
    assert "Sun Yu" in texts["visit_planned"]
    assert f"/visits/{planned.visit_public_id}/comment" in texts["visit_entered"]
