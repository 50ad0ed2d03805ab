"""Pages of the city administrator: areas and the city's own industries."""

from flask import Blueprint

from survey.city import area_views, industry_views

bp = Blueprint("city", __name__, url_prefix="/city")
bp.register_blueprint(area_views.bp)
bp.register_blueprint(industry_views.bp)
bp.add_url_rule("/areas", "areas", area_views.listed)
bp.add_url_rule("/industries", "industries", industry_views.listed)
