"""What can be filled in at the moment, for the start page: one line for each questionnaire that is open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from questionnaires.instrument import Instrument
from questionnaires.items import Scene
from survey.models import Campaign
from survey.publishing import fields
from survey.publishing.queries import instrument

SECONDS_PER_ITEM: Final = 75
"""What people need on average, with looking things up."""
STEP: Final = 5


@dataclass(frozen=True, slots=True)
class OpenPart:
    """A questionnaire that is open: `content` says how much is asked, `takes` for about how long."""

    field: str
    title: str
    content: str
    takes: str
    basis: str


def open_parts(session: Session, now: datetime, language: str) -> list[OpenPart]:
    """The questionnaires that are open now, each once, in the order of the round page."""
    query = sa.select(Campaign.instrument_id).where(Campaign.opens_at <= now, Campaign.closes_at > now).distinct()
    found = [instrument(session, each) for each in session.scalars(query)]
    found.sort(key=lambda each: fields.place(each.field, each.questionnaire))
    return [_part(each, language) for each in found]


def _part(asked: Instrument, language: str) -> OpenPart:
    items = len(asked.items)
    scenes = sum(isinstance(item, Scene) for item in asked.items.values())
    content = [ngettext("%(num)d question", "%(num)d questions", items - scenes)]
    if scenes:
        content.append(ngettext("%(num)d scene", "%(num)d scenes", scenes))
    minutes = -(-items * SECONDS_PER_ITEM // (60 * STEP)) * STEP
    basis = asked.basis.title.say(language)
    return OpenPart(
        field=asked.field,
        title=asked.title.say(language),
        content=str(_(", ")).join(content),
        takes=ngettext("%(num)d minute", "%(num)d minutes", minutes),
        basis=f"{basis} {asked.basis.number}".strip(),
    )
