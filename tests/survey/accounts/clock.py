"""Time that goes by: what the site has kept so far is moved into the past."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask

from survey.models import Attempt, OneTimeCode
from tests.survey.browsing import Browser

MOMENTS = {Attempt: ("since", "until", "expires_at"), OneTimeCode: ("created_at", "expires_at")}


def minutes_pass(app: Flask, minutes: float) -> None:
    """Everything counted and every code sent is older by so much."""
    ago = timedelta(minutes=minutes)
    with app.extensions["database"].write() as session:
        for model, names in MOMENTS.items():
            for row in session.scalars(sa.select(model)):
                for name in names:
                    _move(row, name, ago)


def _move(row: Any, name: str, ago: timedelta) -> None:
    before = getattr(row, name)
    setattr(row, name, before - ago if before else None)


def minutes_pass_between_steps(browse: Browser, minutes: float) -> None:
    """The entry that the browser holds between the steps of signing in is older by so much."""
    with browse.client.session_transaction(base_url="http://localhost") as session:
        session["pending"] = {**session["pending"], "at": session["pending"]["at"] - int(minutes * 60)}
