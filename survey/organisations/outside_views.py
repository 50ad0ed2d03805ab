"""Pages about what a firm holds from elsewhere: titles, certificates and assessments of others."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from flask import Blueprint, abort, redirect, render_template, url_for
from flask_babel import gettext as _

from survey import audit
from survey.access import organisation_or_404, requires
from survey.database import reading, write
from survey.formatting import local_time
from survey.models import Organisation, OutsideResult
from survey.organisations import outside_actions, outside_queries
from survey.organisations.outside_actions import ResultChanged
from survey.organisations.outside_forms import ResultForm, empty_form, sent_form, stored_form
from survey.organisations.outside_kinds import ALL, GROUPS, KINDS
from survey.organisations.outside_queries import lines

bp = Blueprint("outside", __name__, url_prefix="/<public_id>/results")


@bp.get("")
@requires("organisation:view")
def listed(public_id: str) -> str:
    firm = organisation_or_404(public_id, "organisation:view")
    shown = lines(outside_queries.recorded(reading(), firm.id), _today())
    return render_template("organisations/results.html", firm=firm, lines=shown)


@bp.get("/new")
@requires("organisation:edit")
def choose(public_id: str) -> str:
    """Which kind is to be recorded."""
    firm = organisation_or_404(public_id, "organisation:edit")
    return render_template("organisations/result_kinds.html", firm=firm, groups=GROUPS, kinds=KINDS)


@bp.get("/new/<kind>")
@requires("organisation:edit")
def new(public_id: str, kind: str) -> str:
    firm = organisation_or_404(public_id, "organisation:edit")
    return _page(firm, empty_form(_known(kind), _today()))


@bp.post("/new/<kind>")
@requires("organisation:edit")
def add(public_id: str, kind: str) -> Any:
    firm = organisation_or_404(public_id, "organisation:edit")
    form = sent_form(_known(kind), _today())
    if not _valid(form, firm, None):
        return _page(firm, form), 422
    with write() as session:
        outside_actions.add_result(session, firm.id, kind, form.said, audit.here(), datetime.now(UTC))
    return redirect(url_for(".listed", public_id=public_id), 303)


@bp.get("/<result_id>")
@requires("organisation:edit")
def edit(public_id: str, result_id: str) -> str:
    firm, row = _loaded(public_id, result_id)
    return _page(firm, stored_form(row, _today()), row)


@bp.post("/<result_id>")
@requires("organisation:edit")
def correct(public_id: str, result_id: str) -> Any:
    """Correct a result; where a colleague was faster, the page comes back as it was typed and says so."""
    firm, row = _loaded(public_id, result_id)
    form = sent_form(row.kind, _today())
    if form.rev.data != str(row.rev):
        return _page(firm, form, row, changed=True), 409
    if not _valid(form, firm, row):
        return _page(firm, form, row), 422
    try:
        with write() as session:
            outside_actions.correct_result(session, row.id, row.rev, form.said, audit.here(), datetime.now(UTC))
    except ResultChanged:
        abort(409)
    return redirect(url_for(".listed", public_id=public_id), 303)


@bp.post("/<result_id>/withdraw")
@requires("organisation:edit")
def withdraw(public_id: str, result_id: str) -> Any:
    firm, row = _loaded(public_id, result_id)
    form = sent_form(row.kind, _today())
    if form.rev.data != str(row.rev):
        return _page(firm, stored_form(row, _today()), row, changed=True), 409
    try:
        with write() as session:
            outside_actions.withdraw_result(session, row.id, row.rev, audit.here(), datetime.now(UTC))
    except ResultChanged:
        abort(409)
    return redirect(url_for(".listed", public_id=firm.public_id), 303)


def _known(kind: str) -> str:
    if kind not in ALL:
        abort(404)
    return kind


def _loaded(public_id: str, result_id: str) -> tuple[Organisation, OutsideResult]:
    firm = organisation_or_404(public_id, "organisation:edit")
    row = outside_queries.by_public_id(reading(), firm.id, result_id)
    if row is None:
        abort(404)
    return firm, row


def _valid(form: ResultForm, firm: Organisation, row: OutsideResult | None) -> bool:
    """Whether the form is right, and says something that is not recorded yet."""
    if not form.validate_on_submit():
        return False
    same = outside_queries.same_number(reading(), firm.id, form.kind_name, form.number.data or "")
    if same is None or (row is not None and same == row.id):
        return True
    form.number.errors = [_("A result of this kind with this number is recorded already")]
    return False


def _page(firm: Organisation, form: ResultForm, row: OutsideResult | None = None, *, changed: bool = False) -> str:
    """`changed`: what is recorded now is not what the person saw; sending again replaces it."""
    if row is not None:
        form.rev.data = str(row.rev)
    now_there = lines([row], _today())[0] if row is not None and changed else None
    return render_template("organisations/result.html", firm=firm, form=form, row=row, now_there=now_there)


def _today() -> date:
    return local_time(datetime.now(UTC)).date()
