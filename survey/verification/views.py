"""On-site verification: planning a visit, entering what was found, the firm's word, the second person's check."""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint

from survey.evidence.taking import allow_files
from survey.verification import checking_views, entering_views, paper_views, photo_views, planning_views

bp = Blueprint("verification", __name__, url_prefix="/visits")

ADDRESSES: Final = (
    ("GET", "", entering_views.own),
    ("GET", "/office", planning_views.home),
    ("GET", "/plan/<submission_id>", planning_views.ask_to_plan),
    ("POST", "/plan/<submission_id>", planning_views.plan),
    ("GET", "/<visit_id>", entering_views.visit),
    ("POST", "/<visit_id>/renew", entering_views.renew),
    ("GET", "/<visit_id>/office", planning_views.office_visit),
    ("POST", "/<visit_id>/office", planning_views.change),
    ("POST", "/<visit_id>/cancel", planning_views.cancel),
    ("GET", "/<visit_id>/sections/<section_id>", entering_views.section),
    ("POST", "/<visit_id>/sections/<section_id>", entering_views.save),
    ("GET", "/<visit_id>/photos/<item_id>", photo_views.photos),
    ("POST", "/<visit_id>/photos/<item_id>", photo_views.add_photos),
    ("GET", "/<visit_id>/hand-in", entering_views.hand_in),
    ("POST", "/<visit_id>/hand-in", entering_views.finish),
    ("GET", "/<visit_id>/form/<language>", paper_views.form),
    ("POST", "/<visit_id>/form/<language>", paper_views.make_form),
    ("GET", "/<visit_id>/form/<language>/pages", paper_views.form_pages),
    ("GET", "/<visit_id>/comment", checking_views.comment),
    ("POST", "/<visit_id>/comment", checking_views.say),
    ("GET", "/<visit_id>/check", checking_views.check),
    ("POST", "/<visit_id>/check", checking_views.confirm),
    ("POST", "/<visit_id>/send-back", checking_views.send_back),
)
"""Each view has the endpoint `verification.` with its own name."""

for method, rule, view in ADDRESSES:
    bp.add_url_rule(rule, view.__name__, view, methods=[method])


@bp.url_value_preprocessor
def _allow_photos(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    if endpoint == "verification.add_photos":
        allow_files()
