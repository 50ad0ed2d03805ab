"""The firms of the table in words, for the page and for files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from scoring import size_class
from scoring.making import scorer_for
from survey import formatting
from survey.city.own_industries import by_code, own_industries, own_industry_name
from survey.desk.queries import STATES
from survey.desk.table_filters import Wanted
from survey.desk.table_options import PROGRESS
from survey.desk.table_queries import Line
from survey.models import Organisation, Submission
from survey.organisations.industries import names
from survey.organisations.queries import area_name

MILLION: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Row:
    """A firm in words; what is not known is empty. `points` is the score, None while it is open.

    `account` says how far claiming is until that is confirmed.
    """

    firm: Organisation
    own: Submission | None
    verified: Submission | None
    area: str
    industry: str
    own_industry: str
    size: str
    progress: tuple[str, str]
    level: str
    points: Fraction | None
    verified_level: str
    account: str
    hints: tuple[str, ...] = ()


Level = Callable[[int | None], str]


def rows(session: Session, wanted: Wanted, lines: Iterable[Line], language: str, today: date) -> Iterator[Row]:
    """In the same order. Names are looked up once for all."""
    all_lines, own = list(lines), own_industries(session)
    industries = names(session, {line.firm.industry_code[:3] for line in all_lines}, language)
    level = level_names(wanted, language)
    for line in all_lines:
        firm, mine = line.firm, line.own
        falls_in = firm.sub_industry or by_code(own, firm.industry_code)
        yield Row(
            firm=firm,
            own=mine,
            verified=line.verified,
            area=area_name(firm.operating_area, language),
            industry=industries[firm.industry_code[:3]],
            own_industry=own_industry_name(falls_in, language) if falls_in else "",
            size=size_class.name(mine.size_class, language) if mine and mine.size_class else "",
            progress=_progress(mine),
            level=level(mine.level) if mine else "",
            points=Fraction(mine.total_e6, MILLION) if mine and mine.total_e6 is not None else None,
            verified_level=level(line.verified.level) if line.verified else "",
            account="" if firm.state == "confirmed" else str(STATES[firm.state][1]),
            hints=tuple(_hints(line, level, today)),
        )


def level_names(wanted: Wanted, language: str) -> Level:
    """The name of each level in the questionnaire shown; empty without a ladder or a level."""
    ladder = scorer_for(wanted.instrument).ladder if wanted.instrument else None
    known: Mapping[int, str] = (
        {number: ladder.level_name(number).say(language) for number in range(len(ladder.steps) + 1)} if ladder else {}
    )
    return lambda number: known.get(number, "") if number is not None else ""


def highest_score(wanted: Wanted) -> Fraction | None:
    """The maximum of the total, None where nothing is scored."""
    measures = list(scorer_for(wanted.instrument).measures.values()) if wanted.instrument else []
    return Fraction(measures[0].maximum.numerator, measures[0].maximum.denominator) if measures else None


def _progress(mine: Submission | None) -> tuple[str, str]:
    mark, word = PROGRESS[mine.state if mine else "none"]
    return mark, str(word)


def _hints(line: Line, level: Level, today: date) -> Iterator[str]:
    """What an officer should see before opening the firm."""
    mine, verified = line.own, line.verified
    if mine and mine.state == "returned" and mine.due_on:
        text = _("was due %(date)s") if mine.due_on < today else _("due %(date)s")
        yield text % {"date": formatting.date(mine.due_on)}
    if mine and mine.quality_signs:
        yield ngettext("%(num)d answer quality note", "%(num)d answer quality notes", mine.quality_signs)
    if verified:
        name = level(verified.level)
        yield _("verified: %(level)s", level=name) if name else _("verified")
