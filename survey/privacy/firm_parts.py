"""Everything the site holds about one firm, for the copy that its account holder takes."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l

from survey.models import (
    Area,
    Consent,
    Disclosure,
    DraftNote,
    DraftPage,
    Fact,
    FactChange,
    FirmGroup,
    FirmGroupMember,
    FirmNote,
    ListedTitle,
    Membership,
    Organisation,
    OutsideResult,
    Scorecard,
    Snapshot,
    SnapshotNote,
    Submission,
    User,
)
from survey.privacy.copies import Part, Query
from survey.privacy.firm_evidence_parts import EVIDENCE
from survey.privacy.firm_review_parts import REVIEWS
from survey.privacy.firm_visit_parts import VISITS
from survey.privacy.own_account_parts import KIND, MADE, ROLE, STATE, TIME

NUMBER = _l("Reference number")


def _submissions(query: Query, firm: int) -> Query:
    return query.where(Submission.organisation_id == firm)


_DISCLOSURES = Part(
    "disclosures",
    _l("Disclosures"),
    {
        "recipient": (_l("Recipient"), Disclosure.recipient),
        "fields": (_l("Data"), Disclosure.fields),
        "purpose": (_l("Purpose"), Disclosure.purpose),
        "how": (_l("How"), Disclosure.how),
        "at": (TIME, Disclosure.at),
    },
    lambda query, firm: query.where(Disclosure.organisation_id == firm).order_by(Disclosure.id),
)

FIRM: Final[tuple[Part, ...]] = (
    Part(
        "firm",
        _l("Firm"),
        {
            "name": (_l("Name of the firm"), Organisation.name),
            "credit_code": (_l("Unified social credit code"), Organisation.credit_code),
            "area": (_l("Area where the firm works"), Area.name_zh),
            "industry_code": (_l("Industry"), Organisation.industry_code),
            "state": (STATE, Organisation.state),
            "declared_above": (_l("Above designated size as listed"), Organisation.declared_above),
            "listed_at": (_l("On the city's list since"), Organisation.listed_at),
            "created_at": (MADE, Organisation.created_at),
        },
        lambda query, firm: (
            query.select_from(Organisation)
            .join(Area, Area.id == Organisation.operating_area_id)
            .where(Organisation.id == firm)
        ),
    ),
    Part(
        "people",
        _l("People"),
        {
            "name": (_l("Name"), User.name),
            "role": (ROLE, Membership.role),
            "state": (STATE, Membership.state),
            "body": (_l("For another body"), Membership.body),
            "valid_until": (_l("Valid until"), Membership.valid_until),
        },
        lambda query, firm: (
            query.select_from(Membership)
            .join(User, User.id == Membership.user_id)
            .where(Membership.organisation_id == firm)
            .order_by(Membership.id)
        ),
    ),
    Part(
        "figures",
        _l("Figures"),
        {
            "kind": (KIND, Fact.kind),
            "year": (_l("Year"), Fact.year),
            "value": (_l("Value in the smallest unit"), Fact.value),
            "unit": (_l("Typed in"), Fact.unit),
            "source": (_l("Source"), Fact.source),
            "verified": (_l("Verified"), Fact.verified),
            "updated_at": (TIME, Fact.updated_at),
        },
        lambda query, firm: query.where(Fact.organisation_id == firm).order_by(Fact.year, Fact.kind),
    ),
    Part(
        "figure_changes",
        _l("Changes of figures"),
        {
            "kind": (KIND, FactChange.kind),
            "year": (_l("Year"), FactChange.year),
            "value": (_l("Value in the smallest unit"), FactChange.value),
            "changed_at": (TIME, FactChange.changed_at),
        },
        lambda query, firm: query.where(FactChange.organisation_id == firm).order_by(FactChange.id),
    ),
    Part(
        "results",
        _l("Titles and results held elsewhere"),
        {
            "kind": (KIND, OutsideResult.kind),
            "value": (_l("Result"), OutsideResult.value),
            "score": (_l("Points"), OutsideResult.score),
            "subject": (_l("Subject"), OutsideResult.subject),
            "number": (_l("Number"), OutsideResult.number),
            "issuer": (_l("Given by"), OutsideResult.issuer),
            "issued_on": (_l("Date of issue"), OutsideResult.issued_on),
            "valid_until": (_l("Valid until"), OutsideResult.valid_until),
            "proof": (_l("Proof"), OutsideResult.proof),
            "withdrawn_at": (_l("Withdrawn at"), OutsideResult.withdrawn_at),
        },
        lambda query, firm: query.where(OutsideResult.organisation_id == firm).order_by(OutsideResult.id),
    ),
    Part(
        "listed_titles",
        _l("Titles on the city's list"),
        {"kind": (KIND, ListedTitle.kind), "valid_until": (_l("Valid until"), ListedTitle.valid_until)},
        lambda query, firm: query.where(ListedTitle.organisation_id == firm).order_by(ListedTitle.id),
    ),
    Part(
        "submissions",
        _l("Submissions"),
        {
            "reference": (NUMBER, Submission.reference),
            "kind": (KIND, Submission.kind),
            "state": (STATE, Submission.state),
            "created_at": (MADE, Submission.created_at),
            "submitted_at": (_l("Submitted at"), Submission.submitted_at),
        },
        lambda query, firm: _submissions(query, firm).order_by(Submission.id),
    ),
    Part(
        "drafts",
        _l("Answers as they stand"),
        {
            "reference": (NUMBER, Submission.reference),
            "section": (_l("Section"), DraftPage.section),
            "data": (_l("Answers"), DraftPage.data),
            "updated_at": (TIME, DraftPage.updated_at),
        },
        lambda query, firm: _submissions(
            query.select_from(DraftPage).join(Submission, Submission.id == DraftPage.submission_id), firm
        ).order_by(Submission.id, DraftPage.section),
    ),
    Part(
        "notes",
        _l("Reasons"),
        {
            "reference": (NUMBER, Submission.reference),
            "item": (_l("Question"), DraftNote.item),
            "text": (_l("Text"), DraftNote.text),
        },
        lambda query, firm: _submissions(
            query.select_from(DraftNote).join(Submission, Submission.id == DraftNote.submission_id), firm
        ).order_by(Submission.id, DraftNote.item),
    ),
    Part(
        "submitted",
        _l("Submitted answers"),
        {
            "reference": (NUMBER, Submission.reference),
            "number": (_l("Number"), Snapshot.number),
            "reference_year": (_l("Year"), Snapshot.reference_year),
            "answers": (_l("Answers"), Snapshot.responses),
            "figures": (_l("Figures"), Snapshot.facts),
            "reference_values": (_l("Values of the city"), Snapshot.reference_values),
            "quality_notes": (_l("Questions before submitting"), Snapshot.quality_notes),
            "firm": (_l("Firm"), Snapshot.organisation),
            "hash": (_l("Checksum"), Snapshot.content_hash),
            "submitted_at": (_l("Submitted at"), Snapshot.submitted_at),
        },
        lambda query, firm: _submissions(
            query.select_from(Snapshot).join(Submission, Submission.id == Snapshot.submission_id), firm
        ).order_by(Snapshot.id),
    ),
    Part(
        "submitted_reasons",
        _l("Submitted reasons"),
        {
            "reference": (NUMBER, Submission.reference),
            "item": (_l("Question"), SnapshotNote.item),
            "text": (_l("Text"), SnapshotNote.text),
        },
        lambda query, firm: _submissions(
            query.select_from(SnapshotNote)
            .join(Snapshot, Snapshot.id == SnapshotNote.snapshot_id)
            .join(Submission, Submission.id == Snapshot.submission_id),
            firm,
        ).order_by(Snapshot.id, SnapshotNote.item),
    ),
    Part(
        "scorecards",
        _l("Results"),
        {
            "reference": (NUMBER, Submission.reference),
            "level": (_l("Level"), Scorecard.level),
            "possible_level": (_l("Possible level"), Scorecard.possible_level),
            "card": (_l("All points with their reasons"), Scorecard.card),
            "engine_version": (_l("Version of the rules engine"), Scorecard.engine_version),
            "created_at": (MADE, Scorecard.created_at),
        },
        lambda query, firm: _submissions(
            query.select_from(Scorecard)
            .join(Snapshot, Snapshot.id == Scorecard.snapshot_id)
            .join(Submission, Submission.id == Snapshot.submission_id),
            firm,
        ).order_by(Scorecard.id),
    ),
    Part(
        "permissions",
        _l("Permissions"),
        {
            "kind": (KIND, Consent.kind),
            "recipient": (_l("Recipient"), Consent.recipient),
            "fields": (_l("Data"), Consent.fields),
            "purpose": (_l("Purpose"), Consent.purpose),
            "text_version": (_l("Version"), Consent.text_version),
            "given_at": (_l("Given at"), Consent.given_at),
            "withdrawn_at": (_l("Withdrawn at"), Consent.withdrawn_at),
            "valid_until": (_l("Valid until"), Consent.valid_until),
        },
        lambda query, firm: query.where(Consent.organisation_id == firm).order_by(Consent.id),
    ),
    Part(
        "groups",
        _l("Chains and clusters"),
        {"kind": (KIND, FirmGroup.kind), "name": (_l("Name"), FirmGroup.name_zh)},
        lambda query, firm: (
            query.select_from(FirmGroup)
            .join(FirmGroupMember, FirmGroupMember.group_id == FirmGroup.id)
            .where(FirmGroupMember.organisation_id == firm)
            .order_by(FirmGroup.id)
        ),
    ),
    Part(
        "call_notes",
        _l("Contact noted by offices"),
        {"kind": (KIND, FirmNote.kind), "text": (_l("Text"), FirmNote.text), "at": (TIME, FirmNote.at)},
        lambda query, firm: query.where(FirmNote.organisation_id == firm).order_by(FirmNote.id),
    ),
    *EVIDENCE,
    *REVIEWS,
    *VISITS,
    _DISCLOSURES,
)
"""The parts of a firm's copy, in the order of the sheets."""

REGISTER: Final = (_DISCLOSURES,)
"""The register of disclosures alone."""
