"""Figures are asked once for all questionnaires of a round, and what was submitted never changes with them."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from questionnaires import catalogue
from questionnaires.facts import UNITS
from survey import audit, database
from survey.answering import actions as answering
from survey.answering import queries, submitting
from survey.answering.queries import page_data
from survey.languages import speaking
from survey.models import Campaign, Fact, FactChange, JobItem, Organisation, Scorecard, Snapshot, Submission, User
from survey.organisations import fact_groups, parts
from survey.organisations.actions import save_facts
from survey.organisations.figures import UNIT_NAMES
from survey.organisations.sources import SOURCES
from survey.report.build import build
from survey.report.queries import record, scorecard_id
from tests.cast import REFERENCE_YEAR
from tests.survey.browsing import Browser
from tests.survey.organisations.conftest import shipped
from tests.survey.organisations.test_figures import FiguresForm

THIS = REFERENCE_YEAR
Begin = Callable[[Organisation, Campaign], Submission]


def of(campaigns: list[Campaign], questionnaire: str) -> Campaign:
    return next(each for each in campaigns if each.questionnaire == questionnaire)


def every_figure() -> set[tuple[str, int]]:
    """What all questionnaires that ship ask between them."""
    return {(kind, THIS + offset) for each in shipped() for kind, offset in each.figures_asked}


def test_every_kind_of_figure_stands_in_one_group_and_every_unit_has_a_name() -> None:
    listed = [kind for kinds in fact_groups.KINDS.values() for kind in kinds]
    assert sorted(listed) == sorted(catalogue.fact_kinds())
    assert set(fact_groups.KINDS) == set(fact_groups.TITLES) - {fact_groups.OTHER}
    assert set(UNIT_NAMES) == {unit for units in UNITS.values() for unit in units}


def test_an_unknown_kind_has_its_place_too() -> None:
    assert fact_groups.grouped(["mine", "assets", "cost", "revenue"]) == {
        "income": ["revenue", "cost"],
        "balance": ["assets"],
        fact_groups.OTHER: ["mine"],
    }


def test_a_part_can_still_be_changed_in_the_same_states_everywhere() -> None:
    assert set(parts.OPEN_STATES) == set(answering.OPEN_STATES)


def test_the_page_asks_each_figure_of_all_questionnaires_once(
    browser: Browser, firm: Organisation, full_round: list[Campaign]
) -> None:
    browser.get(f"/organisation/{firm.public_id}/figures")
    names = [each.get("name") for each in browser.page.all("input") if each.get("name").startswith("f-")]
    size = {(kind, year) for kind in ("staff", "revenue", "assets") for year in (THIS, THIS - 1)}
    assert len(names) == len(set(names))
    assert set(names) == {f"f-{kind}-{year}" for kind, year in every_figure() | size}


def test_without_a_round_only_the_size_and_what_was_given_is_asked(
    app: Flask, browser: Browser, firm: Organisation, owner: User
) -> None:
    last = datetime.now(UTC).year - 1
    with app.extensions["database"].write() as session:
        given = [("energy", last, 12, "tce"), ("energy", last - 9, 12, "tce")]
        save_facts(session, firm.id, given, owner.id, datetime.now(UTC))
    browser.get(f"/organisation/{firm.public_id}/figures")
    names = {each.get("name") for each in browser.page.all("input") if each.get("name").startswith("f-")}
    size = {f"f-{kind}-{year}" for kind in ("staff", "revenue", "assets") for year in (last, last - 1)}
    assert names == size | {f"f-energy-{last}"}


def test_a_figure_entered_once_is_known_to_every_questionnaire(
    app: Flask, firm: Organisation, owner: User, full_round: list[Campaign], begin: Begin
) -> None:
    submissions = [begin(firm, campaign) for campaign in full_round]
    kinds = catalogue.fact_kinds()
    entries = [
        (kind, year, 5 * kinds[kind].scale, next(iter(UNITS[kinds[kind].unit]))) for kind, year in every_figure()
    ]
    with app.app_context():
        with database.write() as session:
            save_facts(session, firm.id, entries, owner.id, datetime.now(UTC))
        for submission in submissions:
            row = database.reading().get_one(Submission, submission.id)
            instrument = submitting.prepare(database.reading(), row).instrument
            whole = queries.whole(database.reading(), row, instrument, THIS)
            wanted = {(kind, THIS + offset) for kind, offset in instrument.figures_asked}
            assert set(whole.answers.facts) == wanted, instrument.questionnaire


def test_question_pages_show_a_figure_that_was_given_on_the_page_of_figures(
    browser: Browser, firm: Organisation, full_round: list[Campaign], begin: Begin
) -> None:
    begun = {
        each.questionnaire: begin(firm, each) for each in full_round if each.questionnaire in ("digital", "innovation")
    }
    form = FiguresForm(browser, firm)
    form.fill("revenue", THIS, "4826", "wan_yuan")
    form.send()
    shown, told = [], set[tuple[str, str]]()
    for name, submission in begun.items():
        for section in next(each for each in shipped() if each.questionnaire == name).sections:
            page = browser.get(f"/fill/{submission.public_id}/sections/{section.id}")
            inputs = [each for each in page.all("input") if each.get("name") == f"f-revenue-{THIS}"]
            shown += [(name, each.get("value")) for each in inputs]
            elsewhere = {f"/fill/{each.public_id}" for each in begun.values() if each is not submission}
            links = {each.get("href") or "" for each in page.all("a") if inputs}
            told |= {(name, href) for href in links & elsewhere}
    assert shown
    assert set(shown) == {("digital", "4,826"), ("innovation", "4,826")}
    assert told == {
        ("digital", f"/fill/{begun['innovation'].public_id}"), ("innovation", f"/fill/{begun['digital'].public_id}"),
    }  # fmt: skip


def test_a_question_page_says_which_parts_were_handed_in_with_its_figures(
    browser: Browser, handed_in: Submission, firm: Organisation, full_round: list[Campaign], begin: Begin
) -> None:
    draft = begin(firm, of(full_round, "digital"))
    sections = next(each for each in shipped() if each.questionnaire == "digital").sections
    pages = [browser.get(f"/fill/{draft.public_id}/sections/{section.id}") for section in sections]
    told = [page.text for page in pages if "Figures of this page are also used in:" in page.text]
    assert told
    assert all("(submitted, does not change)" in text for text in told)


# -- what a change touches ---------------------------------------------------------------------------------------------


@pytest.fixture
def handed_in(app: Flask, firm: Organisation, owner: User, full_round: list[Campaign], begin: Begin) -> Submission:
    """The green questionnaire, submitted with energy and output known and everything else left open."""
    submission = begin(firm, of(full_round, "green"))
    now, actor = datetime.now(UTC), audit.Actor(owner.id)
    with app.app_context():
        with database.write() as session:
            known = [("energy", THIS, 50000, "tce"), ("output_value", THIS, 10_000_000_000, "wan_yuan")]
            save_facts(session, firm.id, known, owner.id, now)
            row = session.get_one(Submission, submission.id)
            for section in submitting.prepare(session, row).instrument.sections:
                data = page_data({}, {item.id for item in section.items})
                assert answering.save_page(session, row.id, section.id, 0, data, owner.id, now)
        prepared = submitting.prepare(database.reading(), database.reading().get_one(Submission, submission.id))
        assert not prepared.faults
        with database.write() as session:
            assert submitting.submit(session, prepared, prepared.mark, actor, now)
        return database.reading().get_one(Submission, submission.id)


def frozen(app: Flask) -> list[Any]:
    """All that a submission left behind."""
    tables = (Snapshot.__table__, Scorecard.__table__, JobItem.__table__)
    with app.extensions["database"].read() as session:
        return [list(session.execute(sa.select(table))) for table in tables]


def report_of(app: Flask, submission: Submission) -> str:
    with app.app_context(), speaking("en"):
        found = record(database.reading(), scorecard_id(database.reading(), submission.id) or 0)
        assert found is not None
        return re.sub(r" at 0x\w+|0x\w+", "", repr(build(found, "en")))


def test_saving_says_which_drafts_it_touches_and_what_stays_as_submitted(
    browser: Browser, firm: Organisation, handed_in: Submission, full_round: list[Campaign], begin: Begin
) -> None:
    draft = begin(firm, of(full_round, "digital"))
    unrelated = begin(firm, of(full_round, "innovation"))
    form = FiguresForm(browser, firm)
    form.fill("energy", THIS, "600")
    form.send()
    page = browser.page
    note = next(each for each in page.elements if "note-ok" in each.get("class").split())
    links = [each.get("href") for each in page.all("a") if note in each.around]
    assert links == [f"/fill/{draft.public_id}", f"/fill/{handed_in.public_id}"]
    assert unrelated.public_id not in page.html
    assert "1 figure saved." in note.text
    assert "unchanged: submitted on" in note.text


def test_a_changed_figure_never_changes_what_was_submitted(
    app: Flask, browser: Browser, firm: Organisation, handed_in: Submission
) -> None:
    before, report = frozen(app), report_of(app, handed_in)
    form = FiguresForm(browser, firm)
    form.fill("energy", THIS, "700")
    form.fill("output_value", THIS, "")
    form.send()
    assert frozen(app) == before
    assert report_of(app, handed_in) == report
    with app.extensions["database"].read() as session:
        assert session.scalar(sa.select(Fact.value).where(Fact.kind == "energy")) == 70000
        assert session.scalar(sa.select(Fact.value).where(Fact.kind == "output_value")) is None


@pytest.mark.parametrize("names", [["nothing.2025"], ["energy"], ["energy.1"], ["x" * 4000], ["'.2025"]])
def test_strange_names_in_the_address_say_nothing(browser: Browser, firm: Organisation, names: list[str]) -> None:
    browser.get(f"/organisation/{firm.public_id}", query_string={"changed": names})
    assert "saved" not in browser.page.one("main").text


# -- sources and verification ------------------------------------------------------------------------------------------


def test_a_source_is_kept_with_each_figure_of_the_row(app: Flask, browser: Browser, firm: Organisation) -> None:
    form = FiguresForm(browser, firm)
    last = datetime.now(UTC).year - 1
    form.fill("staff", last, "12")
    form.fill("revenue", last, "4826", "wan_yuan")
    form.values["s-revenue"] = "audited"
    form.send()
    form.open()
    assert form.values["s-revenue"] == "audited"
    form.fill("revenue", last - 1, "4000", "wan_yuan")
    form.send()
    form.open()
    form.values["s-revenue"] = "tax"
    form.send()
    with app.extensions["database"].read() as session:
        sources = {(fact.kind, fact.year): (fact.source, fact.rev) for fact in session.scalars(sa.select(Fact))}
        history = list(session.execute(sa.select(FactChange.kind, FactChange.source).order_by(FactChange.id)))
    assert sources == {
        ("staff", last): ("entered", 1),
        ("revenue", last): ("tax", 2),
        ("revenue", last - 1): ("tax", 2),
    }
    assert sorted(map(tuple, history)) == sorted(
        [("staff", "entered"), ("revenue", "audited"), ("revenue", "audited"), ("revenue", "tax"), ("revenue", "tax")]
    )


def test_a_source_that_nobody_offers_is_not_stored(app: Flask, browser: Browser, firm: Organisation) -> None:
    form = FiguresForm(browser, firm)
    form.fill("staff", datetime.now(UTC).year - 1, "12")
    form.values["s-staff"] = "hearsay"
    form.send()
    with app.extensions["database"].read() as session:
        assert session.scalars(sa.select(Fact.source)).all() == ["entered"]
    assert "hearsay" not in SOURCES


def test_a_verified_figure_that_is_changed_says_that_it_is_verified_no_longer(
    app: Flask, browser: Browser, firm: Organisation
) -> None:
    last = datetime.now(UTC).year - 1
    form = FiguresForm(browser, firm)
    form.fill("staff", last, "12")
    form.send()
    with app.extensions["database"].write() as session:
        session.execute(sa.update(Fact).values(verified=True))
    form.open()
    assert "Verified by an officer" in form.text
    form.values["s-staff"] = "statistics"
    form.send()
    form.open()
    assert "Verified by an officer" in form.text, "another source is still the amount that was verified"
    form.fill("staff", last, "13")
    form.send()
    assert f"No longer verified, because they changed: Staff, {last}" in browser.page.one("main").text
    form.open()
    assert "no longer verified" in form.text
    assert "Verified by an officer" not in form.text
    form.values["verified"] = "1"
    form.fill("staff", last, "14")
    form.send()
    with app.extensions["database"].read() as session:
        assert not session.scalars(sa.select(Fact)).one().verified


def test_only_what_is_missing_can_be_shown_and_saving_it_leaves_the_rest(
    app: Flask, browser: Browser, firm: Organisation
) -> None:
    last = datetime.now(UTC).year - 1
    form = FiguresForm(browser, firm)
    for year in (last, last - 1):
        form.fill("staff", year, "12")
    form.send()
    form.path += "?show=missing"
    form.open()
    assert f"f-staff-{last}" not in form.values
    form.path = form.path.partition("?")[0]
    form.fill("assets", last, "900", "wan_yuan")
    form.send()
    with app.extensions["database"].read() as session:
        assert session.scalars(sa.select(Fact.kind).order_by(Fact.kind)).all() == ["assets", "staff", "staff"]
