"""One section as a page, and what is answered to a save."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from flask import jsonify, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from questionnaires.answers import cross_faults, derive
from questionnaires.faults import Fault
from questionnaires.given import Given
from questionnaires.instrument import Section
from questionnaires.items import figures_asked
from questionnaires.routes import asked
from survey import formatting
from survey.access import may
from survey.answering import fields, queries, rendering, what_to_change
from survey.answering.entry import drawn
from survey.answering.open_times import times_of
from survey.answering.queries import responses_from
from survey.answering.returned import returned
from survey.answering.saving import Stored
from survey.answering.work import Work
from survey.database import reading
from survey.evidence import keeping
from survey.languages import COOKIE, TAGS, keep, page_language
from survey.organisations.figures import Figure, Form, base
from survey.organisations.parts import parts, touched
from survey.privacy.names import person_name

PROOF: Final = "proof-"
"""What `then` begins with where the person goes on to the proof of an item, named behind it."""

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
    if then.startswith(PROOF) and then.removeprefix(PROOF) in work.items:
        return redirect(_proof_of(work, then.removeprefix(PROOF)), 303)
    if then == "leave":
        return redirect(url_for("answering.sections", submission_id=work.submission.public_id, saved=1), 303)
    return redirect(_next(work, stored), 303)


def _proof_of(work: Work, item: str) -> str:
    return url_for("evidence.item", submission_id=work.submission.public_id, item_id=item)


def _in_language(answer: Response, then: str) -> Response:
    """The language switch of this page saves first, so that nothing typed is lost by it."""
    if then in TAGS:
        keep(answer, COOKIE, then)
    return answer


def _here(work: Work, **more: Any) -> str:
    submission_id = work.submission.public_id
    return url_for("answering.section", submission_id=submission_id, section_id=work.section.id, **more)


def _next(work: Work, stored: Stored) -> str:
    """Here again if the answers brought up more questions; else the next section with any; at last the check page."""
    ids = [section.id for section in work.instrument.sections]
    following: Sequence[Section] = work.instrument.sections[ids.index(work.section.id) + 1 :]
    if work.instrument.has_routes:
        given = _given(work, stored)
        if new := _brought_up(work, given):
            return _here(work, new=new)
        following = _travelled(following, given)
    if following:
        return url_for("answering.section", submission_id=work.submission.public_id, section_id=following[0].id)
    return url_for("answering.check", submission_id=work.submission.public_id)


def _given(work: Work, stored: Stored | None) -> Given:
    """Everything on the route, with what was saved last. With a conflict nothing was, so as it was before."""
    if stored is None or stored.conflicts:
        return work.before
    return work.given(responses_from(stored.data), queries.values(stored.entry.known))


def _brought_up(work: Work, given: Given) -> list[str]:
    """The items that are asked now and were not before."""
    new = work.shown(given) - work.seen
    return [item.id for item in work.section.items if item.id in new]


def _travelled(sections: Sequence[Section], given: Given) -> list[Section]:
    """The sections that ask anything."""
    on_route = asked(given)
    return [section for section in sections if any(item.id in on_route for item in section.items)]


def _autosaved(work: Work, stored: Stored, form: Form) -> Any:
    """What the script needs to go on: `controls` hold what colleagues changed, `bases` what the figures now are.

    `shown` are the items that are asked now, each with its number, where answers on this page decide about that.
    """
    if stored.conflicts:
        text = _("Not saved: a colleague changed the same answer. Save the page to compare.")
        return jsonify(saved=False, rev=stored.rev, message=text), 409
    given = _given(work, stored)
    shown = rendering.places(work.section, work.shown(given)) if work.ties.steered else None
    return jsonify(
        saved=True,
        rev=stored.rev,
        message=_said(stored, len(_brought_up(work, given))),
        faults=len(stored.entry.faults),
        controls=_brought(work, stored, form),
        bases=_bases(stored),
        shown=shown,
    )


def _said(stored: Stored, new: int) -> str:
    time = f"{formatting.local_time(stored.at):%H:%M}"
    if faults := len(stored.entry.faults):
        return ngettext(
            "Saved at %(time)s, but for %(num)d thing that needs changing",
            "Saved at %(time)s, but for %(num)d things that need changing",
            faults,
            time=time,
        )
    if new:
        return ngettext(
            "Saved at %(time)s. %(num)d more question on this page",
            "Saved at %(time)s. %(num)d more questions on this page",
            new,
            time=time,
        )
    return _("Saved at %(time)s", time=time)


def _brought(work: Work, stored: Stored, form: Form) -> dict[str, list[str]]:
    """The controls that differ from what was sent, because a colleague changed them."""
    shown, items = _chosen(work, stored, form), [item for item in work.section.items if drawn(form, item)]
    sent = {name: values for item in items for name, values in _as_stored(form, item).items()}
    return {name: sorted(shown[name]) for name, values in sent.items() if shown[name] != values}


def _as_stored(form: Form, item: Any) -> fields.Controls:
    """The controls of an item as they would be drawn if what was sent was stored: numbers are written in one way."""
    response = fields.read(form, item)
    if isinstance(response, Fault):
        return fields.sent(form, item)
    return fields.controls(item, response, fields.is_unsure(form, item.id))


def _bases(stored: Stored) -> dict[str, str]:
    known, facts, reasons = stored.entry.known, stored.entry.facts, stored.entry.reasons
    bases = {each.asked.base_name: base(each.asked, known.get(each.asked.key)) for each in facts}
    return {**bases, **{f"b-w-{item}": text for item, text in reasons.items()}}


# -- the page ----------------------------------------------------------------------------------------------------------


def draw(work: Work, stored: Stored | None = None, form: Form | None = None, new: Sequence[str] = ()) -> str:
    """The page of a section: as stored, or after a save that left something to change. `new` items just came up."""
    language, entry = page_language(), stored.entry if stored else None
    conflicts = stored.conflicts if stored else {}
    editable = may("answers:edit") and times_of(work.submission, work.submission.due_on).hold(datetime.now(UTC))
    filling = replace(
        _filling(work, stored, form), editable=editable, proofs=keeping.counts(reading(), work.submission.id)
    )
    ids = [section.id for section in _travelled(work.instrument.sections, filling.given)]
    on_route = work.section.id in ids
    on_page = [item.id for item in work.section.items if filling.drawn(item)]
    return render_template(
        "answering/section.html",
        title=work.section.title.say(language),
        work=work,
        place=ids.index(work.section.id) + 1 if on_route else 0,
        places=len(ids),
        body=rendering.body(filling),
        drawn=" ".join(on_page) if work.instrument.has_routes else "",
        new=[item for item in work.section.items if item.id in new and item.id in filling.shown],
        faults=what_to_change.summary(filling, entry.faults if entry else {}) if stored else [],
        conflict=bool(conflicts),
        rev=stored.rev if stored else work.page.rev,
        saved=_saved(work.page.saved_at, work.page.saved_by or "", datetime.now(UTC)),
        others=_others(work),
        editable=editable and on_route,
        over=may("answers:edit") and not editable,
        returned=filling.returned,
        on_route=on_route,
        **({"form_id": "section"} if editable and on_route else {}),
    )


def _others(work: Work) -> list[tuple[str, str, bool]]:
    """Address and name of the firm's other parts that use figures of this page, and whether they were submitted."""
    keys = {(kind, work.year + year) for item in work.section.items for kind, year in figures_asked(item)}
    if not keys:
        return []
    begun = touched(parts(reading(), work.submission.organisation_id, datetime.now(UTC)), keys)
    return [
        (
            url_for("answering.sections", submission_id=part.submission.public_id),
            part.instrument.title.say(page_language()),
            part.fixed,
        )
        for part in begun
        if part.submission is not None and part.submission.id != work.submission.id
    ]


def _saved(at: datetime | None, name: str, now: datetime) -> str:
    """Who saved the section last, and when: the time today, the day before."""
    if at is None:
        return ""
    local = formatting.local_time(at)
    today = local.date() == formatting.local_time(now).date()
    return _(
        "Saved %(time)s by %(name)s", time=f"{local:%H:%M}" if today else formatting.date(at), name=person_name(name)
    )


def _filling(work: Work, stored: Stored | None, form: Form | None) -> rendering.Filling:
    """With a conflict nothing was stored, so that the figures are those from before."""
    entry = stored.entry if stored else None
    known: Mapping[tuple[str, int], Figure] = entry.known if entry and stored and not stored.conflicts else work.known
    reasons = {**work.notes, **(entry.reasons if entry and stored and not stored.conflicts else {})}
    given = _given(work, stored)
    shown = work.shown(given)
    return rendering.Filling(
        work=work,
        language=page_language(),
        chosen=_chosen(work, stored, form),
        given=given,
        shown=shown,
        known=known,
        derived=derive(work.section.items, work.instrument, queries.values(known), work.year),
        reasons=reasons,
        faults={**_checks(work, given, shown, reasons), **(entry.faults if entry else {})},
        notices=stored.conflicts if stored else {},
        form=form,
        returned=returned(
            reading(), work.submission, work.instrument, work.year, asked(given), datetime.now(UTC), page_language()
        ),
    )


def _checks(work: Work, given: Given, shown: frozenset[str], reasons: Mapping[str, str]) -> dict[str, Fault]:
    """What does not fit together, beside the items where it is said, also where other sections have a part in it."""
    faults = cross_faults(given, reasons, work.ties.anchored[work.section.id])
    return {fault.path: fault for fault in faults if fault.path.removeprefix("responses.") in shown}


def _chosen(work: Work, stored: Stored | None, form: Form | None) -> fields.Controls:
    """The controls: as they are stored, and as they were sent where something is wrong with them.

    Not simply as sent: a colleague may have changed an item that this person left alone, and saving the page again
    must not undo that.
    """
    data = work.data if stored is None else stored.data
    responses, unsure = responses_from(data), data["open"]
    chosen: fields.Controls = {}
    for item in work.section.items:
        chosen.update(fields.controls(item, responses.get(item.id), item.id in unsure))
    refused = stored.entry.refused() if stored is not None else set()
    for item in work.section.items:
        if form is not None and item.id in refused:
            chosen.update(fields.sent(form, item))
    return chosen
