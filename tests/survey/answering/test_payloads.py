"""Whatever is sent to a section: never a fault of ours, and nothing stored that the instrument does not allow."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote_plus

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from questionnaires import catalogue
from questionnaires.answers import MOST_REASON
from questionnaires.facts import MOST_DIGITS
from questionnaires.faults import Fault
from survey.models import DraftChange, DraftNote, DraftPage, Fact, Submission
from tests.cast import REFERENCE_YEAR
from tests.survey.answering.forms import at, control, form_of, stored
from tests.survey.browsing import Browser

INSTRUMENT = catalogue.builtin("digital", "2024")
SECTIONS = [section.id for section in INSTRUMENT.sections]
FIGURES = [f"{kind}-{year}" for kind in INSTRUMENT.fact_kinds for year in range(REFERENCE_YEAR - 2, REFERENCE_YEAR + 1)]
NAMES = [
    *(f"r-{item}" for item in INSTRUMENT.items),
    *(f"f-{figure}" for figure in FIGURES),
    *(f"f-{figure}-unit" for figure in FIGURES),
    *(f"f-{figure}-sure" for figure in FIGURES),
    *(f"b-{figure}" for figure in FIGURES),
    *(f"{prefix}-{item}" for item in INSTRUMENT.items for prefix in ("w", "b-w")),
    *(
        "rev",
        "then",
        "state",
        "organisation_id",
        "r-",
        "r-q99",
        "f-",
        "f-revenue",
        "responses.q1",
        "facts.x",
        "facts.x.y",
    ),
]
WORDS = [
    *(
        "A",
        "B",
        "C",
        "D",
        "G",
        "a",
        "0",
        "2",
        "4",
        "5",
        "-1",
        "２",
        "unsure",
        "",
        " ",
        "true",
        "null",
        "[]",
        "{0}",
        "%(x)s",
    ),
    *(
        "86",
        "２４",
        "－１",
        "1e99",
        "1e-99",
        "-5",
        "9" * 30,
        "0.001",
        "1,234",
        "1,5",
        "NaN",
        "Infinity",
        "１２，３４５．６７",
    ),
    *("yuan", "wan_yuan", "machine", "leave", "continue", "autosave", "en", "zh_CN", "99", "999999999999", "-1"),
    *("\0", "a\0b", "\ud800", "😀" * 40, "\u202e", "<script>", "'; DROP TABLE fact; --", "x" * 3000, "\r\n\t"),
]
BYTES = st.one_of(
    st.sampled_from(WORDS).map(lambda text: quote_plus(text, errors="surrogatepass")),
    st.text(max_size=30).map(quote_plus),
    st.sampled_from(["%ED%A0%80", "%FF%FE", "%00", "%", "%u4e2d", "+"]),
)
NAME = st.one_of(st.sampled_from(NAMES).map(quote_plus), BYTES)
PAYLOADS = st.lists(st.tuples(NAME, BYTES), max_size=40).map(
    lambda pairs: "&".join(f"{name}={value}" for name, value in pairs)
)


@settings(
    max_examples=120,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(section=st.sampled_from(SECTIONS), body=PAYLOADS)
@example(section="effect", body="w-q12=a%00b&r-q12=A")
@example(section="foundation", body="r-q1=B&r-q1=Z&r-q5=A&r-q5=B&rev=7")
@example(section="effect", body="f-revenue-2025=1&f-revenue-2025-unit=%00&f-revenue-2024=10")
def test_it_survives_any_payload(app: Flask, browser: Browser, submission: Submission, section: str, body: str) -> None:
    browser.get(at(submission, section))
    sent = f"csrf_token={control_value(browser, 'csrf_token')}&{body}"
    answer = browser.client.post(
        at(submission, section), data=sent, content_type="application/x-www-form-urlencoded", follow_redirects=False
    )
    assert answer.status_code in (200, 303, 409, 422), (answer.status_code, answer.text[:500])
    assert_allowed(app)


def control_value(browser: Browser, name: str) -> str:
    return next(each.get("value") for each in browser.page.all("input") if each.get("name") == name)


def assert_allowed(app: Flask) -> None:
    """Everything in the database is something that the instrument accepts as it is stored."""
    with app.extensions["database"].read() as session:
        for row in (*session.scalars(sa.select(DraftPage)), *session.scalars(sa.select(DraftChange))):
            assert_page_allowed(row.section, row.data)
        for fact in session.scalars(sa.select(Fact)):
            kind = INSTRUMENT.fact_kinds[fact.kind]
            assert kind.minimum * kind.scale <= fact.value < 10**MOST_DIGITS
            assert REFERENCE_YEAR - 2 <= fact.year <= REFERENCE_YEAR
            assert not isinstance(kind.read("", "1", fact.unit), Fault)
        for note in session.scalars(sa.select(DraftNote)):
            assert note.item in ("q12", "q13", "q14", "q15")
            assert 0 < len(note.text) <= MOST_REASON
            assert "\0" not in note.text


def assert_page_allowed(section: str, data: dict[str, Any]) -> None:
    assert set(data) == {"responses", "open"}
    items = {item.id: item for item in INSTRUMENT.section(section).items}  # type: ignore[union-attr]
    for item, response in data["responses"].items():
        cleaned = items[item].clean("", response)
        assert (list(cleaned) if isinstance(cleaned, tuple) else cleaned) == response, (item, response)
    assert set(data["open"]) <= set(items)
    assert not set(data["open"]) & set(data["responses"])


def test_it_understands_full_width_digits_spaces_and_separators(
    app: Flask, browser: Browser, submission: Submission
) -> None:
    path = at(submission, "effect")
    page = browser.get(path)
    figures = {"f-revenue-2025": " １２，３４５．６７ ", "f-revenue-2024": "12 000", "f-staff-2025": "８６"}
    browser.post(path, form_of(page, **figures), status=422)
    with app.extensions["database"].read() as session:
        found = {(fact.kind, fact.year): fact.value for fact in session.scalars(sa.select(Fact))}
    assert found == {("revenue", 2025): 12_345_670_000, ("revenue", 2024): 12_000_000_000, ("staff", 2025): 86}


@pytest.mark.parametrize("headers", [{"Accept": "text/html"}, {"Accept": "application/json"}])
def test_it_refuses_ten_megabytes_with_words(browser: Browser, submission: Submission, headers: dict[str, str]) -> None:
    browser.get(at(submission, "foundation"))
    page = browser.post(at(submission, "foundation"), {"r-q1": "B" * 10_000_000}, status=413, headers=headers)
    assert "Shorten the text" in (page.text if "html" in headers["Accept"] else browser.response.text)


def test_a_wrong_option_does_not_cost_the_stored_answer(app: Flask, browser: Browser, submission: Submission) -> None:
    path = at(submission, "foundation")
    browser.get(path)
    browser.post(path, {"rev": "0", "then": "leave", "r-q1": ["B", "C"], "r-q5": "A", "r-q6": "unsure"})
    wrong = {"rev": "1", "r-q1": ["B", "Z"], "r-q5": ["A", "B"], "r-q6": ["unsure", "B"], "r-q7": "B"}
    browser.post(path, wrong, status=422)
    data = stored(app, submission, "foundation")
    assert data["responses"] == {"q1": ["B", "C"], "q5": "A", "q7": ["B"]}
    assert data["open"] == ["q6"]


def test_an_unknown_field_is_named_and_changes_nothing_else(
    app: Flask, browser: Browser, submission: Submission
) -> None:
    path = at(submission, "management")
    browser.get(path)
    page = browser.post(path, {"r-q8": "D", "state": "accepted", "w-q8": "why", "then": "leave"}, status=422)
    assert "has no item “state”" in page.text
    assert stored(app, submission, "management")["responses"] == {"q8": "D"}
    with app.extensions["database"].read() as session:
        assert session.scalars(sa.select(Submission)).one().state == "draft"
        assert not list(session.scalars(sa.select(DraftNote)))


@pytest.mark.parametrize("rev", ["999", "-1", "x", "٣", "", "1e3", "99999999999999999999"])
def test_a_wrong_revision_never_overwrites(app: Flask, browser: Browser, submission: Submission, rev: str) -> None:
    path = at(submission, "management")
    browser.get(path)
    browser.post(path, {"rev": "0", "then": "leave", "r-q8": "D"})
    browser.post(path, {"rev": rev, "r-q8": "A", "r-q11": "A"}, status=409)
    assert stored(app, submission, "management")["responses"] == {"q8": "D"}


def test_an_unknown_section_is_a_missing_page(browser: Browser, submission: Submission) -> None:
    for section in ("nowhere", "Foundation", "q1", "foundation%00"):
        browser.get(at(submission, section), status=404)
    browser.get(at(submission, "foundation"))
    browser.post(at(submission, "nowhere"), {"r-q1": "A"}, status=404)


def test_it_shows_typed_figures_again(browser: Browser, submission: Submission) -> None:
    path = at(submission, "foundation")
    page = browser.get(path)
    long = "9" * 300
    page = browser.post(
        path, form_of(page, **{"f-equipment-2025": "about 80", "f-equipment_digital-2025": long}), status=422
    )
    assert control(page, "f-equipment-2025").get("value") == "about 80"
    assert control(page, "f-equipment_digital-2025").get("value") == long
