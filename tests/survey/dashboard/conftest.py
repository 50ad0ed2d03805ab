"""A town at random and those who look at it."""

import csv
import io
from collections.abc import Callable

import pytest
from flask import Flask

from tests.survey.browsing import Browser
from tests.survey.dashboard.made import HERE, Town, make_town

Table = Callable[..., list[list[str]]]


@pytest.fixture
def town(app: Flask) -> Town:
    with app.app_context(), app.extensions["database"].write() as session:
        return make_town(session, seed=7)


@pytest.fixture
def city(make_staff, browse_as) -> Browser:
    return browse_as(make_staff("city_administrator"))


@pytest.fixture
def officer(make_staff, browse_as) -> Browser:
    return browse_as(make_staff("officer", HERE))


@pytest.fixture
def table() -> Table:
    """The lines of a chart's CSV, without the note at the end."""

    def fetch(browser: Browser, chart: str, **choice: str) -> list[list[str]]:
        if not browser.page.html:
            browser.get("/dashboard")
        browser.post("/dashboard/export", {"chart": chart, **choice})
        lines = list(csv.reader(io.StringIO(browser.response.data.decode("utf-8-sig"))))
        return lines[: lines.index([])]

    return fetch
