"""Firms, the people of a firm, and rounds with everything that ships."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
import sqlalchemy as sa
from flask import Flask

from questionnaires import catalogue
from questionnaires.instrument import Instrument
from questionnaires.text import Text
from survey.answering.actions import start
from survey.audit import Actor
from survey.credit_code import CreditCode, make_credit_code, read
from survey.models import Area, Campaign, Membership, Organisation, Submission, User
from survey.organisations.actions import Details, create_organisation
from survey.publishing.actions import open_round, publish
from tests.cast import REFERENCE_YEAR
from tests.survey.browsing import Browser


@pytest.fixture
def area_of(app: Flask) -> Callable[[str], Area]:
    """An area by its name in Chinese."""

    def find(name: str = "西青区") -> Area:
        with app.extensions["database"].read() as session:
            return session.scalars(sa.select(Area).where(Area.name_zh == name)).one()

    return find


@pytest.fixture
def owner(make_person: Callable[..., User]) -> User:
    return make_person()


@pytest.fixture
def make_firm(app: Flask, area_of: Callable[..., Area]) -> Callable[..., Organisation]:
    """A firm entered by a person, through the action that the site uses."""

    def make(
        user: User, name: str = "津禾精密机械（天津）有限公司", industry: str = "C3484", serial: int = 1
    ) -> Organisation:
        code = read(make_credit_code("120111", serial))
        assert isinstance(code, CreditCode)
        with app.extensions["database"].write() as session:
            details = Details(name, area_of().id, industry)
            return create_organisation(session, code, details, Actor(user.id), datetime.now(UTC))

    return make


@pytest.fixture
def firm(make_firm: Callable[..., Organisation], owner: User) -> Organisation:
    return make_firm(owner)


@pytest.fixture
def join(app: Flask) -> Callable[..., None]:
    """Make a person a member of a firm."""

    def add(firm: Organisation, user: User, role: str = "editor", state: str = "confirmed") -> None:
        with app.extensions["database"].write() as session:
            session.add(
                Membership(
                    organisation_id=firm.id, user_id=user.id, role=role, state=state, created_at=datetime.now(UTC)
                )
            )

    return add


@pytest.fixture
def browser(owner: User, browse_as: Callable[[User], Browser]) -> Browser:
    """The owner's browser."""
    return browse_as(owner)


@cache
def shipped() -> list[Instrument]:
    """Every questionnaire that ships, read once."""
    return [catalogue.load(path) for path in catalogue.shipped()]


@pytest.fixture
def full_round(app: Flask) -> list[Campaign]:
    """Rounds of this year in which every questionnaire that ships is open, in its versions."""
    now, first = datetime.now(UTC), (datetime.now(UTC) - timedelta(days=30)).date()
    with app.app_context(), app.extensions["database"].write() as session:
        published = [publish(session, each, now) for each in shipped()]
        newest = {row.questionnaire: row for row in published}
        others = [row for row in published if row not in newest.values()]
        for rows in (list(newest.values()), others):
            open_round(session, Text(zh_CN="批次", en="Round"), REFERENCE_YEAR, first, first + timedelta(68), rows)
        return list(session.scalars(sa.select(Campaign).order_by(Campaign.id)))


@pytest.fixture
def begin(app: Flask, owner: User) -> Callable[[Organisation, Campaign], Submission]:
    """The firm begins a questionnaire."""

    def begun(firm: Organisation, campaign: Campaign) -> Submission:
        with app.extensions["database"].write() as session:
            return start(session, firm, campaign, Actor(owner.id), datetime.now(UTC))

    return begun
