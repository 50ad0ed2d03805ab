"""The form on paper: every item with what was stated and boxes for what is found, numbered as on the screen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from questionnaires.instrument import Section
from questionnaires.items import FigureItem, Grid, Item, Multiple, Number, Scene, Single
from survey.answering.figures import asked_by
from survey.languages import TAGS
from survey.models import Visit
from survey.organisations.figures import UNIT_NAMES, Figure, first_unit, in_unit, label
from survey.organisations.queries import area_name
from survey.report.wording import as_file
from survey.settings import Settings
from survey.verification import office_page, sheet
from survey.verification.rights import visits
from survey.verification.seen import FINDINGS, SEEN
from survey.verification.sheet import Case, Line


@dataclass(frozen=True, slots=True)
class Option:
    """A box to tick: its letter or level, its words, whether it was stated."""

    sign: str
    text: str
    stated: bool


@dataclass(frozen=True, slots=True)
class Amount:
    """A figure: its name, what was stated, its unit, with room for what is found."""

    name: str
    stated: str
    unit: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One item on paper."""

    line: Line
    options: list[Option]
    amounts: list[Amount]
    looked_for: str


@dataclass(frozen=True, slots=True)
class Part:
    """One section on paper."""

    title: str
    entries: list[Entry]


def parts(told: Case, language: str) -> list[Part]:
    return [Part(section.title.say(language), list(_entries(told, section, language))) for section in told.sections]


def _entries(told: Case, section: Section, language: str) -> Iterator[Entry]:
    for item in told.asked(section):
        yield Entry(
            line=sheet.line(told, item, language),
            options=list(_options(told, item, language)),
            amounts=list(_amounts(told, item, language)),
            looked_for=item.evidence.say(language),
        )


def _options(told: Case, item: Item, language: str) -> Iterator[Option]:
    """The choices of an item; of a grid its lines, to be written beside."""
    stated: Any = told.stated.responses.get(item.id)
    if isinstance(item, Scene):
        for level in item.levels:
            yield Option(str(level.level), level.label.say(language), stated == level.level)
    elif isinstance(item, Single | Multiple):
        chosen = stated if isinstance(stated, tuple) else (stated,)
        for option in item.options:
            yield Option(option.id, option.label.say(language), option.id in chosen)
    elif isinstance(item, Grid):
        signs = {option.id: option.label.say(language) for option in item.options}
        for row in item.rows:
            given = (stated or {}).get(row.id)
            text = row.label.say(language)
            yield Option("", f"{text}{_(': ')}{signs[given]}" if given else text, bool(given))


def _amounts(told: Case, item: Item, language: str) -> Iterator[Amount]:
    """Figures that are found with this item, and the number of an item that has one of its own."""
    if isinstance(item, Number):
        stated = told.stated.responses.get(item.id)
        unit = item.unit.say(language) if item.unit else ""
        yield Amount(item.short.say(language), str(stated) if stated is not None else "", unit)
    for group in asked_by(item, told.instrument, told.stated.reference_year).values():
        for asked in group:
            if told.homes.get(asked.key) == item.id:
                value, unit = told.stated.facts.get(asked.key), first_unit(asked.kind)
                stated = "" if value is None else in_unit(asked.kind, Figure(value, unit))
                yield Amount(label(asked, language), stated, str(UNIT_NAMES[unit]))
    if isinstance(item, FigureItem) and item.none is not None and told.stated.responses.get(item.id):
        yield Amount(item.none.label.say(language), _("stated"), "")


def html(session: Session, visit: Visit, language: str, back: str | None = None) -> str:
    """The whole form as HTML, inside an application context in that language; with `back`, for the screen."""
    settings: Settings = current_app.config["SETTINGS"]
    told, snapshot = sheet.case(session, visit), visit.snapshot
    return current_app.jinja_env.get_template("verification/paper.html").render(
        visit=visit,
        firm=snapshot.organisation["name"],
        facts=office_page.firm_facts(session, visit, language),
        area=area_name(visit.organisation.operating_area, language),
        parts=parts(told, language),
        count=len(told.numbers),
        questionnaire=told.instrument.title.say(language),
        field=told.instrument.field,
        title=_("Form for the on-site assessment"),
        tag=TAGS[language],
        issuer={"zh_CN": settings.platform_name_zh, "en": settings.platform_name_en}[language],
        created=snapshot.submitted_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        findings=FINDINGS,
        seen=SEEN,
        back=back,
    )


def document(session: Session, visit_id: int, language: str) -> tuple[str, str] | None:
    """What the PDF is made from: its name and its HTML; None if there is no such visit."""
    found = session.scalars(visits(Visit.id == visit_id)).one_or_none()
    return None if found is None else (f"{found.public_id}-form-{language}", html(session, found, language))


def file_name(visit: Visit, language: str) -> str:
    return as_file(_("Form for the on-site assessment"), visit.organisation.name, visit.submission.reference or "")
