"""The parts of a person's copy that tell what the person does for firms and offices."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import aliased

from survey.models import (
    Area,
    Assignment,
    Claim,
    Consent,
    DraftChange,
    DraftNote,
    FactChange,
    Invitation,
    Membership,
    Organisation,
    OutsideResult,
    Provider,
    RoleGrant,
    Snapshot,
    SnapshotPerson,
    Submission,
)
from survey.privacy.copies import Part, Query
from survey.privacy.own_account_parts import ENDED, FIRM, KIND, MADE, ROLE, STATE, TIME, recipients

_mine = aliased(Membership)


def _in_my_firms(query: Query, user_id: int) -> Query:
    """What the person filled in, of firms in which the person still has a confirmed right: answers are the firm's."""
    until = sa.or_(_mine.valid_until.is_(None), _mine.valid_until >= sa.func.current_date())
    right = sa.and_(
        _mine.organisation_id == Organisation.id, _mine.user_id == user_id, _mine.state == "confirmed", until
    )
    return query.join(_mine, right)


WORK_PARTS: Final[tuple[Part, ...]] = (
    Part(
        "firms",
        _l("Rights in firms"),
        {
            "firm": (FIRM, Organisation.name),
            "role": (ROLE, Membership.role),
            "state": (STATE, Membership.state),
            "body": (_l("For another body"), Membership.body),
            "valid_until": (_l("Valid until"), Membership.valid_until),
            "created_at": (MADE, Membership.created_at),
            "decided_at": (_l("Decided at"), Membership.decided_at),
        },
        lambda query, who: (
            query.select_from(Membership)
            .join(Organisation, Organisation.id == Membership.organisation_id)
            .where(Membership.user_id == who)
            .order_by(Membership.id)
        ),
    ),
    Part(
        "roles",
        _l("Roles at offices and providers"),
        {
            "role": (ROLE, RoleGrant.role),
            "area": (_l("Area"), Area.name_zh),
            "provider": (_l("Provider"), Provider.name),
            "granted_at": (_l("Granted at"), RoleGrant.granted_at),
            "ended_at": (ENDED, RoleGrant.ended_at),
        },
        lambda query, who: (
            query.select_from(RoleGrant)
            .outerjoin(Area, Area.id == RoleGrant.area_id)
            .outerjoin(Provider, Provider.id == RoleGrant.provider_id)
            .where(RoleGrant.user_id == who)
            .order_by(RoleGrant.id)
        ),
    ),
    Part(
        "visits",
        _l("Visits asked for"),
        {
            "firm": (FIRM, Organisation.name),
            "assigned_at": (MADE, Assignment.assigned_at),
            "ended_at": (ENDED, Assignment.ended_at),
        },
        lambda query, who: (
            query.select_from(Assignment)
            .join(Organisation, Organisation.id == Assignment.organisation_id)
            .where(Assignment.user_id == who)
            .order_by(Assignment.id)
        ),
    ),
    Part(
        "invitations",
        _l("Invitations"),
        {
            "recipient": (_l("Sent to"), Invitation.recipient),
            "role": (ROLE, Invitation.role),
            "firm": (FIRM, Organisation.name),
            "body": (_l("For another body"), Invitation.body),
            "invited_at": (MADE, Invitation.invited_at),
            "accepted_at": (_l("Accepted at"), Invitation.accepted_at),
        },
        lambda query, who: (
            query.select_from(Invitation)
            .outerjoin(Organisation, Organisation.id == Invitation.organisation_id)
            .where(
                sa.or_(
                    Invitation.accepted_by == who,
                    Invitation.invited_by == who,
                    Invitation.recipient.in_(recipients(who)),
                )
            )
            .order_by(Invitation.id)
        ),
    ),
    Part(
        "claims",
        _l("Claims"),
        {
            "firm": (FIRM, Organisation.name),
            "how": (_l("By code or letter"), Claim.how),
            "state": (STATE, Claim.state),
            "remark": (_l("Remark"), Claim.remark),
            "letter_file": (_l("Letter kept as"), Claim.letter_file),
            "letter_type": (_l("Type of the letter"), Claim.letter_type),
            "made_at": (MADE, Claim.made_at),
            "decided_at": (_l("Decided at"), Claim.decided_at),
            "reason": (_l("Reason of the decision"), Claim.reason),
        },
        lambda query, who: (
            query.select_from(Claim)
            .join(Organisation, Organisation.id == Claim.organisation_id)
            .where(Claim.user_id == who)
            .order_by(Claim.id)
        ),
    ),
    Part(
        "answers",
        _l("Answers saved by you"),
        {
            "firm": (FIRM, Organisation.name),
            "section": (_l("Section"), DraftChange.section),
            "data": (_l("Answers"), DraftChange.data),
            "changed_at": (TIME, DraftChange.changed_at),
        },
        lambda query, who: _in_my_firms(
            query.select_from(DraftChange)
            .join(Submission, Submission.id == DraftChange.submission_id)
            .join(Organisation, Organisation.id == Submission.organisation_id)
            .where(DraftChange.changed_by == who),
            who,
        ).order_by(DraftChange.id),
    ),
    Part(
        "reasons",
        _l("Reasons written by you"),
        {
            "firm": (FIRM, Organisation.name),
            "item": (_l("Question"), DraftNote.item),
            "text": (_l("Text"), DraftNote.text),
            "updated_at": (TIME, DraftNote.updated_at),
        },
        lambda query, who: _in_my_firms(
            query.select_from(DraftNote)
            .join(Submission, Submission.id == DraftNote.submission_id)
            .join(Organisation, Organisation.id == Submission.organisation_id)
            .where(DraftNote.updated_by == who),
            who,
        ).order_by(DraftNote.submission_id, DraftNote.item),
    ),
    Part(
        "figures",
        _l("Figures saved by you"),
        {
            "firm": (FIRM, Organisation.name),
            "kind": (KIND, FactChange.kind),
            "year": (_l("Year"), FactChange.year),
            "value": (_l("Value in the smallest unit"), FactChange.value),
            "changed_at": (TIME, FactChange.changed_at),
        },
        lambda query, who: _in_my_firms(
            query.select_from(FactChange)
            .join(Organisation, Organisation.id == FactChange.organisation_id)
            .where(FactChange.changed_by == who),
            who,
        ).order_by(FactChange.id),
    ),
    Part(
        "submissions",
        _l("Submitted by you"),
        {
            "firm": (FIRM, Organisation.name),
            "reference": (_l("Reference number"), Submission.reference),
            "submitted_at": (TIME, Snapshot.submitted_at),
        },
        lambda query, who: (
            query.select_from(SnapshotPerson)
            .join(Snapshot, Snapshot.id == SnapshotPerson.snapshot_id)
            .join(Submission, Submission.id == Snapshot.submission_id)
            .join(Organisation, Organisation.id == Submission.organisation_id)
            .where(SnapshotPerson.user_id == who)
            .order_by(Snapshot.id)
        ),
    ),
    Part(
        "results",
        _l("Titles and results recorded by you"),
        {
            "firm": (FIRM, Organisation.name),
            "kind": (KIND, OutsideResult.kind),
            "number": (_l("Number"), OutsideResult.number),
            "recorded_at": (TIME, OutsideResult.recorded_at),
        },
        lambda query, who: _in_my_firms(
            query.select_from(OutsideResult)
            .join(Organisation, Organisation.id == OutsideResult.organisation_id)
            .where(OutsideResult.recorded_by == who),
            who,
        ).order_by(OutsideResult.id),
    ),
    Part(
        "permissions",
        _l("Permissions given by you"),
        {
            "firm": (FIRM, Organisation.name),
            "kind": (KIND, Consent.kind),
            "given_at": (MADE, Consent.given_at),
            "withdrawn_at": (_l("Withdrawn at"), Consent.withdrawn_at),
        },
        lambda query, who: (
            query.select_from(Consent)
            .join(Organisation, Organisation.id == Consent.organisation_id)
            .where(Consent.given_by == who)
            .order_by(Consent.id)
        ),
    ),
)
