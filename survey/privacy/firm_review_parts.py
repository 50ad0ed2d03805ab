"""What offices decided on a firm's submissions, for the firm's copy; what an officer still collects is not told yet."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l

from survey.models import Review, ReviewFault, Submission
from survey.privacy.copies import Part
from survey.privacy.firm_visit_parts import NUMBER
from survey.privacy.own_account_parts import KIND, STATE, TIME

REVIEWS: Final = (
    Part(
        "reviews",
        _l("Checks by offices"),
        {
            "reference": (NUMBER, Submission.reference),
            "state": (STATE, Review.state),
            "at": (TIME, Review.decided_at),
            "due_on": (_l("To be handed in again by"), Review.due_on),
        },
        lambda query, firm: (
            query.select_from(Review)
            .join(Submission, Submission.id == Review.submission_id)
            .where(Submission.organisation_id == firm, Review.state != "open")
            .order_by(Review.id)
        ),
    ),
    Part(
        "review_faults",
        _l("What was to be mended"),
        {
            "reference": (NUMBER, Submission.reference),
            "item": (_l("Question"), ReviewFault.item),
            "kind": (KIND, ReviewFault.kind),
            "text": (_l("Text"), ReviewFault.text),
        },
        lambda query, firm: (
            query.select_from(ReviewFault)
            .join(Review, Review.id == ReviewFault.review_id)
            .join(Submission, Submission.id == Review.submission_id)
            .where(Submission.organisation_id == firm, Review.state != "open")
            .order_by(ReviewFault.id)
        ),
    ),
)
