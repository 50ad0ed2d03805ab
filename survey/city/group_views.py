"""The city's chains and clusters as a page, and the forms to change them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

import sqlalchemy as sa
from flask import Blueprint, abort, redirect, render_template, request, url_for

from survey import audit
from survey.access import acting, requires
from survey.city import group_actions as actions
from survey.city.area_views import STEPS
from survey.city.forms import GroupForm
from survey.city.groups import KINDS, counts, groups
from survey.city.refused import ChangeRefused
from survey.database import reading, write
from survey.models import FirmGroup

EDIT: Final = "groups:edit"

bp = Blueprint("group", __name__, url_prefix="/groups")


@requires(EDIT)
def listed() -> str:
    """Registered as `city.groups`."""
    rows = groups(reading(), also_inactive=True)
    return render_template(
        "city/groups.html",
        kinds=[(kind, title, [row for row in rows if row.kind == kind]) for kind, title in KINDS.items()],
        counts=counts(reading()),
        seen=actions.seen,
    )


@bp.get("/<kind>/new")
@requires(EDIT)
def new(kind: str) -> str:
    return _form(GroupForm(), _known(kind), None)


def _known(kind: str) -> str:
    return kind if kind in KINDS else abort(404)


def _form(form: GroupForm, kind: str, group: FirmGroup | None) -> str:
    return render_template("city/group.html", form=form, kind=kind, group=group)


@bp.post("/<kind>/new")
@requires(EDIT)
def add(kind: str) -> Any:
    return _save(GroupForm(), _known(kind), None)


@bp.get("/<public_id>")
@requires(EDIT)
def page(public_id: str) -> str:
    group = _group(public_id)
    values = {"code": group.code, "name_zh": group.name_zh, "name_en": group.name_en}
    return _form(GroupForm(data={**values, "seen": actions.seen(group)}), group.kind, group)


def _group(public_id: str) -> FirmGroup:
    group = reading().scalar(sa.select(FirmGroup).where(FirmGroup.public_id == public_id))
    return group if group is not None else abort(404)


@bp.post("/<public_id>")
@requires(EDIT)
def change(public_id: str) -> Any:
    group = _group(public_id)
    return _save(GroupForm(), group.kind, group)


def _save(form: GroupForm, kind: str, group: FirmGroup | None) -> Any:
    if not form.validate_on_submit():
        return _form(form, kind, group), 422
    actor, now = audit.here(acting(EDIT)), datetime.now(UTC)
    try:
        with write() as session:
            if group is None:
                actions.add(session, kind, form.values, actor, now)
            else:
                actions.change(session, group.public_id, form.values, form.seen.data or "", actor, now)
    except ChangeRefused as refused:
        form[refused.field].errors = [str(refused)]
        return _form(form, kind, group), 422
    return redirect(url_for("city.groups"), 303)


@bp.post("/<public_id>/order")
@requires(EDIT)
def order(public_id: str) -> Any:
    step = STEPS.get(request.form.get("to", "")) or abort(400)
    group, actor, now = _group(public_id), audit.here(acting(EDIT)), datetime.now(UTC)
    with write() as session:
        actions.reorder(session, group.public_id, step, request.form.get("seen", ""), actor, now)
    return redirect(url_for("city.groups"), 303)


@bp.post("/<public_id>/use")
@requires(EDIT)
def use(public_id: str) -> Any:
    """Take one out of use, or back."""
    active, seen = request.form.get("active") == "yes", request.form.get("seen", "")
    group, actor, now = _group(public_id), audit.here(acting(EDIT)), datetime.now(UTC)
    with write() as session:
        actions.set_active(session, group.public_id, active, seen, actor, now)
    return redirect(url_for("city.groups"), 303)
