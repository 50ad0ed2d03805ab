"""A dashboard in the browser: Plotly draws every chart without a complaint; without script all is there too."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from survey.app import create_app
from survey.dashboard.charts import CHARTS
from survey.models import NoticeAcceptance, RoleGrant, SignInSession, User
from survey.privacy.notices import NOTICE_VERSION
from survey.protection import token_hash
from survey.settings import Settings
from tests.browser.site import Site, running
from tests.browser.visitor import Visitor
from tests.cast import place_of
from tests.survey.dashboard.made import Town, make_town

KINDS = ["bar", "bar", "bar", "bar", "heatmap", "box", "heatmap", "bar", "scatter"]
DRAWN = "[...document.querySelectorAll('.plot')].map(plot => plot._fullData[0].type)"
TOKEN = "of-the-city-administrator"


def make_city(site: Site) -> Town:
    """A town, and a city administrator who is signed in."""
    app, now = create_app(Settings.from_environment(site.environment)), datetime.now(UTC)
    with app.app_context(), app.extensions["database"].write() as session:
        town = make_town(session, seed=5)
        user = User(name="Zhou", email="zhou@staff.example", created_at=now)
        session.add(user)
        session.flush()
        moments = {"created_at": now, "seen_at": now, "fresh_at": now, "ends_at": now + timedelta(hours=2)}
        session.add(SignInSession(token_hash=token_hash(TOKEN), user_id=user.id, strong=True, **moments))
        session.add(NoticeAcceptance(user_id=user.id, version=NOTICE_VERSION, accepted_at=now))
        place = place_of(session, "city_administrator")
        session.add(RoleGrant(user_id=user.id, role="city_administrator", granted_at=now, **place))
    app.extensions["database"].close()
    return town


def signed_in(chromium: Browser, site: Site, language: str, width: int, *, script: bool) -> Visitor:
    visitor = Visitor(chromium, site, language, width, script)
    visitor.context.add_cookies([{"name": "sign-in", "value": TOKEN, "url": site.url}])
    return visitor


@pytest.fixture
def city(tmp_path: Path) -> Iterator[tuple[Site, str]]:
    with running("sqlite", tmp_path) as site:
        yield site, f"/dashboard?campaign={make_city(site).campaign}"


def test_every_chart_is_drawn_with_script_and_stands_without(chromium: Browser, city: tuple[Site, str]) -> None:
    site, path = city
    wide = signed_in(chromium, site, "en", 1280, script=True)
    asked: list[str] = []
    wide.page.on("request", lambda request: asked.append(request.url))
    wide.go(path)
    expect(wide.page.locator("html[data-drawn]")).to_be_attached()
    assert wide.page.evaluate(DRAWN) == KINDS
    expect(wide.page.locator(".drawn:visible")).to_have_count(0)
    wide.page.locator("#levels_size .plot").hover()
    expect(wide.page.locator("#levels_size .hoverlayer text").first).to_be_visible()
    wide.look("dashboard")
    assert not [url for url in asked if not url.startswith((site.url, "data:"))]
    wide.page.emulate_media(media="print")
    expect(wide.page.locator(".plot:visible")).to_have_count(0)
    expect(wide.page.locator(".drawn:visible")).to_have_count(len(CHARTS))
    phone = signed_in(chromium, site, "zh", 375, script=False)
    phone.go(path)
    expect(phone.page.locator(".drawn:visible")).to_have_count(len(CHARTS))
    phone.look("dashboard-plain")
    for visitor in (wide, phone):
        visitor.context.close()
