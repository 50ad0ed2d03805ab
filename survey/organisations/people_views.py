"""Who acts for a firm: inviting, changing, ending, handing over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from flask import Blueprint, abort, current_app, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from survey import audit, jobs, limits
from survey.access import may, organisation_or_404, requires
from survey.accounts import invitations
from survey.accounts.invitations import Offer
from survey.accounts.role_names import FIRM_ROLE_NAMES
from survey.database import reading, write
from survey.errors import Problem
from survey.formatting import local_time
from survey.identity import signed_in
from survey.languages import page_language
from survey.models import Membership, Organisation
from survey.organisations import people_actions, people_invitation, people_queries
from survey.organisations.people_forms import ROLE_MEANINGS, DayForm, HandOverForm, InviteForm, RoleForm
from survey.settings import Settings

bp = Blueprint("people", __name__)
people_invitation.add_to(bp)


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def _today() -> date:
    return local_time(datetime.now(UTC)).date()


def _back(firm: Organisation) -> Response:
    return redirect(url_for("people.listed", public_id=firm.public_id), 303)


@bp.get("/organisation/<public_id>/people")
@requires("organisation:view")
def listed(public_id: str) -> str:
    """Everybody who acts for the firm; invitations, with their numbers and addresses, for the account holder alone."""
    firm, session = organisation_or_404(public_id, "organisation:view"), reading()
    manages = may("members:manage")
    return render_template(
        "organisations/people.html",
        firm=firm,
        people=people_queries.people(session, firm, signed_in().user_id, _today()),
        invited=people_queries.invited(session, firm, datetime.now(UTC)) if manages else [],
        meanings=[(FIRM_ROLE_NAMES[role], meaning) for role, meaning in ROLE_MEANINGS.items()],
    )


# -- inviting ----------------------------------------------------------------------------------------------------------


@bp.get("/organisation/<public_id>/people/invite")
@requires("members:manage", fresh=True)
def invite(public_id: str) -> str:
    firm = organisation_or_404(public_id, "members:manage")
    form = InviteForm()
    form.offer(_today())
    return _invite_page(firm, form)


def _invite_page(firm: Organisation, form: InviteForm) -> str:
    return render_template("organisations/people_invite.html", firm=firm, form=form)


@bp.post("/organisation/<public_id>/people/invite")
@requires("members:manage", fresh=True)
def send(public_id: str) -> Any:
    firm = organisation_or_404(public_id, "members:manage")
    form = InviteForm()
    form.offer(_today())
    if not form.validate_on_submit():
        return _invite_page(firm, form), 422
    filler = form.role.data == "filler"
    offer = Offer(
        form.role.data,
        organisation_id=firm.id,
        body=form.body.data if filler else None,
        valid_until=form.until.data if filler else None,
    )
    actor, now, language = audit.here(), datetime.now(UTC), page_language()
    with write() as session:
        _counted(session, firm, now)
        invitations.make_invitation(session, _settings(), form.to, offer, actor, now, language=language)
    jobs.wake(current_app)
    return _back(firm)


def _counted(session: Session, firm: Organisation, now: datetime) -> None:
    """Each message counts, by firm: else a firm's page would be a way to flood somebody's telephone."""
    if not limits.count(session, "invitations", firm.public_id, now):
        text = _("Thirty invitations were sent for this firm within a day. Go on tomorrow.")
        raise Problem(429, _("Too many invitations"), text)


@bp.post("/organisation/<public_id>/people/invitations/<invitation_id>/again")
@requires("members:manage")
def send_again(public_id: str, invitation_id: str) -> Response:
    firm = organisation_or_404(public_id, "members:manage")
    actor, now, language = audit.here(), datetime.now(UTC), page_language()
    with write() as session:
        invitation = people_queries.invitation_of(session, firm, invitation_id, lock=True) or abort(404)
        _counted(session, firm, now)
        invitations.send_again(session, _settings(), invitation, actor, now, language)
    jobs.wake(current_app)
    return _back(firm)


@bp.post("/organisation/<public_id>/people/invitations/<invitation_id>/withdraw")
@requires("members:manage")
def withdraw(public_id: str, invitation_id: str) -> Response:
    firm = organisation_or_404(public_id, "members:manage")
    actor, now = audit.here(), datetime.now(UTC)
    with write() as session:
        invitation = people_queries.invitation_of(session, firm, invitation_id, lock=True) or abort(404)
        invitations.withdraw(session, invitation, actor, now)
    return _back(firm)


# -- changing and ending -----------------------------------------------------------------------------------------------


@bp.get("/organisation/<public_id>/people/<member_id>")
@requires("members:manage")
def edit(public_id: str, member_id: str) -> str:
    firm = organisation_or_404(public_id, "members:manage")
    member = people_queries.member_of(reading(), firm, member_id) or abort(404)
    return _edit_page(firm, member, _form_for(member, fresh=True))


def _form_for(member: Membership, *, fresh: bool = False) -> RoleForm | DayForm:
    """A filler's last day can be moved; colleagues can get another right. `fresh`: with what holds now."""
    if member.role == "filler":
        form = DayForm(data={"until": member.valid_until}) if fresh else DayForm()
        form.today = _today()
        return form
    role_form = RoleForm(data={"role": member.role}) if fresh else RoleForm()
    role_form.offer()
    return role_form


def _edit_page(firm: Organisation, member: Membership, form: RoleForm | DayForm) -> str:
    return render_template(
        "organisations/people_edit.html",
        firm=firm,
        member=member,
        form=form,
        role=FIRM_ROLE_NAMES[member.role],
        me=member.user_id == signed_in().user_id,
    )


@bp.post("/organisation/<public_id>/people/<member_id>")
@requires("members:manage")
def change(public_id: str, member_id: str) -> Any:
    firm = organisation_or_404(public_id, "members:manage")
    member = people_queries.member_of(reading(), firm, member_id) or abort(404)
    form = _form_for(member)
    if not form.validate_on_submit():
        return _edit_page(firm, member, form), 422
    deed: Callable[..., None] = people_actions.change_role
    value: Any = form["role"].data if "role" in form else None
    if isinstance(form, DayForm):
        deed, value = people_actions.prolong, form.until.data
    return _do(firm, lambda session, actor, now: deed(session, _settings(), firm.id, member_id, value, actor, now))


@bp.post("/organisation/<public_id>/people/<member_id>/end")
@requires("members:manage")
def end(public_id: str, member_id: str) -> Response:
    firm = organisation_or_404(public_id, "members:manage")
    return _do(
        firm,
        lambda session, actor, now: people_actions.end_right(session, _settings(), firm.id, member_id, actor, now),
    )


def _do(firm: Organisation, deed: Callable[[Session, audit.Actor, datetime], None]) -> Response:
    """One change, and back to the people; to the own account if the change ended the person's own right to see them."""
    actor, now = audit.here(), datetime.now(UTC)
    try:
        with write() as session:
            deed(session, actor, now)
    except people_actions.Gone:
        abort(404)
    except people_actions.LastOwner:
        raise _last_owner(firm) from None
    jobs.wake(current_app)
    mine = people_queries.has_right(reading(), firm, signed_in().user_id)
    return _back(firm) if mine else redirect(url_for("account.home", left="1"), 303)


def _last_owner(firm: Organisation) -> Problem:
    return Problem(
        409,
        _("Hand the account over first"),
        _("Nobody else holds the firm's account. Choose a colleague to hold it, then this right can be changed."),
        url_for("people.hand_over", public_id=firm.public_id),
        _("Hand over the account"),
    )


@bp.get("/organisation/<public_id>/people/hand-over")
@requires("members:manage", fresh=True)
def hand_over(public_id: str) -> str:
    firm = organisation_or_404(public_id, "members:manage")
    return _hand_over_page(firm, _hand_over_form(firm))


def _hand_over_form(firm: Organisation) -> HandOverForm:
    form = HandOverForm()
    colleagues = people_queries.may_follow(reading(), firm, signed_in().user_id)
    form.offer([
        (each.public_id, _("%(name)s (%(role)s)", name=each.user.name, role=FIRM_ROLE_NAMES[each.role]))
        for each in colleagues
    ])  # fmt: skip
    return form


def _hand_over_page(firm: Organisation, form: HandOverForm) -> str:
    return render_template("organisations/people_hand_over.html", firm=firm, form=form)


@bp.post("/organisation/<public_id>/people/hand-over")
@requires("members:manage", fresh=True)
def hand(public_id: str) -> Any:
    firm = organisation_or_404(public_id, "members:manage")
    form = _hand_over_form(firm)
    if not form.validate_on_submit():
        return _hand_over_page(firm, form), 422
    to, leaving = form.to.data, form.leaving.data
    return _do(
        firm,
        lambda session, actor, now: people_actions.hand_over(session, _settings(), firm.id, to, leaving, actor, now),
    )
