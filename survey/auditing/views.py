"""Pages of the auditor: the record, read and filtered, and the state of its chain."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from survey import audit, kept_filter, limits, workbooks
from survey.access import acting, requires
from survey.auditing import forms, queries
from survey.auditing.export import MOST_ROWS, workbook
from survey.auditing.queries import PAGE, Filter
from survey.auditing.sealing import head, unsealed_count
from survey.auditing.shown import rows
from survey.database import reading, write
from survey.formatting import local_time
from survey.identity import signed_in
from survey.languages import page_language

bp = Blueprint("auditing", __name__, url_prefix="/audit")

RECORD: Final = "record"
READ: Final = "audit:read"


@bp.get("")
@requires(READ)
def home() -> str:
    """The form alone, and with a filter that was recorded when it was sent, the events that fit."""
    wish, now = _wish(), datetime.now(UTC)
    if wish is None:
        return _page(forms.usual(local_time(now).date()))
    before = kept_filter.place(request.args.get("before"))
    found = queries.lines(reading(), wish, before, PAGE + 1)
    older = found[PAGE - 1].event.id if len(found) > PAGE else None
    return _page(forms.shown(wish), rows=rows(found[:PAGE], page_language()), older=older)


@bp.post("")
@requires(READ)
def choose() -> Any:
    """Record that the record is read, and by which filter it may now be paged through."""
    form, now = forms.sent(), datetime.now(UTC)
    if not form.validate_on_submit():
        return _page(form), 422
    with write() as session:
        audit.record(session, audit.here(acting(READ)), "audit.read", None, now=now)
    values = forms.as_texts(form.wish)
    view = kept_filter.keep(current_app.config["SETTINGS"], RECORD, signed_in().user_id, values, now)
    return redirect(url_for(".home", view=view), 303)


@bp.post("/export")
@requires(READ)
def export() -> Response:
    """The same rows as a workbook, newest first."""
    wish, now = _wish(), datetime.now(UTC)
    if wish is None:
        abort(400)
    with write() as session:
        if not limits.count(session, "exports", str(signed_in().user_id), now):
            abort(429)
        audit.record(session, audit.here(acting(READ)), "audit.read", None, now=now, detail="xlsx")
    content = workbook(rows(queries.lines(reading(), wish, most=MOST_ROWS), page_language()))
    name = f"{_('Record of deeds')}-{local_time(now):%Y%m%d-%H%M}.xlsx"
    return workbooks.sent(content, name, "record.xlsx")


def _wish() -> Filter | None:
    view, user_id = request.args.get("view", ""), signed_in().user_id
    values = kept_filter.kept(current_app.config["SETTINGS"], RECORD, user_id, view, datetime.now(UTC))
    return None if values is None else forms.from_texts(values)


def _page(form: forms.FilterForm, **found: Any) -> str:
    session = reading()
    state = {"head": head(session), "unsealed": unsealed_count(session), "checked": queries.last_check(session)}
    view = request.args.get("view", "")
    return render_template(
        "auditing/home.html", form=form, view=view, most=MOST_ROWS, **state, **{"rows": None, **found}
    )
