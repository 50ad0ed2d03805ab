"""The page that the link of an invitation opens, for a firm, an area or a provider."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import current_app, redirect, render_template, url_for
from flask_babel import gettext as _

from survey import audit, jobs
from survey.access import ACCOUNT, public, requires
from survey.accounts import accepting, invitations
from survey.accounts.recipients import masked
from survey.accounts.role_names import ROLE_NAMES
from survey.database import reading, write
from survey.errors import Problem
from survey.identity import Person, person, signed_in
from survey.languages import page_language
from survey.models import Invitation, Organisation, User
from survey.organisations.people_forms import ROLE_MEANINGS


def _over() -> Problem:
    """The same for a link that was used, withdrawn or has run out, and for one that never was."""
    text = _("It may have been accepted, withdrawn or run out. Ask whoever invited you to send a new one.")
    return Problem(404, _("This invitation is not valid any more"), text)


@public
def show(made: str) -> str:
    """Who invites to what, and the way to accept it: signing in, registering, or one button."""
    invitation = invitations.open_invitation(reading(), made, datetime.now(UTC))
    if invitation is None:
        raise _over()
    return _page(made, invitation)


def _page(made: str, invitation: Invitation, refusal: str | None = None) -> str:
    session, who = reading(), person()
    user = session.get_one(User, who.user_id) if who else None
    inviter = session.get(User, invitation.invited_by) if invitation.invited_by else None
    return render_template(
        "organisations/people_invitation.html",
        made=made,
        invitation=invitation,
        place=invitations.place_of(session, invitation, page_language()),
        role=ROLE_NAMES[invitation.role],
        meaning=ROLE_MEANINGS.get(invitation.role),
        inviter=inviter.name if inviter else "",
        recipient=masked(invitation.recipient or ""),
        mine=user is not None and accepting.is_for(invitation, user),
        refusal=accepting.REFUSALS[refusal] if refusal else "",
        back=url_for("people.invitation", made=made),
    )


@requires(ACCOUNT)
def accept(made: str) -> Any:
    """Take it. A role outside firms needs a second factor: until then it exists and opens nothing."""
    who, settings, now = signed_in(), current_app.config["SETTINGS"], datetime.now(UTC)
    keep = None if who.strong else who.sign_in_id
    try:
        with write() as session:
            invitation, refusal = accepting.accept(
                session, settings, made, who.user_id, audit.here(), now, keep_sign_in=keep
            )
    except accepting.NotForYou:
        return _not_accepted(made, now)
    if refusal is not None:
        return _page(made, invitation, refusal), 409
    jobs.wake(current_app)
    return redirect(_next(invitation, who), 303)


def _not_accepted(made: str, now: datetime) -> tuple[str, int]:
    """The page that says whose it is, if it is somebody's."""
    invitation = invitations.open_invitation(reading(), made, now)
    if invitation is None:
        raise _over()
    return _page(made, invitation), 403


def _next(invitation: Invitation, who: Person) -> str:
    if invitation.organisation_id is not None:
        firm = reading().get_one(Organisation, invitation.organisation_id)
        return url_for("organisations.firm", public_id=firm.public_id, joined="1")
    # A strong sign-in that came before the role has ended: its rights are those it was made for.
    return url_for("accounts.sign_in" if who.strong else "accounts.set_up_factor")


def add_to(bp: Any) -> None:
    """The two addresses of the page."""
    path = f"{invitations.PATH}<made>"
    bp.add_url_rule(path, "invitation", show)
    bp.add_url_rule(path, "accept", accept, methods=["POST"])
