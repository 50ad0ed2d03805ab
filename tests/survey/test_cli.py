"""The commands for those who run the site."""

import copy
import os
import subprocess
import sys
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from questionnaires.catalogue import DEFINITIONS
from survey.demo.load import load
from survey.models import AuditEvent, Campaign, PublishedInstrument, Round, Scorecard
from survey.settings import Settings
from tests.survey.conftest import Run
from tests.survey.test_demo import NOW

ROOT = Path(__file__).parent.parent.parent
DIGITAL = DEFINITIONS / "digital" / "2024.yaml"
ROUND = ("rounds", "open", "--title-zh", "二〇二六年", "--title-en", "Round 2026", "--year", "2025")


def count(app: Flask, model: type) -> int:
    with app.extensions["database"].read() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def changed(tmp_path: Path, *replacements: tuple[str, str]) -> Path:
    """The digital definition with some of its text replaced."""
    text = DIGITAL.read_text(encoding="utf-8")
    for old, new in replacements:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    file = tmp_path / "changed.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_it_checks_a_definition_without_publishing_it(app: Flask, run: Run) -> None:
    assert run("instruments", "check", DIGITAL) == (0, "digital/2024: no faults, 31 items\n")
    assert count(app, PublishedInstrument) == 0


def test_it_lists_every_fault_of_a_definition_with_its_path(app: Flask, run: Run, tmp_path: Path) -> None:
    file = changed(tmp_path, ("item: q1\n", "item: q99\n"), ("item: q5\n", "item: q98\n"))
    for deed in ("check", "publish"):
        code, said = run("instruments", deed, file)
        assert code == 2
        assert "q99" in said
        assert "q98" in said
        assert all(line.startswith(f"{file}: tree.") for line in said.splitlines()), said
    assert count(app, PublishedInstrument) == 0


def test_it_names_each_text_that_is_missing_in_a_language(app: Flask, run: Run, tmp_path: Path) -> None:
    file = changed(tmp_path, ('short: {zh_CN: "网络建设", en: "Network"}', 'short: {zh_CN: "网络建设"}'))
    for deed in ("check", "publish"):
        code, said = run("instruments", deed, file)
        assert (code, said.count("\n")) == (2, 1)
        assert f"{file}: sections.foundation.q1.short: " in said
    assert count(app, PublishedInstrument) == 0


def test_it_says_when_a_file_is_no_text(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "bad.yaml"
    file.write_bytes(b"\xff\xfe\x00")
    assert run("instruments", "check", file)[0] == 2


def test_it_publishes_once_and_wording_again_as_a_revision(app: Flask, run: Run, tmp_path: Path) -> None:
    for _time in range(2):
        assert run("instruments", "publish", DIGITAL) == (0, "digital/2024: published as revision 1\n")
    reworded = changed(tmp_path, ('short: {zh_CN: "网络建设", en: "Network"}', 'short: {zh_CN: "网络", en: "Network"}'))
    assert run("instruments", "publish", reworded) == (0, "digital/2024: published as revision 2\n")
    assert count(app, PublishedInstrument) == 2
    with app.extensions["database"].read() as session:
        events = sa.select(sa.func.count()).where(AuditEvent.action == "instrument.publish")
        assert session.scalar(events) == 2


def test_it_opens_a_round_with_the_newest_revision(app: Flask, run: Run) -> None:
    run("instruments", "publish", DIGITAL)
    code, said = run(*ROUND, "--opens", "2026-03-01", "--closes", "2026-04-30", "digital/2024")
    assert code == 0, said
    with app.extensions["database"].read() as session:
        campaign = session.scalars(sa.select(Campaign)).one()
        assert (campaign.round.title_zh, campaign.round.title_en) == ("二〇二六年", "Round 2026")
        assert campaign.round.reference_year == 2025
        assert campaign.opens_at.isoformat() == "2026-02-28T16:00:00+00:00", "the first minute of the day in China"
        assert campaign.closes_at.isoformat().startswith("2026-04-30T15:59:59")


def test_it_lists_everything_that_keeps_a_round_from_opening(app: Flask, run: Run) -> None:
    run("instruments", "publish", DIGITAL)
    days = ("--opens", "2026-04-02", "--closes", "2026-04-01")
    empty = ("--title-zh", " ", "--title-en", "x" * 201, "--year", "2025")
    code, said = run("rounds", "open", *empty, *days, "digital/2024", "digital/1")
    assert code == 2
    assert said.splitlines() == [
        "--title-zh: is empty",
        "a title has more than 200 characters",
        "--closes: lies before --opens",
        "digital: a round holds each questionnaire once",
        "digital/1: is not published; known are names like digital/2024",
    ]
    assert run(*ROUND, "--opens", "tomorrow", "--closes", "2026-04-01", "digital/2024")[0] == 2
    assert count(app, Round) == 0


def test_it_finds_every_scorecard_that_no_longer_comes_out(app: Flask, run: Run) -> None:
    assert run("scores", "recompute", "--check") == (0, "0 scorecards, 0 differ\n")
    load(app.extensions["database"], app.config["SETTINGS"], 1, 5, NOW)
    made = count(app, Scorecard)
    assert made >= 2
    assert run("scores", "recompute", "--check") == (0, f"{made} scorecards, 0 differ\n")
    forge(app)
    code, said = run("scores", "recompute", "--check")
    assert code == 1
    assert f"{made + 1} scorecards, 1 differ" in said
    assert "level: stored 4, now " in said
    assert "card.rules_checksum: stored " in said


def forge(app: Flask) -> None:
    """A scorecard by another version, as a fault in the engine or somebody with the disk in hand could leave it."""
    with app.extensions["database"].write() as session:
        true = session.scalars(sa.select(Scorecard).order_by(Scorecard.id)).first()
        assert true is not None
        columns = {each.name: getattr(true, each.name) for each in Scorecard.__table__.columns if each.name != "id"}
        forged = {"engine_version": "0", "level": 4, "possible_level": 4, "card": {**true.card, "rules_checksum": "x"}}
        session.add(Scorecard(**{**columns, **forged}))


def test_a_card_of_an_earlier_engine_need_not_say_what_nobody_asked_of_it_then(app: Flask, run: Run) -> None:
    load(app.extensions["database"], app.config["SETTINGS"], 1, 5, NOW)
    made = count(app, Scorecard)
    with app.extensions["database"].write() as session:
        for number, true in enumerate(session.scalars(sa.select(Scorecard).order_by(Scorecard.id).limit(2)).all()):
            card = copy.deepcopy(true.card)
            for measure in card["measures"]:
                del measure["applicable"]
            card["measures"][0]["low"] = ["-1", card["measures"][0]["low"]][number]
            columns = {each.name: getattr(true, each.name) for each in Scorecard.__table__.columns if each.name != "id"}
            session.add(Scorecard(**{**columns, "engine_version": "1", "card": card}))
    code, said = run("scores", "recompute", "--check")
    assert code == 1
    assert f"{made + 2} scorecards, 1 differ" in said
    assert "card.measures: stored " in said


def test_it_never_changes_a_scorecard(run: Run) -> None:
    code, said = run("scores", "recompute")
    assert code == 2
    assert "--check" in said


def test_it_works_from_a_terminal(settings: Settings) -> None:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("SME_")},
        "SME_SECRET_KEY": settings.secret_key,
        "SME_DATABASE_URL": settings.database_url,
    }
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "instruments", "publish", str(DIGITAL)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (0, "digital/2024: published as revision 1\n"), done.stderr
