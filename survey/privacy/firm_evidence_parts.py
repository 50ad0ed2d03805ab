"""The files that prove a firm's answers, for the firm's copy: what there is and what each proves, not the files."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l

from survey.models import Evidence, EvidenceUse, Submission
from survey.privacy.copies import Part
from survey.privacy.own_account_parts import KIND, TIME

FILE = _l("File")

EVIDENCE: Final = (
    Part(
        "evidence",
        _l("Proof of the answers"),
        {
            "file": (FILE, Evidence.public_id),
            "name": (_l("Name"), Evidence.name),
            "kind": (KIND, Evidence.kind),
            "side": (_l("Brought by"), Evidence.side),
            "bytes": (_l("Size in bytes"), Evidence.bytes),
            "hash": (_l("Checksum"), Evidence.sha256),
            "added_at": (TIME, Evidence.added_at),
            "removed_at": (_l("Removed at"), Evidence.removed_at),
        },
        lambda query, firm: query.where(Evidence.organisation_id == firm).order_by(Evidence.id),
    ),
    Part(
        "evidence_uses",
        _l("What each file proves"),
        {
            "file": (FILE, Evidence.public_id),
            "reference": (_l("Reference number"), Submission.reference),
            "item": (_l("Question"), EvidenceUse.item),
            "added_at": (TIME, EvidenceUse.added_at),
        },
        lambda query, firm: (
            query.select_from(EvidenceUse)
            .join(Evidence, Evidence.id == EvidenceUse.evidence_id)
            .join(Submission, Submission.id == EvidenceUse.submission_id)
            .where(Evidence.organisation_id == firm)
            .order_by(EvidenceUse.evidence_id, EvidenceUse.submission_id, EvidenceUse.item)
        ),
    ),
)
