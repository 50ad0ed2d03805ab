"""A campaign with a questionnaire that has every kind of item, route, cross check and note."""

from pathlib import Path

import pytest
from flask import Flask

from questionnaires import catalogue
from survey.models import Campaign
from tests.cast import make_campaign_of

EVERY_FEATURE = Path(__file__).parent / "every_feature.yaml"


@pytest.fixture
def campaign(app: Flask) -> Campaign:
    with app.app_context(), app.extensions["database"].write() as session:
        return make_campaign_of(session, catalogue.load(EVERY_FEATURE))
