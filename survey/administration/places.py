"""Where a role is held, as the form says: an area, the city, a provider that is known or new."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey import audit
from survey.accounts.granting import Place
from survey.administration.forms import NEW, RoleForm
from survey.models import Area, Provider
from survey.models.staff import CITY_ROLES, PROVIDER_ROLES
from survey.providers.actions import enter_provider


def place_in(session: Session, form: RoleForm, actor: audit.Actor, now: datetime) -> Place:
    """The place of a valid form; enters the provider if it is new."""
    if form.role.data in PROVIDER_ROLES:
        return Place(provider_id=_provider(session, form, actor, now).id)
    return city(session) if form.role.data in CITY_ROLES else Place(area_id=_area(session, form.area.data))


def city(session: Session) -> Place:
    """The top of the tree of areas."""
    return Place(area_id=session.scalars(sa.select(Area.id).where(Area.parent_id.is_(None))).one())


def _area(session: Session, public_id: str) -> int:
    return session.scalars(sa.select(Area.id).where(Area.public_id == public_id)).one()


def _provider(session: Session, form: RoleForm, actor: audit.Actor, now: datetime) -> Provider:
    if form.provider.data == NEW:
        return enter_provider(session, form.provider_name.data or "", form.provider_code_read, actor, now)
    return session.scalars(sa.select(Provider).where(Provider.public_id == form.provider.data)).one()
