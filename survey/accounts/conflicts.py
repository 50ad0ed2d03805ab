"""Who must not judge whom: verifying a firm is not for its own people, nor for those who sell to firms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy.orm import Session

from survey.models import DraftChange, Membership, RoleGrant, Submission

CONFLICTS: Final[Mapping[str, LazyString]] = {
    "member": _l("This person acts or acted for the firm and may not verify it."),
    "filler": _l("This person filled in for the firm and may not verify it."),
    "provider": _l("This person works for a provider and may not verify firms."),
}
"""Why somebody may not verify a firm, for the page and as the word for the record."""


def why_not_verifier(session: Session, user_id: int, organisation_id: int) -> str | None:
    """The key of CONFLICTS that keeps a person from verifying a firm, or None.

    A right that was had once counts for good, also one that was never confirmed: whoever asked to act for a firm is
    not neutral. So do answers that were saved for it.
    """
    role = session.scalar(
        sa.select(Membership.role).where(Membership.organisation_id == organisation_id, Membership.user_id == user_id)
    )
    if role is not None:
        return "filler" if role == "filler" else "member"
    if session.scalar(_answers_saved(user_id, organisation_id)) is not None:
        return "filler"
    sells = sa.select(RoleGrant.id).where(
        RoleGrant.user_id == user_id, RoleGrant.provider_id.is_not(None), RoleGrant.ended_at.is_(None)
    )
    return "provider" if session.scalar(sells.limit(1)) is not None else None


def _answers_saved(user_id: int, organisation_id: int) -> sa.Select[int]:
    return (
        sa.select(DraftChange.id)
        .join(Submission, Submission.id == DraftChange.submission_id)
        .where(Submission.organisation_id == organisation_id, DraftChange.changed_by == user_id)
        .limit(1)
    )
