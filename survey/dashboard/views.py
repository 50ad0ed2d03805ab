"""Figures of an area and of the city as charts and tables."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, abort, render_template, request
from werkzeug.wrappers import Response

from survey import audit, limits
from survey.access import acting, requires
from survey.dashboard import choosing, export
from survey.dashboard.charts import CHARTS
from survey.dashboard.choosing import VIEW, Chosen, Offered
from survey.dashboard.drawing import DRAWN
from survey.dashboard.key_figures import key_figures
from survey.dashboard.plotly import spec
from survey.dashboard.queries import Counted, counted, parts_of
from survey.dashboard.released import ID as CITY
from survey.dashboard.released import city_chart
from survey.dashboard.shapes import Chart
from survey.dashboard.told import Told
from survey.database import reading, write
from survey.formatting import local_time
from survey.identity import signed_in
from survey.languages import page_language
from survey.models import Area, Campaign
from survey.organisations.size_names import SIZES

bp = Blueprint("dashboard", __name__, url_prefix="/dashboard")


@bp.get("")
@requires(VIEW)
def home() -> str:
    """The dashboard of an area; the choice stands in the address."""
    session, now, language = reading(), datetime.now(UTC), page_language()
    offers = choosing.offered(session, language)
    if not (offers.campaigns and offers.areas):
        return render_template("dashboard/empty.html")
    chosen = choosing.chosen(request.args, offers)
    exact = choosing.sees_firms(chosen.area)
    found = counted(session, chosen.campaign, chosen.area, now) if exact else None
    told = _told(offers, chosen, found) if found else None
    charts = [make(told) for make in CHARTS.values()] if told else []
    return render_template(
        "dashboard/home.html",
        offers=offers,
        chosen=chosen,
        sizes=SIZES,
        charts=charts,
        keys=key_figures(told) if told else [],
        beside=city_chart(session, offers, chosen, told) if chosen.compare or not exact else None,
        uncounted=exact and found is None,
        as_of=found.as_of if found else None,
        fresh=found is not None and found.as_of == now,
        name_of=_name_of,
        campaign_name=_campaign_name,
        plot=_plot,
        draw=DRAWN,
    )


def _told(offers: Offered, chosen: Chosen, found: Counted) -> Told:
    language = page_language()
    instrument = next(each for campaign, each in offers.campaigns if campaign.id == chosen.campaign.id)
    return Told(
        figures=found.figures,
        wanted=chosen.wanted,
        instrument=instrument,
        parts=found.parts,
        language=language,
        divisions={match.code: match.name for match in offers.divisions},
        areas=[(str(area.id), _name_of(area)) for area in parts_of(reading(), chosen.area)],
        here=_name_of(chosen.area),
        before=_round_name(found.before) if found.before else None,
    )


def _name_of(area: Area) -> str:
    return area.name_en if page_language() == "en" else area.name_zh


def _round_name(campaign: Campaign) -> str:
    return campaign.round.title_en if page_language() == "en" else campaign.round.title_zh


def _campaign_name(campaign: Campaign, offers: Offered) -> str:
    instrument = next(each for known, each in offers.campaigns if known.id == campaign.id)
    return f"{_round_name(campaign)} · {instrument.title.say(page_language())}"


def _plot(chart: Chart) -> str:
    """The chart for the script, as JSON; empty where there is nothing to draw."""
    made = spec(chart)
    return json.dumps(made, ensure_ascii=False, separators=(",", ":")) if made else ""


@bp.post("/export")
@requires(VIEW)
def save() -> Response:
    """The table behind one chart as CSV; on record."""
    now = datetime.now(UTC)
    chart = _asked(request.form, now)
    actor, who = audit.here(acting(VIEW)), signed_in().public_id
    with write() as writing:
        if not limits.count(writing, "exports", who, now):
            abort(429)
        audit.record(writing, actor, "dashboard.export", None, now=now, detail=chart.id)
    day = local_time(now).date().isoformat()
    return export.sent(chart, f"{chart.topic} {day}.csv", f"dashboard-{chart.id}-{day}.csv")


def _asked(values: Mapping[str, Any], now: datetime) -> Chart:
    """The chart that a form asks for, of what the person may see; 404 for any other."""
    session, name = reading(), values.get("chart", "")
    offers = choosing.offered(session, page_language())
    if not (offers.campaigns and offers.areas):
        abort(404)
    chosen = choosing.chosen(values, offers)
    found = counted(session, chosen.campaign, chosen.area, now) if choosing.sees_firms(chosen.area) else None
    told = _told(offers, chosen, found) if found else None
    if told and name in CHARTS:
        return CHARTS[name](told)
    if name != CITY:
        abort(404)
    return city_chart(session, offers, chosen, told)
