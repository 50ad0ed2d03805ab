"""The privacy notice in its versions, and being asked once when there is a new one."""

import hashlib
import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from alembic import command
from flask import Flask, render_template

from survey import audit
from survey.database import Database
from survey.languages import TAGS, speaking
from survey.models import AuditEvent, NoticeAcceptance, User
from survey.models.columns import Moment
from survey.pages.privacy import NOTICE_VERSION
from survey.privacy import notices
from tests import databases
from tests.survey.browsing import Browser

OLD = "2026-11-01"


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_it_shows_the_notice_in_force_and_every_older_one(app: Flask, language: str) -> None:
    browser = Browser(app, language)
    page = browser.get("/privacy")
    assert NOTICE_VERSION in page.text
    for notice in notices.NOTICES:
        assert f"/privacy/{notice.version}" in page.html or notice.version == NOTICE_VERSION
        assert notice.version in browser.get(f"/privacy/{notice.version}").text
    browser.get("/privacy/2020-01-01", status=404)


def test_it_says_of_an_older_version_that_it_is_no_longer_in_force(browse: Browser) -> None:
    assert "no longer in force" in browse.get(f"/privacy/{OLD}").text
    assert "no longer in force" not in browse.get("/privacy").text


def test_the_version_in_force_is_the_newest() -> None:
    assert notices.NOTICES[0].version == NOTICE_VERSION
    assert [each.version for each in notices.NOTICES] == sorted(
        (each.version for each in notices.NOTICES), reverse=True
    )


def accept(app: Flask, user: User, version: str) -> None:
    with app.extensions["database"].write() as session:
        notices.accept(session, user.id, version, audit.Actor(user.id), datetime.now(UTC))


def versions(app: Flask) -> list[str]:
    with app.extensions["database"].read() as session:
        return list(session.scalars(sa.select(NoticeAcceptance.version).order_by(NoticeAcceptance.id)))


def test_it_asks_who_accepted_an_older_version_until_accepted(
    app: Flask, make_person: Callable[..., User], browse_as: Callable[..., Browser]
) -> None:
    user = make_person()
    accept(app, user, OLD)
    browser = browse_as(user)
    assert "has a new version" in browser.get("/privacy/mine").text
    browser.post("/privacy/accept", {"next": "/privacy/mine"})
    assert browser.path == "/privacy/mine"
    assert versions(app) == [OLD, NOTICE_VERSION]
    assert "has a new version" not in browser.page.text
    with app.extensions["database"].read() as session:
        recorded = list(
            session.scalars(sa.select(AuditEvent.object_id).where(AuditEvent.action == "account.accept_notice"))
        )
    assert recorded == [OLD, NOTICE_VERSION]


def test_it_can_be_put_off_and_blocks_nothing(
    app: Flask, make_person: Callable[..., User], browse_as: Callable[..., Browser]
) -> None:
    user = make_person()
    accept(app, user, OLD)
    browser = browse_as(user)
    browser.get("/privacy/mine/copy")
    browser.post("/privacy/mine/copy", {"format": "json"})
    browser.get("/privacy/mine/close")
    browser.get("/privacy/mine")
    browser.post("/privacy/accept", {"then": "later", "next": "/privacy/mine"})
    assert "has a new version" not in browser.page.text
    assert versions(app) == [OLD]


def test_it_does_not_ask_who_accepted_the_version_in_force(
    app: Flask, make_person: Callable[..., User], browse_as: Callable[..., Browser]
) -> None:
    user = make_person()
    accept(app, user, NOTICE_VERSION)
    accept(app, user, NOTICE_VERSION)
    assert versions(app) == [NOTICE_VERSION]
    assert "has a new version" not in browse_as(user).get("/privacy/mine").text


def test_it_never_asks_a_stranger(browse: Browser) -> None:
    assert "has a new version" not in browse.get("/").text
    browse.get("/privacy/mine")
    assert browse.path == "/sign-in"


def test_it_carries_over_what_was_accepted_before_acceptances_had_a_table(empty_database_url: str) -> None:
    command.upgrade(databases.migrations(empty_database_url), "0003")
    database = Database.connect(empty_database_url)
    now = datetime.now(UTC)
    names = ("id", "public_id", "name", "state", "created_at")
    person = sa.table("user", *map(sa.column, names))
    event = sa.table("audit_event", *map(sa.column, ("at", "actor_id", "action", "object_kind", "object_id", "result")))
    with database.write() as session:
        who = dict(zip(names, (7, "p", "Li Wei", "active", now), strict=True))
        session.execute(sa.insert(person).values({**who, "created_at": sa.literal(now, Moment())}))
        for action, object_id in (("account.accept_notice", OLD), ("account.accept_notice", OLD), ("fact.save", "x")):
            done = {"actor_id": 7, "action": action, "object_kind": "notice", "object_id": object_id, "result": "done"}
            session.execute(sa.insert(event).values(**done, at=sa.literal(now, Moment())))
    command.upgrade(databases.migrations(empty_database_url), "head")
    with database.read() as session:
        row = session.scalars(sa.select(NoticeAcceptance)).one()
        assert (row.user_id, row.version, row.accepted_at) == (7, OLD, now)
    database.close()


ACCEPTED = {
    ("2026-11-01", "en"): "7194b941458ce344bfdfe8d485e413924fbd8885672fbbe3d895cca5b953e649",
    ("2026-11-01", "zh_CN"): "02f8960bc27189520a3aa236757be87f236fb4754bcc4d27230427c84241e029",
}
"""What people accepted, as a hash of its words: one that comes out differently is a fault, not a new hash."""


@pytest.mark.parametrize(("version", "language"), ACCEPTED)
def test_the_words_of_an_older_version_never_change(app: Flask, version: str, language: str) -> None:
    notice = notices.notice(version)
    assert notice is not None
    with app.test_request_context(base_url="http://localhost"), speaking(language):
        words = " ".join(re.sub("<[^>]+>", " ", render_template(notice.template, city="X", contact="")).split())
    assert hashlib.sha256(words.encode()).hexdigest() == ACCEPTED[version, language], words


def test_every_older_version_is_held_to_its_words() -> None:
    older = {(each.version, language) for each in notices.NOTICES[1:] for language in TAGS}
    assert older == set(ACCEPTED)
