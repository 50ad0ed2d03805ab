"""Firms that have handed in the digital questionnaire, made through the site's own actions."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from flask import Flask

from survey import audit, database
from survey.answering import actions, submitting
from survey.answering.queries import page_data
from survey.credit_code import CreditCode, make_credit_code, read
from survey.models import Area, Campaign, Submission, User
from survey.organisations.actions import Details, create_organisation
from tests.cast import make_campaign
from tests.survey.desk.conftest import HERE
from tests.survey.report.made import WORKED


def hand_in_first(app: Flask, user: User, name: str, serial: int = 1, area: str = HERE) -> Submission:
    """A new firm in the area that has answered everything and submitted; with it the round, if there is none yet."""
    now, actor = datetime.now(UTC), audit.Actor(user.id)
    with app.app_context():
        with database.write() as session:
            campaign = session.scalar(sa.select(Campaign)) or make_campaign(session)
            code = read(make_credit_code(area, serial))
            assert isinstance(code, CreditCode)
            place = session.scalars(sa.select(Area).where(Area.code == area)).one()
            firm = create_organisation(session, code, Details(name, place.id, "C3484"), actor, now)
            made = actions.start(session, firm, campaign, actor, now)
            for section in submitting.prepare(session, made).instrument.sections:
                given = {item.id: WORKED[item.id] for item in section.items}
                assert actions.save_page(session, made.id, section.id, 0, page_data(given, set()), user.id, now)
        hand_in_again(app, user, made.id)
        return submission(app, made.id)


def hand_in_again(app: Flask, user: User, submission_id: int) -> None:
    with app.app_context(), database.write() as session:
        prepared = submitting.prepare(session, session.get_one(Submission, submission_id))
        assert submitting.submit(session, prepared, prepared.mark, audit.Actor(user.id), datetime.now(UTC))


def return_it(app: Flask, submission_id: int) -> None:
    """Back to the firm, as a review leaves it."""
    with app.extensions["database"].write() as session:
        session.execute(sa.update(Submission).where(Submission.id == submission_id).values(state="returned"))


def submission(app: Flask, submission_id: int) -> Submission:
    """With firm and campaign, as it is now."""
    with app.app_context():
        found = database.reading().get_one(Submission, submission_id)
        assert found.organisation.public_id
        assert found.campaign.public_id
        return found
