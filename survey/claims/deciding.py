"""An office decides a claim: everything that follows from it happens in one transaction, or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy.orm import Session

from survey import audit
from survey.claims import standing
from survey.claims.actions import end_waiting, take_over
from survey.errors import Problem
from survey.languages import DEFAULT, TAGS, speaking
from survey.messages import outbox
from survey.models import Claim, Membership, Organisation, User
from survey.settings import Settings

OUTCOMES: Final[Mapping[str, LazyString]] = {
    "approve": _l("approved; you hold the firm's account"),
    "replace": _l("approved; you hold the firm's account"),
    "both": _l("you may fill in for the firm; its account stays with who holds it"),
    "refuse": _l("refused"),
}
"""What may be decided, and what the person who claimed is told."""

FOR_HOLDERS: Final[Mapping[str, LazyString]] = {
    "replace": _l("approved; that person holds the account now, and your right has ended"),
    "both": _l("approved for filling in; you keep the account"),
    "refuse": _l("refused; you keep the account"),
}
"""What is told to whoever held the account before, where there was somebody."""


class InvolvedYourself(Exception):
    """Whoever is or was of the firm, or claims it, does not decide about it."""


def choices(claim: Claim) -> tuple[str, ...]:
    """What can be decided about a claim."""
    return ("replace", "both", "refuse") if claim.dispute else ("approve", "refuse")


def is_involved(session: Session, claim: Claim, user_id: int) -> bool:
    return claim.user_id == user_id or standing.member(session, claim.organisation_id, user_id) is not None


def refuse_involved(session: Session, claim: Claim, actor: audit.Actor, now: datetime) -> None:
    """Put it on record that somebody who is involved tried to decide."""
    audit.record(
        session, actor, "claim.decide", claim.public_id, now=now, organisation_id=claim.organisation_id,
        result="refused", detail="involved",
    )  # fmt: skip


def decide(
    session: Session, settings: Settings, claim_id: int, choice: str, reason: str | None, seen_dispute: bool,
    actor: audit.Actor, now: datetime,
) -> None:  # fmt: skip
    """Decide a claim that waits. Raises `InvolvedYourself`, and `Problem` if somebody was quicker.

    `seen_dispute`: whether the claim was a dispute on the page on which this was decided.
    """
    assert actor.user_id is not None
    firm = standing.locked(session, session.get_one(Claim, claim_id).organisation_id)
    claim = session.get_one(Claim, claim_id, populate_existing=True)
    if is_involved(session, claim, actor.user_id):
        raise InvolvedYourself
    if claim.dispute != seen_dispute:
        raise changed()
    if choice not in choices(claim):
        raise ValueError(f"{choice!r} is none of: {', '.join(choices(claim))}")
    before = standing.members(session, firm.id)
    end_waiting(session, claim, "refused" if choice == "refuse" else "approved", actor.user_id, now)
    claim.reason = reason
    _carry_out(session, firm, claim, choice, before, actor.user_id, now)
    audit.record(
        session, actor, "claim.decide", claim.public_id, now=now, organisation_id=firm.id, detail=choice
    )  # fmt: skip
    standing.settle(session, firm)
    _tell(session, settings, firm, claim, choice, before, now)


def changed() -> Problem:
    return Problem(
        409,
        _("The firm has somebody else by now"),
        _("Nothing was decided. Open the request again: what can be decided about it has changed."),
    )


def _carry_out(
    session: Session, firm: Organisation, claim: Claim, choice: str, before: list[Membership], by: int, now: datetime
) -> None:
    if choice == "refuse":
        _refused(session, firm, claim, before, by, now)
    elif choice == "both":
        standing.give(session, firm, claim.user_id, "editor", by, now)
    else:
        if choice == "replace":
            _replaced(session, firm, claim, before, by, now)
        take_over(session, firm, claim.user_id, by, now)


def _refused(
    session: Session, firm: Organisation, claim: Claim, before: list[Membership], by: int, now: datetime
) -> None:
    """A claim leads to no right; a firm that was entered wrongly has nobody any more."""
    if claim.how != "entered":
        standing.drop(session, firm.id, claim.user_id, by, now)
        return
    for row in before:
        standing.end(row, by, now)
    standing.withdraw_invitations(session, firm.id, now)


def _replaced(
    session: Session, firm: Organisation, claim: Claim, before: list[Membership], by: int, now: datetime
) -> None:
    """All who acted for the firm act for it no more, nor by what they have under way."""
    gone = [row for row in before if row.user_id != claim.user_id]
    for row in gone:
        standing.end(row, by, now)
    theirs = sa.update(Claim).where(
        Claim.organisation_id == firm.id,
        Claim.state == "waiting",
        Claim.user_id.in_([row.user_id for row in gone]),
    )
    session.execute(theirs.values(state="refused", decided_at=now, decided_by=by))
    standing.withdraw_invitations(session, firm.id, now)


def _tell(
    session: Session, settings: Settings, firm: Organisation, claim: Claim, choice: str, before: Iterable[Membership],
    now: datetime,
) -> None:  # fmt: skip
    people = {claim.user_id: OUTCOMES[choice]}
    if claim.dispute:
        people |= {row.user_id: FOR_HOLDERS[choice] for row in before if _hears(row, choice, claim)}
    for user_id, words in people.items():
        person = session.get_one(User, user_id)
        with speaking(person.language if person.language in TAGS else DEFAULT):
            outcome = str(words)
        values = {"firm": firm.name, "outcome": outcome}
        kind = "claim_decided" if user_id == claim.user_id else "claim_on_firm_decided"
        outbox.post(session, settings, kind, person.recipient, person.language, values, now)


def _hears(row: Membership, choice: str, claim: Claim) -> bool:
    """Holders of the account always; colleagues where their right has ended."""
    return row.user_id != claim.user_id and (row.role == "owner" or choice == "replace")
