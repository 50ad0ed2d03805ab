"""On-site assessments of a firm, for the firm's copy: when, and once handed in what was found with its reason."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l

from survey.models import Submission, Visit, VisitValue
from survey.privacy.copies import Part
from survey.privacy.own_account_parts import STATE

NUMBER = _l("Reference number")

VISITS: Final = (
    Part(
        "visits",
        _l("On-site assessments"),
        {
            "reference": (NUMBER, Submission.reference),
            "state": (STATE, Visit.state),
            "planned_on": (_l("Planned for"), Visit.planned_on),
            "visited_on": (_l("Visited on"), Visit.visited_on),
            "agreed": (_l("The firm agrees"), Visit.agreed),
            "comment": (_l("Comment"), Visit.comment),
            "checked_at": (_l("Confirmed at"), Visit.checked_at),
        },
        lambda query, firm: (
            query.select_from(Visit)
            .join(Submission, Submission.id == Visit.submission_id)
            .where(Visit.organisation_id == firm)
            .order_by(Visit.id)
        ),
    ),
    Part(
        "visit_findings",
        _l("What was found on site"),
        {
            "reference": (NUMBER, Submission.reference),
            "item": (_l("Question"), VisitValue.item),
            "finding": (_l("Finding"), VisitValue.finding),
            "value": (_l("Value"), VisitValue.value),
            "seen": (_l("Looked at"), VisitValue.seen),
            "reason": (_l("Reason"), VisitValue.reason),
        },
        lambda query, firm: (
            query.select_from(VisitValue)
            .join(Visit, Visit.id == VisitValue.visit_id)
            .join(Submission, Submission.id == Visit.submission_id)
            .where(Visit.organisation_id == firm, Visit.state.in_(("entered", "confirmed")))
            .order_by(Visit.id, VisitValue.item)
        ),
    ),
)
