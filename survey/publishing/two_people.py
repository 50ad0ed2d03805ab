"""Publishing takes two people (ASVS 2.3.5): both prove at the terminal who they are, with a second factor.

A site that only this machine can reach, such as a trial or a test, asks nobody.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import click
import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext as _

from survey import audit
from survey.accounts import passwords, second_factor
from survey.accounts.actions import user_for
from survey.accounts.recipients import recipient
from survey.database import reading, write
from survey.models import RoleGrant, User
from survey.settings import Settings
from survey.settings_rules import LOCAL_HOSTS
from survey.terminal import refuse

ROLE: Final = "city_administrator"


def two_people() -> tuple[audit.Actor, audit.Actor | None]:
    """Who publishes, and who confirms it. Ends with code 2 if one of them is not who they say, or both are one."""
    settings: Settings = current_app.config["SETTINGS"]
    if settings.host in LOCAL_HOSTS:
        return audit.SYSTEM, None
    first = _proved(settings, _("First city administrator"))
    second = _proved(settings, _("Second city administrator"))
    if first == second:
        refuse([_("Both are the same person: publishing takes two.")])
    return audit.Actor(first, role=ROLE), audit.Actor(second, role=ROLE)


def _proved(settings: Settings, who: str) -> int:
    """The id of a city administrator's account, by number or address, password and code."""
    click.echo(who)
    to = recipient(click.prompt(_("Mobile number or e-mail address"), err=True))
    password = click.prompt(_("Password"), hide_input=True, err=True)
    code = click.prompt(_("Code of the second step"), err=True)
    user = user_for(reading(), *to) if to else None
    right = passwords.matches(password, user.password_hash if user else None)
    if user is None or not right or not _administers(user) or not _took(settings, user.id, code):
        refuse([_("Number, address, password or code is not right, or the account is not a city administrator's.")])
    return user.id


def _administers(user: User) -> bool:
    held = sa.select(RoleGrant.id).where(
        RoleGrant.user_id == user.id, RoleGrant.role == ROLE, RoleGrant.ended_at.is_(None)
    )
    return user.state == "active" and reading().scalar(held.limit(1)) is not None


def _took(settings: Settings, user_id: int, code: str) -> bool:
    with write() as session:
        return second_factor.take(session, settings, user_id, code.strip(), datetime.now(UTC)) is not None
