"""The page of releases, the order it takes, the job and the command behind it, and when one is due by itself."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from survey.benchmark.make import make
from survey.benchmark.schedule import cause_of, quarter
from survey.models import BenchmarkRelease, Campaign, JobItem
from survey.settings import Settings
from tests.survey.benchmark.made import add_firms, campaign_of
from tests.survey.benchmark.test_building import city
from tests.survey.conftest import Run


def test_an_administrator_orders_a_release_and_sees_it(
    app: Flask, settings: Settings, make_staff, browse_as, run: Run
) -> None:
    with app.extensions["database"].write() as session:
        add_firms(session, city(60))
        campaign = campaign_of(session)
    browser = browse_as(make_staff("city_administrator"))
    browser.get("/city/releases")
    assert "There is no release yet" in browser.page.text
    for _twice in range(2):
        browser.post("/city/releases", {"campaign": campaign.public_id})
    assert "A release is being made" in browser.page.text
    with app.extensions["database"].write() as session:
        item = session.scalars(sa.select(JobItem).where(JobItem.subject_id == campaign.id)).one()
        item.state = "done"
    make(settings, campaign.id, "en")
    browser.get("/city/releases")
    assert "By order" in browser.page.text
    assert "too few firms" in browser.page.text
    code, said = run("benchmark", "release")
    assert (code, said.strip().endswith("nothing has changed since the last release")) == (0, True)
    assert run("benchmark", "release", "--due") == (0, "nothing is due\n")
    assert run("benchmark", "release", "--campaign", "nowhere")[0] == 2
    with app.extensions["database"].read() as session:
        assert session.scalars(sa.select(BenchmarkRelease.number)).all() == [1]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("opens", "closes", "last", "now", "cause"),
    [
        ("2026-01-10", "2026-12-20", None, "2026-02-01", ""),
        ("2026-01-10", "2026-12-20", None, "2026-04-02", "quarter"),
        ("2026-01-10", "2026-12-20", "2026-04-02", "2026-05-02", ""),
        ("2026-01-10", "2026-12-20", "2026-03-20", "2026-05-02", "quarter"),
        ("2026-03-01", "2026-04-30", None, "2026-04-02", ""),
        ("2026-03-01", "2026-04-30", None, "2026-05-01", "campaign_end"),
        ("2026-03-01", "2026-04-30", "2026-04-20", "2026-05-01", "campaign_end"),
        ("2026-03-01", "2026-04-30", "2026-05-01", "2026-05-02", ""),
        ("2026-03-01", "2026-04-30", None, "2026-09-01", ""),
    ],
)
def test_a_release_is_due_by_quarter_and_once_after_the_end(
    opens: str, closes: str, last: str | None, now: str, cause: str
) -> None:
    campaign = Campaign(opens_at=at(opens), closes_at=at(closes))
    assert cause_of(campaign, at(last) if last else None, at(now)) == cause


def test_a_quarter_begins_by_the_clock_of_china() -> None:
    begin, end = quarter(at("2026-12-31T17:00"))
    assert (begin.isoformat(), end.isoformat()) == ("2027-01-01T00:00:00+08:00", "2027-04-01T00:00:00+08:00")
    assert quarter(at("2026-11-05"))[1].isoformat() == "2027-01-01T00:00:00+08:00"
