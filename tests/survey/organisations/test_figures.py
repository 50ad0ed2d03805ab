"""The yearly figures of a firm."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from survey.audit import Actor
from survey.database import Database
from survey.models import AuditEvent, Fact, Organisation, User
from survey.organisations.actions import FactsChanged, save_facts
from survey.organisations.magnitude import Slip, slip
from survey.organisations.queries import facts_of, reference_year
from tests.survey.browsing import Browser

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
THIS = datetime.now(UTC).year - 1
BEFORE = THIS - 1
FEN_OF_WAN = 1_000_000


class FiguresForm:
    """The page of figures as a browser holds it: hidden fields and all, filled in and sent."""

    def __init__(self, browser: Browser, firm: Organisation) -> None:
        self.browser, self.path = browser, f"/organisation/{firm.public_id}/figures"
        self.open()

    def open(self) -> None:
        self._take(self.browser.get(self.path))

    def _take(self, page: Any) -> None:
        self.values = {
            each.get("name"): each.get("value")
            for each in page.all("input")
            if each.get("name") and each.get("type") != "checkbox"
        }
        for select in page.all("select"):
            options = [each for each in page.all("option") if select in each.around]
            chosen = next((each for each in options if "selected" in each.attributes), options[0])
            self.values[select.get("name")] = chosen.get("value")
        self.ticks = {
            each.get("name"): each.get("value") for each in page.all("input") if each.get("type") == "checkbox"
        }
        self.text = page.one("main").text

    def fill(self, kind: str, year: int, typed: str, unit: str | None = None) -> None:
        self.values[f"f-{kind}-{year}"] = typed
        if unit:
            self.values[f"f-{kind}-{year}-unit"] = unit

    def send(self, status: int = 200) -> None:
        page = self.browser.post(self.path, self.values, status=status)
        if status != 200:
            self._take(page)


@pytest.fixture
def form(browser: Browser, firm: Organisation) -> FiguresForm:
    return FiguresForm(browser, firm)


@pytest.fixture
def facts(app: Flask, firm: Organisation) -> Callable[[], dict[tuple[str, int], tuple[int, str, int]]]:
    """What is stored: value, unit and rev by kind and year."""

    def read() -> dict[tuple[str, int], tuple[int, str, int]]:
        with app.extensions["database"].read() as session:
            return {key: (fact.value, fact.unit, fact.rev) for key, fact in facts_of(session, firm.id).items()}

    return read


Facts = Callable[[], dict[tuple[str, int], tuple[int, str, int]]]


@pytest.mark.parametrize(
    ("typed", "unit", "stored"),
    [
        ("48,263,517.40", "yuan", 4_826_351_740),
        ("４８２６３５１７．４", "yuan", 4_826_351_740),
        ("48 263 517.40", "yuan", 4_826_351_740),
        ("48263.5174", "thousand_yuan", 4_826_351_740),
        ("4826.35174", "wan_yuan", 4_826_351_740),
        ("0", "wan_yuan", 0),
    ],
)
def test_amounts_are_read_as_people_write_them(
    form: FiguresForm, facts: Facts, typed: str, unit: str, stored: int
) -> None:
    form.fill("revenue", THIS, typed, unit)
    form.send()
    assert facts() == {("revenue", THIS): (stored, unit, 1)}


def test_the_page_says_the_amount_back_with_the_change_and_the_size_class(form: FiguresForm, facts: Facts) -> None:
    form.fill("revenue", THIS, "48,263,517.40", "yuan")
    form.fill("revenue", BEFORE, "4410", "wan_yuan")
    form.fill("staff", THIS, "３５０")
    form.send()
    firm_page = form.browser.page.one("main").text
    for words in ("4,826.35", "4,410.00", f"9.4% more than in {BEFORE}", "medium-sized firm", "staff 350 reaches 300"):
        assert words in firm_page
    form.open()
    assert form.values[f"f-revenue-{THIS}"] == "48,263,517.4"
    assert f"= 4,826.35 ten thousand yuan, 9.4% more than in {BEFORE}" in form.text


def test_faults_keep_what_was_typed_and_save_nothing(form: FiguresForm, facts: Facts) -> None:
    form.fill("revenue", THIS, "viel", "yuan")
    form.fill("staff", THIS, "3.5")
    form.fill("assets", THIS, "-1")
    form.fill("assets", BEFORE, "12")
    form.send(422)
    assert facts() == {}
    assert form.values[f"f-revenue-{THIS}"] == "viel"
    assert form.values[f"f-assets-{BEFORE}"] == "12"
    assert "is not a number" in form.text
    assert form.browser.page.one("title").text.startswith("Error: ")


@pytest.mark.parametrize("payload", [{"unit": "dollar"}, {"value": "9" * 60}, {"value": "\x00"}, {"value": "1e99"}])
def test_strange_payloads_are_refused(form: FiguresForm, facts: Facts, payload: dict[str, str]) -> None:
    form.fill("revenue", THIS, payload.get("value", "1"), payload.get("unit", "yuan"))
    form.send(422)
    assert facts() == {}


def test_unknown_fields_are_not_stored(form: FiguresForm, facts: Facts) -> None:
    form.fill("staff", THIS, "12")
    form.values |= {"f-profit-2025": "5", f"f-staff-{THIS - 2}": "5", "verified": "1"}
    form.send()
    assert set(facts()) == {("staff", THIS)}


@pytest.mark.parametrize(
    ("first", "then", "factor"), [("4410", "441", "10"), ("4410", "4.4", "1,000"), ("1", "9999", "10,000")]
)
def test_a_slipped_unit_is_asked_about_and_may_be_confirmed(
    form: FiguresForm, facts: Facts, first: str, then: str, factor: str
) -> None:
    form.fill("revenue", BEFORE, first, "wan_yuan")
    form.send()
    form.open()
    form.fill("revenue", THIS, then, "wan_yuan")
    form.fill("staff", THIS, "31")
    form.send(422)
    assert f"about {'1/' if float(then) < float(first) else ''}{factor} " in form.text
    assert set(facts()) == {("revenue", BEFORE)}
    assert (form.values[f"f-revenue-{THIS}"], form.values[f"f-staff-{THIS}"]) == (then, "31")
    form.values |= form.ticks
    form.send()
    assert set(facts()) == {("revenue", BEFORE), ("revenue", THIS), ("staff", THIS)}
    form.open()
    form.fill("staff", THIS, "32")
    form.send()


def test_the_same_year_is_compared_with_what_was_saved_before(form: FiguresForm, facts: Facts) -> None:
    form.fill("revenue", THIS, "4826", "wan_yuan")
    form.send()
    form.open()
    form.fill("revenue", THIS, "4826", "yuan")
    form.send(422)
    assert "of the figure saved before" in form.text
    form.fill("revenue", THIS, "48260000", "yuan")
    form.send()
    assert facts()["revenue", THIS] == (4826 * FEN_OF_WAN, "yuan", 2)


def test_a_confirmation_holds_only_for_the_figure_it_was_given_for(form: FiguresForm, facts: Facts) -> None:
    form.fill("revenue", THIS, "4826", "wan_yuan")
    form.fill("revenue", BEFORE, "441", "wan_yuan")
    form.send(422)
    form.values |= form.ticks
    form.fill("revenue", THIS, "4826", "thousand_yuan")
    form.fill("revenue", BEFORE, "4410000", "wan_yuan")
    form.send(422)
    assert facts() == {}


def test_a_figure_can_be_taken_away(form: FiguresForm, facts: Facts) -> None:
    form.fill("staff", THIS, "12")
    form.send()
    form.open()
    form.fill("staff", THIS, "")
    form.send()
    assert facts() == {}


def test_two_colleagues_on_one_figure_see_both_values(
    browser: Browser,
    firm: Organisation,
    facts: Facts,
    make_person: Callable[..., User],
    join: Callable[..., None],
    browse_as: Callable[[User], Browser],
) -> None:
    colleague = make_person("Wang Fang", "13900139000")
    join(firm, colleague)
    mine, theirs = FiguresForm(browser, firm), FiguresForm(browse_as(colleague), firm)
    theirs.fill("staff", THIS, "120")
    theirs.send()
    mine.fill("staff", THIS, "130")
    mine.fill("assets", THIS, "900", "wan_yuan")
    mine.send(409)
    assert "120 people" in mine.text
    assert "130 people" in mine.text
    assert facts() == {("staff", THIS): (120, "person", 1)}
    mine.send()
    assert facts()["staff", THIS] == (130, "person", 2)
    assert facts()["assets", THIS] == (900 * FEN_OF_WAN, "wan_yuan", 1)


def test_what_a_colleague_changed_elsewhere_is_left_alone(
    browser: Browser,
    firm: Organisation,
    facts: Facts,
    make_person: Callable[..., User],
    join: Callable[..., None],
    browse_as: Callable[[User], Browser],
) -> None:
    colleague = make_person("Wang Fang", "13900139000")
    join(firm, colleague)
    mine, theirs = FiguresForm(browser, firm), FiguresForm(browse_as(colleague), firm)
    theirs.fill("staff", THIS, "120")
    theirs.send()
    mine.fill("assets", THIS, "900", "wan_yuan")
    mine.send()
    assert set(facts()) == {("staff", THIS), ("assets", THIS)}


def test_a_save_that_falls_between_reading_and_writing_is_refused_with_a_page(
    app: Flask, form: FiguresForm, firm: Organisation, owner: User, facts: Facts, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(*arguments: Any, **options: Any) -> None:
        monkeypatch.undo()
        with app.extensions["database"].write() as session:
            save_facts(session, firm.id, [("staff", THIS, 99, "person")], owner.id, NOW)

    monkeypatch.setattr("survey.organisations.views.audit.here", lambda: late() or Actor(owner.id))
    form.fill("staff", THIS, "12")
    form.send(409)
    assert "A colleague saved the same figures at this moment" in form.text
    assert facts() == {("staff", THIS): (99, "person", 1)}


# -- the action --------------------------------------------------------------------------------------------------------


def test_saving_the_same_again_changes_nothing(app: Flask, firm: Organisation, owner: User, facts: Facts) -> None:
    database: Database = app.extensions["database"]
    for _time in range(2):
        with database.write() as session:
            save_facts(session, firm.id, [("staff", 2025, 12, "person")], owner.id, NOW)
    assert facts() == {("staff", 2025): (12, "person", 1)}
    with database.read() as session:
        saved = list(session.execute(sa.select(AuditEvent).where(AuditEvent.action == "fact.save")).scalars())
    assert [(each.object_id, each.organisation_id, each.actor_id) for each in saved] == [
        (firm.public_id, firm.id, owner.id)
    ]


def test_a_changed_amount_is_no_longer_verified_but_a_changed_unit_is(
    app: Flask, firm: Organisation, owner: User
) -> None:
    database: Database = app.extensions["database"]
    for value, unit, verified in ((100, "yuan", True), (100, "wan_yuan", True), (200, "wan_yuan", False)):
        with database.write() as session:
            save_facts(session, firm.id, [("revenue", 2025, value, unit)], owner.id, NOW)
            if unit == "yuan":
                session.execute(sa.update(Fact).values(verified=True))
        with database.read() as session:
            assert facts_of(session, firm.id)["revenue", 2025].verified is verified


def test_figures_that_moved_on_are_not_overwritten(app: Flask, firm: Organisation, owner: User, facts: Facts) -> None:
    database: Database = app.extensions["database"]
    key = ("staff", 2025)
    with database.write() as session:
        save_facts(session, firm.id, [(*key, 12, "person"), ("assets", 2025, 5, "yuan")], owner.id, NOW, seen={key: 0})
    for entry in ((*key, 13, "person"), (*key, None, "person")):
        with app.test_request_context(), pytest.raises(FactsChanged) as raised, database.write() as session:
            save_facts(session, firm.id, [("assets", 2025, 6, "yuan"), entry], owner.id, NOW, seen={key: 0})
        assert raised.value.keys == {key}
    assert facts() == {key: (12, "person", 1), ("assets", 2025): (5, "yuan", 1)}


def test_the_reference_year_is_last_year_without_a_round(database: Database) -> None:
    with database.read() as session:
        assert reference_year(session, NOW.date()) == 2025


# -- slips -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "other", "factor"),
    [
        (499, 100, None),
        (500, 100, 10),
        (2000, 100, 10),
        (2001, 100, None),
        (49_999, 100, None),
        (50_000, 100, 1_000),
        (200_000, 100, 1_000),
        (200_001, 100, None),
        (500_000, 100, 10_000),
        (2_000_000, 100, 10_000),
        (2_000_001, 100, None),
        (0, 100, None),
        (100, 0, None),
    ],
)
def test_a_slip_is_half_to_twice_a_factor(value: int, other: int, factor: int | None) -> None:
    found = slip(value, other)
    assert (found.factor if found else None) == factor


@given(st.integers(0, 10**17), st.integers(0, 10**17))
def test_a_slip_is_seen_from_both_sides(value: int, other: int) -> None:
    found, back = slip(value, other), slip(other, value)
    assert (found is None) == (back is None)
    if found is not None:
        assert back == Slip(found.factor, not found.smaller)
