"""The register of requests about personal data, for the security administrator (P-09)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, Final

import sqlalchemy as sa
from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _

from survey import audit, jobs
from survey.access import acting, requires
from survey.database import reading, write
from survey.errors import Problem
from survey.formatting import local_time
from survey.models import RightsRequest, User
from survey.privacy import rights
from survey.privacy.forms import AnswerForm

PAGE_SIZE: Final = 50


@requires("rights:answer")
def requests() -> str:
    """Open ones first, the most urgent on top; below them what was answered, the newest on top."""
    page = request.args.get("page", 1, int)
    if page < 1:
        abort(404)
    order = (
        RightsRequest.state != "open",
        sa.case((RightsRequest.state == "open", RightsRequest.due_on)).asc(),
        RightsRequest.id.desc(),
    )
    query = _with_person().order_by(*order).limit(PAGE_SIZE + 1).offset((page - 1) * PAGE_SIZE)
    rows = reading().execute(query).all()
    return render_template(
        "administration/requests.html", rows=rows[:PAGE_SIZE], more=len(rows) > PAGE_SIZE, page=page, **_words()
    )


@requires("rights:answer")
def one_request(request_id: str) -> str:
    return _request_page(request_id, AnswerForm())


@requires("rights:answer")
def answer_request(request_id: str) -> Any:
    row, form = _row(request_id)[0], AnswerForm()
    if not form.validate_on_submit():
        return _request_page(request_id, form), 422
    actor = audit.here(acting("rights:answer"))
    try:
        with write() as db:
            settings, now = current_app.config["SETTINGS"], datetime.now(UTC)
            rights.answer(db, settings, row.id, form.state.data, form.answer.data or "", actor, now)
    except rights.AnsweredAlready:
        text = _("Your answer was not sent. What the colleague wrote stands with the request.")
        again = url_for("administration.one_request", request_id=request_id)
        raise Problem(409, _("A colleague has answered this request"), text, again, _("Open the request")) from None
    jobs.wake(current_app)
    return redirect(url_for("administration.requests"), 303)


def _request_page(request_id: str, form: AnswerForm) -> str:
    row, name = _row(request_id)
    return render_template("administration/request.html", row=row, name=name, form=form, **_words())


def _with_person() -> sa.Select[RightsRequest, str]:
    return sa.select(RightsRequest, User.name).outerjoin(User, User.id == RightsRequest.user_id)


def _row(request_id: str) -> sa.Row[RightsRequest, str]:
    found = reading().execute(_with_person().where(RightsRequest.public_id == request_id)).one_or_none()
    return found or abort(404)


def _words() -> dict[str, Any]:
    today: date = local_time(datetime.now(UTC)).date()
    return {"kinds": rights.KINDS, "states": rights.STATES, "overdue": rights.overdue, "today": today}


ROUTES: Final[tuple[tuple[str, str, Callable[..., Any]], ...]] = (
    ("/requests", "GET", requests),
    ("/requests/<request_id>", "GET", one_request),
    ("/requests/<request_id>", "POST", answer_request),
)


def add_to(bp: Blueprint) -> None:
    """Give the security administrator's blueprint these pages, under their own names."""
    for rule, method, view in ROUTES:
        bp.add_url_rule(rule, view_func=view, methods=[method])
