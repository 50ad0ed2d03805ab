"""One section as a page, and what is answered to a save."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from flask import jsonify, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from questionnaires.answers import derive
from questionnaires.faults import Fault
from questionnaires.items import Item, Single
from survey import formatting
from survey.access import may
from survey.answering import fields, figures, queries, rendering
from survey.answering.queries import responses_from
from survey.answering.saving import Stored, Work, is_open
from survey.languages import COOKIE, TAGS, keep, page_language
from survey.organisations.figures import Asked, Figure, Form, base, label

# -- the answer to a save ----------------------------------------------------------------------------------------------


def answer_to_save(work: Work, stored: Stored, form: Form) -> Any:
    """After a save: on to the next section, away, to the other language, or the same page with what needs changing."""
    then = form.get("then", "continue")
    if then == "autosave":
        return _autosaved(work, stored, form)
    if stored.conflicts or stored.entry.faults:
        status = 409 if stored.conflicts else 422
        return _in_language(make_response(draw(work, stored, form), status), then)
    if then in TAGS:
        return _in_language(redirect(_here(work), 303), then)
    if then == "leave":
        return redirect(url_for("answering.sections", submission_id=work.submission.public_id, saved=1), 303)
    return redirect(_next(work), 303)


def _in_language(answer: Response, then: str) -> Response:
    """The language switch of this page saves first, so that nothing typed is lost by it."""
    if then in TAGS:
        keep(answer, COOKIE, then)
    return answer


def _here(work: Work) -> str:
    return url_for("answering.section", submission_id=work.submission.public_id, section_id=work.section.id)


def _next(work: Work) -> str:
    """The section after this one; after the last, the check page."""
    ids = [section.id for section in work.instrument.sections]
    following = ids[ids.index(work.section.id) + 1 :]
    if following:
        return url_for("answering.section", submission_id=work.submission.public_id, section_id=following[0])
    return url_for("answering.check", submission_id=work.submission.public_id)


def _autosaved(work: Work, stored: Stored, form: Form) -> Any:
    """What the script needs to go on: `controls` hold what colleagues changed, `bases` what the figures now are."""
    if stored.conflicts:
        text = _("Not saved: a colleague changed the same answer. Save the page to compare.")
        return jsonify(saved=False, rev=stored.rev, message=text), 409
    time = f"{formatting.local_time(stored.at):%H:%M}"
    faults = len(stored.entry.faults)
    text = ngettext(
        "Saved at %(time)s, but for %(num)d thing that needs changing",
        "Saved at %(time)s, but for %(num)d things that need changing",
        faults,
        time=time,
    )
    return jsonify(
        saved=True,
        rev=stored.rev,
        message=text if faults else _("Saved at %(time)s", time=time),
        faults=faults,
        controls=_brought(work, stored, form),
        bases=_bases(stored),
    )


def _brought(work: Work, stored: Stored, form: Form) -> dict[str, list[str]]:
    """The controls that differ from what was sent, because a colleague changed them."""
    shown = _chosen(work, stored, form)
    sent = {item.id: fields.chosen(form, item) for item in work.section.items}
    return {fields.name(item): sorted(shown[item]) for item in shown if shown[item] != sent[item]}


def _bases(stored: Stored) -> dict[str, str]:
    known, facts, reasons = stored.entry.known, stored.entry.facts, stored.entry.reasons
    bases = {each.asked.base_name: base(each.asked, known.get(each.asked.key)) for each in facts}
    return {**bases, **{f"b-w-{item}": text for item, text in reasons.items()}}


# -- the page ----------------------------------------------------------------------------------------------------------


def draw(work: Work, stored: Stored | None = None, form: Form | None = None) -> str:
    """The page of a section: as stored, or after a save that left something to change."""
    language, entry = page_language(), stored.entry if stored else None
    conflicts = stored.conflicts if stored else {}
    editable = may("answers:edit") and is_open(work.submission, datetime.now(UTC))
    filling = _filling(work, stored, form)
    ids = [section.id for section in work.instrument.sections]
    return render_template(
        "answering/section.html",
        title=work.section.title.say(language),
        work=work,
        place=ids.index(work.section.id) + 1,
        places=len(ids),
        body=rendering.body(work.section, filling),
        faults=_summary(work, filling, entry.faults if entry else {}) if stored else [],
        conflict=bool(conflicts),
        rev=stored.rev if stored else work.page.rev,
        saved=_saved(work.page.saved_at, work.page.saved_by or "", datetime.now(UTC)),
        editable=editable,
        over=may("answers:edit") and not editable,
        **({"form_id": "section"} if editable else {}),
    )


def _saved(at: datetime | None, name: str, now: datetime) -> str:
    """Who saved the section last, and when: the time today, the day before."""
    if at is None:
        return ""
    local = formatting.local_time(at)
    today = local.date() == formatting.local_time(now).date()
    return _("Saved %(time)s by %(name)s", time=f"{local:%H:%M}" if today else formatting.date(at), name=name)


def _filling(work: Work, stored: Stored | None, form: Form | None) -> rendering.Filling:
    """With a conflict nothing was stored, so that the figures are those from before."""
    entry = stored.entry if stored else None
    known: Mapping[tuple[str, int], Figure] = entry.known if entry and stored and not stored.conflicts else work.known
    saved = entry.reasons if entry and stored and not stored.conflicts else {}
    return rendering.Filling(
        instrument=work.instrument,
        reference_year=work.year,
        language=page_language(),
        chosen=_chosen(work, stored, form),
        known=known,
        derived=derive(work.section.items, work.instrument, queries.values(known), work.year),
        reasons={**work.notes, **saved},
        faults=entry.faults if entry else {},
        notices=stored.conflicts if stored else {},
        form=form,
    )


def _chosen(work: Work, stored: Stored | None, form: Form | None) -> dict[str, frozenset[str]]:
    """The ticks: as they are stored, and as they were sent where something is wrong with them.

    Not simply as sent: a colleague may have changed an item that this person left alone, and saving the page again
    must not undo that.
    """
    data = work.data if stored is None else stored.data
    responses, unsure = responses_from(data), data["open"]
    chosen = {item.id: fields.controls(responses.get(item.id), item.id in unsure) for item in work.section.items}
    if stored is not None and form is not None:
        wrong = {path for path, fault in stored.entry.faults.items() if fault.code != "unanswered"}
        items = [item for item in work.section.items if f"responses.{item.id}" in wrong]
        chosen.update((item.id, fields.chosen(form, item)) for item in items)
    return chosen


# -- the list of what needs changing -----------------------------------------------------------------------------------


def _summary(work: Work, filling: rendering.Filling, faults: Mapping[str, Fault]) -> list[tuple[str, str]]:
    """(control, what to do) for the list on top of the page, in the order of the page."""
    order = _order(work)
    paths = sorted({**filling.notices, **faults}, key=lambda path: order.get(path, -1))
    return [(_target(work, path, faults.get(path)), _line(work, path, filling.remark(path))) for path in paths]


def _order(work: Work) -> dict[str, int]:
    """The place of every control on the page, by path."""
    paths: list[str] = []
    for item in work.section.items:
        asked = figures.asked_by(item, work.instrument, work.year) if isinstance(item, Single) else {}
        mine = [f"facts.{each.kind.id}.{each.year}" for group in asked.values() for each in group]
        paths += [f"responses.{item.id}", *mine, f"reasons.{item.id}"]
    return {path: place for place, path in reversed(list(enumerate(paths)))}


def _target(work: Work, path: str, fault: Fault | None) -> str:
    kind, _dot, rest = path.partition(".")
    item = work.instrument.items.get(rest)
    if item is not None:
        reason = kind == "reasons" or (fault is not None and fault.code == "needs_reason")
        return f"w-{rest}" if reason else _first_control(item)
    return f"f-{rest.replace('.', '-')}" if kind == "facts" else "main"


def _line(work: Work, path: str, text: str) -> str:
    """The words beside the control, after the name of what they are about."""
    kind, _dot, rest = path.partition(".")
    item = work.instrument.items.get(rest)
    if item is not None:
        name = item.short.say(page_language())
    elif kind == "facts":
        fact, _dot, year = rest.partition(".")
        name = label(Asked(work.instrument.fact_kinds[fact], int(year)), page_language())
    else:
        return text
    return f"{name}{_(': ')}{text}"


def _first_control(item: Item) -> str:
    if item.type == "scene":
        return f"r-{item.id}-0"
    first = next((option for option in item.options if not option.exclusive), item.options[0])
    return f"r-{item.id}-{first.id}"
