"""Which firms and which campaign an order of reports is about, as the list of firms sends it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from survey.answering.hub import round_title
from survey.desk import bundle_queries as queries
from survey.desk.table_selection import filters_of, firm_ids
from survey.models import Area, Campaign, Organisation
from survey.publishing.queries import instrument

ASKED: Final = ("campaign", "language")
"""Fields that the form for an order asks for itself."""


@dataclass(frozen=True, slots=True)
class Selection:
    """`firm_ids` of the database; `kept` are the fields that say the same once more, for another form."""

    firm_ids: list[int]
    kept: list[tuple[str, str]]


def selected_firms(session: Session, form: MultiDict[str, str], here: sa.ColumnElement[bool]) -> Selection:
    """The firms that were ticked, or all that the filters of the list leave, as far as they are in the person's areas.

    `here` scopes a query that joins Area.
    """
    firms = firm_ids(session, form)
    query = sa.select(Organisation.id).join(Area, Area.id == Organisation.operating_area_id)
    mine = set(session.scalars(query.where(Organisation.id.in_(firms), here)))
    kept = [(name, value) for name, value in filters_of(session, form) if name not in ASKED]
    return Selection([each for each in firms if each in mine], kept)


def chosen_campaign(session: Session, form: MultiDict[str, str], now: datetime) -> Campaign | None:
    return next((each for each in queries.campaigns(session, now) if each.public_id == form.get("campaign")), None)


def campaign_names(session: Session, language: str, now: datetime) -> list[tuple[str, str]]:
    """What a form offers: the public id of each campaign, and its round and questionnaire."""
    found = queries.campaigns(session, now)
    titles = [instrument(session, each.instrument_id).title.say(language) for each in found]
    return [
        (each.public_id, f"{round_title(each.round, language)} · {title}")
        for each, title in zip(found, titles, strict=True)
    ]
