"""A firm in an open campaign, and its owner's browser."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from survey import audit
from survey.answering import actions
from survey.credit_code import CreditCode, make_credit_code, read
from survey.models import Area, Campaign, Organisation, Submission, User
from survey.organisations.actions import Details, create_organisation
from tests.cast import make_campaign
from tests.survey.browsing import Browser


@pytest.fixture
def campaign(app: Flask) -> Campaign:
    with app.app_context(), app.extensions["database"].write() as session:
        return make_campaign(session)


@pytest.fixture
def owner(make_person: Callable[..., User]) -> User:
    return make_person()


@pytest.fixture
def firm(app: Flask, owner: User) -> Organisation:
    code = read(make_credit_code("120111", 1))
    assert isinstance(code, CreditCode)
    with app.app_context(), app.extensions["database"].write() as session:
        area = session.scalars(sa.select(Area).where(Area.code == "120111")).one()
        details = Details("津禾精密机械（天津）有限公司", area.id, "C3484")
        return create_organisation(session, code, details, audit.Actor(owner.id), datetime.now(UTC))


@pytest.fixture
def submission(app: Flask, owner: User, firm: Organisation, campaign: Campaign) -> Submission:
    with app.app_context(), app.extensions["database"].write() as session:
        return actions.start(session, firm, campaign, audit.Actor(owner.id), datetime.now(UTC))


@pytest.fixture
def browser(owner: User, browse_as: Callable[[User], Browser]) -> Browser:
    return browse_as(owner)
