"""One firm as its office sees it: everything on one page, reports on record, nothing of other areas."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from survey.models import (
    AuditEvent,
    Campaign,
    Evidence,
    EvidenceUse,
    Fact,
    ListedTitle,
    Review,
    ReviewFault,
    Scorecard,
    Snapshot,
    Submission,
    User,
)
from tests.survey.browsing import Browser
from tests.survey.desk.handed_in import hand_in_again, hand_in_first, return_it

NAME = "津禾精密 Jinhe Precision"


@pytest.fixture
def owner(make_person) -> User:
    return make_person(name="Wang Fang")


@pytest.fixture
def handed_in(app: Flask, owner: User) -> Submission:
    return hand_in_first(app, owner, NAME)


def openings(app: Flask) -> list[tuple[str, str | None]]:
    with app.extensions["database"].read() as session:
        query = sa.select(AuditEvent.object_id, AuditEvent.detail).where(AuditEvent.action == "firm.view")
        return [(row.object_id, row.detail) for row in session.execute(query.order_by(AuditEvent.id))]


def firm_path(submission: Submission) -> str:
    return f"/desk/firms/{submission.organisation.public_id}"


def report_path(submission: Submission) -> str:
    return f"{firm_path(submission)}/reports/{submission.public_id}"


def section(page, name: str) -> str:
    return next(each.text for each in page.all("section") if each.get("id") == name)


def draft_of(session, handed_in: Submission) -> Submission:
    """What the firm is still filling in, for another questionnaire."""
    campaign = session.get_one(Campaign, handed_in.campaign_id)
    times = {"opens_at": campaign.opens_at, "closes_at": campaign.closes_at}
    other = Campaign(
        round_id=campaign.round_id, questionnaire="green", instrument_id=campaign.instrument_id, **times
    )  # fmt: skip
    session.add(other)
    session.flush()
    draft = Submission(
        organisation_id=handed_in.organisation_id, campaign_id=other.id, created_at=datetime.now(UTC),
        created_by=handed_in.created_by,
    )  # fmt: skip
    session.add(draft)
    session.flush()
    return draft


def test_it_shows_everything_about_a_firm_on_one_page(
    app: Flask, officer: Browser, owner: User, handed_in: Submission
) -> None:
    now = datetime.now(UTC)
    with app.extensions["database"].write() as session:
        firm_id, snapshot = handed_in.organisation_id, session.scalars(sa.select(Snapshot.id)).one()
        values = {"organisation_id": firm_id, "updated_at": now, "updated_by": owner.id, "unit": "person"}
        session.add(Fact(kind="staff", year=2025, value=128, source="ledger", verified=True, **values))
        session.add(Fact(kind="staff", year=2024, value=120, source="estimate", **values))
        soon = now.date() + timedelta(days=40)
        session.add(ListedTitle(organisation_id=firm_id, kind="innovative", valid_until=soon, listed_at=now))
        review = Review(
            submission_id=handed_in.id, snapshot_id=snapshot, state="returned", opened_at=now, opened_by=owner.id,
            due_on=date(2030, 1, 7), decided_at=now, decided_by=owner.id,
        )  # fmt: skip
        session.add(review)
        session.flush()
        for item in ("q1", "q2", "q3"):
            fault = {"item": item, "kind": "unclear", "text": "?", "added_at": now, "added_by": owner.id}
            session.add(ReviewFault(review_id=review.id, **fault))
        session.execute(sa.update(Submission).values(state="returned", due_on=date(2030, 1, 7), quality_signs=2))
        for name, use in (("Shop floor.jpg", handed_in.id), ("Only in a draft.jpg", draft_of(session, handed_in).id)):
            kept = {"bytes": 9, "sha256": "0" * 64, "file": f"evidence/{name}", "added_at": now, "added_by": owner.id}
            proof = Evidence(organisation_id=firm_id, name=name, kind="image/jpeg", **kept)
            session.add(proof)
            session.flush()
            who = {"added_at": now, "added_by": owner.id}
            session.add(EvidenceUse(evidence_id=proof.id, submission_id=use, item="q1", **who))
    page = officer.get(firm_path(handed_in))
    assert "latest round: Digital level assessment Level 1 · 48.5 / 100" in page.text
    rounds = section(page, "rounds")
    for words in ("Returned to be corrected", "due on 7 January 2030", "Level 1 · 48.5 / 100", "2 answers look odd"):
        assert words in rounds
    figures = section(page, "figures")
    assert "128 people" in figures
    assert "Ledger, payroll or list" in figures
    assert figures.count("verified") == 1
    assert "Innovative SME expires in" in section(page, "titles")
    assert "Digital level assessment returned: 3 faults named, due on 7 January 2030" in section(page, "events")
    documents = section(page, "documents")
    assert "Shop floor.jpgfrom the firm, for 1 answer" in documents
    assert "Only in a draft" not in page.text
    links = {each.get("href") for each in page.all("a")}
    assert {f"#{each.get('id')}" for each in page.all("section") if each.get("id")} <= links


def test_a_report_opens_once_that_is_on_record_and_not_before(
    app: Flask, officer: Browser, other_officer: Browser, handed_in: Submission
) -> None:
    path = report_path(handed_in)
    assert "48.5" not in officer.get(path).text
    for inner in ("report.pdf", "preview"):
        assert "48.5" not in officer.get(f"{path}/{inner}").text
    assert openings(app) == []
    report = officer.post(path, {})
    assert "48.5" in report.text
    assert report.one("h1").text == NAME
    assert openings(app) == [(handed_in.organisation.public_id, "report")]
    assert "The PDF is being made" in officer.get(f"{path}/report.pdf?language=zh_CN&number=1").text
    assert "48.5" in officer.client.get(f"{path}/preview?language=en").text
    assert "48.5" in officer.get(f"{path}?lock=q8").text
    assert len(openings(app)) == 1
    for method in (other_officer.get, lambda where, **more: other_officer.post(where, {}, **more)):
        method(path, status=404)
    other_officer.get(f"{path}/report.pdf", status=404)


def test_a_report_is_found_only_under_its_own_firm_and_never_a_draft(
    app: Flask, officer: Browser, make_firm, handed_in: Submission
) -> None:
    another = make_firm(77)
    officer.get(f"/desk/firms/{another.public_id}/reports/{handed_in.public_id}", status=404)
    with app.extensions["database"].write() as session:
        draft = Submission(
            organisation_id=another.id, campaign_id=handed_in.campaign_id, created_at=datetime.now(UTC),
            created_by=handed_in.created_by,
        )  # fmt: skip
        session.add(draft)
        session.flush()
        public_id = draft.public_id
    officer.get(f"/desk/firms/{another.public_id}/reports/{public_id}", status=404)
    officer.post(f"/desk/firms/{another.public_id}/reports/{public_id}", {}, status=404)
    assert "Being filled in" in section(officer.get(f"/desk/firms/{another.public_id}"), "rounds")


def test_what_was_handed_in_first_stays_readable_for_office_and_firm(
    app: Flask, officer: Browser, owner: User, browse_as, handed_in: Submission
) -> None:
    return_it(app, handed_in.id)
    hand_in_again(app, owner, handed_in.id)
    page = officer.get(firm_path(handed_in))
    assert "Open submission 1 of" in section(page, "rounds")
    assert "handed in again" in section(page, "events")
    first = officer.post(f"{report_path(handed_in)}?number=1", {})
    assert "Submission 1," in first.text
    assert "See submission 2," in first.text
    officer.get(f"{report_path(handed_in)}?number=3", status=404)
    with app.extensions["database"].read() as session:
        older, newer = session.scalars(sa.select(Scorecard.id).order_by(Scorecard.id))
    assert older < newer
    firm, path = browse_as(owner), f"/report/{handed_in.public_id}"
    assert "Submission 2," in firm.get(path).text
    own = firm.get(f"{path}/submitted/1")
    assert "Submission 1," in own.text
    assert "To the latest report" in own.text
    firm.get(f"{path}/submitted/3", status=404)
    firm.get(f"{path}/submitted/1/pdf/en")
