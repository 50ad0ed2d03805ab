"""Claiming a firm, by code or by letter, and taking a claim back. Actions take a write session and never commit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from survey import audit, limits
from survey.claims import codes, standing
from survey.claims.letters import Kept
from survey.credit_code import CreditCode
from survey.errors import Problem
from survey.messages import outbox
from survey.models import Claim, Organisation, User
from survey.organisations.actions import Details, add_organisation
from survey.settings import Settings


class MustWait(Exception):
    """After several failures the next try must wait; `wait` says how long."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(wait)
        self.wait = wait


class TooManyClaims(Exception):
    """The person has claimed enough firms for today."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where a code led: to the firm itself, to a claim that waits for an office, or nowhere (both None)."""

    firm: Organisation | None = None
    claim: Claim | None = None


def claim_by_code(
    session: Session, settings: Settings, credit_code: str, typed: str, actor: audit.Actor, now: datetime
) -> Outcome | None:
    """Claim a firm with its code. Raises `MustWait`.

    None, and a failure counted, if it is no code of this firm, used or too old, or if there is no such firm: whoever
    asks learns no more.
    """
    assert actor.user_id is not None
    keys = (f"account {actor.user_id}", f"firm {credit_code}")
    waits = [limits.wait(session, "claim code", key, now, lock=True) for key in keys]
    if any(waits):
        raise MustWait(max(wait for wait in waits if wait))
    firm = session.scalar(sa.select(Organisation).where(Organisation.credit_code == credit_code).with_for_update())
    if firm is None or not codes.spend(session, settings, firm, typed, actor.user_id, now):
        for key in keys:
            limits.failed(session, "claim code", key, now)
        _refused(session, firm, actor, now)
        return None
    for key in keys:
        limits.succeeded(session, "claim code", key)
    return _with_right_code(session, settings, firm, actor, now)


def _refused(session: Session, firm: Organisation | None, actor: audit.Actor, now: datetime) -> None:
    firm_id = firm.id if firm else None
    audit.record(session, actor, "claim.make", None, now=now, organisation_id=firm_id, result="refused", detail="code")


def _with_right_code(
    session: Session, settings: Settings, firm: Organisation, actor: audit.Actor, now: datetime
) -> Outcome:
    assert actor.user_id is not None
    owners = standing.owners(session, firm.id)
    if any(owner.user_id == actor.user_id for owner in owners):
        return Outcome(firm=firm)
    claim = _waiting(session, firm, actor.user_id) or _new(session, firm, actor.user_id, "code", now)
    if owners:
        _dispute(session, settings, firm, claim, now)
    else:
        claim.state, claim.decided_at = "approved", now
        take_over(session, firm, actor.user_id, None, now)
    _recorded(session, firm, claim, actor, "code", now)
    standing.settle(session, firm)
    return Outcome(claim=claim) if owners else Outcome(firm=firm)


def take_over(session: Session, firm: Organisation, user_id: int, by: int | None, now: datetime) -> None:
    """The person holds the firm's account from now on."""
    standing.give(session, firm, user_id, "owner", by, now)
    standing.forget_contact(session, firm.id)
    standing.dispute_others(session, firm, user_id, now)


def claim_by_letter(
    session: Session, settings: Settings, credit_code: CreditCode, details: Details, typed: dict[str, str],
    remark: str | None, letter: Kept, actor: audit.Actor, now: datetime,
) -> Outcome:  # fmt: skip
    """Claim a firm with a letter that an office looks at; a firm that nobody has listed is entered, without any rights.

    A claim of the same person that waits stays as it is, without the new letter. Raises `TooManyClaims`.
    """
    assert actor.user_id is not None
    if not limits.count(session, "claims", str(actor.user_id), now):
        raise TooManyClaims
    known = session.scalar(sa.select(Organisation.id).where(Organisation.credit_code == credit_code.text))
    if known is None:
        known = add_organisation(session, credit_code, details, actor, now).id
    firm = standing.locked(session, known)
    owners, waiting = standing.owners(session, firm.id), _waiting(session, firm, actor.user_id)
    if waiting or any(owner.user_id == actor.user_id for owner in owners):
        return Outcome(claim=waiting) if waiting else Outcome(firm=firm)
    claim = _new(session, firm, actor.user_id, "letter", now)
    claim.typed, claim.remark = typed, remark
    claim.letter_file, claim.letter_type = letter.file, letter.type
    if owners:
        _dispute(session, settings, firm, claim, now)
    else:
        standing.ask(session, firm, actor.user_id, False, now)
    _recorded(session, firm, claim, actor, "letter", now)
    standing.settle(session, firm)
    return Outcome(claim=claim)


def _new(session: Session, firm: Organisation, user_id: int, how: str, now: datetime) -> Claim:
    claim = Claim(organisation=firm, user_id=user_id, how=how, state="waiting", made_at=now)
    session.add(claim)
    session.flush()
    return claim


def _waiting(session: Session, firm: Organisation, user_id: int) -> Claim | None:
    """The person's own claim on the firm that waits; a right code settles it."""
    query = sa.select(Claim).where(
        Claim.organisation_id == firm.id, Claim.user_id == user_id, Claim.state == "waiting", Claim.how != "entered"
    )
    return session.scalars(query).first()


def _dispute(session: Session, settings: Settings, firm: Organisation, claim: Claim, now: datetime) -> None:
    """Whoever holds the account goes on with it, and is told."""
    claim.dispute = True
    standing.ask(session, firm, claim.user_id, True, now)
    for owner in standing.owners(session, firm.id):
        person = session.get_one(User, owner.user_id)
        outbox.post(
            session, settings, "claimed_too", person.recipient, person.language, {"firm": firm.name}, now
        )  # fmt: skip


def _recorded(session: Session, firm: Organisation, claim: Claim, actor: audit.Actor, how: str, now: datetime) -> None:
    detail = f"{how}, dispute" if claim.dispute else how
    audit.record(session, actor, "claim.make", claim.public_id, now=now, organisation_id=firm.id, detail=detail)


def decided_already() -> Problem:
    return Problem(
        409,
        _("This request has been decided already"),
        _("It was decided or withdrawn a moment ago. Nothing was changed now. Open the list again to see how it is."),
    )


def end_waiting(session: Session, claim: Claim, state: str, by: int | None, now: datetime) -> None:
    """Decide a claim that waits. Raises `Problem` if somebody was quicker."""
    one = sa.update(Claim).where(Claim.id == claim.id, Claim.state == "waiting").returning(Claim.id)
    values = {"state": state, "decided_at": now, "decided_by": by}
    if session.execute(one.values(values), execution_options={"synchronize_session": False}).first() is None:
        raise decided_already()
    session.refresh(claim)


def withdraw(session: Session, claim_id: int, actor: audit.Actor, now: datetime) -> str | None:
    """Take one's own claim back. Gives the letter's file, which is to be removed after the commit."""
    claim = session.get_one(Claim, claim_id)
    firm = standing.locked(session, claim.organisation_id)
    end_waiting(session, claim, "withdrawn", actor.user_id, now)
    file, claim.letter_file, claim.letter_type, claim.remark = claim.letter_file, None, None, None
    standing.drop(session, firm.id, claim.user_id, actor.user_id, now)
    audit.record(session, actor, "claim.withdraw", claim.public_id, now=now, organisation_id=firm.id)
    standing.settle(session, firm)
    return file
