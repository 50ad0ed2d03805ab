"""The parts of a person's copy that tell of the account itself."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from survey.models import (
    AuditEvent,
    ListedContact,
    NoticeAcceptance,
    OneTimeCode,
    Organisation,
    OutgoingMessage,
    RecoveryCode,
    RightsRequest,
    SignInSession,
    User,
)
from survey.privacy.copies import Part

FIRM = _l("Firm")
KIND = _l("Kind")
ROLE = _l("Right or role")
STATE = _l("State")
MADE = _l("Made at")
ENDED = _l("Ended at")
TIME = _l("Time")


def recipients(user_id: int) -> sa.CompoundSelect[Any]:
    """The person's number and address, for tables that know nothing else."""
    numbers = sa.select(User.mobile).where(User.id == user_id)
    return numbers.union_all(sa.select(User.email).where(User.id == user_id))


ACCOUNT_PARTS: Final[tuple[Part, ...]] = (
    Part(
        "account",
        _l("Account"),
        {
            "id": (_l("Number of the account"), User.public_id),
            "name": (_l("Name"), User.name),
            "mobile": (_l("Mobile number"), User.mobile),
            "email": (_l("E-mail address"), User.email),
            "language": (_l("Language"), User.language),
            "state": (STATE, User.state),
            "created_at": (MADE, User.created_at),
            "password_at": (_l("Password chosen at"), User.password_at),
            "second_factor_at": (_l("Second factor since"), User.totp_at),
            "closed_at": (_l("Closed at"), User.closed_at),
        },
        lambda query, who: query.where(User.id == who),
    ),
    Part(
        "sign_ins",
        _l("Sign-ins"),
        {
            "created_at": (_l("Signed in at"), SignInSession.created_at),
            "seen_at": (_l("Last seen at"), SignInSession.seen_at),
            "ends_at": (_l("Ends at the latest"), SignInSession.ends_at),
            "ended_at": (ENDED, SignInSession.ended_at),
            "proved_at": (_l("Identity proved at"), SignInSession.fresh_at),
            "second_factor": (_l("With second factor"), SignInSession.strong),
            "device": (_l("Device"), SignInSession.device),
            "address": (_l("Network address"), SignInSession.address),
        },
        lambda query, who: query.where(SignInSession.user_id == who).order_by(SignInSession.id),
    ),
    Part(
        "recovery_codes",
        _l("Recovery codes"),
        {"made_at": (MADE, RecoveryCode.made_at), "used_at": (_l("Used at"), RecoveryCode.used_at)},
        lambda query, who: query.where(RecoveryCode.user_id == who).order_by(RecoveryCode.id),
    ),
    Part(
        "codes",
        _l("Codes sent"),
        {
            "purpose": (_l("Purpose"), OneTimeCode.purpose),
            "recipient": (_l("Sent to"), OneTimeCode.recipient),
            "created_at": (MADE, OneTimeCode.created_at),
            "used_at": (_l("Used at"), OneTimeCode.used_at),
        },
        lambda query, who: query.where(OneTimeCode.recipient.in_(recipients(who))).order_by(OneTimeCode.id),
    ),
    Part(
        "messages",
        _l("Messages"),
        {
            "kind": (KIND, OutgoingMessage.kind),
            "recipient": (_l("Sent to"), OutgoingMessage.recipient),
            "made_at": (MADE, OutgoingMessage.made_at),
            "sent_at": (_l("Sent at"), OutgoingMessage.sent_at),
        },
        lambda query, who: query.where(OutgoingMessage.recipient.in_(recipients(who))).order_by(OutgoingMessage.id),
    ),
    Part(
        "notices",
        _l("Privacy notices accepted"),
        {"version": (_l("Version"), NoticeAcceptance.version), "at": (TIME, NoticeAcceptance.accepted_at)},
        lambda query, who: query.where(NoticeAcceptance.user_id == who).order_by(NoticeAcceptance.id),
    ),
    Part(
        "listed_contacts",
        _l("Contact on the city's list"),
        {
            "firm": (FIRM, Organisation.name),
            "name": (_l("Name"), ListedContact.name),
            "mobile": (_l("Mobile number"), ListedContact.mobile),
            "listed_at": (MADE, ListedContact.listed_at),
        },
        lambda query, who: (
            query.select_from(ListedContact)
            .join(Organisation, Organisation.id == ListedContact.organisation_id)
            .where(ListedContact.mobile.in_(recipients(who)))
        ),
    ),
    Part(
        "requests",
        _l("Requests"),
        {
            "kind": (KIND, RightsRequest.kind),
            "text": (_l("Text"), RightsRequest.text),
            "made_at": (MADE, RightsRequest.made_at),
            "due_on": (_l("Answer due on"), RightsRequest.due_on),
            "state": (STATE, RightsRequest.state),
            "answer": (_l("Reply"), RightsRequest.answer),
            "closed_at": (_l("Answered at"), RightsRequest.closed_at),
        },
        lambda query, who: query.where(RightsRequest.user_id == who).order_by(RightsRequest.id),
    ),
    Part(
        "record",
        _l("Record of what you did"),
        {
            "at": (TIME, AuditEvent.at),
            "action": (_l("Deed"), AuditEvent.action),
            "object_kind": (_l("Done to"), AuditEvent.object_kind),
            "object_id": (_l("Its number"), AuditEvent.object_id),
            "result": (_l("Result"), AuditEvent.result),
            "role": (ROLE, AuditEvent.role),
            "detail": (_l("Detail"), AuditEvent.detail),
            "address": (_l("Network address"), AuditEvent.address),
            "request_id": (_l("Number of the request"), AuditEvent.request_id),
        },
        lambda query, who: query.where(AuditEvent.actor_id == who).order_by(AuditEvent.id),
    ),
)
