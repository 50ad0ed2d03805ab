"""Submissions handed in through the site's own actions, and records of made-up results for the PDF."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from survey import audit, database
from survey.answering import actions, submitting
from survey.answering.queries import page_data
from survey.credit_code import CreditCode, make_credit_code, read
from survey.models import Area, Organisation, Scorecard, Submission, User
from survey.organisations.actions import Details, create_organisation
from tests.cast import make_campaign
from tests.survey.browsing import Browser
from tests.survey.report.made import WORKED

HandIn = Callable[..., Submission]


@pytest.fixture
def owner(make_person: Callable[..., User]) -> User:
    return make_person()


@pytest.fixture
def browser(owner: User, browse_as: Callable[[User], Browser]) -> Browser:
    return browse_as(owner)


@pytest.fixture
def hand_in(app: Flask, owner: User) -> HandIn:
    """A firm of the owner that has answered and submitted."""

    def handed_in(
        responses: Mapping[str, Any] = WORKED, name: str = "津禾精密机械（天津）有限公司", industry: str = "C3484"
    ) -> Submission:
        now, actor = datetime.now(UTC), audit.Actor(owner.id)
        with app.app_context():
            with database.write() as session:
                campaign = make_campaign(session)
                submission = actions.start(session, firm_of(session, actor, name, industry), campaign, actor, now)
                prepared = submitting.prepare(session, submission)
                for section in prepared.instrument.sections:
                    given = {item.id: responses[item.id] for item in section.items if item.id in responses}
                    unknown = {item.id for item in section.items if item.id not in responses}
                    data = page_data(given, unknown)
                    assert actions.save_page(session, submission.id, section.id, 0, data, owner.id, now)
            with database.write() as session:
                prepared = submitting.prepare(session, session.get_one(Submission, submission.id))
                assert submitting.submit(session, prepared, prepared.mark, actor, now)
            return database.reading().get_one(Submission, submission.id)

    return handed_in


def firm_of(
    session: Any, actor: audit.Actor, name: str = "津禾精密机械（天津）有限公司", industry: str = "C3484"
) -> Organisation:
    code = read(make_credit_code("120111", 1))
    assert isinstance(code, CreditCode)
    area = session.scalars(sa.select(Area).where(Area.code == "120111")).one()
    return create_organisation(session, code, Details(name, area.id, industry), actor, datetime.now(UTC))


@pytest.fixture
def scorecard_of(app: Flask) -> Callable[[Submission], int]:
    def found(_submission: Submission) -> int:
        with app.app_context():
            return database.reading().scalars(sa.select(Scorecard.id)).one()

    return found
