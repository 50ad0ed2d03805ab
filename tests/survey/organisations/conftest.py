"""Firms and the people of a firm."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from survey.audit import Actor
from survey.credit_code import CreditCode, make_credit_code, read
from survey.models import Area, Membership, Organisation, User
from survey.organisations.actions import Details, create_organisation
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
