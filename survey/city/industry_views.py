"""The city's own industries as a page, and the forms to change them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

import sqlalchemy as sa
from flask import Blueprint, abort, redirect, render_template, request, url_for

from survey import audit
from survey.access import acting, requires
from survey.city import industry_actions as actions
from survey.city.area_views import STEPS
from survey.city.forms import IndustryForm
from survey.city.own_industries import own_industries
from survey.city.refused import ChangeRefused
from survey.database import reading, write
from survey.languages import page_language
from survey.models import SubIndustry
from survey.organisations.industries import names

EDIT: Final = "industries:edit"

bp = Blueprint("industry", __name__, url_prefix="/industries")


@requires(EDIT)
def listed() -> str:
    """Registered as `city.industries`."""
    return _listed()


def _listed(refused: str = "") -> str:
    rows = own_industries(reading(), also_inactive=True)
    codes = {prefix for row in rows for prefix in row.prefixes}
    return render_template(
        "city/industries.html",
        rows=rows,
        counts=actions.counts(reading(), rows),
        names=names(reading(), codes, page_language()),
        seen=actions.seen,
        refused=refused,
    )


@bp.get("/new")
@requires(EDIT)
def new() -> str:
    return _form(IndustryForm(), None)


def _form(form: IndustryForm, own: SubIndustry | None) -> str:
    return render_template("city/industry.html", form=form, own=own)


@bp.post("/new")
@requires(EDIT)
def add() -> Any:
    return _save(IndustryForm(), None)


@bp.get("/<public_id>")
@requires(EDIT)
def page(public_id: str) -> str:
    own = _own(public_id)
    values = {"code": own.code, "name_zh": own.name_zh, "name_en": own.name_en, "prefixes": ", ".join(own.prefixes)}
    return _form(IndustryForm(data={**values, "seen": actions.seen(own)}), own)


def _own(public_id: str) -> SubIndustry:
    own = reading().scalar(sa.select(SubIndustry).where(SubIndustry.public_id == public_id))
    return own if own is not None else abort(404)


@bp.post("/<public_id>")
@requires(EDIT)
def change(public_id: str) -> Any:
    return _save(IndustryForm(), _own(public_id))


def _save(form: IndustryForm, own: SubIndustry | None) -> Any:
    if not form.validate_on_submit():
        return _form(form, own), 422
    actor, now = audit.here(acting(EDIT)), datetime.now(UTC)
    try:
        with write() as session:
            if own is None:
                actions.add(session, form.values, actor, now)
            else:
                actions.change(session, own.public_id, form.values, form.seen.data or "", actor, now)
    except ChangeRefused as refused:
        form[refused.field].errors = [str(refused)]
        return _form(form, own), 422
    return redirect(url_for("city.industries"), 303)


@bp.post("/<public_id>/order")
@requires(EDIT)
def order(public_id: str) -> Any:
    step = STEPS.get(request.form.get("to", "")) or abort(400)
    own, actor, now = _own(public_id), audit.here(acting(EDIT)), datetime.now(UTC)
    with write() as session:
        actions.reorder(session, own.public_id, step, request.form.get("seen", ""), actor, now)
    return redirect(url_for("city.industries"), 303)


@bp.post("/<public_id>/use")
@requires(EDIT)
def use(public_id: str) -> Any:
    """Take one out of use, or back."""
    active, seen = request.form.get("active") == "yes", request.form.get("seen", "")
    own, actor, now = _own(public_id), audit.here(acting(EDIT)), datetime.now(UTC)
    try:
        with write() as session:
            actions.set_active(session, own.public_id, active, seen, actor, now)
    except ChangeRefused as refused:
        return _listed(str(refused)), 422
    return redirect(url_for("city.industries"), 303)
