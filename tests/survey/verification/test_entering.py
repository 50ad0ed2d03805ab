"""What an assessor sends for a section becomes findings; questions that come up on the way are part of the visit."""

from collections.abc import Mapping
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from questionnaires import catalogue
from questionnaires.answers import Answers
from survey.models import Visit
from survey.verification.entering import Entered, Sent, read_section
from survey.verification.overlay import Found
from survey.verification.sheet import Case

GREEN, DIGITAL = catalogue.builtin("green", "2026"), catalogue.builtin("digital", "2024")
YEAR = 2025
STATED = Answers(
    {"material_saving": ("B",), "water_used": "B", "waste": "A"},
    {("material", YEAR): 120_000, ("solid_waste", YEAR): 5000, ("solid_waste_used", YEAR): 1000},
    YEAR,
)
EQUIPMENT = Answers({"q2": "B"}, {("equipment", YEAR): 86, ("equipment_digital", YEAR): 17}, YEAR)
SEEN = ("document",)


def case_of(stated: Answers = STATED, instrument: Any = GREEN, **found: Found) -> Case:
    return Case(Visit(), instrument, stated, {name.replace("__", ":"): each for name, each in found.items()})


def read(case: Case, section: str, form: Mapping[str, Any]) -> Entered:
    one = case.instrument.section(section)
    assert one is not None
    drawn = {"drawn": " ".join(item.id for item in case.asked(one)), "seen-section": "document"}
    return read_section(Sent(case, one, MultiDict({**drawn, **form})))


def test_a_finding_brings_up_questions_that_were_not_put_to_the_firm() -> None:
    before = case_of()
    assert {"water_saving", "water_circulation", "water_figure"}.isdisjoint(before.numbers)
    after = case_of(water_used=Found("changed", "A", SEEN, "There is a cooling tower."))
    new = [item for item in after.numbers if after.is_new(item)]
    assert new == ["water_saving", "water_circulation", "water_figure"]
    assert set(new) <= set(after.missing)
    sent = read(after, "resources", with_answers({"r-water_used": "A", "finding-water_saving": "same"}))
    assert [fault.code for fault in sent.faults.values()] == ["not_stated"]


def test_what_is_not_asked_any_more_needs_no_finding_and_counts_no_more() -> None:
    gone = case_of(waste=Found("changed", "E", SEEN, "There is none."))
    assert "waste_figure" in case_of().numbers
    assert "waste_figure" not in gone.numbers
    assert "waste_figure" not in gone.missing


def test_all_others_as_stated_wants_a_press_and_something_looked_at() -> None:
    case = case_of()
    unseen = read(case, "resources", with_answers({"then": "others", "seen-section": ""}))
    assert not unseen.found
    assert [fault.code for fault in unseen.faults.values()] == ["nothing_seen_at_all"]
    everything = read(case, "resources", with_answers({"then": "others"}))
    assert not everything.faults
    assert {each.finding for each in everything.found.values()} == {"same"}
    assert {"material_saving", "figure:material:2025", "waste_figure"} <= set(everything.found)
    assert not read(case, "resources", with_answers({})).found


def with_answers(more: Mapping[str, Any]) -> dict[str, Any]:
    """The page of resources as it is drawn, its figures left alone."""
    return {"r-material_saving": ["B"], "r-water_used": "B", "r-waste": "A", **more}


@pytest.mark.parametrize(
    ("typed", "unit", "stored"), [("13", "tonne", 13_000), ("12,5", "tonne", None), ("１３", "tonne", 13_000)]
)
def test_a_figure_is_stored_in_its_smallest_unit(typed: str, unit: str, stored: int | None) -> None:
    entered = read(
        case_of(),
        "resources",
        with_answers(
            {
                "finding-material_figure": "changed",
                "reason-material_figure": "By the store's book.",
                f"f-material-{YEAR}": typed,
                f"f-material-{YEAR}-sure": str(stored),
            }
        ),
    )
    found = entered.found.get(f"figure:material:{YEAR}")
    assert (found.value if found else None) == (GREEN.fact_kinds["material"].read("", typed) if stored else None)


def test_a_figure_that_is_ten_times_another_is_asked_about_before_it_is_taken() -> None:
    form = with_answers(
        {
            "finding-material_figure": "changed",
            "reason-material_figure": "By the store's book.",
            f"f-material-{YEAR}": str(GREEN.fact_kinds["material"].amount(1_200_000)),
        }
    )
    assert [fault.code for fault in read(case_of(), "resources", form).faults.values()] == ["slip"]
    sure = read(case_of(), "resources", {**form, f"f-material-{YEAR}-sure": "1200000"})
    assert sure.found[f"figure:material:{YEAR}"].value == 1_200_000


def test_figures_of_which_nothing_was_shown_count_for_nothing() -> None:
    form = with_answers({"finding-material_figure": "not_shown", "reason-material_figure": "No book."})
    entered = read(case_of(), "resources", form)
    assert not entered.faults
    found = entered.found[f"figure:material:{YEAR}"]
    assert (found.finding, found.value) == ("not_shown", None)
    case = Case(Visit(), GREEN, STATED, entered.found)
    assert ("material", YEAR) not in case.result.answers.facts


def test_a_band_follows_the_figures_that_were_found() -> None:
    form = {
        "r-q2": "B",
        "finding-q2": "changed",
        "reason-q2": "Counted.",
        f"f-equipment-{YEAR}": "86",
        f"b-equipment-{YEAR}": "86 machine",
        f"f-equipment_digital-{YEAR}": "60",
        f"b-equipment_digital-{YEAR}": "17 machine",
    }
    entered = read(case_of(EQUIPMENT, DIGITAL), "foundation", form)
    assert not entered.faults
    assert {name: (each.finding, each.value) for name, each in entered.found.items()} == {
        "q2": ("changed", "B"),
        "figure:equipment:2025": ("same", 86),
        "figure:equipment_digital:2025": ("changed", 60),
    }
    assert Case(Visit(), DIGITAL, EQUIPMENT, entered.found).result.answers.responses["q2"] == "E"


def test_what_a_page_did_not_have_is_left_alone() -> None:
    one = case_of().instrument.section("resources")
    assert one is not None
    entered = read_section(
        Sent(case_of(), one, MultiDict({"drawn": "waste", "r-waste": "A", "finding-water_used": "same"}))
    )
    assert entered == Entered({}, {})
