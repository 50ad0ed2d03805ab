"""The tree of areas as a page, and the forms to change it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

import sqlalchemy as sa
from flask import Blueprint, abort, redirect, render_template, request, url_for

from survey import audit
from survey.access import acting, requires
from survey.city import area_actions as actions
from survey.city.forms import KINDS, AreaForm, CityForm
from survey.city.refused import ChangeRefused
from survey.database import reading, write
from survey.models import Area, Organisation, RoleGrant

EDIT: Final = "areas:edit"
STEPS: Final = {"up": -1, "down": 1}

bp = Blueprint("area", __name__, url_prefix="/areas")


@requires(EDIT)
def listed() -> str:
    """Registered as `city.areas`."""
    return _listed()


def _listed(refused: str = "") -> str:
    session = reading()
    places: Any = sa.select(Organisation.operating_area_id, sa.func.count()).group_by(Organisation.operating_area_id)
    held: Any = (
        sa.select(RoleGrant.area_id, sa.func.count()).where(RoleGrant.ended_at.is_(None)).group_by(RoleGrant.area_id)
    )
    return render_template(
        "city/areas.html",
        tree=_tree(list(session.scalars(sa.select(Area).order_by(Area.position, Area.id)))),
        kinds=KINDS,
        firms=dict(session.execute(places).all()),
        roles=dict(session.execute(held).all()),
        seen=actions.seen,
        refused=refused,
    )


def _tree(rows: list[Area]) -> list[tuple[Area, int, bool, bool]]:
    """(area, depth, first, last among those beside it), each followed by those below it; also what is out of use."""
    below: dict[int | None, list[Area]] = {}
    for area in rows:
        below.setdefault(area.parent_id, []).append(area)

    def walk(parent: int | None, depth: int) -> list[tuple[Area, int, bool, bool]]:
        beside = below.get(parent, [])
        return [
            each
            for area in beside
            for each in ((area, depth, area is beside[0], area is beside[-1]), *walk(area.id, depth + 1))
        ]

    return walk(None, 0)


@bp.get("/new")
@requires(EDIT)
def new() -> str:
    above = _area(request.args["above"]) if "above" in request.args else None
    kind = actions.BELOW[above.kind][-1] if above and actions.BELOW[above.kind] else "district"
    form = AreaForm(kind=kind, parent=above.public_id if above else None)
    form.offer()
    return _form(form, None)


def _form(form: Any, area: Area | None) -> str:
    return render_template("city/area.html", form=form, area=area)


@bp.post("/new")
@requires(EDIT)
def add() -> Any:
    form = AreaForm()
    form.offer()
    return _save(form, None)


@bp.get("/<public_id>")
@requires(EDIT)
def page(public_id: str) -> str:
    area = _area(public_id)
    return _form(_form_of(area, filled=True), area)


def _area(public_id: str) -> Area:
    area = reading().scalar(sa.select(Area).where(Area.public_id == public_id))
    return area if area is not None else abort(404)


def _form_of(area: Area, *, filled: bool = False) -> Any:
    """The form for an area; `filled` with what it is now."""
    values: dict[str, Any] = {"obj": area} if filled else {}
    if area.parent is None:
        form: Any = CityForm(**values)
    else:
        form = AreaForm(**values)
        form.offer(area)
        form.parent.data = area.parent.public_id if filled else form.parent.data
    form.seen.data = actions.seen(area) if filled else form.seen.data
    return form


@bp.post("/<public_id>")
@requires(EDIT)
def change(public_id: str) -> Any:
    area = _area(public_id)
    return _save(_form_of(area), area)


def _save(form: Any, area: Area | None) -> Any:
    if not form.validate_on_submit():
        return _form(form, area), 422
    actor, now = audit.here(acting(EDIT)), datetime.now(UTC)
    try:
        with write() as session:
            if area is None:
                actions.add(session, form.values, actor, now)
            else:
                actions.change(session, area.public_id, form.values, form.seen.data or "", actor, now)
    except ChangeRefused as refused:
        form[refused.field].errors = [str(refused)]
        return _form(form, area), 422
    return redirect(url_for("city.areas"), 303)


@bp.post("/<public_id>/order")
@requires(EDIT)
def order(public_id: str) -> Any:
    step = STEPS.get(request.form.get("to", "")) or abort(400)
    area, actor, now = _area(public_id), audit.here(acting(EDIT)), datetime.now(UTC)
    with write() as session:
        actions.reorder(session, area.public_id, step, request.form.get("seen", ""), actor, now)
    return redirect(url_for("city.areas"), 303)


@bp.post("/<public_id>/use")
@requires(EDIT)
def use(public_id: str) -> Any:
    """Take an area out of use, or back."""
    active, seen = request.form.get("active") == "yes", request.form.get("seen", "")
    actor, now = audit.here(acting(EDIT)), datetime.now(UTC)
    area = _area(public_id)
    try:
        with write() as session:
            actions.set_active(session, area.public_id, active, seen, actor, now)
    except ChangeRefused as refused:
        return _listed(str(refused)), 422
    return redirect(url_for("city.areas"), 303)
