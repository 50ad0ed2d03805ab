"""How long each kind of data is kept, and the nightly job that erases what has had its time (P-10).

One row of RULES for each; inventory.yaml names the rule of every column that has one, and a test compares the two.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from survey import audit
from survey.models import (
    Attempt,
    Bundle,
    BundleItem,
    Claim,
    Invitation,
    Job,
    JobItem,
    ListedContact,
    Membership,
    OneTimeCode,
    OutgoingMessage,
    RightsRequest,
    SignInSession,
)

DAY: Final = timedelta(days=1)
YEAR: Final = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Rule:
    """`after` counts from what `statement` looks at; `statement` is an UPDATE or DELETE for what lies before a moment.

    It says which rows have had their time, given that moment.
    """

    after: timedelta
    statement: Callable[[datetime], Any]
    about: str


def _owned() -> sa.Select[int]:
    return sa.select(Membership.organisation_id).where(Membership.role == "owner", Membership.state == "confirmed")


def _over_before(end: Any, before: datetime) -> Any:
    return sa.and_(end.is_not(None), end < before)


def _invitations(before: datetime) -> Any:
    over = sa.or_(
        Invitation.expires_at < before,
        _over_before(Invitation.accepted_at, before),
        _over_before(Invitation.withdrawn_at, before),
    )
    return sa.update(Invitation).where(Invitation.recipient.is_not(None), over).values(recipient=None)


def _claims(before: datetime) -> Any:
    decided = sa.func.coalesce(Claim.decided_at, Claim.made_at, type_=Claim.made_at.type)
    written = sa.or_(Claim.letter_file.is_not(None), Claim.remark.is_not(None), Claim.reason.is_not(None))
    old = sa.update(Claim).where(Claim.state != "waiting", decided < before, written)
    return old.values(letter_file=None, letter_type=None, remark=None, reason=None)


def _sign_ins(before: datetime) -> Any:
    told = sa.or_(SignInSession.device.is_not(None), SignInSession.address.is_not(None))
    return sa.update(SignInSession).where(SignInSession.created_at < before, told).values(device=None, address=None)


def _unsent(before: datetime) -> Any:
    held = sa.or_(OutgoingMessage.sealed.is_not(None), OutgoingMessage.recipient.is_not(None))
    old = sa.update(OutgoingMessage).where(OutgoingMessage.made_at < before, held)
    return old.values(sealed=None, recipient=None)


def _message_orders(before: datetime) -> Any:
    orders = sa.select(Job.id).where(Job.kind == "message", Job.created_at < before)
    return sa.delete(JobItem).where(JobItem.job_id.in_(orders))


def _zips(before: datetime) -> Any:
    old = sa.update(Bundle).where(Bundle.useless_after <= before, Bundle.file.is_not(None))
    return old.values(file=None)


def _in_bundles(before: datetime) -> Any:
    orders = sa.select(Bundle.id).where(Bundle.made_at < before)
    return sa.delete(BundleItem).where(BundleItem.bundle_id.in_(orders))


def _empty_orders(before: datetime) -> Any:
    items = sa.select(JobItem.id).where(JobItem.job_id == Job.id).exists()
    return sa.delete(Job).where(Job.kind == "message", Job.created_at < before, ~items)


RULES: Final[Mapping[str, Rule]] = {
    "codes": Rule(
        DAY,
        lambda before: sa.delete(OneTimeCode).where(OneTimeCode.expires_at < before),
        "codes by SMS or mail: deleted 1 day after they run out",
    ),
    "attempts": Rule(
        timedelta(0),
        lambda before: sa.delete(Attempt).where(Attempt.expires_at <= before),
        "counters of failed and frequent attempts: deleted once they no longer count",
    ),
    "sign-in devices": Rule(180 * DAY, _sign_ins, "device and network address of sign-ins: emptied after 180 days"),
    "sign-ins": Rule(
        2 * YEAR,
        lambda before: sa.delete(SignInSession).where(SignInSession.ends_at < before),
        "sign-ins: deleted 2 years after their end",
    ),
    "invitations": Rule(
        30 * DAY, _invitations, "recipients of invitations: emptied 30 days after acceptance, withdrawal or expiry"
    ),
    "listed contacts of claimed firms": Rule(
        timedelta(0),
        lambda before: sa.delete(ListedContact).where(
            ListedContact.listed_at <= before, ListedContact.organisation_id.in_(_owned())
        ),
        "contacts on the city's list: deleted once the firm has an account holder",
    ),
    "listed contacts": Rule(
        2 * YEAR,
        lambda before: sa.delete(ListedContact).where(ListedContact.listed_at < before),
        "contacts on the city's list: deleted after 24 months in any case",
    ),
    "claims": Rule(YEAR, _claims, "letters of authorisation, remarks and reasons: erased 12 months after the decision"),
    "unsent messages": Rule(
        7 * DAY, _unsent, "text and recipient of messages that could not be sent: emptied after 7 days"
    ),
    "messages": Rule(
        90 * DAY,
        lambda before: sa.delete(OutgoingMessage).where(OutgoingMessage.made_at < before),
        "messages: deleted after 90 days",
    ),
    "message orders": Rule(90 * DAY, _message_orders, "the worker's notes on messages: deleted after 90 days"),
    "empty orders": Rule(90 * DAY, _empty_orders, "the orders of these messages: deleted with them"),
    "zips": Rule(timedelta(0), _zips, "zip files of many reports: removed 7 days after they were made"),
    "contents of bundles": Rule(
        90 * DAY, _in_bundles, "which reports were ordered together: deleted 90 days after the order"
    ),
    "bundles": Rule(
        90 * DAY,
        lambda before: sa.delete(Bundle).where(Bundle.made_at < before),
        "orders of many reports: deleted after 90 days",
    ),
    "requests": Rule(
        3 * YEAR,
        lambda before: sa.delete(RightsRequest).where(_over_before(RightsRequest.closed_at, before)),
        "requests about personal data: deleted 3 years after the answer",
    ),
}
"""In this order, since an order is empty only once its items are gone."""


def retain(session: Session, now: datetime) -> dict[str, int]:
    """Erase everything that has had its time; how many rows by rule. What was erased is recorded by rule."""
    erased = {}
    for name, rule in RULES.items():
        statement = rule.statement(now - rule.after)
        done = session.execute(statement, execution_options={"synchronize_session": False})
        erased[name] = done.rowcount  # type: ignore[attr-defined]  # what an UPDATE or DELETE returns has it
        if erased[name]:
            audit.record(session, audit.SYSTEM, "account.retain", None, now=now, detail=name)
    return erased
