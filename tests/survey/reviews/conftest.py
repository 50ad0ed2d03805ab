"""A submission that was handed in, the officers who may check it, and the firm's people."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from survey import audit, database
from survey.answering import actions, submitting
from survey.answering.queries import page_data
from survey.models import Submission, User
from tests.cast import make_campaign
from tests.survey.browsing import Browser
from tests.survey.report.conftest import firm_of
from tests.survey.report.made import WORKED

HERE, ELSEWHERE = "120111", "120116"


@pytest.fixture
def owner(make_person: Callable[..., User]) -> User:
    return make_person(name="Wang Fang", language="en")


@pytest.fixture
def submission(app: Flask, owner: User) -> Submission:
    """Handed in by the owner, with the figures of one question."""
    now, actor = datetime.now(UTC), audit.Actor(owner.id)
    with app.app_context():
        with database.write() as session:
            made = actions.start(session, firm_of(session, actor), make_campaign(session), actor, now)
            for section in submitting.prepare(session, made).instrument.sections:
                given = {item.id: WORKED[item.id] for item in section.items}
                assert actions.save_page(session, made.id, section.id, 0, page_data(given, set()), owner.id, now)
        hand_in(app, made.id, owner)
        return database.reading().get_one(Submission, made.id)


def hand_in(app: Flask, submission_id: int, user: User) -> None:
    with app.app_context(), database.write() as session:
        prepared = submitting.prepare(session, session.get_one(Submission, submission_id))
        assert not prepared.faults
        assert submitting.submit(session, prepared, prepared.mark, audit.Actor(user.id), datetime.now(UTC))


def now_of(app: Flask, submission: Submission) -> Submission:
    """The submission as it is now."""
    with app.extensions["database"].read() as session:
        return session.scalars(sa.select(Submission).where(Submission.id == submission.id)).one()


@pytest.fixture
def firm(owner: User, browse_as: Callable[..., Browser]) -> Browser:
    return browse_as(owner)


@pytest.fixture
def officer(make_staff: Callable[..., User], browse_as: Callable[..., Browser]) -> Browser:
    return browse_as(make_staff("officer", HERE, name="Zhao Ke"))


@pytest.fixture
def second_officer(make_staff: Callable[..., User], browse_as: Callable[..., Browser]) -> Browser:
    return browse_as(make_staff("officer", HERE, name="Liu Yang", email="second@staff.example"))


@pytest.fixture
def add_fault(submission: Submission) -> Callable[..., None]:
    def add(browser: Browser, about: str, text: str, kind: str = "unclear", status: int = 200) -> None:
        browser.get(f"/reviews/{submission.public_id}")
        sent = {"about": about, "kind": kind, "text": text}
        browser.post(f"/reviews/{submission.public_id}/faults", sent, status=status)

    return add


def hidden(browser: Browser, name: str) -> str:
    return next(each.get("value") for each in browser.page.all("input") if each.get("name") == name)


def decide(browser: Browser, submission: Submission, deed: str, status: int = 200, days: str = "10") -> None:
    """Open the page that offers the deed, and send what it holds."""
    path = f"/reviews/{submission.public_id}"
    browser.get(f"{path}/return?days={days}" if deed == "return" else path)
    sent = {"snapshot": hidden(browser, "snapshot"), "seen": hidden(browser, "seen"), "days": days}
    browser.post(f"{path}/{deed}", sent, status=status)
