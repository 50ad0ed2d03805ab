"""Who verifies a firm on site."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, abort, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import DataRequired

from survey import audit
from survey.access import acting, firm_in_area_or_404, requires
from survey.accounts.conflicts import CONFLICTS
from survey.database import reading, write
from survey.desk import assessor_actions as actions
from survey.forms import SiteForm
from survey.models import Organisation, User

ASSIGN = "assessors:assign"

bp = Blueprint("assessors", __name__, url_prefix="/firms/<public_id>/assessors")


class AssessorForm(SiteForm):
    """Offers the assessors whose area holds the firm."""

    assessor = SelectField(_l("Assessor"), validators=[DataRequired(_l("Choose the assessor"))])

    def offer(self, people: list[User]) -> None:
        self.assessor.choices = [("", _("Choose")), *((each.public_id, each.name) for each in people)]


@bp.get("")
@requires(ASSIGN)
def page(public_id: str) -> str:
    firm = firm_in_area_or_404(public_id, ASSIGN)
    form = AssessorForm()
    form.offer(actions.candidates(reading(), firm))
    return _page(firm, form)


def _page(firm: Organisation, form: AssessorForm) -> str:
    return render_template(
        "desk/claims_assessors.html", firm=firm, form=form, assigned=actions.assigned(reading(), firm.id)
    )


@bp.post("")
@requires(ASSIGN)
def assign(public_id: str) -> Any:
    firm = firm_in_area_or_404(public_id, ASSIGN)
    people = actions.candidates(reading(), firm)
    form = AssessorForm()
    form.offer(people)
    if not form.validate_on_submit():
        return _page(firm, form), 422
    chosen = next(each for each in people if each.public_id == form.assessor.data)
    actor, now = audit.here(acting(ASSIGN)), datetime.now(UTC)
    with write() as session:
        why = actions.assign(session, firm.id, chosen.id, actor, now)
    if why:
        form.assessor.errors = [CONFLICTS[why]]
        return _page(firm, form), 422
    return redirect(url_for("desk.assessors.page", public_id=public_id), 303)


@bp.post("/<assignment_id>/end")
@requires(ASSIGN)
def end(public_id: str, assignment_id: str) -> Any:
    firm = firm_in_area_or_404(public_id, ASSIGN)
    row = next((each for each in actions.assigned(reading(), firm.id) if each.public_id == assignment_id), None)
    if row is None:
        abort(404)
    actor, now = audit.here(acting(ASSIGN)), datetime.now(UTC)
    with write() as session:
        actions.end(session, row.id, actor, now)
    return redirect(url_for("desk.assessors.page", public_id=public_id), 303)
