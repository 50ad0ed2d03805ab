"""The firm's way: what there is to fill in, the sections, checking, submitting, the receipt."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from questionnaires.instrument import Instrument
from survey import audit
from survey.access import ACCOUNT, may, organisation_or_404, requires, submission_or_404
from survey.answering import actions, check_page, hub, queries, rounds, submitting
from survey.answering.authors import authors
from survey.answering.commitment import COMMITMENT, commitment_text
from survey.answering.open_times import times_of
from survey.answering.returned import accepted_on, mended
from survey.answering.saving import already_submitted, store, window
from survey.answering.section_page import answer_to_save, draw
from survey.answering.work import Work
from survey.database import reading, write
from survey.evidence.standing import standing, standing_of_draft
from survey.identity import signed_in
from survey.languages import TAGS, page_language, speaking
from survey.models import Campaign, Submission
from survey.publishing.queries import instrument

bp = Blueprint("answering", __name__, url_prefix="/fill")


@bp.get("")
@requires(ACCOUNT)
def home() -> Any:
    """The list of firms and rounds; with just one, its parts at once, or its only part where that has begun."""
    now = datetime.now(UTC)
    tasks = queries.tasks(reading(), signed_in().user_id, now)
    if not tasks:
        return redirect(url_for("organisations.home"))
    if len(tasks) == 1 and tasks[0].submission is not None:
        return redirect(url_for("answering.sections", submission_id=tasks[0].submission.public_id))
    cards = rounds.cards(reading(), tasks, page_language(), now)
    if len(cards) == 1:
        return redirect(cards[0].href)
    return render_template("answering/home.html", title=_("Fill in"), cards=cards)


@bp.get("/rounds/<round_id>/<organisation_id>")
@requires("answers:view")
def round_page(round_id: str, organisation_id: str) -> str:
    """One firm's assessment in a round: its parts by field, and what came out so far."""
    organisation = organisation_or_404(organisation_id, "answers:view")
    overview = rounds.overview(reading(), organisation, round_id, page_language(), datetime.now(UTC))
    if overview is None:
        abort(404)
    return render_template("answering/round.html", title=organisation.name, hub=overview, organisation=organisation)


@bp.post("/start/<organisation_id>/<campaign_id>")
@requires("answers:edit")
def start(organisation_id: str, campaign_id: str) -> Response:
    """Begin the firm's self-assessment in a campaign."""
    organisation = organisation_or_404(organisation_id, "answers:edit")
    now = datetime.now(UTC)
    campaign = reading().query(Campaign).filter_by(public_id=campaign_id).one_or_none()
    if campaign is None:
        abort(404)
    window(times_of(campaign), now)
    with write() as session:
        submission = actions.start(session, organisation, campaign, audit.here(), now)
    return redirect(url_for("answering.sections", submission_id=submission.public_id), 303)


def self_assessment_or_404(submission_id: str, permission: str) -> Submission:
    """What a firm fills in itself; the verified submission beside it is nobody's to fill in."""
    submission = submission_or_404(submission_id, permission)
    if submission.kind != "self":
        abort(404)
    return submission


@bp.get("/<submission_id>")
@requires("answers:view")
def sections(submission_id: str) -> str | Response:
    """The sections with their status, and where to go on."""
    submission = self_assessment_or_404(submission_id, "answers:view")
    if submission.state not in actions.OPEN_STATES:
        return redirect(url_for("answering.receipt", submission_id=submission_id))
    overview = hub.overview(reading(), submission, page_language(), datetime.now(UTC))
    proof = standing_of_draft(reading(), submission, overview.instrument, overview.whole)
    return render_template("answering/sections.html", title=submission.organisation.name, hub=overview, proof=proof)


@bp.get("/<submission_id>/sections/<section_id>")
@requires("answers:view")
def section(submission_id: str, section_id: str) -> str | Response:
    """The questions of one section."""
    work = Work.load(submission_id, section_id, "answers:view")
    if work.submission.state not in actions.OPEN_STATES:
        return redirect(url_for("answering.receipt", submission_id=submission_id))
    return draw(work, new=request.args.getlist("new"))


@bp.post("/<submission_id>/sections/<section_id>")
@requires("answers:edit")
def save(submission_id: str, section_id: str) -> Any:
    """Save one section; what is wrong with it is shown, everything valid is kept."""
    work, form, now = Work.load(submission_id, section_id, "answers:edit"), request.form, datetime.now(UTC)
    if work.submission.state not in actions.OPEN_STATES:
        raise already_submitted(submission_id)
    window(times_of(work.submission, work.submission.due_on), now)
    then = form.get("then")
    with speaking(then if then in TAGS else page_language()):
        return answer_to_save(work, store(work, form, signed_in().user_id, now), form)


@bp.get("/<submission_id>/check")
@requires("answers:view")
def check(submission_id: str) -> Any:
    """All answers, what is missing, and the commitment."""
    submission = self_assessment_or_404(submission_id, "answers:view")
    if submission.state not in actions.OPEN_STATES:
        return redirect(url_for("answering.receipt", submission_id=submission_id))
    return _check_page(submission, faults=())


def _check_page(submission: Submission, faults: tuple[tuple[str, str], ...]) -> str:
    page = check_page.check(reading(), submission, page_language())
    asked = instrument(reading(), submission.campaign.instrument_id)
    return render_template(
        "answering/check.html",
        authors=_authors(submission, asked),
        title=_("Check your answers"),
        check=page,
        faults=faults,
        commitment=commitment_text(submission.organisation.name),
        submission=submission,
    )


def _authors(submission: Submission, instrument: Instrument) -> list[tuple[str, str]]:
    """Who filled in which section, for the firm's own people."""
    return authors(reading(), submission, instrument, page_language()) if may("report:view") else []


@bp.post("/<submission_id>/submit")
@requires("submission:submit")
def submit(submission_id: str) -> Any:
    """Hand in once. A second time gives the same receipt."""
    submission = self_assessment_or_404(submission_id, "submission:submit")
    receipt_page = redirect(url_for("answering.receipt", submission_id=submission_id), 303)
    if submission.state not in actions.OPEN_STATES:
        return receipt_page
    now = datetime.now(UTC)
    window(times_of(submission.campaign, submission.due_on), now)
    prepared = submitting.prepare(reading(), submission)
    if prepared.faults:
        return _check_page(submission, (("answers", _("Some answers still need changing; see below.")),)), 422
    if request.form.get("commitment") != COMMITMENT:
        return _check_page(submission, (("commitment", _("Tick the commitment before submitting")),)), 422
    with write(durable=True) as session:
        done = submitting.submit(session, prepared, request.form.get("checked", ""), audit.here(), now)
    if not done:
        changed = _("Somebody changed an answer after this page was opened. Check the answers again, then submit.")
        return _check_page(submission, (("answers", changed),)), 409
    submitting.wake_reports()
    return receipt_page


@bp.get("/<submission_id>/receipt")
@requires("answers:view")
def receipt(submission_id: str) -> str | Response:
    """The proof of submission."""
    submission = self_assessment_or_404(submission_id, "answers:view")
    if submission.state in actions.OPEN_STATES:  # also what was returned: its answers are no longer the last word
        return redirect(url_for("answering.sections", submission_id=submission_id))
    snapshot = submitting.latest_snapshot(reading(), submission)
    answered = instrument(reading(), snapshot.instrument_id)
    scored = check_page.scored(answered)
    return render_template(
        "answering/receipt.html",
        title=_("Assessment submitted") if scored else _("Answers submitted"),
        submission=submission,
        snapshot=snapshot,
        scored=scored,
        proof=standing(reading(), submission),
        authors=_authors(submission, answered),
        round=hub.round_link(reading(), submission),
        mended=mended(reading(), submission, answered, page_language()),
        accepted=accepted_on(reading(), submission.id),
        instrument_title=(answered.basis if scored else answered).title.say(page_language()),
    )
