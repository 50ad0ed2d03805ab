"""An office checks what was submitted: accepts it, or returns it once with all faults."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from survey import audit, jobs
from survey.access import acting, in_my_areas, requires, submission_in_area_or_404
from survey.accounts.conflicts import why_not_verifier
from survey.city.calendar import add_working_days, all_named_days
from survey.database import reading, write
from survey.evidence.needed import asked_of
from survey.formatting import local_time
from survey.identity import signed_in
from survey.languages import page_language
from survey.models import Snapshot, Submission
from survey.organisations.queries import area_name
from survey.pages.navigation import site_names
from survey.publishing.queries import instrument as instrument_in
from survey.report.queries import card_of
from survey.report.verdict import outcome
from survey.reviews import actions, notice, queries
from survey.reviews import page as pages
from survey.reviews.actions import DAYS_TO_CHOOSE, RETURN_DAYS, mark
from survey.reviews.faults import KINDS, about_name, home_of, known, place_of
from survey.reviews.forms import FaultForm, days_in, filter_in
from survey.reviews.queries import PER_PAGE, REVIEW, STATES, Filter
from survey.settings import Settings

bp = Blueprint("reviews", __name__, url_prefix="/reviews")


def _today() -> date:
    return local_time(datetime.now(UTC)).date()


# -- the list ----------------------------------------------------------------------------------------------------------


@bp.get("")
@requires(REVIEW)
def home() -> Any:
    session, language = reading(), page_language()
    in_my_areas(REVIEW)
    asked = queries.questionnaires(session, language)
    wanted = filter_in(request.args, asked)
    total = queries.total(session, wanted)
    last = max(1, -(-total // PER_PAGE))
    if wanted.page > last:
        return redirect(url_for("reviews.home", **_arguments(wanted, page=last)))
    return render_template(
        "reviews/home.html",
        lines=queries.lines(session, wanted, _today(), language),
        wanted=wanted,
        total=total,
        pages=last,
        first=(wanted.page - 1) * PER_PAGE + 1,
        states=STATES,
        questionnaires=asked,
        address=lambda **changes: url_for("reviews.home", **_arguments(wanted, **changes)),
    )


def _arguments(wanted: Filter, **changes: Any) -> dict[str, Any]:
    """The same wish as values of an address; what is usual is left out."""
    state = "" if wanted.state == queries.FIRST_STATE else wanted.state
    values = {"state": state, "questionnaire": wanted.questionnaire, "page": "", **changes}
    return {key: value for key, value in values.items() if value not in ("", 1)}


# -- one submission ----------------------------------------------------------------------------------------------------


@bp.get("/<submission_id>")
@requires(REVIEW)
def page(submission_id: str) -> str:
    return _page(*_loaded(submission_id))


def _loaded(submission_id: str) -> tuple[Submission, list[Snapshot]]:
    """A self-assessment that was handed in, and all that was handed in; 404 for drafts and what was verified."""
    submission = submission_in_area_or_404(submission_id, REVIEW)
    found = queries.snapshots(reading(), submission.id)
    if not found or submission.kind != "self":
        abort(404)
    return submission, found


def _page(
    submission: Submission, snapshots: list[Snapshot], form: FaultForm | None = None, about: str | None = None
) -> str:
    session, language, snapshot = reading(), page_language(), snapshots[-1]
    faults = queries.faults(session, snapshot.id)
    instrument = instrument_in(session, snapshot.instrument_id)
    card = card_of(session, submission.id)
    made = queries.decision(session, snapshot.id)
    involved = why_not_verifier(session, signed_in().user_id, submission.organisation_id) is not None
    return render_template(
        "reviews/page.html",
        submission=submission,
        snapshot=snapshot,
        instrument=instrument,
        area=area_name(submission.organisation.operating_area, language),
        result=outcome(card, instrument, language) if card else "",
        shown=pages.page(session, submission, snapshots, faults, language),
        faults=faults,
        mark=mark(faults),
        made=made,
        state=STATES[submission.state],
        due=queries.check_due(all_named_days(session), local_time(snapshot.submitted_at).date()),
        involved=involved,
        open=made is None and not involved and submission.state == "submitted",
        again=queries.returned_before(session, submission.id),
        kinds=KINDS,
        wanting=asked_of(session, submission, handed_in=True).wanting,
        form=form,
        error_id=(home_of(about, instrument, snapshot.reference_year) or "whole") if form else "",
        days=DAYS_TO_CHOOSE,
        usual_days=RETURN_DAYS,
        evidence=url_for("evidence.office.page", submission_id=submission.public_id),
    )


def _to(submission_id: str, anchor: str = "") -> Response:
    return redirect(url_for("reviews.page", submission_id=submission_id, _anchor=anchor or None), 303)


# -- faults ------------------------------------------------------------------------------------------------------------


@bp.post("/<submission_id>/faults")
@requires(REVIEW)
def add_fault(submission_id: str) -> Any:
    submission, snapshots = _loaded(submission_id)
    form, about = FaultForm(), request.form.get("about") or None
    snapshot = snapshots[-1]
    instrument = instrument_in(reading(), snapshot.instrument_id)
    if not known(about, instrument, snapshot.reference_year):
        abort(400)
    if not form.validate_on_submit():
        return _page(submission, snapshots, form, about), 422
    actor, now = audit.here(acting(REVIEW)), datetime.now(UTC)
    with write() as session:
        made = actions.add_fault(session, snapshot.id, about, form.kind.data, form.text.data or "", actor, now)
    return _to(submission_id, f"fault-{made}")


@bp.get("/<submission_id>/faults/<fault_id>")
@requires(REVIEW)
def fault(submission_id: str, fault_id: str) -> str:
    submission, snapshots = _loaded(submission_id)
    found = _fault(snapshots[-1], fault_id)
    return _fault_page(submission, snapshots[-1], found, FaultForm(data={"kind": found.kind, "text": found.text}))


def _fault(snapshot: Snapshot, fault_id: str) -> queries.Fault:
    found = (each for each in queries.faults(reading(), snapshot.id) if each.public_id == fault_id)
    return next(found, None) or abort(404)


def _fault_page(submission: Submission, snapshot: Snapshot, found: queries.Fault, form: FaultForm) -> str:
    about = about_name(found.about, instrument_in(reading(), snapshot.instrument_id), page_language())
    return render_template("reviews/fault.html", submission=submission, fault=found, about=about, form=form)


@bp.post("/<submission_id>/faults/<fault_id>")
@requires(REVIEW)
def change_fault(submission_id: str, fault_id: str) -> Any:
    submission, snapshots = _loaded(submission_id)
    found, form = _fault(snapshots[-1], fault_id), FaultForm()
    if not form.validate_on_submit():
        return _fault_page(submission, snapshots[-1], found, form), 422
    actor, now = audit.here(acting(REVIEW)), datetime.now(UTC)
    with write() as session:
        actions.change_fault(session, snapshots[-1].id, found.id, form.kind.data, form.text.data or "", actor, now)
    return _to(submission_id, f"fault-{fault_id}")


@bp.post("/<submission_id>/faults/<fault_id>/remove")
@requires(REVIEW)
def remove_fault(submission_id: str, fault_id: str) -> Response:
    _submission, snapshots = _loaded(submission_id)
    found = _fault(snapshots[-1], fault_id)
    with write() as session:
        actions.remove_fault(session, snapshots[-1].id, found.id, audit.here(acting(REVIEW)), datetime.now(UTC))
    return _to(submission_id)


# -- deciding ----------------------------------------------------------------------------------------------------------


@bp.get("/<submission_id>/return")
@requires(REVIEW)
def preview(submission_id: str) -> str | Response:
    """The notice exactly as the firm will get it."""
    submission, snapshots = _loaded(submission_id)
    session, snapshot, days = reading(), snapshots[-1], days_in(request.args)
    faults = queries.faults(session, snapshot.id)
    if submission.state != "submitted" or not faults or queries.returned_before(session, submission.id):
        return _to(submission_id)
    due_on = add_working_days(session, _today(), days)
    told = notice.values(session, submission, _firms_address(submission), len(faults), due_on)
    return render_template(
        "reviews/return.html",
        submission=submission,
        snapshot=snapshot,
        listed=_listed(snapshot, faults),
        due_on=due_on,
        days=days,
        choices=DAYS_TO_CHOOSE,
        message=notice.returned_text(site_names()["platform_name"], told),
        mark=mark(faults, due_on),
    )


def _listed(snapshot: Snapshot, faults: list[queries.Fault]) -> list[tuple[str, str, str]]:
    """What each fault is about, its kind and its words."""
    instrument, language = instrument_in(reading(), snapshot.instrument_id), page_language()
    ordered = sorted(faults, key=lambda each: place_of(each.about, instrument, snapshot.reference_year))
    return [(about_name(each.about, instrument, language), str(KINDS[each.kind]), each.text) for each in ordered]


def _firms_address(submission: Submission) -> str:
    """From the configured address, never from the request."""
    return _settings().base_url + url_for("answering.sections", submission_id=submission.public_id)


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


@bp.post("/<submission_id>/return")
@requires(REVIEW)
def return_once(submission_id: str) -> Response:
    submission, snapshots = _loaded(submission_id)
    due_on = add_working_days(reading(), _today(), days_in(request.form))
    actor, now, seen = audit.here(acting(REVIEW)), datetime.now(UTC), request.form.get("seen", "")
    snapshot, address = _as_shown(snapshots), _firms_address(submission)
    with write() as session:
        returned = actions.return_once(session, snapshot.id, due_on, seen, actor, now)
        count = len(queries.faults(session, snapshot.id))
        notice.tell(session, _settings(), "returned", returned, address, count, now)
    jobs.wake(current_app)
    return _to(submission_id)


@bp.post("/<submission_id>/time")
@requires(REVIEW)
def give_time(submission_id: str) -> Response:
    """A later due date, counted from today."""
    submission, snapshots = _loaded(submission_id)
    due_on = add_working_days(reading(), _today(), days_in(request.form))
    actor, now, address = audit.here(acting(REVIEW)), datetime.now(UTC), _firms_address(submission)
    with write() as session:
        returned = actions.give_time(session, snapshots[-1].id, due_on, actor, now)
        notice.tell(session, _settings(), "more_time", returned, address, 0, now)
    jobs.wake(current_app)
    return _to(submission_id)


@bp.post("/<submission_id>/accept")
@requires(REVIEW)
def accept(submission_id: str) -> Response:
    submission, snapshots = _loaded(submission_id)
    actor, now, seen = audit.here(acting(REVIEW)), datetime.now(UTC), request.form.get("seen", "")
    snapshot = _as_shown(snapshots)
    address = _settings().base_url + url_for("report.page", submission_id=submission.public_id)
    with write() as session:
        accepted = actions.accept(session, snapshot.id, seen, actor, now)
        notice.tell(session, _settings(), "accepted", accepted, address, 0, now)
    jobs.wake(current_app)
    return _to(submission_id)


def _as_shown(snapshots: list[Snapshot]) -> Snapshot:
    """What the page showed; what was handed in since is not decided by it."""
    shown = request.form.get("snapshot", "")
    return next((each for each in snapshots if each.public_id == shown), None) or abort(400)
