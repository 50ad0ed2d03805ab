"""What is kept, one file per aggregate. Import classes from here."""

from survey.models.area import Area
from survey.models.audit import AuditEvent
from survey.models.columns import Base, canonical
from survey.models.industry import Industry
from survey.models.instrument import PublishedInstrument
from survey.models.job import Job, JobItem
from survey.models.organisation import Fact, FactChange, Membership, Organisation
from survey.models.outside_result import OutsideResult
from survey.models.reference_value import ReferenceValue
from survey.models.round import Campaign, Round
from survey.models.scorecard import Score, Scorecard
from survey.models.snapshot import Snapshot, SnapshotNote, SnapshotPerson
from survey.models.submission import DraftChange, DraftNote, DraftPage, Submission
from survey.models.user import OneTimeCode, SignInSession, User

__all__ = [
    "Area",
    "AuditEvent",
    "Base",
    "Campaign",
    "DraftChange",
    "DraftNote",
    "DraftPage",
    "Fact",
    "FactChange",
    "Industry",
    "Job",
    "JobItem",
    "Membership",
    "OneTimeCode",
    "Organisation",
    "OutsideResult",
    "PublishedInstrument",
    "ReferenceValue",
    "Round",
    "Score",
    "Scorecard",
    "SignInSession",
    "Snapshot",
    "SnapshotNote",
    "SnapshotPerson",
    "Submission",
    "User",
    "canonical",
]
