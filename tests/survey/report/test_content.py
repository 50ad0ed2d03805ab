"""What a report says in each state."""

from dataclasses import replace

import pytest

from survey.report.build import build, masked
from survey.report.fonts import drawable
from survey.report.stored import card_from
from tests.survey.report.made import LEAST, MOST, OPEN, make_record


def test_it_tells_level_score_and_gap() -> None:
    report = build(make_record(), "zh_CN")
    assert (report.level.name, report.total.text, report.total.short) == ("一级", "48.50", "48.5")
    assert report.next is not None
    assert [condition.state for condition in report.next.conditions] == ["met", "unmet", "unmet"]
    assert [condition.missing for condition in report.next.conditions] == ["", "差 3 个", "差 1 个"]


def test_it_names_the_scenes_one_level_below_with_constrained_ones_first() -> None:
    report = build(make_record(), "en")
    assert all(scene.level == 1 for scene in report.nearest)
    marks = [scene.constrained for scene in report.nearest]
    assert marks == sorted(marks, reverse=True)
    assert len(marks) == 9


def test_it_adds_up_on_every_rank() -> None:
    report = build(make_record(), "en")
    for dimension in report.dimensions:
        assert sum(group.points.low for group in dimension.groups) == dimension.points.low
    assert sum(dimension.points.low for dimension in report.dimensions) == report.total.low
    for group in report.answers:
        assert sum(answer.points.low for answer in group.answers) == group.points.low


def test_it_says_where_most_points_are_lost_and_what_would_earn_them() -> None:
    losses = build(make_record(), "zh_CN").losses
    assert [(loss.number, loss.lost) for loss in losses] == [("11", "7.50"), ("4", "6.50"), ("5", "5.00")]
    funding, links, systems = (loss.gain for loss in losses)
    assert (funding.each, funding.best, funding.several) == ("1.875", "7.5", False)
    assert (links.each, links.best, len(links.options)) == ("0.7", "0.9", 9)
    assert (systems.each, systems.best) == ("2.5", "5")


def test_it_counts_unknown_answers_as_open_and_never_as_lost() -> None:
    report = build(make_record(OPEN), "zh_CN")
    assert (report.total.short, report.total.share) == ("40.5–58", "40–58%")
    assert (report.open_answers, report.open_scenes) == (2, 2)
    assert not {"4", "8"} & {loss.number for loss in report.losses}
    assert report.next is not None
    assert {condition.state for condition in report.next.conditions} <= {"met", "unmet", "unknown"}


def test_it_holds_no_step_above_the_highest_and_no_loss_at_full_marks() -> None:
    report = build(make_record(MOST), "zh_CN")
    assert (report.level.name, report.next, report.losses, report.nearest) == ("四级", None, (), ())


def test_it_speaks_of_below_level_1() -> None:
    report = build(make_record(LEAST), "zh_CN")
    assert (report.level.number, report.level.name) == (0, "未达一级")
    assert report.level.meaning


def test_it_shows_amounts_in_ten_thousand_yuan() -> None:
    facts = ({"id": "revenue", "year": 2025, "value": "22474000.5"}, {"id": "staff", "year": 2024, "value": "1033"})
    report = build(make_record(facts=facts), "zh_CN")
    assert report.years == (2024, 2025)
    assert [figure.values for figure in report.figures] == [("", "2,247.4"), ("1,033", "")]


def test_it_says_that_the_edition_is_for_factories_only_where_the_firm_is_none() -> None:
    assert build(make_record(), "zh_CN").firm.outside is None
    assert "仅供参考" in str(build(make_record(in_scope=False), "zh_CN").firm.outside)


def test_it_hides_the_middle_of_the_credit_code() -> None:
    assert masked("91120113MA05XY7A3K") == "911201**********3K"


@pytest.mark.parametrize(
    ("text", "printed"),
    [("喆堃龘𬭎", "喆堃龘𬭎"), ("好😀店", "好U+1F600店"), ("\U000e0fff", "U+E0FFF"), ("a\u200db", "a\u200db")],
)
def test_it_prints_the_code_of_a_character_in_no_font(text: str, printed: str) -> None:
    assert drawable(text) == printed


def test_it_shows_a_change_of_a_very_small_figure() -> None:
    """Energy is asked per 100 yuan and given in tonnes and yuan: it is shown in kilograms, with digits that differ."""
    given = (
        ("revenue", 2024, "224740000"),
        ("revenue", 2025, "224740000"),
        ("energy", 2024, "180"),
        ("energy", 2025, "170"),
    )
    facts = tuple({"id": kind, "year": year, "value": value} for kind, year, value in given)
    answers = [answer for group in build(make_record(facts=facts), "en").answers for answer in group.answers]
    sentence = next(answer.sentence for answer in answers if answer.number == "12")
    assert "from 0.08009 kg of coal equivalent per 100 yuan to 0.07564 kg" in sentence


def test_it_reads_what_the_first_engine_stored() -> None:
    """It recorded neither the list of items behind an indicator nor whether it is open."""
    now = make_record(OPEN)
    stored = now.card.model_dump(mode="json")
    for trace in stored["trace"]:
        for key in ("items", "open", "value", "base", "lead", "case", "absent"):
            del trace[key]
    for measure in stored["measures"]:
        for key in ("applicable", "redistributed", "values"):
            del measure[key]
    then, again = build(replace(now, card=card_from(stored)), "en"), build(now, "en")
    assert then.answers == again.answers
    assert (then.open_answers, then.losses, then.dimensions) == (2, again.losses, again.dimensions)
