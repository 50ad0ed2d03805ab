"""The office's pages: its visits, planning one, changing the plan, calling it off."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from flask import current_app, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from questionnaires.answers import plain_text
from survey import audit, formatting, jobs
from survey.access import acting, requires, submission_in_area_or_404
from survey.accounts.conflicts import CONFLICTS
from survey.city.calendar import add_working_days, all_named_days, days_left
from survey.database import reading, write
from survey.desk import assessor_actions
from survey.formatting import local_time
from survey.languages import page_language
from survey.models import Organisation, Submission, User, Visit
from survey.organisations.queries import area_name
from survey.publishing.queries import instrument as instrument_in
from survey.report import beside, charts
from survey.verification import office_page, planning_actions, queries, sheet
from survey.verification.forms import PlanForm, ReasonForm
from survey.verification.planning_actions import Plan
from survey.verification.rights import PLAN, office_visit_or_404
from survey.verification.standing import OPEN, is_late

DAYS_TO_VISIT = 20
"""Working days from planning to the due date that is offered."""


@requires(PLAN)
def home() -> str:
    """The office's visits, and the firms with an assessor and no visit yet."""
    session, now, language = reading(), datetime.now(UTC), page_language()
    today = local_time(now).date()
    visits, to_plan = queries.office_visits(session, PLAN), queries.to_plan(session, PLAN, now)
    named = all_named_days(session)
    names = queries.assessors_of(session, {visit.organisation_id for visit in visits})
    return render_template(
        "verification/office.html",
        visits=[_row(visit, names.get(visit.organisation_id, []), named, today, language) for visit in visits],
        to_plan=[
            (
                each,
                instrument_in(session, each.campaign.instrument_id).title.say(language),
                area_name(each.organisation.operating_area, language),
            )
            for each in to_plan
        ],
        late=sum(is_late(visit, today) for visit in visits),
    )  # fmt: skip


def _row(visit: Visit, names: list[str], named: Mapping[date, str], today: date, language: str) -> dict[str, Any]:
    kind, word = office_page.state(visit, today)
    return {
        "firm": visit.organisation.name,
        "href": url_for(".office_visit", visit_id=visit.public_id),
        "area": area_name(visit.organisation.operating_area, language),
        "days": office_page.days(visit),
        "left": _left(visit, named, today) if visit.state in OPEN else "",
        "who": _(", ").join(names),
        "kind": kind,
        "word": word,
    }


def _left(visit: Visit, named: Mapping[date, str], today: date) -> str:
    left = days_left(named, today, visit.due_on)
    if left < 0:
        return ngettext("%(num)d working day late", "%(num)d working days late", -left)
    return ngettext("%(num)d working day left", "%(num)d working days left", left)


# -- planning ----------------------------------------------------------------------------------------------------------


@requires(PLAN)
def ask_to_plan(submission_id: str) -> Any:
    submission = submission_in_area_or_404(submission_id, PLAN)
    there = next((each for each in queries.visits_of_submission(reading(), submission.id) if each.state in OPEN), None)
    if there is not None:
        return redirect(url_for(".office_visit", visit_id=there.public_id))
    now = datetime.now(UTC)
    due = add_working_days(reading(), local_time(now).date(), DAYS_TO_VISIT)
    return _plan_page(submission, _form(submission.organisation, due_on=due), _refusal(submission))


def _form(firm: Organisation, **data: Any) -> PlanForm:
    """With everybody who can be asked; those who are the firm's assessors already are ticked."""
    assigned = [each.user for each in assessor_actions.assigned(reading(), firm.id)]
    form = PlanForm(assessors=[each.public_id for each in assigned], **data)
    form.today = local_time(datetime.now(UTC)).date()
    form.offer(_people(firm))
    return form


def _people(firm: Organisation) -> list[User]:
    assigned = [each.user for each in assessor_actions.assigned(reading(), firm.id)]
    found = {each.id: each for each in (*assessor_actions.candidates(reading(), firm), *assigned)}
    return list(found.values())


def _refusal(submission: Submission) -> str:
    if queries.verifiable(reading(), submission):
        return ""
    return _("Only what a firm has handed in, and what was not returned to it, can be verified on site.")


def _plan_page(submission: Submission, form: PlanForm, refusal: str = "") -> str:
    title = instrument_in(reading(), submission.campaign.instrument_id).title.say(page_language())
    return render_template(
        "verification/plan.html", submission=submission, questionnaire=title, form=form, refusal=refusal
    )


@requires(PLAN)
def plan(submission_id: str) -> Any:
    submission = submission_in_area_or_404(submission_id, PLAN)
    form = _form(submission.organisation)
    if _refusal(submission) or not form.validate_on_submit():
        return _plan_page(submission, form, _refusal(submission)), 422
    actor, now, people = audit.here(acting(PLAN)), datetime.now(UTC), _people(submission.organisation)
    with write() as session:
        made, refused = planning_actions.plan(
            session, current_app.config["SETTINGS"], submission.id, _wanted(form, people), actor, now
        )
        made_id = made.public_id if made is not None else ""
    if refused:
        form.assessors.errors = _refused(people, refused)
        return _plan_page(submission, form), 422
    jobs.wake(current_app)
    return redirect(url_for(".office_visit", visit_id=made_id), 303)


def _wanted(form: PlanForm, people: list[User]) -> Plan:
    chosen = frozenset(each.id for each in people if each.public_id in (form.assessors.data or ()))
    assert form.due_on.data is not None
    return Plan(form.planned_on.data, form.due_on.data, chosen)


def _refused(people: list[User], refused: Mapping[int, str]) -> list[str]:
    names = {each.id: each.name for each in people}
    return [_("%(name)s: %(why)s", name=names[each], why=str(CONFLICTS[why])) for each, why in refused.items()]


# -- one visit ---------------------------------------------------------------------------------------------------------


@requires(PLAN)
def office_visit(visit_id: str) -> str:
    visit = office_visit_or_404(visit_id, PLAN)
    form = _form(visit.organisation, planned_on=visit.planned_on, due_on=visit.due_on)
    return _visit_page(visit, form, ReasonForm(formdata=None))


def _visit_page(visit: Visit, form: PlanForm, reason: ReasonForm) -> str:
    language, today = page_language(), local_time(datetime.now(UTC)).date()
    told = sheet.case(reading(), visit)
    handed_in = visit.state in ("entered", "confirmed")
    assigned = assessor_actions.assigned(reading(), visit.organisation_id)
    return render_template(
        "verification/office_visit.html",
        visit=visit,
        form=form,
        reason=reason,
        state=office_page.state(visit, today),
        facts=[
            *office_page.firm_facts(reading(), visit, language),
            (_("Who visits"), _(", ").join(each.user.name for each in assigned) or "–"),
            (_("Firm's word until"), formatting.date(visit.comment_until)),
        ],
        done=len(told.numbers) - len(told.missing),
        total=len(told.numbers),
        both=beside.live(told, language) if handed_in else None,
        charts=charts,
        open=visit.state in OPEN,
        faults=[*form.faults, *reason.faults],
    )


@requires(PLAN)
def change(visit_id: str) -> Any:
    visit = office_visit_or_404(visit_id, PLAN)
    form = _form(visit.organisation)
    if not form.validate_on_submit():
        return _visit_page(visit, form, ReasonForm(formdata=None)), 422
    actor, now, people = audit.here(acting(PLAN)), datetime.now(UTC), _people(visit.organisation)
    with write() as session:
        refused = planning_actions.change(
            session, current_app.config["SETTINGS"], visit.id, _wanted(form, people), actor, now
        )
    if refused:
        form.assessors.errors = _refused(people, refused)
        return _visit_page(visit, form, ReasonForm(formdata=None)), 422
    jobs.wake(current_app)
    return redirect(url_for(".office_visit", visit_id=visit_id), 303)


@requires(PLAN)
def cancel(visit_id: str) -> Any:
    visit, reason = office_visit_or_404(visit_id, PLAN), ReasonForm()
    if not reason.validate_on_submit():
        form = _form(visit.organisation, planned_on=visit.planned_on, due_on=visit.due_on)
        return _visit_page(visit, form, reason), 422
    actor, now = audit.here(acting(PLAN)), datetime.now(UTC)
    with write() as session:
        planning_actions.cancel(
            session, current_app.config["SETTINGS"], visit.id, plain_text(reason.reason.data or ""), actor, now
        )  # fmt: skip
    jobs.wake(current_app)
    return redirect(url_for(".home"), 303)
