"""What is refused to somebody who is signed in is recorded, once a minute and page; strangers leave nothing."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import pytest
import sqlalchemy as sa
from flask import Flask

from survey.app import create_app
from survey.identity import in_staff_networks, sign_in_cookie
from survey.models import Attempt, AuditEvent, SignInSession, User
from survey.protection import token_hash
from survey.settings import Settings
from tests.survey.browsing import Browser

FIRM = "/organisation/nothing-here"
FORBIDDEN = "/audit"


def refusals(app: Flask) -> list[AuditEvent]:
    with app.extensions["database"].read() as session:
        query = sa.select(AuditEvent).where(AuditEvent.action == "access.refused").order_by(AuditEvent.id)
        return list(session.scalars(query))


def test_a_refused_look_is_recorded_once_a_minute_and_page(
    app: Flask, make_staff: Callable[..., User], browse_as: Callable[..., Browser]
) -> None:
    officer = make_staff("officer", "120102")
    browser = browse_as(officer)
    for _time in range(3):
        browser.get(FIRM, status=404)
    browser.get(FORBIDDEN, status=403)
    first, second = refusals(app)
    assert (first.actor_id, first.role, first.object_id) == (officer.id, "officer", "organisations.firm")
    assert (first.result, first.detail, first.object_kind) == ("refused", "organisation:view", "route")
    assert first.request_id
    assert first.area_id
    assert (second.object_id, second.detail) == ("auditing.home", "audit:read")
    with app.extensions["database"].write() as session:  # the minute goes by
        session.execute(sa.update(Attempt).values(expires_at=datetime.now(UTC) - timedelta(seconds=1)))
    browser.get(FIRM, status=404)
    assert len(refusals(app)) == 3


def test_strangers_and_pages_that_do_not_exist_leave_nothing(
    app: Flask, browse: Browser, make_person: Callable[..., User], browse_as: Callable[..., Browser]
) -> None:
    browse.get(FIRM)
    browse.get("/nothing", status=404)
    browse_as(make_person()).get("/nothing", status=404)
    assert refusals(app) == []


def test_a_refusal_that_cannot_be_recorded_is_a_refusal_all_the_same(
    app: Flask,
    make_person: Callable[..., User],
    browse_as: Callable[..., Browser],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def away(*_values: object) -> bool:
        raise OSError("the disk is full")

    monkeypatch.setattr("survey.refusals.limits.used_up", away)
    with caplog.at_level(logging.ERROR):
        browse_as(make_person()).get(FIRM, status=404)
    assert "refusal not recorded" in caplog.text
    assert refusals(app) == []


@pytest.mark.parametrize(
    ("address", "counts"),
    [("10.1.200.3", True), ("::ffff:10.1.200.3", True), ("10.2.0.1", False), ("fd00::5", True), ("", False)],
)
def test_roles_count_from_the_networks_of_staff(settings: Settings, address: str, counts: bool) -> None:
    near = dataclasses.replace(settings, staff_networks=(ip_network("10.1.0.0/16"), ip_network("fd00::/8")))
    assert in_staff_networks(address, near) is counts
    assert in_staff_networks(address, settings)


def test_from_elsewhere_an_officer_is_like_anybody(settings: Settings, make_staff: Callable[..., User]) -> None:
    auditor, now = make_staff("auditor"), datetime.now(UTC)
    near = create_app(dataclasses.replace(settings, staff_networks=(ip_network("10.1.0.0/16"),)))
    with near.extensions["database"].write() as session:
        values = {"user_id": auditor.id, "created_at": now, "seen_at": now, "strong": True}
        session.add(SignInSession(token_hash=token_hash("t"), ends_at=now + timedelta(hours=1), **values))
    browser = Browser(near)
    with near.app_context():
        browser.client.set_cookie(sign_in_cookie(), "t")
    browser.get("/audit", status=403, environ_overrides={"REMOTE_ADDR": "10.2.0.1"})
    browser.get("/audit", environ_overrides={"REMOTE_ADDR": "10.1.0.9"})
    near.extensions["database"].close()
