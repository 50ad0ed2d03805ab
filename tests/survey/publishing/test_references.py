"""The city's reference values: entered from a file, held for an industry, frozen with what was submitted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from flask import Flask

from questionnaires import catalogue
from questionnaires.instrument import Instrument
from questionnaires.text import Text
from survey import audit, database
from survey.answering import actions as answering
from survey.answering import submitting
from survey.answering.freezing import content_hash
from survey.answering.queries import page_data
from survey.credit_code import CreditCode, make_credit_code, read
from survey.models import Area, AuditEvent, Campaign, ReferenceValue, Scorecard, Snapshot, Submission, User
from survey.organisations.actions import Details, create_organisation, save_facts
from survey.organisations.industries import names
from survey.publishing import references
from survey.publishing.actions import open_round, publish
from survey.rescoring import rescored
from tests import databases
from tests.cast import REFERENCE_YEAR

HEAD = "questionnaire,reference,industry,year,base,lead,source"
GOOD = f"{HEAD}\ngreen,energy_intensity,C34,2024,12.50,8,Statistical yearbook table 3\n"
Run = Callable[..., tuple[int, str]]


@cache
def green() -> Instrument:
    return catalogue.builtin("green", "2026")


@pytest.fixture(autouse=True)
def published(app: Flask) -> None:
    with app.app_context(), database.write() as session:
        publish(session, green(), datetime.now(UTC))


@pytest.fixture
def run(app: Flask, tmp_path: Path) -> Run:
    """Enters the text of a file; gives the exit code and all that is said."""

    def entered(text: str | bytes, *options: str, name: str = "values.csv") -> tuple[int, str]:
        file = tmp_path / name
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        result = app.test_cli_runner().invoke(args=["references", "import", str(file), *options])
        return result.exit_code, result.output

    return entered


def held(
    app: Flask, industry: str, year: int = 2025, instrument: Instrument | None = None
) -> dict[str, tuple[str, str]]:
    with app.extensions["database"].read() as session:
        found = references.held(session, instrument or green(), industry, year)
    return {name: (value.base, value.lead) for name, value in found.items()}


def count(app: Flask, model: type = ReferenceValue) -> int:
    with app.extensions["database"].read() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


# -- entering ----------------------------------------------------------------------------------------------------------


def test_it_enters_a_file_once_and_says_what_was_there(app: Flask, run: Run) -> None:
    assert run(GOOD, "--dry-run") == (0, "1 value checked, no faults\n")
    assert count(app) == 0
    assert run(GOOD) == (0, "1 values entered, 0 were there already\n")
    assert run(GOOD) == (0, "0 values entered, 1 were there already\n")
    assert count(app) == 1
    assert held(app, "C3484") == {"energy_intensity": ("12.5", "8")}
    with app.extensions["database"].read() as session:
        events = session.scalars(sa.select(AuditEvent.action).where(AuditEvent.object_kind == "reference")).all()
    assert events == ["references.import"]


@pytest.mark.parametrize("code", ["34", "C34", " c34 ", "通用设备制造业"])
def test_an_industry_may_be_written_in_any_way_that_is_clear(app: Flask, run: Run, code: str) -> None:
    assert run(GOOD.replace("C34", code))[0] == 0
    assert held(app, "C3484")


def test_spreadsheets_may_mark_the_file_and_leave_empty_lines(app: Flask, run: Run) -> None:
    assert run("\ufeff" + GOOD.replace("\n", "\r\n") + ",,,,,,\r\n")[0] == 0
    assert count(app) == 1


def test_the_same_values_come_as_yaml(app: Flask, run: Run) -> None:
    text = (
        "- {questionnaire: green, reference: energy_intensity, industry: C34, year: 2024, base: 12.50, lead: 8,"
        " unit: kgce per 10,000 yuan, source: Yearbook}\n"
    )
    text = text.replace("unit: kgce per 10,000 yuan", 'unit: "kgce per 10,000 yuan"')
    assert run(text, name="values.yaml")[0] == 0
    assert held(app, "C34") == {"energy_intensity": ("12.5", "8")}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("blue,energy_intensity,C34,2024,12,8,Y", "no version of the questionnaire “blue” is published"),
        ("green,energy,C34,2024,12,8,Y", "“energy” is no reference value of this questionnaire"),
        ("green,energy_intensity,C99,2024,12,8,Y", "“C99” is no industry"),
        ("green,energy_intensity,C,2024,12,8,Y", "“C” is no industry"),
        ("green,energy_intensity,C34,24,12,8,Y", "“24” is not a year"),
        ("green,energy_intensity,C34,2024,12,8,", "the source is missing"),
        ("green,energy_intensity,C34,2024,12,12,Y", "must be below the base value"),
        ("green,energy_intensity,C34,2024,8,12,Y", "must be below the base value"),
        ("green,water_reuse,C34,2024,90,60,Y", "must be above the base value"),
        ("green,energy_intensity,C34,2024,12,,Y", "enter both base and lead"),
        ("green,energy_intensity,C34,2024,a dozen,8,Y", "is not a number"),
        (f"green,energy_intensity,C34,2024,{'9' * 60},8,Y", "too many digits"),
        ("green,energy_intensity,C34,2024,12,8,Y,more", "more cells than there are columns"),
    ],
)
def test_each_row_says_what_is_wrong_with_it_and_nothing_is_entered(app: Flask, run: Run, row: str, said: str) -> None:
    for options in ((), ("--dry-run",)):
        code, output = run(f"{GOOD}{row}\n", *options)
        assert code == 2
        assert output.startswith("values.csv: line 3: ")
        assert said in output
    assert count(app) == 0


def test_it_lists_every_fault_of_every_row(run: Run) -> None:
    code, output = run(f"{HEAD}\nblue,x,C99,24,12,8,\n\ngreen,energy_intensity,C34,2024,1,2,\n")
    assert code == 2
    places = [line.split(": ")[1] for line in output.splitlines()]
    assert places == ["line 2"] * 4 + ["line 4"] * 2


def test_faults_are_said_in_either_language(run: Run) -> None:
    code, output = run(f"{HEAD}\ngreen,energy_intensity,C34,2024,8,12,\n", "--language", "zh_CN")
    assert code == 2
    assert "第 2 行: 缺少出处" in output
    assert "引领值（12）须小于基准值（8）" in output


def test_one_value_stands_in_a_file_once(app: Flask, run: Run) -> None:
    code, output = run(GOOD + GOOD.splitlines()[1].replace("C34", "34").replace("12.50", "13") + "\n")
    assert (code, output) == (2, "values.csv: line 3: says the same as line 2\n")
    assert count(app) == 0


@pytest.mark.parametrize(
    ("text", "said", "name"),
    [
        (HEAD + "\n", "there is no value", "values.csv"),
        ("", "“questionnaire” is missing", "values.csv"),
        (GOOD.replace("lead", "best"), "“best” is not known here", "values.csv"),
        (b"\xff\xfe\x00", "not UTF-8", "values.csv"),
        (GOOD.replace("C34", "\0"), "zero byte", "values.csv"),
        ("a: &b 1", "anchors", "values.yaml"),
        ("just text", "must be a list", "values.yaml"),
        ("- {questionnaire: green}", "value 1: “reference” is missing", "values.yaml"),
        (GOOD, "must end with one of", "values.xlsx"),
    ],
)
def test_a_file_that_is_none_is_refused_with_a_reason(
    app: Flask, run: Run, text: str | bytes, said: str, name: str
) -> None:
    code, output = run(text, name=name)
    assert (code, count(app)) == (2, 0)
    assert said in output


def test_a_unit_must_be_that_of_the_questionnaire(app: Flask, run: Run) -> None:
    row = "green,energy_intensity,C34,2024,12,8,Y"
    assert "entered in kgce per 10,000 yuan" in run(f"{HEAD},unit\n{row},tce per 10000 yuan\n")[1]
    assert run(f"{HEAD},unit\n{row},千克标准煤/万元\n")[0] == 0


def test_what_counts_can_be_shown(app: Flask, run: Run) -> None:
    run(GOOD)
    run(GOOD.replace("12.50", "13"))
    run(f"{HEAD}\ngreen,carbon_intensity,C13,2024,,,No longer\n")
    shown = app.test_cli_runner().invoke(args=["references", "show"])
    assert shown.stdout.splitlines() == [
        f"green/carbon_intensity\tC13 {name_of(app, 'C13')}\t2024\ttaken away\t\tNo longer",
        f"green/energy_intensity\tC34 {name_of(app, 'C34')}\t2024\t13\t8\tStatistical yearbook table 3",
    ]
    only = app.test_cli_runner().invoke(args=["references", "show", "--industry", "C13", "--questionnaire", "green"])
    assert only.stdout.count("\n") == 1


def name_of(app: Flask, code: str) -> str:
    with app.extensions["database"].read() as session:
        return names(session, [code], "en")[code]


# -- which pair holds --------------------------------------------------------------------------------------------------


def enter(run: Run, *rows: str) -> None:
    for row in rows:
        code, output = run(f"{HEAD}\ngreen,energy_intensity,{row},Y\n")
        assert code == 0, output


def test_the_longest_code_wins_then_the_latest_year_then_the_newest_entry(app: Flask, run: Run) -> None:
    enter(run, "C34,2024,10,5", "C3484,2020,30,15", "C348,2025,20,10")
    assert held(app, "C3484") == {"energy_intensity": ("30", "15")}
    assert held(app, "C3489") == {"energy_intensity": ("20", "10")}
    assert held(app, "C3489", 2024) == {"energy_intensity": ("10", "5")}
    assert held(app, "C34") == {"energy_intensity": ("10", "5")}
    assert held(app, "C3484", 2019) == {}
    assert held(app, "C35") == {}
    enter(run, "C3484,2025,31,15", "C3484,2020,32,16")
    assert held(app, "C3484") == {"energy_intensity": ("31", "15")}
    enter(run, "C3484,2025,33,15")
    assert held(app, "C3484") == {"energy_intensity": ("33", "15")}
    assert count(app) == 6, "the history stays"


def test_a_pair_that_is_taken_away_leaves_the_wider_one(app: Flask, run: Run) -> None:
    enter(run, "C34,2024,10,5", "C3484,2024,30,15", "C3484,2025,,")
    assert held(app, "C3484", 2024) == {"energy_intensity": ("30", "15")}
    assert held(app, "C3484", 2025) == {"energy_intensity": ("10", "5")}


def test_a_pair_against_the_direction_of_another_version_does_not_hold_there(app: Flask, run: Run) -> None:
    enter(run, "C34,2024,10,5")
    turned = green().model_copy(
        update={"references": tuple(each.model_copy(update={"better": "higher"}) for each in green().references)}
    )
    assert held(app, "C34", instrument=turned) == {}


# -- frozen with what was submitted ------------------------------------------------------------------------------------


@pytest.fixture
def hand_in(app: Flask, make_person: Callable[..., User]) -> Callable[[], Submission]:
    """A firm of C3484 submits: 500 tonnes of coal equivalent for 500 million yuan of output are 10 kg per 10,000."""
    user = make_person()

    def handed_in() -> Submission:
        now, actor = datetime.now(UTC), audit.Actor(user.id)
        code = read(make_credit_code("120111", 1))
        assert isinstance(code, CreditCode)
        with app.app_context():
            with database.write() as session:
                area = session.scalars(sa.select(Area).where(Area.code == "120111")).one()
                firm = create_organisation(session, code, Details("Firm", area.id, "C3484"), actor, now)
                known = [
                    ("energy", REFERENCE_YEAR, 50_000, "tce"),
                    ("output_value", REFERENCE_YEAR, 5 * 10**10, "yuan"),
                ]
                save_facts(session, firm.id, known, user.id, now)
                row = answering.start(session, firm, _campaign(session, now), actor, now)
                for section in green().sections:
                    data = page_data({}, {item.id for item in section.items})
                    assert answering.save_page(session, row.id, section.id, 0, data, user.id, now)
            prepared = submitting.prepare(database.reading(), database.reading().get_one(Submission, row.id))
            with database.write() as session:
                assert submitting.submit(session, prepared, prepared.mark, actor, now)
            return row

    return handed_in


def _campaign(session: Any, now: datetime) -> Campaign:
    day = now.date()
    rows = [publish(session, green(), now)]
    made = open_round(
        session, Text(zh_CN="批次", en="Round"), REFERENCE_YEAR, day - timedelta(9), day + timedelta(9), rows
    )
    return session.scalars(sa.select(Campaign).where(Campaign.round_id == made.id)).one()


def against_industry(app: Flask) -> Any:
    """The measure that compares energy with the industry."""
    with app.extensions["database"].read() as session:
        card = session.scalars(sa.select(Scorecard)).one().card
    return next(each for each in card["measures"] if each["id"] == "energy_against_industry")


def differences(app: Flask) -> list[tuple[str, ...]]:
    with app.app_context():
        return [each.differences for each in rescored(database.reading())]


def test_a_submission_is_scored_between_the_values_of_its_industry(
    app: Flask, run: Run, hand_in: Callable[[], Submission]
) -> None:
    enter(run, "C34,2024,12,8")
    hand_in()
    measure = against_industry(app)
    assert (measure["applicable"], measure["points"]) == ("yes", measure["low"])
    whole = measure["maximum"]
    assert Fraction(measure["points"]) == Fraction(whole) / 2, "10 lies half way from 12 to 8"
    with app.extensions["database"].read() as session:
        snapshot = session.scalars(sa.select(Snapshot)).one()
    assert snapshot.reference_values == {
        "energy_intensity": {"base": "12", "lead": "8", "industry": "C34", "year_from": 2024, "source": "Y"}
    }


def test_values_entered_later_change_nothing_that_was_submitted(
    app: Flask, run: Run, hand_in: Callable[[], Submission]
) -> None:
    enter(run, "C34,2024,12,8")
    hand_in()
    before = against_industry(app)
    enter(run, "C34,2024,11,9", "C3484,2024,20,1")
    assert against_industry(app) == before
    assert differences(app) == [()]


def test_rescoring_would_notice_other_values(app: Flask, run: Run, hand_in: Callable[[], Submission]) -> None:
    enter(run, "C34,2024,12,8")
    hand_in()
    assert differences(app) == [()]
    with app.extensions["database"].read() as session:
        snapshot = session.scalars(sa.select(Snapshot)).one()
        snapshot.reference_values = {"energy_intensity": {"base": "12", "lead": "9"}}
        found = [each.differences for each in rescored(session)]
    assert any("measures" in difference for difference in found[0])


def test_without_values_the_measure_does_not_apply_and_the_hash_is_as_before(
    app: Flask, run: Run, hand_in: Callable[[], Submission]
) -> None:
    hand_in()
    assert against_industry(app)["applicable"] == "no"
    enter(run, "C34,2024,12,8")
    assert differences(app) == [()]
    with app.extensions["database"].read() as session:
        snapshot = session.scalars(sa.select(Snapshot)).one()
        assert snapshot.reference_values is None
        assert content_hash(snapshot, green()) == snapshot.content_hash
        snapshot.reference_values = {}
        assert content_hash(snapshot, green()) == snapshot.content_hash, "as it was before there were such values"


def test_the_hash_covers_the_values(app: Flask, run: Run, hand_in: Callable[[], Submission]) -> None:
    enter(run, "C34,2024,12,8")
    hand_in()
    with app.extensions["database"].read() as session:
        snapshot = session.scalars(sa.select(Snapshot)).one()
        assert content_hash(snapshot, green()) == snapshot.content_hash
        kept = snapshot.reference_values["energy_intensity"]
        for other in ({}, {"energy_intensity": {**kept, "base": "13"}}, {"energy_intensity": {**kept, "source": "Z"}}):
            snapshot.reference_values = other
            assert content_hash(snapshot, green()) != snapshot.content_hash


def test_what_was_submitted_before_there_were_values_goes_through_the_migration_untouched(
    app: Flask, database_url: str, hand_in: Callable[[], Submission]
) -> None:
    hand_in()
    config = databases.migrations(database_url)
    command.downgrade(config, "0002")
    command.upgrade(config, "head")
    with app.extensions["database"].read() as session:
        snapshot = session.scalars(sa.select(Snapshot)).one()
        assert content_hash(snapshot, green()) == snapshot.content_hash
    with (
        pytest.raises(sa.exc.IntegrityError, match="snapshot is frozen"),
        app.extensions["database"].write() as session,
    ):
        session.execute(sa.update(Snapshot).values(reference_values={}))
