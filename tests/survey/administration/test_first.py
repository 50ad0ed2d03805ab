"""A fresh site has no account; its first administrators come by a link from the command line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from survey.models import AuditEvent, Invitation, RoleGrant, User
from survey.protection import token_hash
from tests.survey.browsing import Browser
from tests.survey.conftest import Run

FIRST = ("accounts", "first", "--recipient", "chief@bureau.example", "--role")


def test_a_fresh_installation_has_no_account(app: Flask) -> None:
    with app.extensions["database"].read() as session:
        for model in (User, RoleGrant, Invitation):
            assert session.scalars(sa.select(model)).all() == []


@pytest.mark.parametrize("role", ["city_administrator", "security_administrator", "auditor"])
def test_the_command_prints_a_link_that_holds_for_three_days(app: Flask, run: Run, role: str) -> None:
    code, said = run(*FIRST, role)
    assert code == 0, said
    link = said.split()[-1]
    assert link.startswith("http://localhost/invitation/")
    with app.extensions["database"].read() as session:
        made = session.scalars(sa.select(Invitation)).one()
        assert made.token_hash == token_hash(link.rpartition("/")[2]), "the database keeps only its hash"
        assert (made.role, made.recipient, made.invited_by) == (role, "chief@bureau.example", None)
        assert made.expires_at - datetime.now(UTC) < timedelta(hours=72)
        assert session.scalars(sa.select(User)).all() == [], "there is still no account, and no password"
        assert session.scalars(sa.select(AuditEvent.action)).all() == ["invitation.send"]


def test_a_second_link_makes_the_first_worthless(app: Flask, run: Run) -> None:
    run(*FIRST, "auditor")
    run(*FIRST, "auditor")
    with app.extensions["database"].read() as session:
        first, second = session.scalars(sa.select(Invitation).order_by(Invitation.id)).all()
    assert first.withdrawn_at is not None
    assert second.withdrawn_at is None


def test_whoever_has_the_number_or_address_gets_the_role_by_it(
    app: Flask, run: Run, make_person: Callable[..., User], browse_as: Callable[..., Browser]
) -> None:
    link = run(*FIRST, "security_administrator")[1].split()[-1].removeprefix("http://localhost")
    chief = browse_as(make_person(name="Chief", mobile=None, email="chief@bureau.example"))
    chief.get(link)
    chief.post(link)
    with app.extensions["database"].read() as session:
        (grant,) = session.scalars(sa.select(RoleGrant)).all()
        assert grant.role == "security_administrator"


def test_it_refuses_where_somebody_has_the_role_unless_they_are_replaced(
    app: Flask, run: Run, make_staff: Callable[..., User]
) -> None:
    before = make_staff("auditor")
    code, said = run(*FIRST, "auditor")
    assert code == 2
    assert "--replace" in said
    with app.extensions["database"].read() as session:
        assert session.scalars(sa.select(Invitation)).all() == []
    code, said = run(*FIRST, "auditor", "--replace")
    assert code == 0
    assert "1 lost the role" in said
    with app.extensions["database"].read() as session:
        assert session.scalars(sa.select(RoleGrant).where(RoleGrant.user_id == before.id)).one().ended_at is not None


def test_it_refuses_what_is_no_recipient_or_no_role_of_the_city(run: Run) -> None:
    assert run("accounts", "first", "--role", "auditor", "--recipient", "nobody")[0] == 2
    assert run(*FIRST, "officer")[0] == 2
