"""The real site on a fresh database with one firm, for benchmarks."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from flask import Flask

from questionnaires import catalogue
from questionnaires.items import Multiple, Scene
from questionnaires.text import Text
from survey import audit, database
from survey.answering import actions, submitting
from survey.answering.queries import page_data
from survey.app import create_app
from survey.credit_code import CreditCode, make_credit_code, read
from survey.models import Area, Campaign, Scorecard, SignInSession, Submission, User
from survey.organisations.actions import Details, create_organisation
from survey.protection import token_hash
from survey.publishing.actions import open_round, publish
from survey.settings import Settings

ROOT = Path(__file__).parent.parent
SECRET = secrets.token_urlsafe(48)


def site(folder: Path, url: str = "") -> tuple[Flask, str]:
    """The site with somebody signed in who has begun; and the public id of the submission."""
    url = url or f"sqlite:///{folder / 'site.db'}"
    config = Config(ROOT / "alembic.ini")
    config.attributes["database_url"] = url
    command.upgrade(config, "head")
    settings = Settings(
        secret_key=SECRET,
        database_url=url,
        data_directory=folder,
        base_url="http://localhost",
        secure_cookies=False,
        log_level="error",
    )
    app = create_app(settings)
    now = datetime.now(UTC)
    with app.app_context(), database.write() as session:
        user = User(name="李工", mobile="13800138000", created_at=now)
        session.add(user)
        session.flush()
        sign_in = SignInSession(
            token_hash=token_hash("t"), user_id=user.id, created_at=now, seen_at=now, ends_at=now + timedelta(hours=9)
        )
        session.add(sign_in)
        published = publish(session, catalogue.builtin("digital", "2024"), now)
        opened = open_round(
            session, Text(zh_CN="测", en="t"), 2025, now.date(), (now + timedelta(days=9)).date(), [published]
        )
        campaign = session.scalars(sa.select(Campaign).where(Campaign.round_id == opened.id)).one()
        code, area = read(make_credit_code("120111", 1)), session.scalars(sa.select(Area).limit(1)).one()
        assert isinstance(code, CreditCode)
        actor = audit.Actor(user.id)
        firm = create_organisation(session, code, Details("示例有限公司", area.id, "C3484"), actor, now)
        submission = actions.start(session, firm, campaign, actor, now)
        return app, submission.public_id


def fill(app: Flask) -> int:
    """Answer everything in the middle; the id of the submission."""
    instrument, now = catalogue.builtin("digital", "2024"), datetime.now(UTC)
    middle: Callable[[Any], Any] = lambda item: (  # noqa: E731
        2 if isinstance(item, Scene) else tuple("BC") if isinstance(item, Multiple) else "C"
    )
    with app.app_context(), database.write() as session:
        submission_id = session.scalars(sa.select(Submission.id)).one()
        for section in instrument.sections:
            data = page_data({item.id: middle(item) for item in section.items}, set())
            actions.save_page(session, submission_id, section.id, 0, data, 1, now)
    return submission_id


def hand_in(app: Flask) -> int:
    """Answer everything in the middle and submit; the id of the scorecard."""
    submission_id, now = fill(app), datetime.now(UTC)
    with app.app_context():
        prepared = submitting.prepare(database.reading(), database.reading().get_one(Submission, submission_id))
        with database.write() as session:
            assert submitting.submit(session, prepared, prepared.mark, audit.Actor(1), now)
        return database.reading().scalars(sa.select(Scorecard.id)).one()
