"""The firm's word on what was found, and the second person's: sent back, or confirmed."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from survey import audit
from survey.accounts.conflicts import CONFLICTS, why_not_verifier
from survey.errors import Problem
from survey.formatting import local_time
from survey.models import Scorecard, Visit
from survey.report.stored import card_from
from survey.report.verdict import outcome
from survey.settings import Settings
from survey.verification import standing
from survey.verification.planning_actions import locked
from survey.verification.queries import who_entered
from survey.verification.sheet import case
from survey.verification.telling import address, tell, tell_firm
from survey.verification.verified import make_verified

SAME_PERSON: Final = "entered"
"""Why somebody may not check who has no other conflict: whoever entered a finding does not confirm it."""


def comment(session: Session, visit_id: int, agreed: bool, text: str | None, actor: audit.Actor, now: datetime) -> None:
    """The firm agrees, or says what it sees otherwise; once, while its time runs."""
    visit = locked(session, visit_id)
    if not open_for_comment(visit, now):
        raise Problem(
            409,
            _("This can no longer be commented"),
            _("Nothing was changed: the firm has said its word already, its time has passed, or the visit is over."),
        )
    visit.agreed, visit.comment = agreed, text
    visit.commented_at, visit.commented_by, visit.rev = now, actor.user_id, visit.rev + 1
    audit.record(
        session, actor, "visit.comment", visit.public_id, now=now, organisation_id=visit.organisation_id,
        detail="agreed" if agreed else "commented",
    )  # fmt: skip


def open_for_comment(visit: Visit, now: datetime) -> bool:
    return visit.state == "entered" and not standing.may_confirm(visit, local_time(now).date())


def why_not_checker(session: Session, visit: Visit, user_id: int) -> str | None:
    """Why a person may not check the visit: a key of CONFLICTS, or SAME_PERSON; None if nothing stands against it."""
    if user_id == visit.entered_by or user_id in who_entered(session, visit.id):
        return SAME_PERSON
    return why_not_verifier(session, user_id, visit.organisation_id)


def words_for(why: str) -> str:
    if why == SAME_PERSON:
        return _("You entered findings of this visit, so another person has to check them.")
    return str(CONFLICTS[why])


def send_back(
    session: Session, settings: Settings, visit_id: int, reason: str, actor: audit.Actor, now: datetime
) -> str | None:
    """Ask whoever entered the findings to look again. Answers why the person may not, and then that is on record."""
    visit = _to_check(session, visit_id)
    entered_by = visit.entered_by
    if why := _refused(session, visit, "visit.send_back", actor, now):
        return why
    visit.state, visit.sent_back, visit.rev = "planned", reason, visit.rev + 1
    visit.entered_at, visit.entered_by, visit.comment_until = None, None, None
    audit.record(session, actor, "visit.send_back", visit.public_id, now=now, organisation_id=visit.organisation_id)
    people = [] if entered_by is None else [entered_by]
    tell(
        session, settings, visit, "visit_sent_back", people,
        lambda _language: {"reason": reason, "address": address(settings, visit)}, now,
    )  # fmt: skip
    return None


def confirm(session: Session, settings: Settings, visit_id: int, actor: audit.Actor, now: datetime) -> str | None:
    """Make the verified result. Answers why the person may not, and then that is on record.

    Raises `Problem` while the firm may still say its word.
    """
    visit = _to_check(session, visit_id)
    if why := _refused(session, visit, "visit.confirm", actor, now):
        return why
    if not standing.may_confirm(visit, local_time(now).date()):
        raise Problem(
            409,
            _("The firm may still say its word"),
            _("Nothing was confirmed. It can be confirmed once the firm has answered, or its time has passed."),
        )
    visit.state, visit.checked_at, visit.checked_by, visit.rev = "confirmed", now, actor.user_id, visit.rev + 1
    verified, scorecard = make_verified(session, case(session, visit), actor, now)
    audit.record(session, actor, "visit.confirm", visit.public_id, now=now, organisation_id=visit.organisation_id)
    _tell_result(session, settings, visit, verified.public_id, scorecard, now)
    return None


def _tell_result(
    session: Session, settings: Settings, visit: Visit, report_id: str, scorecard: Scorecard, now: datetime
) -> None:
    instrument, card = case(session, visit).instrument, card_from(scorecard.card)

    def values(language: str) -> dict[str, str]:
        return {"result": outcome(card, instrument, language), "address": f"{settings.base_url}/report/{report_id}"}

    tell_firm(session, settings, visit, "visit_confirmed", values, now)


def _to_check(session: Session, visit_id: int) -> Visit:
    visit = locked(session, visit_id)
    if visit.state != "entered":
        raise Problem(
            409,
            _("There is nothing to check"),
            _("Nothing was changed: the findings are not handed in, or somebody else has decided already."),
        )
    return visit


def _refused(session: Session, visit: Visit, action: str, actor: audit.Actor, now: datetime) -> str | None:
    """Why the person may not check, put on record."""
    assert actor.user_id is not None
    why = why_not_checker(session, visit, actor.user_id)
    if why is not None:
        audit.record(
            session, actor, action, visit.public_id, now=now, organisation_id=visit.organisation_id,
            result="refused", detail=why,
        )  # fmt: skip
    return why
