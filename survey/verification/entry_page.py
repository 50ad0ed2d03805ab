"""The page on which an assessor enters what was found in one section: drawn from what is stored or what was sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from markupsafe import Markup

from questionnaires.faults import SENTENCES, Fault, sentence
from questionnaires.instrument import Section
from questionnaires.items import Item, figures_asked
from survey.answering import fields, rendering
from survey.answering.queries import Begun, Page
from survey.answering.work import Work
from survey.organisations.figures import Figure, Form, first_unit
from survey.verification.entering import SECTION
from survey.verification.overlay import figure_name
from survey.verification.sheet import Case, Line, line

WRONG: Final[Mapping[str, LazyString]] = {
    "no_finding": _l("Say what was found: as stated, another value, or nothing shown"),
    "nothing_seen": _l("Tick what you looked at, here or for the whole section"),
    "nothing_seen_at_all": _l("Tick what you looked at for the questions that are as stated"),
    "not_stated": _l("This question was not put to the firm: mark “Another value” and enter what you found"),
    "same_but_other": _l(
        "Another answer than the stated one is marked: choose “Another value”, or mark the stated answer again"
    ),
    "no_reason": _l("Give the reason in a sentence"),
    "value_for_changed": _l("Mark the value you found; so far it is the stated one"),
    "value_for_not_shown": _l("Mark the value that counts instead of the stated one, or “Do not know yet”"),
}
"""What is wrong with a finding, by the code of its fault; other faults are said as everywhere."""


KINDS: Final = ("finding", "seen", "reason", "responses")
"""What can be wrong with a finding, by the first part of the fault's path."""


def said(fault: Fault, language: str) -> str:
    if fault.code in WRONG:
        return str(WRONG[fault.code])
    text = sentence(fault, language)
    return text[:1].upper() + text[1:]


def control_of(path: str, told: Case) -> str:
    """The control that a fault is about."""
    kind, _dot, rest = path.partition(".")
    if kind == "facts":
        return f"f-{rest.replace('.', '-')}"
    if kind == "responses":
        return fields.first(told.instrument.items[rest], told.stated.reference_year)
    return {"finding": f"finding-{rest}-same", "seen": f"seen-{rest}-document"}.get(kind, f"reason-{rest}")


@dataclass(frozen=True, slots=True)
class Block:
    """One item: what was stated, the question with its options to enter a value, what was sent or is stored.

    `wrong` is said beside the finding, what was looked at, the value or the reason; `theirs` is what a colleague
    entered meanwhile.
    """

    line: Line
    question: Markup
    finding: str
    seen: Sequence[str]
    reason: str
    wrong: Mapping[str, str]
    theirs: Line | None = None


@dataclass(frozen=True, slots=True)
class Drawing:
    """What a page is drawn from besides what is stored: a form that was sent, its faults, what others changed."""

    form: Form | None = None
    faults: Mapping[str, Fault] = field(default_factory=dict)
    theirs: frozenset[str] = frozenset()


def blocks(told: Case, section: Section, drawing: Drawing, language: str) -> list[Block]:
    """Every item of the section that is to be verified."""
    items = told.asked(section)
    questions = rendering.questions(_filling(told, section, items, drawing, language))
    return [_block(told, item, questions[item.id], drawing, language) for item in items]


def _block(told: Case, item: Item, question: Markup, drawing: Drawing, language: str) -> Block:
    stored, form, one = told.findings.get(item.id), drawing.form, line(told, item, language)
    there = {"finding": stored.finding, "reason": stored.reason} if stored else {"finding": "", "reason": ""}
    drawn = form is not None and item.id in form.get("drawn", "").split()
    sent = form if drawn and form is not None else None
    wrong = {kind: _beside(drawing.faults.get(f"{kind}.{item.id}"), kind, language) for kind in KINDS}
    return Block(
        line=one,
        question=question,
        finding=(sent.get(f"finding-{item.id}") or there["finding"]) if sent is not None else there["finding"],
        seen=sent.getlist(f"seen-{item.id}") if sent is not None else (stored.seen if stored else ()),
        reason=sent.get(f"reason-{item.id}", "") if sent is not None else there["reason"],
        wrong=wrong,
        theirs=one if item.id in drawing.theirs else None,
    )


def _beside(fault: Fault | None, kind: str, language: str) -> str:
    """What is said beside a control of ours; the question itself says what is wrong with an answer as everywhere."""
    if fault is None or (kind == "responses" and fault.code in SENTENCES):
        return ""
    return said(fault, language)


def _filling(told: Case, section: Section, items: Sequence[Item], drawing: Drawing, language: str) -> rendering.Filling:
    """The questions with the values that count so far, or as they were sent."""
    answers = told.result.answers
    shown = frozenset(item.id for item in items)
    return rendering.Filling(
        work=_work(told, section),
        language=language,
        chosen=_chosen(told, items, drawing.form),
        given=answers.given(told.instrument),
        shown=shown,
        known={
            key: Figure(value, first_unit(told.instrument.fact_kinds[key[0]])) for key, value in answers.facts.items()
        },
        derived=told.result.derived,
        faults={path: fault for path, fault in drawing.faults.items() if fault.code in SENTENCES},
        form=drawing.form,
    )


def _chosen(told: Case, items: Iterable[Item], form: Form | None) -> fields.Controls:
    chosen: fields.Controls = {}
    drawn = form.get("drawn", "").split() if form is not None else []
    for item in items:
        if form is not None and item.id in drawn:
            chosen.update(fields.sent(form, item))
            continue
        found = told.findings.get(item.id)
        is_open = found is not None and found.finding != "same" and found.value is None
        chosen.update(fields.controls(item, told.result.answers.responses.get(item.id), is_open))
    return chosen


def _work(told: Case, section: Section) -> Work:
    """A section as the pages of questions know it; nothing of it is saved by them."""
    visit, snapshot = told.visit, told.visit.snapshot
    begun = Begun(
        id=visit.submission_id,
        public_id=visit.submission.public_id,
        state=visit.submission.state,
        due_on=None,
        organisation_id=visit.organisation_id,
        opens_at=snapshot.submitted_at,
        closes_at=snapshot.submitted_at,
        reference_year=snapshot.reference_year,
        instrument_id=snapshot.instrument_id,
        rules_checksum=told.instrument.rules_checksum,
        texts_checksum=told.instrument.texts_checksum,
    )
    return Work(begun, told.instrument, section, Page())


def names_on(told: Case, section: Section) -> list[str]:
    """The items and figures whose findings the page of a section can change."""
    items, year = told.asked(section), told.stated.reference_year
    figures = {figure_name((kind, year + offset)) for item in items for kind, offset in figures_asked(item)}
    return [*(item.id for item in items), *sorted(figures)]


def summary(told: Case, section: Section, faults: Mapping[str, Fault], language: str) -> list[tuple[str, str]]:
    """Every fault with the control it is about, in the order of the page."""
    order = {item.id: place for place, item in enumerate(section.items)}
    order[SECTION] = -1
    found = []
    for path, fault in faults.items():
        name = path.partition(".")[2]
        item = name if name in order else _asking(told, section, name)
        short = told.instrument.items[item].short.say(language) if item in told.instrument.items else ""
        text = said(fault, language)
        found.append(
            (order.get(item, 0), control_of(path, told), f"{short}{_COLON[language]}{text}" if short else text)
        )
    return [(control, text) for _place, control, text in sorted(found, key=lambda each: each[0])]


_COLON: Final = {"zh_CN": "\N{FULLWIDTH COLON}", "en": ": "}


def _asking(told: Case, section: Section, figure: str) -> str:
    """The first item of the section that asks for a figure "KIND.YEAR"."""
    kind = figure.rpartition(".")[0]
    return next(
        (item.id for item in told.asked(section) if any(kind == each for each, _year in figures_asked(item))), ""
    )
