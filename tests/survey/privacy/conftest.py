"""Firms with people in them, and a submission, for what is done with data afterwards."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from survey import audit
from survey.answering import actions, submitting
from survey.answering.queries import page_data
from survey.credit_code import make_credit_code
from survey.models import Area, Membership, Organisation, Submission, User
from tests.cast import make_campaign
from tests.survey.report.made import WORKED

MakeFirm = Callable[..., Organisation]


@pytest.fixture
def make_firm(app: Flask) -> MakeFirm:
    """A firm whose people hold these roles: `make_firm(1, owner=li, editor=wang)`."""

    def make(number: int = 1, name: str = "津禾精密机械（天津）有限公司", **people: User) -> Organisation:
        now = datetime.now(UTC)
        with app.extensions["database"].write() as session:
            firm = Organisation(
                credit_code=make_credit_code("120111", number),
                name=name,
                operating_area_id=session.scalars(sa.select(Area.id).where(Area.code == "120111")).one(),
                industry_code="C3484",
                created_at=now,
                created_by=next(iter(people.values())).id,
                state="confirmed",
            )
            session.add(firm)
            session.flush()
            for role, user in people.items():
                session.add(
                    Membership(organisation_id=firm.id, user_id=user.id, role=role, state="confirmed", created_at=now)
                )
        return firm

    return make


@pytest.fixture
def hand_in(app: Flask) -> Callable[[Organisation, User], Submission]:
    """The firm has answered and submitted, with a reason in its own words."""

    def handed_in(firm: Organisation, user: User) -> Submission:
        now, actor = datetime.now(UTC), audit.Actor(user.id)
        with app.app_context(), app.extensions["database"].write() as session:
            submission = actions.start(session, firm, make_campaign(session), actor, now)
            prepared = submitting.prepare(session, submission)
            for section in prepared.instrument.sections:
                given = {item.id: WORKED[item.id] for item in section.items if item.id in WORKED}
                unknown = {item.id for item in section.items if item.id not in WORKED}
                data = page_data(given, unknown)
                assert actions.save_page(session, submission.id, section.id, 0, data, user.id, now)
        with app.app_context(), app.extensions["database"].write() as session:
            prepared = submitting.prepare(session, session.get_one(Submission, submission.id))
            assert submitting.submit(session, prepared, prepared.mark, actor, now)
        return submission

    return handed_in
