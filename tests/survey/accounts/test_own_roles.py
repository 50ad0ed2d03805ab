"""Roles outside firms: given by one function, offered by invitations, kept apart; and who may not verify whom."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from survey.accounts import invitations
from survey.accounts.conflicts import why_not_verifier
from survey.accounts.granting import Place, grant_role, why_not_role
from survey.accounts.invitations import Offer, make_invitation
from survey.accounts.role_names import FIRM_ROLE_NAMES, STAFF_ROLE_NAMES
from survey.audit import Actor
from survey.models import Area, AuditEvent, Membership, Organisation, Provider, RoleGrant, SignInSession, User
from survey.models.organisation import MEMBERSHIP_ROLES
from survey.models.staff import STAFF_ROLES
from survey.settings import Settings
from tests.cast import place_of
from tests.survey.browsing import Browser

NOW = datetime.now(UTC)


@pytest.fixture
def give(app: Flask, settings: Settings) -> Callable[..., str | None]:
    """Give a role as the administration does."""

    def granted(user: User, role: str, area: str | None = None) -> str | None:
        with app.app_context(), app.extensions["database"].write() as session:
            place = Place(**place_of(session, role, area))
            return grant_role(session, settings, user.id, role, place, Actor(None), NOW)

    return granted


@pytest.fixture
def offer(app: Flask, settings: Settings, make_staff: Callable[..., User]) -> Callable[..., str]:
    """Invite somebody to a role; the path of the link."""

    def offered(role: str, to: str, area: str | None = None) -> str:
        with app.app_context(), app.extensions["database"].write() as session:
            made = make_invitation(
                session, settings, to, Offer(role, **place_of(session, role, area)), Actor(None), NOW
            )
        return f"/invitation/{made}"

    return offered


def held(app: Flask, user: User) -> list[str]:
    with app.extensions["database"].read() as session:
        mine = sa.select(RoleGrant.role).where(RoleGrant.user_id == user.id, RoleGrant.ended_at.is_(None))
        return list(session.scalars(mine.order_by(RoleGrant.id)))


def test_every_role_has_a_name() -> None:
    assert set(FIRM_ROLE_NAMES) == set(MEMBERSHIP_ROLES)
    assert set(STAFF_ROLE_NAMES) == set(STAFF_ROLES)


def test_a_role_is_given_told_and_ends_the_sign_ins(
    app: Flask, make_person: Any, browse_as: Any, give: Any, messages: Any
) -> None:
    user = make_person(language="en")
    browser = browse_as(user)
    assert give(user, "officer", "120111") is None
    assert held(app, user) == ["officer"]
    browser.get("/account", status=303, follow=False)
    message = messages()[-1]
    assert message["kind"] == "role_changed"
    assert "Officer" in message["text"]
    assert "Xiqing" in message["text"]


@pytest.mark.parametrize(("first", "second"), [
    ("city_administrator", "auditor"), ("auditor", "security_administrator"),
    ("security_administrator", "city_administrator"),
])  # fmt: skip
def test_three_tasks_are_three_people(app: Flask, make_person: Any, give: Any, first: str, second: str) -> None:
    user = make_person()
    assert give(user, first) is None
    assert give(user, second) == "apart"
    assert held(app, user) == [first]
    with app.extensions["database"].read() as session:
        events = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "role.grant").order_by(AuditEvent.id))
        assert [(each.result, each.detail) for each in events] == [("done", first), ("refused", "apart")]
        assert why_not_role(session, user.id, second, Place(**place_of(session, second))) == "apart"


def test_a_role_that_ended_no_longer_stands_against_another(app: Flask, make_person: Any, give: Any) -> None:
    user = make_person()
    give(user, "auditor")
    with app.extensions["database"].write() as session:
        session.execute(sa.update(RoleGrant).values(ended_at=NOW))
    assert give(user, "city_administrator") is None


def test_a_role_is_held_once_and_where_it_belongs(app: Flask, settings: Settings, make_person: Any, give: Any) -> None:
    user = make_person()
    assert give(user, "officer", "120111") is None
    assert give(user, "officer", "120111") == "held"
    assert give(user, "officer", "120101") is None
    with app.app_context(), app.extensions["database"].write() as session:
        district = session.scalars(sa.select(Area.id).where(Area.code == "120111")).one()
        provider = place_of(session, "provider")["provider_id"]
        for role, place in (
            ("auditor", Place(district)), ("provider", Place(district)), ("officer", Place(None, provider)),
            ("owner", Place(district)), ("officer", Place()),
        ):  # fmt: skip
            with pytest.raises(ValueError, match="held"):
                grant_role(session, settings, user.id, role, place, Actor(None), NOW)


@pytest.mark.parametrize("state", ["locked", "closed"])
def test_an_account_that_is_not_in_use_gets_no_role(app: Flask, make_person: Any, give: Any, state: str) -> None:
    user = make_person(state=state)
    assert give(user, "officer", "120111") == "inactive"
    assert held(app, user) == []


# -- invitations to roles ----------------------------------------------------------------------------------------------


def test_an_invited_officer_sets_up_a_second_factor_first(
    app: Flask, make_person: Any, browse_as: Any, offer: Any
) -> None:
    user = make_person("Chen Yu", None, email="chen@xiqing.example")
    link = offer("officer", "chen@xiqing.example", "120111")
    browser = browse_as(user, strong=False)
    assert "second factor" in browser.get(link).text
    assert "Xiqing District" in browser.page.text
    browser.post(link, {"role": "city_administrator", "area_id": "1"})
    assert browser.path == "/second-factor"
    assert held(app, user) == ["officer"]
    browser.get("/desk", status=403)
    browser.get(link, status=404)


def test_a_strong_sign_in_ends_with_a_new_role(app: Flask, make_person: Any, browse_as: Any, offer: Any) -> None:
    user = make_person("Chen Yu", None, email="chen@xiqing.example")
    link = offer("officer", "chen@xiqing.example", "120111")
    browser = browse_as(user)
    browser.get(link)
    browser.post(link)
    assert browser.path == "/sign-in"
    with app.extensions["database"].read() as session:
        mine = sa.select(SignInSession).where(SignInSession.user_id == user.id, SignInSession.ended_at.is_(None))
        assert session.scalars(mine).all() == []


def test_an_invitation_does_not_join_what_is_apart(app: Flask, make_staff: Any, browse_as: Any, offer: Any) -> None:
    auditor = make_staff("auditor")
    link = offer("security_administrator", auditor.email)
    browser = browse_as(auditor)
    browser.get(link)
    assert "three people" in browser.post(link, status=409).text
    assert held(app, auditor) == ["auditor"]
    assert "three people" in browser.post(link, status=409).text


def test_the_link_begins_with_the_configured_address(app: Flask, settings: Settings, offer: Any, messages: Any) -> None:
    path = offer("provider", "sales@spring.example")
    text = messages()[-1]["text"]
    assert invitations.address_of(settings, path.rsplit("/", 1)[1]) in text
    with app.test_request_context():
        from flask import url_for

        assert url_for("people.invitation", made="x") == f"{invitations.PATH}x"
    assert re.search(r"[一-鿿]", text)


def test_the_database_holds_no_token(app: Flask, offer: Any) -> None:
    token = offer("provider", "sales@spring.example").rsplit("/", 1)[1]
    with app.extensions["database"].read() as session:
        tables = ("invitation", "outgoing_message", "audit_event")
        rows = [row for table in tables for row in session.execute(sa.text(f"SELECT * FROM {table}"))]
    assert rows
    assert token not in repr(rows)


def test_an_invitation_is_to_one_place() -> None:
    for places in ({}, {"area_id": 1, "provider_id": 1}):
        with pytest.raises(ValueError, match="one place"):
            Offer("officer", **places)


# -- who may not verify whom -------------------------------------------------------------------------------------------


@pytest.fixture
def firm(app: Flask, make_person: Any) -> Organisation:
    owner = make_person()
    with app.extensions["database"].write() as session:
        area = session.scalars(sa.select(Area.id).where(Area.code == "120111")).one()
        made = Organisation(
            credit_code="91120111MA06ABCD1X", name="津禾精密机械（天津）有限公司", operating_area_id=area,
            industry_code="C3484", created_at=NOW, created_by=owner.id,
        )  # fmt: skip
        session.add(made)
        session.flush()
        session.expunge(made)
    return made


@pytest.mark.parametrize(("role", "word"), [("owner", "member"), ("viewer", "member"), ("filler", "filler")])
@pytest.mark.parametrize("state", ["claimed", "confirmed", "ended"])
def test_who_acts_or_acted_for_a_firm_does_not_verify_it(
    app: Flask, firm: Organisation, make_staff: Any, role: str, word: str, state: str
) -> None:
    assessor = make_staff("assessor", "120111")
    with app.extensions["database"].write() as session:
        assert why_not_verifier(session, assessor.id, firm.id) is None
        session.add(Membership(organisation_id=firm.id, user_id=assessor.id, role=role, state=state, created_at=NOW))
        session.flush()
        assert why_not_verifier(session, assessor.id, firm.id) == word


def test_who_sells_to_firms_verifies_none(app: Flask, firm: Organisation, make_staff: Any) -> None:
    seller = make_staff("provider")
    with app.extensions["database"].write() as session:
        assert session.scalar(sa.select(Provider.id)) is not None
        assert why_not_verifier(session, seller.id, firm.id) == "provider"
        session.execute(sa.update(RoleGrant).values(ended_at=NOW))
        assert why_not_verifier(session, seller.id, firm.id) is None


def test_a_link_that_never_was_is_a_link_that_ran_out(browse: Browser) -> None:
    browse.get(f"/invitation/{'x' * 43}", status=404)
    assert "not valid any more" in browse.page.text
    assert browse.response.headers["Referrer-Policy"] in ("no-referrer", "same-origin")
