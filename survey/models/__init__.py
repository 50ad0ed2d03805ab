"""What is kept, one file per aggregate. Import classes from here."""

from survey.models.area import Area
from survey.models.audit import AuditEvent, AuditSeal
from survey.models.benchmark import BenchmarkCell, BenchmarkMember, BenchmarkRelease
from survey.models.calendar import CalendarDay
from survey.models.claim import Claim, ListedContact, ListedTitle
from survey.models.columns import Base, canonical
from survey.models.dashboard import DashboardFigures
from survey.models.evidence import Evidence, EvidenceUse
from survey.models.firm_file import Bundle, BundleItem, FirmGroup, FirmGroupMember, FirmNote
from survey.models.industry import Industry, SubIndustry
from survey.models.instrument import PublishedInstrument
from survey.models.invitation import Invitation
from survey.models.job import Job, JobItem
from survey.models.message import OutgoingMessage
from survey.models.organisation import Fact, FactChange, Membership, Organisation
from survey.models.outside_result import OutsideResult
from survey.models.privacy import Consent, Disclosure, NoticeAcceptance, RightsRequest
from survey.models.reference_value import ReferenceValue
from survey.models.review import Review, ReviewFault
from survey.models.round import Campaign, Round
from survey.models.scorecard import Score, Scorecard
from survey.models.snapshot import Snapshot, SnapshotNote, SnapshotPerson
from survey.models.staff import Assignment, Provider, RoleGrant
from survey.models.submission import DraftChange, DraftNote, DraftPage, Submission
from survey.models.user import Attempt, OneTimeCode, RecoveryCode, SignInSession, User
from survey.models.verification import Visit, VisitValue

__all__ = [
    "Area",
    "Assignment",
    "Attempt",
    "AuditEvent",
    "AuditSeal",
    "Base",
    "BenchmarkCell",
    "BenchmarkMember",
    "BenchmarkRelease",
    "Bundle",
    "BundleItem",
    "CalendarDay",
    "Campaign",
    "Claim",
    "Consent",
    "DashboardFigures",
    "Disclosure",
    "DraftChange",
    "DraftNote",
    "DraftPage",
    "Evidence",
    "EvidenceUse",
    "Fact",
    "FactChange",
    "FirmGroup",
    "FirmGroupMember",
    "FirmNote",
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
    "Review",
    "ReviewFault",
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
    "Visit",
    "VisitValue",
    "canonical",
]
