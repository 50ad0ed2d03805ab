"""Whatever is sent for numbers, grids and figures: never a fault of ours, and nothing stored that is not allowed."""

from __future__ import annotations

from urllib.parse import quote_plus

import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from questionnaires import catalogue
from questionnaires.items import Grid
from survey.answering.fields import names
from survey.models import DraftChange, Submission
from tests.survey.answering.any_instrument.conftest import EVERY_FEATURE
from tests.survey.answering.forms import at
from tests.survey.answering.test_payloads import BYTES, control_value
from tests.survey.browsing import Browser

INSTRUMENT = catalogue.load(EVERY_FEATURE)
SECTIONS = [section.id for section in INSTRUMENT.sections]
NAMES = [
    *(name for item in INSTRUMENT.items.values() for name in names(item)),
    *(f"{prefix}-{item}" for item in INSTRUMENT.items for prefix in ("w", "b-w")),
    *("f-energy-2025", "f-energy-2024", "f-revenue-2025", "f-energy-2025-unit", "b-energy-2025"),
    *("drawn", "then", "rev", "r-channels--", "r-channels--x", "r-people--agents"),
]
VALUES = [
    *("yes", "no", "na", "asia", "other", "a", "d", "none", "unsure", "", "0", "70", "100", "12.5", "1001"),
    *("channels people", "exports", "leave", "autosave", "continue"),
]
VALUE = st.one_of(st.sampled_from(VALUES).map(quote_plus), BYTES)
PAIRS = st.tuples(st.one_of(st.sampled_from(NAMES).map(quote_plus), BYTES), VALUE)
PAYLOADS = st.lists(PAIRS, max_size=25).map(lambda pairs: "&".join(f"{name}={value}" for name, value in pairs))


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(section=st.sampled_from(SECTIONS), body=PAYLOADS)
@example(section="abroad", body="r-channels--agents=a&r-channels--agents=b&r-channels=unsure&r-people=")
@example(section="abroad", body="drawn=&r-people=3")
@example(section="energy", body="r-used=none&r-used=unsure&f-energy-2025=1001&f-energy-2024=1000")
@example(section="trade", body="r-exports=yes&r-share=%EF%BC%91%2F%EF%BC%92&r-shifts=1e9&r-shifts=2")
def test_it_survives_any_payload(app: Flask, browser: Browser, submission: Submission, section: str, body: str) -> None:
    browser.get(f"/fill/{submission.public_id}/check")
    token = control_value(browser, "csrf_token")
    answer = browser.client.post(
        at(submission, section),
        data=f"csrf_token={token}&{body}",
        content_type="application/x-www-form-urlencoded",
        follow_redirects=False,
    )
    assert answer.status_code in (200, 303, 409, 422), (answer.status_code, answer.text[:500])
    browser.get(at(submission, section))
    with app.extensions["database"].read() as session:
        newest = session.scalars(sa.select(DraftChange).order_by(DraftChange.id.desc()).limit(1)).first()
    items = {} if newest is None else {item.id: item for item in INSTRUMENT.section(newest.section).items}  # type: ignore[union-attr]
    for item, response in newest.data["responses"].items() if newest else ():
        cleaned = items[item].clean("", response)
        assert (list(cleaned) if isinstance(cleaned, tuple) else cleaned) == response
        assert item not in newest.data["open"] or isinstance(items[item], Grid)
