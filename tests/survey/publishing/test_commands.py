"""Questionnaires at the terminal: checked, shown, compared, and their wording corrected while a round runs."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from questionnaires.catalogue import shipped
from survey.models import AuditEvent, Campaign
from tests.questionnaires.test_hostile import HOSTILE, SECONDS
from tests.survey.conftest import Run
from tests.survey.test_cli import DIGITAL, ROUND, changed

REWORDED = ('short: {zh_CN: "网络建设", en: "Network"}', 'short: {zh_CN: "网络", en: "Networks"}')


@pytest.fixture
def reworded(tmp_path: Path) -> Path:
    return changed(tmp_path, REWORDED)


@pytest.fixture
def other_rules(tmp_path: Path) -> Path:
    text = DIGITAL.read_text(encoding="utf-8")
    file = tmp_path / "rules.yaml"
    file.write_text(text.replace("exclusive: true", "exclusive: false", 1), encoding="utf-8")
    assert file.read_text(encoding="utf-8") != text
    return file


def publish_and_open(run: Run) -> None:
    assert run("instruments", "publish", DIGITAL)[0] == 0
    assert run(*ROUND, "--opens", "2026-03-01", "--closes", "2099-04-30", "digital/2024")[0] == 0


def test_it_checks_every_definition_that_is_shipped(run: Run) -> None:
    code, said = run("instruments", "check", "all")
    assert code == 0, said
    lines = said.splitlines()
    assert len(lines) == len(list(shipped()))
    assert "digital/2024: no faults, 31 items" in lines


def test_it_lists_faults_and_missing_texts_together(run: Run, tmp_path: Path) -> None:
    wordless = (REWORDED[0], 'short: {zh_CN: "网络建设"}')
    file = changed(tmp_path, ("item: q1\n", "item: q99\n"), wordless)
    code, said = run("instruments", "check", file)
    assert code == 2
    assert said.splitlines()[-1] == (
        f"{file}: sections.foundation.q1.short: the text in en is missing (blocks publishing)"
    )
    assert "q99" in said


def test_it_finds_missing_texts_even_where_the_shape_is_wrong(run: Run, tmp_path: Path) -> None:
    file = changed(tmp_path, ("schema: 1\n", "schema: 2\n"), (REWORDED[0], "short: {en: Network}"))
    code, said = run("instruments", "check", file, "--language", "zh_CN")
    assert code == 2
    assert f"{file}: schema: " in said
    assert f"{file}: sections.foundation.q1.short: 缺少 zh_CN 文字（发布前须补齐）" in said


@pytest.mark.parametrize("deed", ["check", "show"])
def test_it_says_that_there_is_no_such_thing(run: Run, deed: str) -> None:
    for name in ("nothing.yaml", "../../wsgi.py", "digital/1999", "unknown"):
        code, said = run("instruments", deed, name)
        assert code == 2, said
        assert name in said
        assert said.count("\n") == 1


def test_it_shows_what_is_asked_and_what_it_is_worth(run: Run) -> None:
    code, said = run("instruments", "show", "digital/2024")
    assert code == 0, said
    for line in (
        "digital/2024  Digital level assessment",
        "Items: 31",
        "  total  100  weighted_mean  ",
        "    foundation  50  weighted_mean  ",
        "Nothing of it is published.",
    ):
        assert line in said, said
    assert "at least 20" in said
    assert "revenue" in said


def test_it_shows_every_published_revision_with_its_campaigns(run: Run, reworded: Path) -> None:
    publish_and_open(run)
    assert run("instruments", "publish", reworded)[0] == 0
    said = run("instruments", "show", DIGITAL)[1]
    [first, second] = [line for line in said.splitlines() if line.startswith("digital/2024 revision")]
    assert first.endswith("1 campaign, 1 open now  the same")
    assert second.endswith("0 campaigns, 0 open now  same rules, other wording")
    code, said = run("instruments", "show", "digital")
    assert code == 0
    assert said.startswith("digital/2024 as shipped\ndigital/2024 revision 1  ")
    assert "digital/2024 revision 2" in said


def test_it_compares_files_versions_and_revisions(run: Run, reworded: Path, other_rules: Path) -> None:
    assert run("instruments", "diff", DIGITAL, "digital/2024") == (
        0, f"--- {DIGITAL}\n+++ digital/2024 as shipped\nNo difference.\n"
    )  # fmt: skip
    publish_and_open(run)
    code, said = run("instruments", "diff", "digital/2024", reworded)
    assert code == 0
    assert said.splitlines() == [
        "--- digital/2024, published revision 1", f"+++ {reworded}",
        "Wording (1)", "  item q1, short name: “网络建设” / “Network” → “网络” / “Networks”",
        "The wording alone differs: it may be published as a revision, also for campaigns that are open.",
    ]  # fmt: skip
    run("instruments", "publish", reworded)
    assert "+++ digital/2024, published revision 1" in run("instruments", "diff", "digital/2024", "digital/2024/1")[1]
    said = run("instruments", "diff", "digital/2024/1", other_rules, "--language", "zh_CN")[1]
    assert "规则 (1)" in said, said
    assert said.splitlines()[-1].startswith("规则不同")


def test_a_correction_reaches_campaigns_that_have_not_ended(
    app: Flask,
    run: Run,
    reworded: Path,
) -> None:
    publish_and_open(run)
    assert run("instruments", "correct", "digital/2024") == (0, "0 campaigns corrected\n")
    run("instruments", "publish", reworded)
    code, said = run("instruments", "correct", "digital/2024")
    assert (code, said) == (0, "二〇二六年 / Round 2026: until now revision 1\n1 campaign corrected\n")
    with app.extensions["database"].read() as session:
        assert session.scalars(sa.select(Campaign)).one().instrument.revision == 2
        events = sa.select(sa.func.count()).where(AuditEvent.action == "campaign.correct_wording")
        assert session.scalar(events) == 1
    assert run("instruments", "correct", "digital/2024")[1] == "0 campaigns corrected\n"


def test_a_round_that_has_ended_keeps_its_wording(app: Flask, run: Run, reworded: Path) -> None:
    run("instruments", "publish", DIGITAL)
    run(*ROUND, "--opens", "2025-03-01", "--closes", "2025-04-30", "digital/2024")
    run("instruments", "publish", reworded)
    assert run("instruments", "correct", "digital/2024") == (0, "0 campaigns corrected\n")
    code, said = run("instruments", "correct", "digital/1")
    assert (code, said) == (2, "digital/1: file: is not published\n")


@pytest.mark.parametrize(
    "name", ["aliases that stand for gigabytes", "5,001 items", "values that double", "an exponent"]
)
def test_a_hostile_definition_is_refused_within_a_second(app: Flask, run: Run, tmp_path: Path, name: str) -> None:
    make, message = HOSTILE[name]
    file = tmp_path / "hostile.yaml"
    file.write_text(make(), encoding="utf-8")
    begin = time.process_time()
    code, said = run("instruments", "check", file)
    assert time.process_time() - begin < 2 * SECONDS  # two workers share the machine
    assert (code, message in said) == (2, True)
