"""The assessor's pages: own visits, preparing one, entering section by section, photos, handing in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import abort, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from questionnaires.instrument import Section
from survey import audit, jobs
from survey.access import acting, requires
from survey.database import reading, write
from survey.errors import Problem
from survey.formatting import local_time
from survey.identity import signed_in
from survey.languages import page_language
from survey.report import beside, charts
from survey.verification import entering_actions as actions
from survey.verification import entry_page, office_page, queries, sheet
from survey.verification.checking_actions import why_not_checker
from survey.verification.entering import ALL_OTHERS, SECTION, Sent, read_section
from survey.verification.entry_page import Drawing, names_on
from survey.verification.forms import HandInForm
from survey.verification.rights import ENTER, VIEW, assessor_visit_or_404
from survey.verification.seen import FINDINGS, SEEN
from survey.verification.sheet import Case
from survey.verification.standing import stands


@requires(VIEW)
def own() -> str:
    """The firms that the assessor is asked to visit. Numbers and addresses of people come with the visit itself."""
    session, today = reading(), local_time(datetime.now(UTC)).date()
    rows = queries.own_visits(session, signed_in().user_id, VIEW)
    counts = queries.entered_counts(session, {row.visit.id for row in rows if row.visit is not None})
    return render_template(
        "verification/own.html", tasks=[office_page.own_task(row, counts, today, page_language()) for row in rows]
    )


@requires(VIEW)
def visit(visit_id: str) -> str:
    """Everything that was stated, with what speaks for it; how far the findings are."""
    found = assessor_visit_or_404(visit_id, VIEW)
    told, language = sheet.case(reading(), found), page_language()
    return render_template(
        "verification/visit.html",
        visit=found,
        told=told,
        groups=sheet.groups(told, language),
        firm=office_page.firm_facts(reading(), found, language),
        state=office_page.state(found, local_time(datetime.now(UTC)).date()),
        files=office_page.reader(found.submission.public_id),
        words=FINDINGS,
        newer=queries.newest_snapshot(reading(), found.submission_id).id != found.snapshot_id,
        signs=[note.sentence(language) for note in told.notes],
        next=next((each.id for each in told.sections if told.done(each) < len(told.asked(each))), told.sections[0].id),
        checkable=found.state == "entered" and why_not_checker(reading(), found, signed_in().user_id) is None,
    )


# -- one section -------------------------------------------------------------------------------------------------------


@requires(ENTER)
def section(visit_id: str, section_id: str) -> Any:
    """What was found in one section."""
    told, one = _section(visit_id, section_id)
    if told.visit.state != "planned":
        return redirect(url_for(".visit", visit_id=visit_id))
    return _section_page(told, one, Drawing())


def _section(visit_id: str, section_id: str) -> tuple[Case, Section]:
    told = sheet.case(reading(), assessor_visit_or_404(visit_id, ENTER))
    return told, next((each for each in told.sections if each.id == section_id), None) or abort(404)


def _section_page(told: Case, one: Section, drawing: Drawing, *, conflict: bool = False) -> str:
    language = page_language()
    ids = [each.id for each in told.sections]
    return render_template(
        "verification/section.html",
        title=one.title.say(language),
        told=told,
        section=one,
        place=ids.index(one.id) + 1,
        places=len(ids),
        blocks=entry_page.blocks(told, one, drawing, language),
        faults=entry_page.summary(told, one, drawing.faults, language),
        section_seen=drawing.form.getlist(f"seen-{SECTION}") if drawing.form is not None else (),
        section_wrong=drawing.faults.get(f"seen.{SECTION}"),
        rev=actions.mark(told.findings, names_on(told, one)),
        files=office_page.reader(told.visit.submission.public_id),
        conflict=conflict,
        findings=FINDINGS,
        seen=SEEN,
        others=ALL_OTHERS,
        form_id="section",
    )


@requires(ENTER)
def save(visit_id: str, section_id: str) -> Any:
    """Store what is complete; the rest is shown again as it was sent."""
    told, one = _section(visit_id, section_id)
    actions.writable(told.visit)
    sent = Sent(told, one, request.form)
    entered, now, user_id = read_section(sent), datetime.now(UTC), signed_in().user_id
    with write() as session:
        stored = actions.store(
            session, told.visit.id, entered.found, names_on(told, one), request.form.get("rev", ""), user_id, now
        )
    reading().rollback()
    again, one = _section(visit_id, section_id)
    if not stored:
        theirs = frozenset(item.id for item in sent.items if told.findings.get(item.id) or again.findings.get(item.id))
        return _section_page(again, one, Drawing(request.form, {}, theirs), conflict=True), 409
    if entered.faults:
        return _section_page(again, one, Drawing(request.form, entered.faults)), 422
    return redirect(_onwards(again, one, sent), 303)


def _onwards(told: Case, one: Section, sent: Sent) -> str:
    """Here again if the findings brought up more questions; to the photos of an item; else on to what is open."""
    then, visit_id = sent.form.get("then", ""), told.visit.public_id
    word, _colon, item = then.partition(":")
    if word == "photos" and item in told.numbers:
        return url_for(".photos", visit_id=visit_id, item_id=item)
    if then == "leave":
        return url_for(".visit", visit_id=visit_id)
    drawn = {each.id for each in sent.items}
    if any(item.id not in drawn for item in told.asked(one)):
        return url_for(".section", visit_id=visit_id, section_id=one.id, new=1)
    open_ = [each.id for each in told.sections if told.done(each) < len(told.asked(each)) and each.id != one.id]
    ids = [each.id for each in told.sections]
    later = [each for each in open_ if ids.index(each) > ids.index(one.id)] or open_
    if later:
        return url_for(".section", visit_id=visit_id, section_id=later[0])
    return url_for(".hand_in", visit_id=visit_id)


@requires(ENTER)
def renew(visit_id: str) -> Response:
    """Take over what the firm handed in since the visit was planned."""
    found, now = assessor_visit_or_404(visit_id, ENTER), datetime.now(UTC)
    with write() as session:
        actions.renew(session, found.id, now)
    return redirect(url_for(".visit", visit_id=visit_id), 303)


# -- handing in --------------------------------------------------------------------------------------------------------


@requires(ENTER)
def hand_in(visit_id: str) -> Any:
    """Both levels side by side, before the findings are handed in."""
    told = sheet.case(reading(), assessor_visit_or_404(visit_id, ENTER))
    if told.visit.state != "planned":
        return redirect(url_for(".visit", visit_id=visit_id))
    return _hand_in_page(told, HandInForm(visited_on=told.visit.visited_on or told.visit.planned_on))


def _hand_in_page(told: Case, form: HandInForm, faults: list[tuple[str, str]] | None = None) -> str:
    language = page_language()
    newer = queries.newest_snapshot(reading(), told.visit.submission_id).id != told.visit.snapshot_id
    return render_template(
        "verification/hand_in.html",
        visit=told.visit,
        told=told,
        form=form,
        faults=[*(faults or []), *form.faults],
        both=beside.live(told, language),
        charts=charts,
        missing=office_page.missing(told, language),
        wrong=office_page.wrong(told, language),
        newer=newer,
        mark=actions.whole_mark(told),
        stands=stands(told.visit, local_time(datetime.now(UTC)).date()),
    )


@requires(ENTER)
def finish(visit_id: str) -> Any:
    """Hand in: the firm is told."""
    told, now = sheet.case(reading(), assessor_visit_or_404(visit_id, ENTER)), datetime.now(UTC)
    actions.writable(told.visit)
    form = HandInForm()
    form.today = local_time(now).date()
    if told.missing or told.result.faults:
        return _hand_in_page(told, form, [("missing", _("Findings are missing; see below."))]), 422
    if not form.validate_on_submit():
        return _hand_in_page(told, form), 422
    assert form.visited_on.data is not None
    handed = actions.HandIn(form.visited_on.data, request.form.get("mark", ""))
    actor = audit.here(acting(ENTER))
    with write() as session:
        done = actions.hand_in(session, current_app.config["SETTINGS"], told.visit.id, handed, actor, now)
    if not done:
        raise Problem(
            409,
            _("Something changed meanwhile"),
            _("A colleague changed a finding, or the firm handed in anew. Nothing was handed in; look at it again."),
            url_for(".hand_in", visit_id=visit_id),
            _("Look at it again"),
        )
    jobs.wake(current_app)
    return redirect(url_for(".visit", visit_id=visit_id), 303)
