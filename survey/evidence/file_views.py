"""One file of the firm: the file itself, which answers it proves, and taking it away."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _

from survey import audit
from survey.access import requires
from survey.database import reading, write
from survey.errors import Problem
from survey.evidence import keeping, serving
from survey.evidence.loading import (
    EDIT,
    VIEW,
    loaded,
    may_add,
    may_take_away,
    of_firm,
    own_file,
    readable,
    refuse_closed,
    refuse_handed_in,
)
from survey.languages import page_language

bp = Blueprint("files", __name__, url_prefix="/<submission_id>/files/<evidence_id>")


@bp.get("")
@requires(VIEW)
def page(submission_id: str, evidence_id: str) -> str:
    """The file, and the questions to tick whose answers it proves."""
    submission, asked = loaded(submission_id, VIEW)
    row = own_file(submission, evidence_id)
    language = page_language()
    return render_template(
        "evidence/file.html",
        title=row.name,
        submission=submission,
        file=of_firm(submission).file(row),
        sections=[(section.title.say(language), items) for section, items in asked.sections],
        used=keeping.items_of(reading(), row.id, submission.id),
        editable=may_add(submission),
        removable=may_take_away(submission),
        kept=keeping.used_elsewhere(reading(), row.id),
    )


@bp.post("")
@requires(EDIT)
def tick(submission_id: str, evidence_id: str) -> Any:
    """The file proves what is ticked; once the answers are handed in, ticks are only added."""
    submission, asked = loaded(submission_id, EDIT)
    row, now = own_file(submission, evidence_id), datetime.now(UTC)
    refuse_closed(submission)
    ticked = [item for item in request.form.getlist("item") if item in asked.items]
    gone = set(asked.items).difference(ticked) if may_take_away(submission) else set[str]()
    with write() as session:
        for item in ticked:
            keeping.use(session, row.id, submission.id, item, audit.here(), now)
        keeping.unuse(session, row.id, submission.id, gone)
    return redirect(url_for("evidence.files.page", submission_id=submission_id, evidence_id=evidence_id, saved=1), 303)


@bp.get("/open")
@requires(VIEW)
def open_(submission_id: str, evidence_id: str) -> Any:
    submission, _asked = loaded(submission_id, VIEW)
    return serving.opened(readable(submission, evidence_id))


@bp.get("/small")
@requires(VIEW)
def small(submission_id: str, evidence_id: str) -> Any:
    submission, _asked = loaded(submission_id, VIEW)
    return serving.small(readable(submission, evidence_id))


@bp.get("/remove")
@requires(EDIT)
def ask_to_remove(submission_id: str, evidence_id: str) -> str:
    """Ask once more: the file is gone for good."""
    submission, asked = loaded(submission_id, EDIT)
    row = own_file(submission, evidence_id)
    refuse_handed_in(submission)
    language = page_language()
    used = keeping.items_of(reading(), row.id, submission.id)
    return render_template(
        "evidence/remove.html",
        title=_("Remove this file?"),
        submission=submission,
        file=of_firm(submission).file(row),
        proves=[one.short.say(language) for one in asked.items.values() if one.id in used],
    )


@bp.post("/remove")
@requires(EDIT)
def remove(submission_id: str, evidence_id: str) -> Any:
    submission, _asked = loaded(submission_id, EDIT)
    row = own_file(submission, evidence_id)
    refuse_handed_in(submission)
    with write() as session:
        file = keeping.remove(session, row.id, audit.here(), datetime.now(UTC))
    if file is None:
        raise Problem(
            409,
            _("This file cannot be removed"),
            _("It also proves answers that were handed in. Untick it here if it is not needed for this part."),
            url_for("evidence.files.page", submission_id=submission_id, evidence_id=evidence_id),
            _("Back to the file"),
        )
    keeping.discard(current_app.config["SETTINGS"], file)
    return redirect(url_for("evidence.page", submission_id=submission_id, removed=1), 303)
