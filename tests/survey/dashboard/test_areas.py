"""Who sees which figures: the own area exactly, everything wider out of a release alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from survey.access import GRANTS
from survey.models import (
    Area,
    BenchmarkCell,
    BenchmarkMember,
    BenchmarkRelease,
    Campaign,
    Organisation,
    RoleGrant,
    Submission,
)
from tests.survey.browsing import Browser
from tests.survey.dashboard.conftest import Table
from tests.survey.dashboard.made import Town

Release = Callable[..., None]


@pytest.fixture
def release(app: Flask, town: Town) -> Release:
    """A release whose cells hold these bins, by (measure, industry, size, area); every counted firm is a member."""

    def make(cells: dict[tuple[str, str, str, str], list[int] | None], *, minimum: int = 5) -> None:
        with app.app_context(), app.extensions["database"].write() as session:
            campaign = session.scalars(sa.select(Campaign).where(Campaign.public_id == town.campaign)).one()
            made = BenchmarkRelease(
                campaign_id=campaign.id, number=1, cause="command", minimum=minimum, firms=60, as_of=datetime.now(UTC)
            )
            session.add(made)
            session.flush()
            areas = {area.public_id: area.id for area in session.scalars(sa.select(Area))}
            for (measure, industry, size, area), bins in cells.items():
                place = {"measure": measure, "industry": industry, "size": size, "area_id": areas[town.areas[area]]}
                shown = {"bins": bins, "withheld": None if bins else "few"}
                session.add(BenchmarkCell(release_id=made.id, **place, **shown))
            session.add_all(members(session, made.id, campaign.id))

    return make


def members(session: Any, release_id: int, campaign_id: int) -> list[BenchmarkMember]:
    query = sa.select(Submission, Organisation).join(Organisation).where(
        Submission.campaign_id == campaign_id, Submission.kind == "self", Submission.scorecard_id.is_not(None),
        Submission.state.in_(("submitted", "accepted")), Organisation.state == "confirmed",
    )  # fmt: skip
    return [
        BenchmarkMember(
            release_id=release_id, organisation_id=firm.id, scorecard_id=submission.scorecard_id,
            division=firm.industry_code[:3], size=submission.size_class or "", area_id=firm.operating_area_id,
        )
        for submission, firm in session.execute(query)
    ]  # fmt: skip


def bins(**counts: int) -> list[int]:
    """Firms by bin: `b10=4` puts four into the eleventh of fifty."""
    return [counts.get(f"b{place}", 0) for place in range(50)]


def visible(browser: Browser) -> str:
    return browser.response.text


# -- two areas ---------------------------------------------------------------------------------------------------------


def test_an_officer_sees_nothing_of_another_area(town: Town, officer: Browser, table: Table) -> None:
    officer.get("/dashboard")
    assert "There" not in visible(officer)
    for area in ("=There", "=There 1", "Tianjin"):
        assert town.areas[area] not in visible(officer)
        officer.get("/dashboard", query_string={"area": town.areas[area]}, status=404)
        officer.post("/dashboard/export", {"chart": "funnel", "area": town.areas[area]}, status=404)
        officer.get("/dashboard")
    own = town.of("Here", counted=False)
    assert table(officer, "funnel")[1] == ["On the register", str(len(own)), "100%"]
    assert {line[0] for line in table(officer, "areas")[1:]} == {"Here 1", "Here 2", "Here, no part named"}


def test_a_street_sees_only_its_part(app: Flask, town: Town, make_staff: Any, browse_as: Any, table: Table) -> None:
    user = make_staff("officer")
    with app.app_context(), app.extensions["database"].write() as session:
        street = session.scalars(sa.select(Area.id).where(Area.public_id == town.areas["Here 2"])).one()
        session.execute(sa.update(RoleGrant).where(RoleGrant.user_id == user.id).values(area_id=street))
    browser = browse_as(user)
    assert table(browser, "funnel")[1][1] == str(len(town.of("Here 2", counted=False)))
    for area in ("Here", "Here 1"):
        browser.get("/dashboard", query_string={"area": town.areas[area]}, status=404)
    browser.get("/dashboard")
    assert "Here 1" not in visible(browser)
    assert town.areas["Here"] not in visible(browser)


def test_what_is_not_offered_does_not_exist(town: Town, city: Browser) -> None:
    for wish in ({"campaign": "x"}, {"industry": "C99"}, {"industry": "1"}, {"size": "giant"}, {"area": "x"}):
        city.get("/dashboard", query_string=wish, status=404)


# -- beside the city ---------------------------------------------------------------------------------------------------


def test_the_city_stands_beside_in_bins_with_its_number_rounded_down(
    town: Town, officer: Browser, table: Table, release: Release
) -> None:
    release({("total", "", "", "Tianjin"): bins(b10=30, b20=3), ("effect", "", "", "Tianjin"): None})
    officer.get("/dashboard?compare=city")
    assert "nothing under 5 firms" in visible(officer)
    (line,) = table(officer, "city")[1:]
    assert line[0] == "Score"
    assert line[2] == str(sum(firm.now.points["total"] is not None for firm in town.of("Here") if firm.now))
    assert line[3:] == ["20", "22", "30"]
    officer.get("/dashboard")
    assert 'id="city"' not in visible(officer)


def test_the_city_is_withheld_where_taking_away_the_own_firms_leaves_too_few(
    town: Town, officer: Browser, table: Table, release: Release
) -> None:
    own = len(town.of("Here"))
    release({("total", "", "", "Tianjin"): bins(b10=own + 4), ("effect", "", "", "Tianjin"): bins(b10=own + 5)})
    assert [line[0] for line in table(officer, "city")[1:]] == ["Digital effect"]


def test_it_is_narrowed_like_the_rest(town: Town, officer: Browser, table: Table, release: Release) -> None:
    release({("total", "C34", "small", "Tianjin"): bins(b0=40), ("total", "", "", "Tianjin"): bins(b49=40)})
    assert table(officer, "city", industry="C34", size="small")[1][3:] == ["0", "2", "40"]
    assert table(officer, "city", size="small") == []
    assert table(officer, "city")[1][3:] == ["98", "100", "40"]


def test_who_may_not_see_the_firms_gets_figures_of_a_release_alone(
    town: Town, officer: Browser, table: Table, release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(GRANTS, "officer", frozenset({"dashboard:view"}))
    release({("total", "", "", "Tianjin"): bins(b10=12), ("total", "", "", "Here"): bins(b11=7)}, minimum=7)
    officer.get("/dashboard")
    page = visible(officer)
    assert 'id="city"' in page
    assert "On the register" not in page
    assert "key-figures" not in page
    assert table(officer, "city")[1] == ["Score", "22% to 24%", "5", "20", "22", "10"]
    officer.get("/dashboard")
    for chart in ("funnel", "areas", "levels_size", "dimensions", "score_size"):
        officer.post("/dashboard/export", {"chart": chart}, status=404)
        officer.get("/dashboard")


def test_without_a_release_it_says_so(town: Town, officer: Browser) -> None:
    officer.get("/dashboard?compare=city")
    assert "There is no release of this round yet" in visible(officer)
