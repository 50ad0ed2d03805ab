"""What is kept, one file per aggregate. Import classes from here."""

from survey.models.area import Area
from survey.models.audit import AuditEvent, AuditSeal
from survey.models.claim import Claim, ListedContact, ListedTitle
from survey.models.columns import Base, canonical
from survey.models.industry import Industry, SubIndustry
from survey.models.instrument import PublishedInstrument
from survey.models.invitation import Invitation
from survey.models.job import Job, JobItem
from survey.models.message import OutgoingMessage
from survey.models.organisation import Fact, FactChange, Membership, Organisation
from survey.models.outside_result import OutsideResult
from survey.models.privacy import Consent, Disclosure, NoticeAcceptance, RightsRequest
from survey.models.reference_value import ReferenceValue
from survey.models.round import Campaign, Round
from survey.models.scorecard import Score, Scorecard
from survey.models.snapshot import Snapshot, SnapshotNote, SnapshotPerson
from survey.models.staff import Assignment, Provider, RoleGrant
from survey.models.submission import DraftChange, DraftNote, DraftPage, Submission
from survey.models.user import Attempt, OneTimeCode, RecoveryCode, SignInSession, User

__all__ = [
    "Area",
    "Assignment",
    "Attempt",
    "AuditEvent",
    "AuditSeal",
    "Base",
    "Campaign",
    "Claim",
    "Consent",
    "Disclosure",
    "DraftChange",
    "DraftNote",
    "DraftPage",
    "Fact",
    "FactChange",
    "Industry",
    "Invitation",
    "Job",
    "JobItem",
    "ListedContact",
    "ListedTitle",
    "Membership",
    "NoticeAcceptance",
    "OneTimeCode",
    "Organisation",
    "OutgoingMessage",
    "OutsideResult",
    "Provider",
    "PublishedInstrument",
    "RecoveryCode",
    "ReferenceValue",
    "RightsRequest",
    "RoleGrant",
    "Round",
    "Score",
    "Scorecard",
    "SignInSession",
    "Snapshot",
    "SnapshotNote",
    "SnapshotPerson",
    "SubIndustry",
    "Submission",
    "User",
    "canonical",
]
