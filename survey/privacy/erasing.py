"""Taking a person out of every table. A column that is new and says who somebody is must be emptied here.

tests/survey/privacy/test_closing.py looks for the person in every text column of the database afterwards.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey import audit
from survey.claims.standing import locked, settle
from survey.messages import outbox
from survey.models import (
    Assignment,
    Claim,
    Invitation,
    JobItem,
    ListedContact,
    Membership,
    OneTimeCode,
    OutgoingMessage,
    RecoveryCode,
    RightsRequest,
    SignInSession,
    SnapshotPerson,
    User,
)
from survey.settings import Settings

PLAIN = {"synchronize_session": False}


def erase(session: Session, settings: Settings, user: User, actor: audit.Actor, now: datetime) -> list[str]:
    """Confirm to the person, end all rights and sign-ins, empty all columns. Gives the files to remove afterwards.

    The confirmation stands encrypted in the outbox until it was sent; everything else unsent is dropped.
    """
    recipients = [each for each in (user.mobile, user.email) if each]
    unsent = sa.update(OutgoingMessage).where(OutgoingMessage.recipient.in_(recipients))
    _do(session, unsent.values(recipient=None, sealed=None))
    outbox.post(session, settings, "closed", user.recipient, user.language, {}, now)
    audit.record(session, actor, "account.close", user.public_id, now=now)
    firms = firms_of(session, user.id)
    _end_rights(session, user.id, now)
    files = _erase_claims(session, user.id, now)
    for firm in firms:
        settle(session, locked(session, firm))
    _erase_recipients(session, user.id, recipients)
    _erase_requests(session, user.id, now)
    _erase_account(session, user, now)
    return files


def firms_of(session: Session, user_id: int) -> list[int]:
    """Firms whose state may be another without this person: there is a right or a claim that ends now."""
    rights = sa.select(Membership.organisation_id).where(Membership.user_id == user_id, Membership.state != "ended")
    claims = sa.select(Claim.organisation_id).where(Claim.user_id == user_id, Claim.state == "waiting")
    return sorted(session.scalars(rights.union(claims)))


def _end_rights(session: Session, user_id: int, now: datetime) -> None:
    rights = sa.update(Membership).where(Membership.user_id == user_id, Membership.state != "ended")
    _do(session, rights.values(state="ended", decided_at=now, decided_by=user_id))
    visits = sa.update(Assignment).where(Assignment.user_id == user_id, Assignment.ended_at.is_(None))
    _do(session, visits.values(ended_at=now))
    _do(session, sa.delete(SnapshotPerson).where(SnapshotPerson.user_id == user_id))
    withdraw_invitations(session, Invitation.invited_by == user_id, now)


def withdraw_invitations(session: Session, which: sa.ColumnElement[bool], now: datetime) -> None:
    """Nobody comes in on the word of somebody who is gone."""
    still_open = sa.update(Invitation).where(
        which, Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None)
    )  # fmt: skip
    _do(session, still_open.values(withdrawn_at=now))


def _erase_claims(session: Session, user_id: int, now: datetime) -> list[str]:
    """Claims that wait are withdrawn; of all of them only that they were made and how they were decided stays."""
    mine = Claim.user_id == user_id
    files = session.scalars(sa.select(Claim.letter_file).where(mine, Claim.letter_file.is_not(None)))
    found = [file for file in files if file]
    waiting = sa.update(Claim).where(mine, Claim.state == "waiting")
    _do(session, waiting.values(state="withdrawn", decided_at=now))
    _do(session, sa.update(Claim).where(mine).values(remark=None, letter_file=None, letter_type=None, reason=None))
    return found


def _erase_recipients(session: Session, user_id: int, recipients: list[str]) -> None:
    """The number and the address wherever else they stand: codes, invitations, the contact on the city's list."""
    _do(session, sa.delete(OneTimeCode).where(OneTimeCode.recipient.in_(recipients)))
    theirs = sa.or_(Invitation.accepted_by == user_id, Invitation.recipient.in_(recipients))
    _do(session, sa.update(Invitation).where(theirs).values(recipient=None))
    _do(session, sa.delete(ListedContact).where(ListedContact.mobile.in_(recipients)))
    # what a mail server said when it refused may name the recipient
    for recipient in recipients:
        named = JobItem.error.contains(recipient, autoescape=True)
        _do(session, sa.update(JobItem).where(named).values(error=None))


def _erase_requests(session: Session, user_id: int, now: datetime) -> None:
    """That there was a request and when it was answered stays in the register; what was written does not."""
    mine = RightsRequest.user_id == user_id
    still_open = sa.update(RightsRequest).where(mine, RightsRequest.state == "open")
    _do(session, still_open.values(state="done", closed_at=now, closed_by=user_id))
    _do(session, sa.update(RightsRequest).where(mine).values(text=None, answer=None))


def _erase_account(session: Session, user: User, now: datetime) -> None:
    _do(session, sa.delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    mine = SignInSession.user_id == user.id
    _do(session, sa.update(SignInSession).where(mine).values(device=None, address=None))
    _do(session, sa.update(SignInSession).where(mine, SignInSession.ended_at.is_(None)).values(ended_at=now))
    user.name = ""
    user.mobile = user.email = user.password_hash = user.language = None
    user.totp_secret = user.totp_at = user.totp_step = user.password_at = None
    user.state, user.closed_at = "closed", now
    session.flush()


def _do(session: Session, statement: Any) -> None:
    session.execute(statement, execution_options=PLAIN)
