"""The firm's page with what was found and its word on it; the second person's page."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import current_app, redirect, render_template, url_for
from flask_babel import gettext as _

from questionnaires.answers import plain_text
from survey import audit, jobs
from survey.access import acting, requires
from survey.database import reading, write
from survey.errors import Problem
from survey.formatting import local_time
from survey.identity import signed_in
from survey.languages import page_language
from survey.models import Visit
from survey.organisations.actions import FactsChanged
from survey.report import beside, charts
from survey.verification import checking_actions as actions
from survey.verification import office_page, queries, sheet, standing
from survey.verification.forms import CommentForm, ReasonForm
from survey.verification.rights import CHECK, COMMENT, firm_visit_or_404, visit_to_check_or_404
from survey.verification.seen import FINDINGS

# -- the firm ----------------------------------------------------------------------------------------------------------


@requires(COMMENT)
def comment(visit_id: str) -> str:
    """Before the visit: who comes when. After it: what was found, and the firm's word."""
    visit = firm_visit_or_404(visit_id, COMMENT)
    return _comment_page(visit, CommentForm(formdata=None, comment=visit.comment))


def _comment_page(visit: Visit, form: CommentForm) -> str:
    language, now = page_language(), datetime.now(UTC)
    handed_in = visit.state in ("entered", "confirmed")
    told = sheet.case(reading(), visit)
    return render_template(
        "verification/comment.html",
        visit=visit,
        form=form,
        faults=form.faults,
        state=office_page.state(visit, local_time(now).date()),
        days=office_page.days(visit),
        who=queries.assessors_of(reading(), {visit.organisation_id}).get(visit.organisation_id, []),
        both=beside.live(told, language) if handed_in else None,
        groups=[] if handed_in else sheet.groups(told, language),
        charts=charts,
        field=told.instrument.field,
        questionnaire=told.instrument.title.say(language),
        editable=actions.open_for_comment(visit, now),
    )


@requires(COMMENT)
def say(visit_id: str) -> Any:
    visit, form, now = firm_visit_or_404(visit_id, COMMENT), CommentForm(), datetime.now(UTC)
    if not actions.open_for_comment(visit, now) or form.validate_on_submit():
        text = plain_text(form.comment.data or "") or None
        with write() as session:
            actions.comment(session, visit.id, form.agreed.data == "yes", text, audit.here(), now)
        return redirect(url_for(".comment", visit_id=visit_id), 303)
    return _comment_page(visit, form), 422


# -- the second person -------------------------------------------------------------------------------------------------


@requires(CHECK)
def check(visit_id: str) -> str:
    """Differences, evidence and the firm's word, for whoever did not enter the findings."""
    return _check_page(visit_to_check_or_404(visit_id, CHECK), ReasonForm(formdata=None))


def _check_page(visit: Visit, reason: ReasonForm) -> str:
    language, today = page_language(), local_time(datetime.now(UTC)).date()
    told = sheet.case(reading(), visit)
    why = actions.why_not_checker(reading(), visit, signed_in().user_id)
    return render_template(
        "verification/check.html",
        visit=visit,
        told=told,
        reason=reason,
        faults=reason.faults,
        state=office_page.state(visit, today),
        facts=office_page.firm_facts(reading(), visit, language),
        both=beside.live(told, language),
        groups=sheet.groups(told, language),
        charts=charts,
        field=told.instrument.field,
        files=office_page.reader(visit.submission.public_id, office=acting(CHECK).role != "assessor"),
        words=FINDINGS,
        refused=actions.words_for(why) if why else "",
        confirmable=standing.may_confirm(visit, today),
    )


@requires(CHECK)
def confirm(visit_id: str) -> Any:
    visit, now = visit_to_check_or_404(visit_id, CHECK), datetime.now(UTC)
    actor = audit.here(acting(CHECK))
    try:
        with write(durable=True) as session:
            why = actions.confirm(session, current_app.config["SETTINGS"], visit.id, actor, now)
    except FactsChanged:
        raise Problem(
            409,
            _("The firm is saving its figures just now"),
            _("Nothing was confirmed. Confirm once more in a moment."),
            url_for(".check", visit_id=visit_id),
            _("Look at it again"),
        ) from None
    _refuse(why)
    jobs.wake(current_app)
    return redirect(url_for(".check", visit_id=visit_id), 303)


@requires(CHECK)
def send_back(visit_id: str) -> Any:
    visit, reason, now = visit_to_check_or_404(visit_id, CHECK), ReasonForm(), datetime.now(UTC)
    if not reason.validate_on_submit():
        return _check_page(visit, reason), 422
    actor, text = audit.here(acting(CHECK)), plain_text(reason.reason.data or "")
    with write() as session:
        why = actions.send_back(session, current_app.config["SETTINGS"], visit.id, text, actor, now)
    _refuse(why)
    jobs.wake(current_app)
    return redirect(url_for(".check", visit_id=visit_id), 303)


def _refuse(why: str | None) -> None:
    """A refusal that is on record already."""
    if why is not None:
        raise Problem(403, actions.words_for(why), "")
