"""One section: loading what its page needs, storing what was sent, and the answer to that."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import abort, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _

from questionnaires.answers import derive
from questionnaires.faults import Fault, sentence
from questionnaires.instrument import Instrument, Section
from questionnaires.items import Single
from survey import formatting
from survey.access import may
from survey.answering import actions, conflicts, fields, queries, rendering
from survey.answering.entry import Entry, read_entry
from survey.answering.queries import Page
from survey.database import reading, write
from survey.errors import Problem
from survey.languages import TAGS, page_language
from survey.models import Campaign, Submission
from survey.organisations.actions import save_facts
from survey.organisations.figures import Figure, Form
from survey.publishing.queries import instrument as instrument_in

MOST_TEXT = 2_000


@dataclass(frozen=True, slots=True)
class Work:
    """A section of a submission as it stands."""

    submission: Submission
    instrument: Instrument
    section: Section
    page: Page
    known: dict[tuple[str, int], Figure]
    notes: dict[str, str]
    year: int

    @classmethod
    def load(cls, submission: Submission, section_id: str) -> Work:
        instrument, section = section_or_404(submission, section_id)
        asks = rendering.needs_figures(section)
        return cls(
            submission=submission,
            instrument=instrument,
            section=section,
            page=queries.page(reading(), submission.id, section_id),
            known=queries.figures(reading(), submission.organisation_id) if asks else {},
            notes=queries.notes(reading(), submission.id) if asks else {},
            year=submission.campaign.round.reference_year,
        )


def section_or_404(submission: Submission, section_id: str) -> tuple[Instrument, Section]:
    """The instrument of a submission and one of its sections."""
    instrument = instrument_in(reading(), submission.campaign.instrument_id)
    section = instrument.section(section_id)
    if section is None:
        abort(404)
    return instrument, section


def window(campaign: Campaign, now: datetime) -> None:
    """Refuse outside the campaign's time."""
    if not campaign.opens_at <= now < campaign.closes_at:
        raise Problem(
            403,
            _("This assessment is not open now"),
            _(
                "It is open from %(first)s to %(last)s. What was saved is kept. "
                "Ask your district office if you need more time.",
                first=formatting.datetime(campaign.opens_at),
                last=formatting.datetime(campaign.closes_at),
            ),
        )


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of a save: the new revision, faults by path, notices by item where a colleague was faster."""

    entry: Entry
    rev: int
    at: datetime
    conflicts: dict[str, str] = field(default_factory=dict)


def store(work: Work, form: Form, user_id: int, now: datetime) -> Stored:
    """Save the valid part of a posted section. Where a colleague changed other items meanwhile, both are kept."""
    entry = read_entry(
        form, work.section, work.instrument, work.year, work.page, work.known, form.get("then") == "continue"
    )
    base = _base(form)
    data, page = entry.data, work.page
    if base != page.rev:
        mine = data
        data, both = conflicts.merged(_as_of(work, base), mine, queries.page_data(page.responses, page.open))
        if both:
            return Stored(entry, page.rev, now, _notices(work, both))
    rev = _write(work, entry, data, page.rev, user_id, now)
    if rev is None:
        return store(_again(work), form, user_id, now)
    return Stored(entry, rev, now)


def _base(form: Form) -> int:
    typed = form.get("rev", "0")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


def _as_of(work: Work, rev: int) -> Any:
    return queries.page_as_of(reading(), work.submission.id, work.section.id, rev)


def _again(work: Work) -> Work:
    """The same section, read anew because somebody saved it between our reading and our writing."""
    reading().rollback()
    submission = reading().get(Submission, work.submission.id, populate_existing=True)
    if submission is None or submission.state not in actions.OPEN_STATES:
        abort(409)
    return Work.load(work.submission, work.section.id)


def _write(work: Work, entry: Entry, data: Any, base: int, user_id: int, now: datetime) -> int | None:
    unchanged = actions.same(queries.page_data(work.page.responses, work.page.open), data) and base
    reasons = {item: text for item, text in entry.reasons.items() if text != work.notes.get(item, "")}
    if unchanged and not entry.facts and not reasons:
        return base
    with write() as session:
        rev = actions.save_page(session, work.submission.id, work.section.id, base, data, user_id, now)
        if rev is not None and entry.facts:
            changed = [(typed.asked.kind.id, typed.asked.year, typed.value, typed.unit) for typed in entry.facts]
            save_facts(session, work.submission.organisation_id, changed, user_id, now)
        if rev is not None and reasons:
            actions.save_notes(session, work.submission.id, reasons, user_id, now)
    return rev


def _notices(work: Work, items: list[str]) -> dict[str, str]:
    """For each item that both changed: what the colleague's answer is, whose and since when."""
    language, page = page_language(), work.page
    notices = {}
    for item_id in items:
        item, response = work.instrument.items[item_id], page.responses.get(item_id)
        answer = "; ".join(item.words(response, language)) if response is not None else _("no answer")
        notices[item_id] = _(
            "%(name)s saved another answer, %(time)s: “%(answer)s”. Yours is chosen below; save again to keep it.",
            name=page.saved_by or "",
            time=formatting.datetime(page.saved_at),
            answer=answer,
        )
    return notices


def answer_to_save(work: Work, stored: Stored) -> Any:
    """After a save: on to the next section, away, to the other language, or the same page with what needs changing."""
    then = request.form.get("then", "continue")
    if then == "autosave":
        return _autosaved(stored)
    if stored.conflicts:
        return draw(work, stored, request.form), 409
    if then in TAGS:
        return redirect(url_for("languages.switch", language=then, next=_here(work)), 303)
    if then == "leave":
        return redirect(url_for("answering.sections", submission_id=work.submission.public_id, saved=1), 303)
    if stored.entry.faults:
        return draw(work, stored, request.form), 422
    return redirect(_next(work), 303)


def _autosaved(stored: Stored) -> Any:
    if stored.conflicts:
        return jsonify(saved=False, rev=stored.rev, message=_("A colleague changed this page; save it to compare")), 409
    text = _("Saved at %(time)s", time=f"{formatting.local_time(stored.at):%H:%M}")
    return jsonify(saved=True, rev=stored.rev, message=text)


def _here(work: Work) -> str:
    return url_for("answering.section", submission_id=work.submission.public_id, section_id=work.section.id)


def _next(work: Work) -> str:
    """The section after this one; after the last, the check page."""
    ids = [section.id for section in work.instrument.sections]
    following = ids[ids.index(work.section.id) + 1 :]
    if following:
        return url_for("answering.section", submission_id=work.submission.public_id, section_id=following[0])
    return url_for("answering.check", submission_id=work.submission.public_id)


def draw(work: Work, stored: Stored | None = None, form: Form | None = None) -> str:
    """The page of a section: as stored, or after a save that left something to change."""
    language = page_language()
    entry = stored.entry if stored else None
    known = entry.known if entry else work.known
    filling = rendering.Filling(
        instrument=work.instrument,
        reference_year=work.year,
        language=language,
        chosen=_chosen(work, form),
        known=known,
        derived=derive(work.section.items, work.instrument, queries.values(known), work.year),
        reasons={**work.notes, **(entry.reasons if entry else {})},
        faults=entry.faults if entry else {},
        notices=stored.conflicts if stored else {},
        form=form,
    )
    ids = [section.id for section in work.instrument.sections]
    return render_template(
        "answering/section.html",
        title=work.section.title.say(language),
        work=work,
        place=ids.index(work.section.id) + 1,
        places=len(ids),
        body=rendering.body(work.section, filling),
        faults=_summary(work, entry.faults, language) if entry else [],
        conflict=bool(stored and stored.conflicts),
        rev=stored.rev if stored else work.page.rev,
        saved_at=stored.at if stored else work.page.saved_at,
        saved_by=None if stored else work.page.saved_by,
        editable=may("answers:edit"),
        **({"form_id": "section"} if may("answers:edit") else {}),
    )


def _chosen(work: Work, form: Form | None) -> dict[str, frozenset[str]]:
    if form is not None:
        return {item.id: fields.chosen(form, item) for item in work.section.items}
    page = work.page
    return {item.id: fields.controls(page.responses.get(item.id), item.id in page.open) for item in work.section.items}


def _summary(work: Work, faults: dict[str, Fault], language: str) -> list[tuple[str, str]]:
    """(control, what to do) for the list on top of the page, in the order of the page."""
    order = {item.id: place for place, item in enumerate(work.section.items)}
    for item in work.section.items:
        if isinstance(item, Single) and item.figures is not None:
            for quantity in item.figures.quantities():
                order.update({kind: order.get(kind, order[item.id]) for kind in quantity.facts()})
    placed = sorted(faults.values(), key=lambda fault: order.get(fault.path.partition(".")[2].partition(".")[0], -1))
    return [_summary_line(work, fault, language) for fault in placed]


def _summary_line(work: Work, fault: Fault, language: str) -> tuple[str, str]:
    kind, _dot, rest = fault.path.partition(".")
    text = sentence(fault, language)
    item = work.instrument.items.get(rest)
    if item is not None:
        target = f"w-{rest}" if fault.code == "needs_reason" or kind == "reasons" else _first_control(work, rest)
        return target, f"{item.short.say(language)}{_(': ')}{text}"
    return (f"f-{rest.replace('.', '-')}" if kind == "facts" else "main"), text


def _first_control(work: Work, item_id: str) -> str:
    item = work.instrument.items[item_id]
    if item.type == "scene":
        return f"r-{item_id}-0"
    first = next((option for option in item.options if not option.exclusive), item.options[0])
    return f"r-{item_id}-{first.id}"
