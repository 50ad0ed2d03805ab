"""The record of who did what, kept in the same transaction as the deed. Never holds an answer or a password."""

from dataclasses import dataclass
from datetime import datetime

from flask import g, request
from sqlalchemy.orm import Session

from survey.identity import Held, person
from survey.logs import reference
from survey.models import AuditEvent

ACTIONS = {
    "account.register": "user",
    "account.request_code": "user",
    "account.second_factor": "user",
    "account.use_recovery_code": "user",
    "account.prove": "user",
    "account.reset": "user",
    "account.start_reset": "user",
    "account.change": "user",
    "account.end_sign_ins": "user",
    "account.reset_second_factor": "user",
    "account.lock": "user",
    "account.unlock": "user",
    "account.close": "user",
    "account.retain": "site",
    "role.grant": "user",
    "role.end": "user",
    "provider.create": "provider",
    "invitation.send": "invitation",
    "invitation.accept": "invitation",
    "invitation.withdraw": "invitation",
    "member.change": "organisation",
    "member.end": "organisation",
    "firms.import": "site",
    "firms.export": "site",
    "firm.view": "organisation",
    "area.edit": "area",
    "sub_industry.edit": "sub_industry",
    "claim_code.make": "organisation",
    "claim.make": "claim",
    "claim.decide": "claim",
    "claim.withdraw": "claim",
    "claim.letter": "claim",
    "review.accept": "submission",
    "review.return": "submission",
    "evidence.add": "evidence",
    "evidence.remove": "evidence",
    "evidence.view": "evidence",
    "visit.plan": "visit",
    "visit.enter": "visit",
    "visit.comment": "visit",
    "visit.send_back": "visit",
    "visit.confirm": "visit",
    "visit.cancel": "visit",
    "firm.note": "organisation",
    "bundle.order": "bundle",
    "bundle.download": "bundle",
    "benchmark.release": "benchmark_release",
    "calendar.edit": "calendar",
    "group.edit": "group",
    "dashboard.export": "site",
    "assessor.assign": "user",
    "assessor.end": "user",
    "consent.give": "consent",
    "consent.withdraw": "consent",
    "data.copy": "user",
    "firm.copy": "organisation",
    "firm.release": "organisation",
    "rights.request": "rights_request",
    "rights.answer": "rights_request",
    "access.refused": "route",
    "audit.read": "audit",
    "audit.verify": "audit",
    "audit.expire": "audit",
    "audit.seal_broken": "audit",
    "account.accept_notice": "notice",
    "account.sign_in": "user",
    "account.sign_out": "user",
    "organisation.create": "organisation",
    "organisation.edit": "organisation",
    "organisation.claim": "organisation",
    "fact.save": "organisation",
    "submission.start": "submission",
    "submission.submit": "submission",
    "report.download": "submission",
    "report.order": "submission",
    "instrument.publish": "instrument",
    "instrument.confirm": "instrument",
    "campaign.correct_wording": "campaign",
    "references.import": "reference",
    "outside_result.add": "outside_result",
    "outside_result.correct": "outside_result",
    "outside_result.withdraw": "outside_result",
}
"""Everything that is recorded, and the kind of thing it is done to. A new deed is one line here."""

RESULTS = ("done", "refused")


@dataclass(frozen=True)
class Actor:
    """Who does something, from where: taken from the request by the view and handed to the action."""

    user_id: int | None
    address: str | None = None
    request_id: str | None = None
    role: str | None = None
    area_id: int | None = None


SYSTEM = Actor(None)


def here(held: Held | None = None) -> Actor:
    """The actor of the current request; `held` is the role outside a firm in which the person acts (`acting`)."""
    who = person()
    role = held.role if held else g.get("role")
    area_id = held.area_id if held else None
    return Actor(who.user_id if who else None, request.remote_addr, reference(), role, area_id)


def record(
    session: Session,
    actor: Actor,
    action: str,
    object_id: str | None,
    *,
    now: datetime,
    organisation_id: int | None = None,
    result: str = "done",
    detail: str | None = None,
) -> None:
    """Add one event to the transaction. `object_id` is the public id of what it was done to, or None.

    `detail` is a word of ours that says more ("code", "totp", "officer"), never anything typed.
    """
    if result not in RESULTS:
        raise ValueError(f"{result!r} is none of: {', '.join(RESULTS)}")
    session.add(
        AuditEvent(
            at=now,
            actor_id=actor.user_id,
            action=action,
            object_kind=ACTIONS[action],
            object_id=object_id,
            organisation_id=organisation_id,
            address=actor.address,
            request_id=actor.request_id,
            result=result,
            role=actor.role,
            area_id=actor.area_id,
            detail=detail,
        )
    )
