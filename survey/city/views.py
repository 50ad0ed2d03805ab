"""Pages of the city administrator: everything the city itself keeps, from areas to the calendar."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, current_app, render_template

from survey.access import requires
from survey.city import area_views, calendar_views, group_views, industry_views
from survey.city.home import entries
from survey.database import reading
from survey.formatting import local_time

bp = Blueprint("city", __name__, url_prefix="/city")
bp.register_blueprint(area_views.bp)
bp.register_blueprint(industry_views.bp)
bp.register_blueprint(group_views.bp)
bp.register_blueprint(calendar_views.bp)
bp.add_url_rule("/areas", "areas", area_views.listed)
bp.add_url_rule("/industries", "industries", industry_views.listed)
bp.add_url_rule("/groups", "groups", group_views.listed)
bp.add_url_rule("/calendar", "calendar", calendar_views.listed)


@bp.get("")
@requires("areas:edit")
def home() -> str:
    """What the city edits, each with how it stands."""
    today = local_time(datetime.now(UTC)).date()
    return render_template("city/home.html", entries=entries(reading(), today, current_app.view_functions))
