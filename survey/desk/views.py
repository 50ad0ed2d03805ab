"""Pages of an area's office: its firms, the list, claims to decide."""

from flask import Blueprint

from survey.desk import (
    assessor_views,
    bundle_views,
    claim_views,
    code_views,
    firm_page_views,
    firm_report_views,
    firm_views,
    import_views,
)

bp = Blueprint("desk", __name__, url_prefix="/desk")
bp.register_blueprint(code_views.bp)
bp.register_blueprint(claim_views.bp)
bp.register_blueprint(assessor_views.bp)
bp.register_blueprint(firm_report_views.bp)
bp.add_url_rule("/claims", "claims", claim_views.listed)
firm_views.add_to(bp)
firm_page_views.add_to(bp)
import_views.add_to(bp)
bundle_views.add_to(bp)
