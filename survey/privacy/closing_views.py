"""Closing one's own account."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from survey import audit, jobs
from survey.access import ACCOUNT, public, requires
from survey.database import reading, write
from survey.identity import sign_in_cookie, signed_in
from survey.privacy import closing
from survey.privacy.leftovers import remove
from survey.settings import Settings

bp = Blueprint("closing", __name__, url_prefix="/mine/close")

SUCCESSOR = "successor-"
"""What the name of a field begins with; the firm's public id follows."""


@bp.get("")
@requires(ACCOUNT, fresh=True)
def page() -> str:
    return _page({})


def _page(missing: dict[str, str]) -> str:
    db, who = reading(), signed_in()
    return render_template(
        "privacy/close.html",
        roles=closing.roles_held(db, who.user_id),
        alone=closing.alone_in(db, who.user_id),
        chosen=request.form,
        missing=missing,
        faults=list(missing.items()),
        field=SUCCESSOR,
        release=closing.RELEASE,
    )


@bp.post("")
@requires(ACCOUNT, fresh=True)
def close() -> Any:
    """Everything or nothing; what stands in the way by now is shown on the page."""
    who = signed_in()
    named = {key.removeprefix(SUCCESSOR): value for key, value in request.form.items() if key.startswith(SUCCESSOR)}
    missing = _missing(who.user_id, named)
    if missing:
        return _page(missing), 422
    settings: Settings = current_app.config["SETTINGS"]
    try:
        with write(durable=True) as db:
            files = closing.close(db, settings, who.user_id, named, audit.here(), datetime.now(UTC))
    except closing.CannotClose:
        return redirect(url_for("privacy.closing.page"), 303)  # it shows what stands in the way by now
    remove(settings.data_directory, files)
    jobs.wake(current_app)
    return _signed_out(settings)


def _missing(user_id: int, named: dict[str, str]) -> dict[str, str]:
    """What to do about the form, by the id of the control."""
    firms = [each.organisation for each in closing.alone_in(reading(), user_id)]
    missing = {
        SUCCESSOR + firm.public_id: _("Say who follows you in %(firm)s", firm=firm.name)
        for firm in firms
        if not named.get(firm.public_id)
    }
    return missing | ({} if request.form.get("sure") == "y" else {"sure": _("Tick that you want to close the account")})


def _signed_out(settings: Settings) -> Response:
    session.clear()
    answer = redirect(url_for("privacy.closing.closed"), 303)
    answer.delete_cookie(sign_in_cookie(), httponly=True, samesite="Lax", secure=settings.secure_cookies)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


@bp.get("/done")
@public
def closed() -> str:
    """After closing there is nobody who could be asked for a permission."""
    return render_template("privacy/closed.html")
