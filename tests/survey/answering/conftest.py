"""A firm in an open campaign, the people in it, a stranger, and their browsers."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.serving import make_server

from survey import audit
from survey.answering import actions
from survey.credit_code import CreditCode, make_credit_code, read
from survey.models import Area, Campaign, Membership, Organisation, Submission, User
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
def make_firm(app: Flask) -> Callable[[User, int], Organisation]:
    """A firm of this person; the number makes its credit code."""

    def make(owner: User, number: int) -> Organisation:
        code = read(make_credit_code("120111", number))
        assert isinstance(code, CreditCode)
        with app.app_context(), app.extensions["database"].write() as session:
            area = session.scalars(sa.select(Area).where(Area.code == "120111")).one()
            details = Details("津禾精密机械（天津）有限公司", area.id, "C3484")
            return create_organisation(session, code, details, audit.Actor(owner.id), datetime.now(UTC))

    return make


@pytest.fixture
def firm(owner: User, make_firm: Callable[[User, int], Organisation]) -> Organisation:
    return make_firm(owner, 1)


@pytest.fixture
def submission(app: Flask, owner: User, firm: Organisation, campaign: Campaign) -> Submission:
    with app.app_context(), app.extensions["database"].write() as session:
        return actions.start(session, firm, campaign, audit.Actor(owner.id), datetime.now(UTC))


@pytest.fixture
def browser(owner: User, browse_as: Callable[[User], Browser]) -> Browser:
    return browse_as(owner)


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    """The address at which a real browser finds the application."""
    server = make_server("localhost", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://localhost:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def join(
    app: Flask, firm: Organisation, make_person: Callable[..., User], browse_as: Callable[[User], Browser]
) -> Callable[..., Browser]:
    """The browser of somebody who holds this role in the firm."""

    def joined(role: str, name: str, mobile: str) -> Browser:
        user = make_person(name, mobile)
        with app.extensions["database"].write() as session:
            session.add(
                Membership(
                    organisation_id=firm.id, user_id=user.id, role=role, state="confirmed", created_at=datetime.now(UTC)
                )
            )
        return browse_as(user)

    return joined


@pytest.fixture
def colleague(join: Callable[..., Browser]) -> Browser:
    """Zhang Min, who may fill in but not submit."""
    return join("editor", "Zhang Min", "13800138001")


@pytest.fixture
def viewer(join: Callable[..., Browser]) -> Browser:
    return join("viewer", "Zhao Lei", "13800138002")


@pytest.fixture
def stranger(
    make_person: Callable[..., User],
    make_firm: Callable[[User, int], Organisation],
    browse_as: Callable[[User], Browser],
) -> Browser:
    """The owner of another firm."""
    other = make_person("Sun Yue", "13800138003")
    make_firm(other, 2)
    return browse_as(other)
