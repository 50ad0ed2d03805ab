"""What the filters of the firm table offer to choose from, in the language of the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy.orm import Session, contains_eager

from questionnaires.instrument import Instrument
from scoring import size_class
from scoring.making import scorer_for
from scoring.scorer import Scorer
from scoring.tree import Measure
from survey.answering.hub import round_title
from survey.city.own_industries import own_industries, own_industry_name
from survey.desk import queries
from survey.desk.queries import STATES
from survey.models import Campaign, FirmGroup, Industry, Round
from survey.organisations.industries import named
from survey.organisations.queries import area_name
from survey.publishing import fields
from survey.publishing.queries import instrument as instrument_in

NOT_BEGUN, LATE = "none", "late"
PROGRESS: Final[Mapping[str, tuple[str, LazyString]]] = {
    NOT_BEGUN: ("not_started", _l("Not started")),
    "draft": ("in_progress", _l("In progress")),
    "returned": ("warning", _l("Returned")),
    "submitted": ("in_progress", _l("To be checked")),
    "accepted": ("done", _l("Accepted")),
}
"""The mark and the word for how far a firm is with a questionnaire, in the order of the way."""
SHARES: Final = (20, 40, 60, 80)
"""A gap is a dimension below so many percent of its maximum."""
TITLES: Final[Mapping[str, LazyString]] = {
    "soon": _l("one ends within 90 days"),
    "over": _l("one has ended"),
}


@dataclass(frozen=True, slots=True)
class Option:
    """One choice. `depth` sets it in below the one before; `thing` is what it stands for."""

    value: str
    text: str
    depth: int = 0
    thing: Any = None


@dataclass(frozen=True, slots=True)
class Context:
    """For whom the choices are made: the language of the page, and the questionnaire whose answers are shown."""

    session: Session
    language: str
    instrument: Instrument | None

    @property
    def scorer(self) -> Scorer | None:
        return scorer_for(self.instrument) if self.instrument else None


def campaigns(session: Session, language: str, now: datetime) -> list[Option]:
    """Every questionnaire of every round: the newest round that has begun first, in the order of a round."""
    query = sa.select(Campaign).join(Campaign.round).options(contains_eager(Campaign.round))
    rows = [(row, instrument_in(session, row.instrument_id)) for row in session.scalars(query)]
    rows.sort(key=lambda each: _newest_first(each[0], each[1], now))
    return [
        Option(
            row.public_id,
            _("%(round)s, %(field)s", round=round_title(row.round, language), field=asked.title.say(language)),
            thing=row,
        )
        for row, asked in rows
    ]


def _newest_first(campaign: Campaign, asked: Instrument, now: datetime) -> tuple[Any, ...]:
    round_: Round = campaign.round
    place = fields.place(asked.field, asked.questionnaire)
    return campaign.opens_at > now, -round_.opens_on.toordinal(), -round_.id, place


def _areas(context: Context) -> list[Option]:
    """The person's own subtree; nothing to choose where it is one node."""
    rows = queries.areas(context.session)
    if len(rows) < 2:
        return []
    top = min(row.path.count("/") for row in rows)
    return [
        Option(row.public_id, area_name(row, context.language), row.path.count("/") - top, thing=row) for row in rows
    ]


def _industries(context: Context) -> list[Option]:
    """Sections, each with its divisions."""
    query = sa.select(Industry).where(Industry.level.in_(("section", "division"))).order_by(Industry.code)
    return [
        Option(row.code, f"{row.code} {named(row, context.language).name}", int(row.level == "division"))
        for row in context.session.scalars(query)
    ]


def _own(context: Context) -> list[Option]:
    return [
        Option(each.public_id, own_industry_name(each, context.language), thing=each)
        for each in own_industries(context.session)
    ]


def _groups(kind: str) -> Callable[[Context], list[Option]]:
    def offered(context: Context) -> list[Option]:
        query = sa.select(FirmGroup).where(FirmGroup.kind == kind, FirmGroup.active)
        rows = context.session.scalars(query.order_by(FirmGroup.position, FirmGroup.id))
        name = "name_en" if context.language == "en" else "name_zh"
        return [Option(row.public_id, getattr(row, name), thing=row) for row in rows]

    return offered


def _sizes(context: Context) -> list[Option]:
    return [Option(size, size_class.name(size, context.language)) for size in size_class.SIZES]


def _words(table: Mapping[str, Any]) -> Callable[[Context], list[Option]]:
    return lambda _context: [
        Option(key, str(word[1] if isinstance(word, tuple) else word)) for key, word in table.items()
    ]


def _progress(_context: Context) -> list[Option]:
    late = Option(LATE, _("Returned, time is over"))
    return [*(Option(key, str(word)) for key, (_mark, word) in PROGRESS.items()), late]


def _levels(context: Context) -> list[Option]:
    """The steps of the ladder, from below the first one."""
    ladder = context.scorer and context.scorer.ladder
    if not ladder:
        return []
    numbers = range(len(ladder.steps) + 1)
    return [Option(str(number), ladder.level_name(number).say(context.language), thing=number) for number in numbers]


def dimensions(scorer: Scorer | None) -> list[Measure]:
    """The measures right below the total."""
    measures = list(scorer.measures.values()) if scorer else []
    return [each for each in measures if each.parent == measures[0].id]


def _gaps(context: Context) -> list[Option]:
    return [
        Option(
            f"{each.id}:{share}",
            _("%(dimension)s below %(share)s%%", dimension=each.title.say(context.language), share=share),
            thing=(each.id, each.maximum * share / 100),
        )
        for each in dimensions(context.scorer)
        for share in SHARES
    ]


def _verified(_context: Context) -> list[Option]:
    return [Option("yes", _("Yes")), Option("no", _("No"))]


OPTIONS: Final[Mapping[str, Callable[[Context], list[Option]]]] = {
    "area": _areas,
    "industry": _industries,
    "own": _own,
    "size": _sizes,
    "chain": _groups("chain"),
    "cluster": _groups("cluster"),
    "state": _words(STATES),
    "progress": _progress,
    "verified": _verified,
    "level": _levels,
    "gap": _gaps,
    "titles": _words(TITLES),
}
"""What each filter of the kind `select` offers; one without any choice is not on the page."""
