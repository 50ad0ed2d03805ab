"""Reports of questionnaires that are not the digital one: stages, gates, either-or paths, no points, no level."""

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask

from survey.app import create_app
from survey.languages import speaking
from survey.report.build import build
from survey.report.rendering import print_html, print_round_html, shared
from survey.report.round_build import build_round
from survey.report.round_content import lacking
from survey.report.round_queries import RoundRecord
from survey.report.sections import contexts
from survey.settings import Settings
from tests.survey.browsing import Page
from tests.survey.report.made import MOST, make_record
from tests.survey.report.small import STAGED, STAGES, WISHED, WISHES, record_of

ENERGY = ({"id": "energy", "year": 2025, "value": "12"},)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("site")
    settings = Settings(
        secret_key="x9Qm2Lr7Tz4Vb8Nk1Wd6Hs3Jf5Gc0Pya-for-tests",
        database_url=f"sqlite:///{folder / 'none.db'}",
        data_directory=folder,
        base_url="http://localhost",
        secure_cookies=False,
    )
    app = create_app(settings)
    yield app
    app.extensions["database"].close()


def printed(site: Flask, record: object, language: str = "en") -> str:
    with site.app_context(), speaking(language):
        return Page(print_html(record, language)).text  # type: ignore[arg-type]  # a record


def test_either_or_paths_show_the_state_of_each_way() -> None:
    either, only_if, manual = build(record_of(STAGES, STAGED), "en").checks[0].conditions
    assert (either.state, either.what) == ("met", "")
    assert [(part.what, part.state) for part in either.parts] == [("valid permits", "unmet"), ("a waiver", "met")]
    assert [(part.what, part.now, part.missing) for part in only_if.parts] == [
        ("saved ten percent", "4 percent", "6 percent short")
    ]
    assert (manual.state, manual.need) == ("manual", "")


def test_what_does_not_concern_the_firm_is_not_spelled_out() -> None:
    only_if = build(record_of(STAGES, {**STAGED, "plant": "new"}), "en").checks[0].conditions[1]
    assert (only_if.state, only_if.parts) == ("not_applicable", ())


def test_what_is_missing_leaves_out_what_is_met_and_begins_with_what_is_sure() -> None:
    found = lacking(build(record_of(STAGES, STAGED), "en").checks[0].conditions)
    assert [condition.state for condition in found] == ["unmet", "manual"]


def test_what_is_not_scored_stands_apart_with_its_weight() -> None:
    report = build(record_of(STAGES, STAGED, ENERGY), "en")
    assert [(each.title, each.maximum) for each in report.not_scored] == [("Against peers", "20")]
    assert "entered no base and lead values" in report.not_scored[0].why
    use = report.dimensions[0]
    assert (use.points.text, use.moved) == ("30.00", "10")
    assert [(group.title, group.applies) for group in use.groups] == [("Metering", True), ("Against peers", False)]
    assert [answer.name for answer in report.answers[0].answers] == ["short of meters"]


def test_what_no_indicator_reads_is_listed_without_points() -> None:
    others = build(record_of(STAGES, STAGED), "en").answers[-1]
    assert others.points is None
    assert [(answer.name, answer.chosen) for answer in others.answers] == [
        ("short of permits", ("option waived",)),
        ("short of saved", ("4 percent",)),
    ]


def test_answers_off_the_route_are_never_shown() -> None:
    report = build(record_of(WISHES, WISHED), "en")
    assert [answer.number for group in report.answers for answer in group.answers] == ["1", "3"]
    assert report.answers[0].answers[1].chosen == ("row a: option now", "row b: option later")


def test_an_in_house_rubric_is_labelled_and_has_stages_and_no_levels(site: Flask) -> None:
    with site.app_context(), speaking("zh_CN"):
        html = print_html(record_of(STAGES, STAGED, ENERGY), "zh_CN")
        told = shared(build(record_of(STAGES, STAGED, ENERGY), "zh_CN"))
    assert "不是官方评定" in told["nature"]
    page = Page(html)
    heads = [element.text for element in page.all("span") if element.get("class") == "nature"]
    assert heads == [told["nature"]]
    assert "等级" not in page.text
    assert "所处阶段（自诊断）" in page.text


def test_a_list_of_answers_has_neither_verdict_nor_points(site: Flask) -> None:
    record = record_of(WISHES, WISHED)
    report = build(record, "en")
    assert (report.verdict, report.scored, report.in_house) == ("", False, False)
    with site.app_context(), speaking("en"):
        assert list(contexts(report)) == ["answers", "method"]
    text = printed(site, record)
    assert "option people" in text
    assert "500" not in text
    assert "Total score" not in text


def test_the_report_of_a_round_begins_with_what_can_be_applied_for(site: Flask) -> None:
    records = (make_record(MOST), record_of(STAGES, STAGED, ENERGY))
    record = RoundRecord(1, "public", records, (WISHES,), (), date(2026, 7, 20), {"zh_CN": "批次", "en": "round"})
    with site.app_context(), speaking("en"):
        report = build_round(record, "en")
        html = print_round_html(record, "en")
    assert [entry.check.state for entry in report.applying] == ["manual", "manual", "manual", "unmet"]
    assert [(line.field, line.submitted_at is not None) for line in report.lines] == [
        ("digital", True),
        ("green", True),
        ("needs", False),
    ]
    page = Page(html)
    headings = [element.text for element in page.all("h1")]
    assert headings[1] == "What you can apply for and what is missing"
    natures = [element.text for element in page.all("span") if element.get("class") == "nature"]
    assert natures == [
        "Self-declared, for reference only",
        "Self-declared, for reference only",
        "In-house self-diagnosis, not an official rating",
    ]
    assert "not done yet" in page.text
    for each in records:
        assert str(each.snapshot.content_hash) in page.text
    ids = [element.get("id") for element in page.elements if element.get("id")]
    assert len(ids) == len(set(ids))
