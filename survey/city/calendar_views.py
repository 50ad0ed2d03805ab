"""The calendar of holidays and make-up days as a page, by year, and the forms to change it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, Final

from babel.dates import get_day_names
from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_babel import get_locale
from werkzeug.wrappers import Response

from survey import audit
from survey.access import acting, requires
from survey.city import calendar_actions as actions
from survey.city.calendar import years_without
from survey.city.calendar_forms import KINDS, DayForm, KindForm, LinesForm
from survey.city.calendar_lines import EARLIEST, LATEST, read
from survey.city.refused import ChangeRefused
from survey.database import reading, write
from survey.formatting import local_time
from survey.models import CalendarDay

EDIT: Final = "calendar:edit"

bp = Blueprint("day", __name__, url_prefix="/calendar")


@requires(EDIT)
def listed() -> str:
    """Registered as `city.calendar`."""
    today = local_time(datetime.now(UTC)).date()
    rows = actions.days(reading())
    year = _year(request.args.get("year", ""), today.year)
    return render_template(
        "city/calendar.html",
        rows=[row for day, row in rows.items() if day.year == year],
        year=year,
        years=sorted({today.year, today.year + 1, year, *(day.year for day in rows)}),
        missing=years_without(reading(), today),
        kinds=KINDS,
        weekdays=get_day_names("wide", "format", get_locale()),
        seen=actions.seen,
        entered=request.args.get("entered", type=int),
    )


def _year(typed: str, usual: int) -> int:
    found = int(typed) if typed.isascii() and typed.isdigit() and len(typed) == 4 else usual
    return found if EARLIEST <= found <= LATEST else usual


@bp.get("/new")
@requires(EDIT)
def new() -> str:
    return _form(DayForm(), None)


def _form(form: KindForm, row: CalendarDay | None) -> str:
    return render_template("city/calendar_day.html", form=form, row=row)


@bp.post("/new")
@requires(EDIT)
def add() -> Any:
    form = DayForm()
    if not form.validate_on_submit():
        return _form(form, None), 422
    day, actor, now = form.day.data, audit.here(acting(EDIT)), datetime.now(UTC)
    assert day is not None
    try:
        with write() as session:
            actions.add(session, form.named(day), actor, now)
    except ChangeRefused as refused:
        form.day.errors = [str(refused)]
        return _form(form, None), 422
    return _to(day.year)


def _to(year: int, **more: Any) -> Response:
    return redirect(url_for("city.calendar", year=year, **more), 303)


@bp.get("/<day>")
@requires(EDIT)
def page(day: str) -> str:
    row = _row(day)
    return _form(KindForm(data={"kind": row.kind, "name": row.name, "seen": actions.seen(row)}), row)


def _row(day: str) -> CalendarDay:
    try:
        row = reading().get(CalendarDay, date.fromisoformat(day))
    except ValueError:
        row = None
    return row if row is not None else abort(404)


@bp.post("/<day>")
@requires(EDIT)
def change(day: str) -> Any:
    row, form = _row(day), KindForm()
    form.of = row.day
    if not form.validate_on_submit():
        return _form(form, row), 422
    actor, now = audit.here(acting(EDIT)), datetime.now(UTC)
    with write() as session:
        actions.change(session, form.named(row.day), form.seen.data or "", actor, now)
    return _to(row.day.year)


@bp.post("/<day>/remove")
@requires(EDIT)
def remove(day: str) -> Response:
    gone, actor, now = _row(day).day, audit.here(acting(EDIT)), datetime.now(UTC)
    with write() as session:
        actions.remove(session, gone, request.form.get("seen", ""), actor, now)
    return _to(gone.year)


@bp.get("/lines")
@requires(EDIT)
def paste() -> str:
    return render_template("city/calendar_lines.html", form=LinesForm(), found=None, kinds=KINDS)


@bp.post("/lines")
@requires(EDIT)
def enter() -> Any:
    """Check pasted lines; what was checked is entered when it is sent again with `confirmed`."""
    form = LinesForm()
    valid, text = form.validate_on_submit(), form.lines.data or ""
    if not valid:
        return render_template("city/calendar_lines.html", form=form, found=None, kinds=KINDS), 422
    if "confirmed" in request.form:
        with write() as session:
            found = actions.enter(session, text, audit.here(acting(EDIT)), datetime.now(UTC))
        if not found.faults and found.days:
            return _to(found.days[0].day.year, entered=len(found.days))
    else:
        found = read(text, actions.days(reading()))
    if found.faults:
        form.complain()
    status = 422 if found.faults else 200
    return render_template("city/calendar_lines.html", form=form, found=found, kinds=KINDS), status
