"""The record of who did what, kept in the same transaction as the deed. Never holds an answer or a password."""

from dataclasses import dataclass
from datetime import datetime

from flask import request
from sqlalchemy.orm import Session

from survey.access import person
from survey.logs import reference
from survey.models import AuditEvent

ACTIONS = {
    "account.register": "user",
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


SYSTEM = Actor(None)


def here() -> Actor:
    """The actor of the current request."""
    who = person()
    return Actor(who.user_id if who else None, request.remote_addr, reference())


def record(
    session: Session,
    actor: Actor,
    action: str,
    object_id: str | None,
    *,
    now: datetime,
    organisation_id: int | None = None,
    result: str = "done",
) -> None:
    """Add one event to the transaction. `object_id` is the public id of what it was done to, or None."""
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
        )
    )
