"""Giving roles: to an account that is there, or by an invitation; and ending them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from flask import Blueprint, abort, current_app, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from survey import audit, jobs
from survey.access import acting, requires
from survey.accounts import invitations
from survey.accounts.actions import user_for
from survey.accounts.granting import REFUSALS, Place, grant_role, why_not_role
from survey.accounts.invitations import Offer
from survey.accounts.recipients import recipient
from survey.accounts.role_names import ROLE_NAMES
from survey.administration import actions, queries
from survey.administration.account_views import account_or_404, done
from survey.administration.forms import InviteForm, RoleForm, offered
from survey.administration.places import place_in
from survey.administration.shown import role_at
from survey.database import reading, write
from survey.errors import Problem
from survey.identity import signed_in
from survey.languages import page_language
from survey.models import RoleGrant

bp = Blueprint("roles", __name__)

GRANT: Final = "roles:grant"


# -- an account that is there ------------------------------------------------------------------------------------------


@bp.get("/accounts/<public_id>/roles/new")
@requires(GRANT, fresh=True)
def choose(public_id: str) -> str:
    return _choose_page(public_id, offered(RoleForm(formdata=None)))


@bp.post("/accounts/<public_id>/roles/new")
@requires(GRANT, fresh=True)
def grant(public_id: str) -> Any:
    account, form, now = account_or_404(public_id), offered(RoleForm()), datetime.now(UTC)
    if account.user.id == signed_in().user_id:
        raise _own_role()
    if not form.validate_on_submit():
        return _choose_page(public_id, form), 422
    actor, settings = audit.here(acting(GRANT)), current_app.config["SETTINGS"]
    with write() as session:
        place = place_in(session, form, actor, now)
        refusal = grant_role(session, settings, account.user.id, form.role.data, place, actor, now)
    if refusal is not None:
        form.role.errors = [str(REFUSALS[refusal])]
        return _choose_page(public_id, form), 422
    jobs.wake(current_app)
    return redirect(url_for("administration.account.one", public_id=public_id), 303)


def _choose_page(public_id: str, form: RoleForm) -> str:
    return render_template("administration/role.html", user=account_or_404(public_id).user, form=form)


def _own_role() -> Problem:
    return Problem(403, _("Nobody gives a role to themselves"), _("Another security administrator has to do this."))


@bp.get("/accounts/<public_id>/roles/<grant_id>/end")
@requires(GRANT, fresh=True)
def ask_to_end(public_id: str, grant_id: str) -> str:
    account, held = account_or_404(public_id), _grant_or_404(public_id, grant_id)
    words = role_at(held, page_language())
    return render_template("administration/end_role.html", user=account.user, grant=held, words=words)


@bp.post("/accounts/<public_id>/roles/<grant_id>/end")
@requires(GRANT, fresh=True)
def end(public_id: str, grant_id: str) -> Any:
    """The role is gone at the person's next request."""
    account, held, settings = (
        account_or_404(public_id),
        _grant_or_404(public_id, grant_id),
        current_app.config["SETTINGS"],
    )
    return done(account, lambda db, actor, now: actions.end_role(db, settings, held.id, actor, now), GRANT)


def _grant_or_404(public_id: str, grant_id: str) -> RoleGrant:
    account = account_or_404(public_id)
    return queries.grant_of(reading(), account.user.id, grant_id) or abort(404)


# -- invitations -------------------------------------------------------------------------------------------------------


@bp.get("/invitations")
@requires(GRANT, fresh=True)
def invited() -> str:
    return _invite_page(offered(InviteForm(formdata=None)))


@bp.post("/invitations")
@requires(GRANT, fresh=True)
def invite() -> Any:
    """Send somebody a link; whoever has the number or address accepts the role by it."""
    form, now = offered(InviteForm()), datetime.now(UTC)
    if not form.validate_on_submit():
        return _invite_page(form), 422
    actor = audit.here(acting(GRANT))
    with write() as session:
        place = place_in(session, form, actor, now)
        refusal = _why_not_invite(session, form, place)
        if refusal is None:
            _send(session, form, place, actor, now)
    if refusal is not None:
        form.recipient.errors = [refusal]
        return _invite_page(form), 422
    jobs.wake(current_app)
    return redirect(url_for(".invited"), 303)


def _why_not_invite(session: Session, form: InviteForm, place: Place) -> str | None:
    """Whoever has an account already is told now what would be refused when the link is used."""
    found = recipient(form.to)
    user = user_for(session, *found) if found else None
    if user is None:
        return None
    if user.id == signed_in().user_id:
        return _("Nobody gives a role to themselves")
    refusal = why_not_role(session, user.id, form.role.data, place)
    return str(REFUSALS[refusal]) if refusal else None


def _send(session: Session, form: InviteForm, place: Place, actor: audit.Actor, now: datetime) -> None:
    offer = Offer(form.role.data, area_id=place.area_id, provider_id=place.provider_id)
    settings = current_app.config["SETTINGS"]
    invitations.make_invitation(session, settings, form.to, offer, actor, now, language=page_language())


@bp.post("/invitations/<invitation_id>/withdraw")
@requires(GRANT)
def withdraw(invitation_id: str) -> Any:
    now = datetime.now(UTC)
    with write() as session:
        found = queries.invitation(session, invitation_id, now) or abort(404)
        invitations.withdraw(session, found, audit.here(acting(GRANT)), now)
    return redirect(url_for(".invited"), 303)


def _invite_page(form: InviteForm) -> str:
    session, language = reading(), page_language()
    open_ones = [
        (each, ROLE_NAMES[each.role], invitations.place_of(session, each, language))
        for each in queries.invitations(session, datetime.now(UTC))
    ]
    return render_template("administration/invitations.html", form=form, invitations=open_ones)
