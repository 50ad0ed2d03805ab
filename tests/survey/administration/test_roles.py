"""Roles are given to others, at the right place, by one person or by a link; and end at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from survey import audit
from survey.accounts.accepting import accept
from survey.administration import actions
from survey.administration.actions import LastAdministrator
from survey.credit_code import make_credit_code
from survey.models import Area, Invitation, Provider, RoleGrant, User
from survey.settings import Settings
from tests.survey.administration.test_accounts import As, Messages, Staff, events
from tests.survey.browsing import Browser


@pytest.fixture
def chief(make_staff: Staff) -> User:
    return make_staff("security_administrator", name="Security Sun")


@pytest.fixture
def desk(chief: User, browse_as: As) -> Browser:
    return browse_as(chief)


EMPTY = {"area": "", "provider": ""}
"""What a browser sends of lists in which nothing was chosen."""


def area(app: Flask, code: str) -> Area:
    with app.extensions["database"].read() as session:
        return session.scalars(sa.select(Area).where(Area.code == code)).one()


def held(app: Flask, user: User) -> list[RoleGrant]:
    with app.extensions["database"].read() as session:
        query = sa.select(RoleGrant).where(RoleGrant.user_id == user.id, RoleGrant.ended_at.is_(None))
        return list(session.scalars(query.order_by(RoleGrant.id)))


def give(desk: Browser, user: User, status: int = 200, **data: str) -> None:
    desk.get(f"/security/accounts/{user.public_id}/roles/new")
    desk.post(f"/security/accounts/{user.public_id}/roles/new", {**EMPTY, **data}, status=status)


def test_it_gives_a_role_at_an_area_the_city_or_a_provider(
    app: Flask, chief: User, desk: Browser, make_person: Callable[..., User], messages: Messages
) -> None:
    person = make_person()
    hedong = area(app, "120102")
    give(desk, person, role="officer", area=hedong.public_id)
    assert "Officer, Hedong" in desk.page.text
    give(desk, person, role="auditor")
    code = make_credit_code("120102", 9)
    give(desk, person, role="provider", provider="new", provider_name="Spring Cloud", provider_code=code.lower())
    officer, auditor, provider = held(app, person)
    assert (officer.area_id, officer.granted_by) == (hedong.id, chief.id)
    with app.extensions["database"].read() as session:
        assert session.get_one(Area, auditor.area_id).kind == "city"
        assert session.get_one(Provider, provider.provider_id).credit_code == code
    assert [(each.detail, each.result) for each in events(app, "role.grant")] == [
        ("officer", "done"),
        ("auditor", "done"),
        ("provider", "done"),
    ]
    assert [each["kind"] for each in messages()] == ["role_changed"] * 3


def test_it_says_what_is_missing_or_stands_against_it(app: Flask, desk: Browser, make_staff: Staff) -> None:
    auditor = make_staff("auditor")
    for data, said in (
        ({"role": ""}, "Choose the role"),
        ({"role": "officer"}, "Choose the area"),
        ({"role": "provider"}, "Choose the provider"),
        ({"role": "provider", "provider": "new"}, "Enter the provider's name"),
        ({"role": "provider", "provider": "new", "provider_name": "X", "provider_code": "9"}, "18 characters"),
        ({"role": "city_administrator"}, "three people's tasks"),
        ({"role": "auditor"}, "holds this role here already"),
        ({"role": "owner"}, "Not a valid choice"),
    ):
        give(desk, auditor, 422, **data)
        assert said in desk.page.text, (data, desk.page.text[:800])
    assert len(held(app, auditor)) == 1
    refused = [each.detail for each in events(app, "role.grant") if each.result == "refused"]
    assert refused == ["apart", "held"]


def test_an_ended_role_is_gone_at_the_next_request(
    app: Flask, desk: Browser, make_staff: Staff, browse_as: As, messages: Messages
) -> None:
    auditor = make_staff("auditor")
    theirs = browse_as(auditor)
    theirs.get("/audit")
    (grant,) = held(app, auditor)
    page = f"/security/accounts/{auditor.public_id}/roles/{grant.public_id}/end"
    desk.get(page)
    desk.post(page)
    assert held(app, auditor) == []
    theirs.get("/audit")
    assert theirs.path.startswith("/timed-out")
    browse_as(make_staff("officer", "120102")).get("/audit", status=403)
    (event,) = events(app, "role.end")
    assert (event.object_id, event.detail) == (auditor.public_id, "auditor")
    assert [each["kind"] for each in messages()] == ["role_ended"]
    desk.get(page, status=404)


def test_the_role_of_somebody_else_is_not_ended_by_way_of_another_account(
    app: Flask, desk: Browser, make_staff: Staff
) -> None:
    auditor, officer = make_staff("auditor"), make_staff("officer", "120102")
    (grant,) = held(app, auditor)
    desk.get(f"/security/accounts/{officer.public_id}/roles/{grant.public_id}/end", status=404)


def test_nobody_ends_the_own_role_and_the_last_administrator_stays(
    app: Flask, settings: Settings, chief: User, desk: Browser, make_staff: Staff
) -> None:
    (mine,) = held(app, chief)
    page = f"/security/accounts/{chief.public_id}/roles/{mine.public_id}/end"
    desk.get(page)
    desk.post(page, status=403)
    with app.extensions["database"].write() as session, pytest.raises(LastAdministrator):
        actions.end_role(session, settings, mine.id, audit.SYSTEM, datetime.now(UTC))
    other = make_staff("security_administrator", name="Other", email="other@staff.example")
    (theirs,) = held(app, other)
    with app.extensions["database"].write() as session:
        assert actions.end_role(session, settings, theirs.id, audit.Actor(chief.id), datetime.now(UTC))
    assert len(held(app, chief)) == 1


def test_two_administrators_who_end_each_other_at_once_leave_one(
    app: Flask, settings: Settings, chief: User, make_staff: Staff
) -> None:
    other = make_staff("security_administrator", name="Other", email="other@staff.example")
    (mine,), (theirs,) = held(app, chief), held(app, other)
    database, faults = app.extensions["database"], []
    start = threading.Barrier(2)

    def end(grant: RoleGrant, by: User) -> None:
        start.wait()
        try:
            with app.app_context(), database.write() as session:
                actions.end_role(session, settings, grant.id, audit.Actor(by.id), datetime.now(UTC))
        except (LastAdministrator, sa.exc.OperationalError) as fault:  # the database resolves a deadlock
            faults.append(fault)

    threads = [threading.Thread(target=end, args=pair) for pair in ((mine, other), (theirs, chief))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(faults) == 1
    assert len(held(app, chief)) + len(held(app, other)) == 1


# -- invitations -------------------------------------------------------------------------------------------------------


def test_it_invites_and_withdraws(app: Flask, desk: Browser, messages: Messages) -> None:
    desk.get("/security/invitations")
    desk.post(
        "/security/invitations",
        {**EMPTY, "recipient": "New@Bureau.Example", "role": "officer", "area": area(app, "120102").public_id},
    )
    assert "new@bureau.example" in desk.page.text
    (message,) = messages()
    assert (message["kind"], message["recipient"]) == ("invitation", "new@bureau.example")
    assert "http://localhost/invitation/" in message["text"]
    with app.extensions["database"].read() as session:
        made = session.scalars(sa.select(Invitation)).one()
    desk.post(f"/security/invitations/{made.public_id}/withdraw")
    assert "new@bureau.example" not in desk.page.text
    desk.post(f"/security/invitations/{made.public_id}/withdraw", status=404)
    assert [each.action for each in events(app, "invitation.send", "invitation.withdraw")] == [
        "invitation.send",
        "invitation.withdraw",
    ]


def test_it_invites_nobody_whom_a_rule_stands_against(
    app: Flask, chief: User, desk: Browser, make_staff: Staff
) -> None:
    make_staff("auditor")
    for data, said in (
        ({"recipient": "1380013", "role": "auditor"}, "mobile number with 11 digits"),
        ({"recipient": "auditor@staff.example", "role": "city_administrator"}, "three people's tasks"),
        ({"recipient": "security_administrator@staff.example", "role": "officer"}, "Nobody gives a role to themselves"),
    ):
        desk.get("/security/invitations")
        desk.post("/security/invitations", {**EMPTY, **data, "area": area(app, "120102").public_id}, status=422)
        assert said in desk.page.text, data
    assert events(app, "invitation.send") == []


def test_nobody_gets_a_role_by_an_invitation_of_their_own(
    app: Flask, settings: Settings, chief: User, desk: Browser, messages: Messages
) -> None:
    desk.get("/security/invitations")
    place = area(app, "120102").public_id
    desk.post("/security/invitations", {**EMPTY, "recipient": "later@x.example", "role": "officer", "area": place})
    token = messages()[0]["text"].split("/invitation/")[1].split()[0]
    with app.app_context(), app.extensions["database"].write() as session:
        session.execute(sa.update(User).where(User.id == chief.id).values(email="later@x.example"))
        values = {"keep_sign_in": None}
        _, refusal = accept(session, settings, token, chief.id, audit.Actor(chief.id), datetime.now(UTC), **values)
    assert refusal == "self"
    assert [each.role for each in held(app, chief)] == ["security_administrator"]


# -- the provider's own page -------------------------------------------------------------------------------------------


def test_a_provider_sees_its_name_and_colleagues_and_nothing_of_firms(
    app: Flask, make_staff: Staff, browse_as: As, make_person: Callable[..., User]
) -> None:
    contact = make_staff("provider", name="Contact Chen")
    make_person(name="Firm Fu")
    theirs = browse_as(contact)
    theirs.get("/provider")
    assert "Spring Cloud Digital Services Ltd" in theirs.page.text
    assert "Contact Chen" in theirs.page.text
    assert "Firm Fu" not in theirs.page.text
    browse_as(make_staff("officer", "120102")).get("/provider", status=403)
