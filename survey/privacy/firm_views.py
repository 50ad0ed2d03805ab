"""What a firm permits, what left it, and a copy of all its data."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from survey import audit, limits
from survey.access import organisation_or_404, requires
from survey.database import reading, write
from survey.privacy import consents, copies, disclosures, downloads
from survey.privacy.consent_texts import FIELDS, TEXTS, ConsentText
from survey.privacy.copy_views import too_many_copies
from survey.privacy.firm_parts import FIRM, REGISTER

bp = Blueprint("firms", __name__, url_prefix="/firms/<public_id>")


@bp.get("/consents", endpoint="consents")
@requires("organisation:view")
def consents_page(public_id: str) -> str:
    firm, now, db = organisation_or_404(public_id, "organisation:view"), datetime.now(UTC), reading()
    history = consents.history(db, firm.id)
    running = {row.kind: row for row, _name in history if row.withdrawn_at is None}
    return render_template(
        "privacy/consents.html",
        firm=firm,
        texts=TEXTS,
        fields=FIELDS,
        running=running,
        held={kind for kind in TEXTS if consents.holds(db, firm.id, kind, now)},
        history=history,
    )


@bp.post("/consents/<kind>/give")
@requires("consents:manage")
def give(public_id: str, kind: str) -> Response:
    """In the wording that the page showed: if it changed in the meantime, the new one is read first."""
    firm, text = organisation_or_404(public_id, "consents:manage"), _text(kind)
    if request.form.get("version") == text.version:
        with write() as db:
            consents.give(db, firm.id, kind, text, audit.here(), datetime.now(UTC))
    return _back(public_id, kind)


@bp.post("/consents/<kind>/withdraw")
@requires("consents:manage")
def withdraw(public_id: str, kind: str) -> Response:
    firm = organisation_or_404(public_id, "consents:manage")
    _text(kind)
    with write() as db:
        consents.withdraw(db, firm.id, kind, audit.here(), datetime.now(UTC))
    return _back(public_id, kind)


def _text(kind: str) -> ConsentText:
    return TEXTS.get(kind) or abort(404)


def _back(public_id: str, kind: str) -> Response:
    return redirect(url_for("privacy.firms.consents", public_id=public_id, _anchor=kind), 303)


@bp.get("/disclosures", endpoint="disclosures")
@requires("organisation:view")
def disclosures_page(public_id: str) -> str:
    firm = organisation_or_404(public_id, "organisation:view")
    return render_template(
        "privacy/disclosures.html",
        firm=firm,
        rows=disclosures.disclosed(reading(), firm.id),
        fields=FIELDS,
        purposes=disclosures.PURPOSES,
        hows=disclosures.HOWS,
    )


@bp.post("/disclosures")
@requires("consents:manage")
def export_disclosures(public_id: str) -> Response:
    firm = organisation_or_404(public_id, "consents:manage")
    now = _count_copy(firm.id, firm.public_id, "disclosures")
    return downloads.sent(
        copies.filled(reading(), REGISTER, firm.id), "xlsx", f"{firm.name} {_('Disclosures')}", "disclosures", now
    )


@bp.get("/copy")
@requires("consents:manage", fresh=True)
def copy(public_id: str) -> str:
    firm = organisation_or_404(public_id, "consents:manage")
    return render_template("privacy/firm_copy.html", firm=firm, parts=FIRM)


@bp.post("/copy")
@requires("consents:manage", fresh=True)
def make_copy(public_id: str) -> Any:
    firm, ending = organisation_or_404(public_id, "consents:manage"), request.form.get("format", "")
    if ending not in downloads.FORMATS:
        abort(400)
    now = _count_copy(firm.id, firm.public_id, ending)
    return downloads.sent(copies.filled(reading(), FIRM, firm.id), ending, firm.name, "firm-data", now)


def _count_copy(firm_id: int, public_id: str, detail: str) -> datetime:
    """Count and record a copy of a firm's data; ten a day are enough."""
    now = datetime.now(UTC)
    with write() as db:
        if not limits.count(db, "data copies", public_id, now):
            raise too_many_copies()
        audit.record(db, audit.here(), "firm.copy", public_id, now=now, organisation_id=firm_id, detail=detail)
    return now
