"""The firm's pages of proof: all questions with what is there and what is missing, and one question."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, abort, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _

from questionnaires.items import Item
from survey import audit
from survey.access import requires, wants_json
from survey.database import reading, write
from survey.evidence import file_views, keeping, office_views, shown
from survey.evidence.kinds import ACCEPT, MOST_AT_ONCE
from survey.evidence.loading import (
    EDIT,
    VIEW,
    loaded,
    may_add,
    may_take_away,
    of_firm,
    own_file,
    refuse_closed,
    refuse_handed_in,
)
from survey.evidence.needed import Asked
from survey.evidence.taking import Taken, allow_files, sent_files, take
from survey.languages import page_language
from survey.models import Submission

bp = Blueprint("evidence", __name__, url_prefix="/evidence")
bp.register_blueprint(office_views.bp)
bp.register_blueprint(file_views.bp)


@bp.url_value_preprocessor
def _allow_photos(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    if endpoint == "evidence.add":
        allow_files()


@bp.get("/<submission_id>")
@requires(VIEW)
def page(submission_id: str) -> str:
    """All questions of the part, each with its proof; on top how many answers have none."""
    submission, asked = loaded(submission_id, VIEW)
    session, reader = reading(), of_firm(submission)
    files = keeping.of_submission(session, submission.id)
    return render_template(
        "evidence/page.html",
        title=_("Proof of the answers"),
        submission=submission,
        instrument=asked.instrument,
        missing=len(asked.missing(files)),
        wanted=len(asked.wanting),
        groups=shown.groups(asked, files, reader, page_language()),
        unused=shown.unused(keeping.of_firm(session, submission.organisation_id), files, reader),
        editable=may_add(submission),
        removable=may_take_away(submission),
    )


# -- one question ------------------------------------------------------------------------------------------------------


@bp.get("/<submission_id>/items/<item_id>")
@requires(VIEW)
def item(submission_id: str, item_id: str) -> str:
    """What one question asks for as proof, what is there, and the form for more."""
    submission, asked = loaded(submission_id, VIEW)
    return _item_page(submission, asked, _known(asked, item_id))


def _known(asked: Asked, item_id: str) -> Item:
    return asked.items.get(item_id) or abort(404)


def _item_page(submission: Submission, asked: Asked, one: Item, faults: Sequence[tuple[str, str]] = ()) -> str:
    session, reader = reading(), of_firm(submission)
    files = keeping.of_submission(session, submission.id)
    mine = files.get(one.id, [])
    here = {row.id for row in mine}
    others = [row for row in keeping.of_firm(session, submission.organisation_id) if row.id not in here]
    left = [each for each in asked.missing(files) if each != one.id]
    return render_template(
        "evidence/item.html",
        title=one.short.say(page_language()),
        submission=submission,
        instrument=asked.instrument,
        part=next(section for section, items in asked.sections if one in items),
        item=one,
        faults=faults,
        files=[reader.file(row) for row in mine],
        others=[reader.file(row) for row in others if row.side == "firm"],
        left=len(left),
        following=reader.item_page(left[0]) if left else "",
        editable=may_add(submission),
        removable=may_take_away(submission),
        accept=ACCEPT,
        most=MOST_AT_ONCE,
    )


@bp.post("/<submission_id>/items/<item_id>/add")
@requires(EDIT)
def add(submission_id: str, item_id: str) -> Any:
    """Take in the files of the form, each on its own; what is not taken is named with the reason, the rest is kept."""
    submission, asked, one = _editable(submission_id, item_id)
    files = sent_files()
    fault = _fault_of_form(len(files))
    if fault:
        return _answer(submission, asked, one, [], [fault])
    taken = take(files, submission, one.id, "firm", audit.here(), datetime.now(UTC))
    refused = [_("%(file)s: %(what)s", file=each.name, what=each.fault) for each in taken if each.fault]
    return _answer(submission, asked, one, [each for each in taken if not each.fault], refused)


def _editable(submission_id: str, item_id: str) -> tuple[Submission, Asked, Item]:
    submission, asked = loaded(submission_id, EDIT)
    one = _known(asked, item_id)
    refuse_closed(submission)
    return submission, asked, one


def _fault_of_form(count: int) -> str:
    if not count:
        return _("Choose at least one photo or file")
    if count > MOST_AT_ONCE:
        return _("Choose at most %(most)s files at a time. None of these was kept", most=MOST_AT_ONCE)
    return ""


def _answer(submission: Submission, asked: Asked, one: Item, kept: list[Taken], faults: list[str]) -> Any:
    """To the script, or as the page."""
    if wants_json():
        return jsonify(kept=[each.name for each in kept], faults=faults), 422 if faults else 200
    if faults:
        return _item_page(submission, asked, one, [("files", text) for text in faults]), 422
    return redirect(url_for(".item", submission_id=submission.public_id, item_id=one.id, added=len(kept)), 303)


@bp.post("/<submission_id>/items/<item_id>/choose")
@requires(EDIT)
def choose(submission_id: str, item_id: str) -> Any:
    """Use files that the firm has brought before."""
    submission, _asked, one = _editable(submission_id, item_id)
    wanted = set(request.form.getlist("file"))
    rows = [row for row in keeping.of_firm(reading(), submission.organisation_id) if row.public_id in wanted]
    ids, now = [row.id for row in rows if row.side == "firm"], datetime.now(UTC)
    with write() as session:
        for each in ids:
            keeping.use(session, each, submission.id, one.id, audit.here(), now)
    return redirect(url_for(".item", submission_id=submission_id, item_id=one.id, added=len(ids)), 303)


@bp.post("/<submission_id>/items/<item_id>/leave/<evidence_id>")
@requires(EDIT)
def leave(submission_id: str, item_id: str, evidence_id: str) -> Any:
    """The file does not prove this answer after all; it stays among the firm's files."""
    submission, _asked, one = _editable(submission_id, item_id)
    row = own_file(submission, evidence_id)
    refuse_handed_in(submission)
    with write() as session:
        keeping.unuse(session, row.id, submission.id, [one.id])
    return redirect(url_for(".item", submission_id=submission_id, item_id=one.id), 303)
