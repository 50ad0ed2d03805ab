"""The page, the file behind each chart, and counts made beforehand."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from questionnaires import catalogue
from survey.dashboard import queries
from survey.dashboard.charts import CHARTS
from survey.limits import LIMITS, Limit
from survey.models import AuditEvent, Campaign, DashboardFigures, Organisation
from tests.cast import make_round_of
from tests.survey.browsing import Browser
from tests.survey.dashboard.conftest import Table
from tests.survey.dashboard.made import Town

BUILTIN = (("digital", "2024"), ("green", "2026"), ("innovation", "2022"), ("specialised", "2026"), ("needs", "2026"))


def plots(browser: Browser) -> list[dict[str, Any]]:
    """What the page holds for the script."""
    return [json.loads(unescape(each)) for each in re.findall(r'data-plot="([^"]+)"', browser.response.text)]


def test_each_chart_has_a_drawing_words_a_table_and_a_file(town: Town, city: Browser) -> None:
    page = city.get("/dashboard")
    assert [each.get("id") for each in page.all("section")] == list(CHARTS)
    assert len(page.all("details")) == len(CHARTS) == len(plots(city))
    assert [each.text for each in page.all("summary")][:1] == ["Data table: How far the round is"]
    for drawing in page.all("svg"):
        assert drawing.get("aria-hidden") or drawing.get("aria-label"), "a drawing says what it shows"
    assert "Tianjin" in page.all("header")[0].text, "the frame keeps its own words"
    city.language = "zh"
    assert city.get("/dashboard").one("h1").text.startswith("看板")


def test_plotly_is_loaded_on_dashboards_alone(town: Town, city: Browser) -> None:
    city.get("/dashboard")
    assert "plotly" in city.response.text
    assert "plotly" not in city.get("/desk").html


def test_the_data_for_the_script_are_what_plotly_understands(town: Town, city: Browser) -> None:
    figures = pytest.importorskip("plotly.graph_objects")
    city.get("/dashboard")
    kinds = [figures.Figure(each).data[0].type for each in plots(city)]
    assert kinds == ["bar", "bar", "bar", "bar", "heatmap", "box", "heatmap", "bar", "scatter"]


def test_the_script_draws_the_numbers_of_the_table(town: Town, city: Browser, table: Table) -> None:
    city.get("/dashboard")
    shares = [trace["x"] for trace in plots(city)[2]["data"]]
    for place, line in enumerate(table(city, "levels_size")[1:]):
        counts = [int(each) for each in line[1:]]
        assert [round(share[place] * counts[-1] / 100) for share in shares] == counts[:-1]


def test_names_are_escaped_for_plotly(app: Flask, town: Town, city: Browser) -> None:
    """It reads links out of texts; the name of an area is typed by somebody."""
    with app.app_context(), app.extensions["database"].write() as session:
        session.execute(sa.text("UPDATE area SET name_en = '<a href=x>y</a>' WHERE name_en = 'Here'"))
    city.get("/dashboard")
    assert "&lt;a href=x&gt;y&lt;/a&gt;" in json.dumps(plots(city)[1])
    assert "<a href=x>" not in json.dumps(plots(city))


def test_a_file_is_for_spreadsheets_and_on_record(app: Flask, town: Town, city: Browser) -> None:
    city.get("/dashboard")
    city.post("/dashboard/export", {"chart": "areas", "area": town.areas["Tianjin"]})
    assert city.response.data.startswith(b"\xef\xbb\xbf")
    assert "'=There," in city.response.text
    assert 'filename="dashboard-areas-' in city.response.headers["Content-Disposition"]
    with app.app_context(), app.extensions["database"].read() as session:
        events = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "dashboard.export")).all()
    assert [event.detail for event in events] == ["areas"]
    city.get("/dashboard")
    city.post("/dashboard/export", {"chart": "everything"}, status=404)


def test_files_are_limited(town: Town, city: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LIMITS, "exports", Limit(1, LIMITS["exports"].within))  # type: ignore[index]  # a dict
    for status in (200, 429):
        city.get("/dashboard")
        city.post("/dashboard/export", {"chart": "funnel"}, status=status)


def test_without_a_round_it_says_so(city: Browser) -> None:
    assert "No round has been opened yet" in city.get("/dashboard").text


def test_large_areas_are_counted_beforehand(
    app: Flask, town: Town, city: Browser, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was counted then is shown, with its time, until it is counted again; small areas are counted at once."""
    monkeypatch.setattr(queries, "MOST_AT_ONCE", 55)
    monkeypatch.setattr(queries, "MOST_WAITED_FOR", 55)
    assert "not counted yet" in city.get("/dashboard").text
    city.post("/dashboard/export", {"chart": "funnel"}, status=404)
    monkeypatch.setattr(queries, "MOST_WAITED_FOR", 60)
    live = city.get("/dashboard").one("main").text
    code, said = run("dashboard", "count")
    assert (code, said.count("1 areas counted")) == (0, 2)
    with app.app_context(), app.extensions["database"].write() as session:
        session.execute(sa.update(Organisation).values(state="listed"))
    kept = city.get("/dashboard").one("main").text
    assert "counted every hour" in kept
    assert re.sub("as of .*?, counted every hour", "as of now", kept) == live
    assert "as of now" in city.get("/dashboard", query_string={"area": town.areas["Here"]}).text
    monkeypatch.setattr(queries, "MOST_AT_ONCE", 99)
    assert run("dashboard", "count", "--all")[0] == 0
    with app.app_context(), app.extensions["database"].read() as session:
        assert not session.scalars(sa.select(DashboardFigures)).all()


def test_every_questionnaire_has_a_dashboard(app: Flask, city: Browser) -> None:
    """Also those without points or levels, which say so."""
    with app.app_context(), app.extensions["database"].write() as session:
        made = make_round_of(session, [catalogue.builtin(*name) for name in BUILTIN])
        campaigns = session.scalars(sa.select(Campaign.public_id).where(Campaign.round_id == made.id)).all()
    for campaign in campaigns:
        page = city.get("/dashboard", query_string={"campaign": campaign})
        assert len(page.all("section")) == len(CHARTS)
