"""`python -m scoring` as somebody runs it: a process of its own, files and streams, exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from questionnaires.catalogue import DEFINITIONS
from scoring.scorecard import Scorecard
from tests.scoring import made
from tests.scoring.digital import SCORER, WORKED, rated, scored

ROOT = Path(__file__).parents[2]
DIGITAL = str(DEFINITIONS / "digital" / "2024.yaml")
SMALL = str(made.DEFINITIONS / "small.yaml")
FIRM = {"responses": {**WORKED, **rated(5, 3, 2)}}


def run(*arguments: str, text: str | bytes = "", **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "scoring", *arguments],
        input=text if isinstance(text, bytes) else text.encode(),
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, **environment},
        check=False,
    )


def written(path: Path, value: Any) -> str:
    path.write_text(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False), encoding="utf-8")
    return str(path)


def test_it_prints_the_scorecard_as_json(tmp_path: Path) -> None:
    done = run(DIGITAL, written(tmp_path / "firm.json", FIRM))
    assert (done.returncode, done.stderr) == (0, b"")
    card = Scorecard.model_validate_json(done.stdout)
    assert card == scored(FIRM["responses"])
    assert (card.total.points, card.level, card.possible_level) == ("48.5", 2, 2)
    printed = json.loads(done.stdout)
    assert printed["measures"][0] == {
        "id": "total", "parent": None, "points": "48.5", "low": "48.5", "high": "48.5", "maximum": "100",
        "answered": "1", "applicable": "yes", "redistributed": None, "values": [],
    }  # fmt: skip
    assert {condition["state"] for step in printed["ladder"] for condition in step["conditions"]} == {"met", "unmet"}


def test_it_reads_standing_input_and_a_byte_order_mark() -> None:
    plain = run(DIGITAL, "-", text=json.dumps(FIRM))
    marked = run(DIGITAL, "-", text=b"\xef\xbb\xbf" + json.dumps(FIRM).encode())
    assert plain.returncode == marked.returncode == 0
    assert plain.stdout == marked.stdout


def test_it_reads_facts_as_exact_numbers(tmp_path: Path) -> None:
    facts = [{"id": "equipment", "year": 2025, "value": 3}, {"id": "equipment_digital", "year": 2025, "value": 1}]
    firm = {"responses": {}, "facts": facts, "reference_year": 2025}
    done = run(DIGITAL, written(tmp_path / "firm.json", firm))
    trace = next(trace for trace in json.loads(done.stdout)["trace"] if trace["item"] == "q2")
    assert (trace["response"], trace["low"], trace["after"]["value"]) == ("C", "3", "1/3")


def test_it_scores_json_lines_line_by_line(tmp_path: Path) -> None:
    lines = [json.dumps(FIRM, ensure_ascii=False), "", json.dumps({"responses": {}})]
    done = run(DIGITAL, written(tmp_path / "firms.jsonl", "\n".join(lines)))
    assert done.returncode == 0
    cards = [Scorecard.model_validate_json(line) for line in done.stdout.splitlines()]
    assert [(card.level, card.possible_level) for card in cards] == [(2, 2), (0, 4)]
    assert run(DIGITAL, "-", "--lines", text="\n".join(lines)).stdout == done.stdout


def test_a_line_ends_only_at_a_line_feed(tmp_path: Path) -> None:
    line = '{"responses": {}, "reasons": {"q12": "one\u2028two\u0085three"}}'
    done = run(DIGITAL, written(tmp_path / "firms.jsonl", f"{line}\r\n{line}\n"))
    assert (done.returncode, len(done.stdout.splitlines())) == (0, 2)


def test_a_bad_line_becomes_its_faults_and_the_others_are_scored(tmp_path: Path) -> None:
    lines = [json.dumps(FIRM), '{"responses": {"q2": "Z", "s1": 9}}', "nonsense", json.dumps(FIRM)]
    done = run(DIGITAL, written(tmp_path / "firms.jsonl", "\n".join(lines)))
    assert done.returncode == 2
    out = [json.loads(line) for line in done.stdout.splitlines()]
    assert [sorted(entry) == ["faults"] for entry in out] == [False, True, True, False]
    assert [fault["path"] for fault in out[1]["faults"]] == ["responses.q2", "responses.s1"]
    assert out[1]["faults"][0]["message"] == "there is no option “Z”"
    assert "line 2: responses.q2: " in done.stderr.decode()
    assert "line 3: (top): not valid JSON" in done.stderr.decode()


def test_every_fault_of_an_answer_is_printed_with_its_path(tmp_path: Path) -> None:
    firm = {"responses": {"q2": "Z", "q99": "A", "q1": ["A", "B"]}, "facts": [{"id": "x"}], "more": 1}
    done = run(DIGITAL, written(tmp_path / "firm.json", firm))
    assert (done.returncode, done.stdout) == (2, b"")
    paths = {line.split(": ")[0] for line in done.stderr.decode().splitlines()}
    assert paths == {"responses.q2", "responses.q99", "responses.q1", "facts[0].id", "more", "reference_year"}


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (lambda raw: made.item(raw, "weak").update(source="NOBODY"), "sections.main.weak.source"),
        (lambda raw: made.item(raw, "weak").pop("label"), "sections.main.weak"),
        (lambda raw: made.node(raw, "chain").pop("weight"), "tree.total.chain"),
    ],
)
def test_every_fault_of_a_definition_is_printed_with_its_path(change: Any, path: str, tmp_path: Path) -> None:
    raw = made.plain("small")
    change(raw)
    raw["tree"]["title"] = {"zh_CN": "总分"}  # a missing language is no fault here
    definition = written(tmp_path / "spoiled.yaml", yaml.safe_dump(raw, allow_unicode=True))
    done = run(definition, written(tmp_path / "firm.json", {"responses": {}}))
    assert (done.returncode, done.stdout) == (2, b"")
    assert [line.split(": ")[0] for line in done.stderr.decode().splitlines()] == [path]


@pytest.mark.parametrize("text", ["", "[]", "3", "null", '{"responses": []}', "{", '{"facts": 1, "facts": 1}',
                                  '{"responses": {"q2": 1e9999999999999999999}}', "[" * 3000, b"\xff{}"])  # fmt: skip
def test_it_refuses_anything_else_without_a_traceback(text: str | bytes) -> None:
    done = run(DIGITAL, "-", text=text)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr
    assert b"Traceback" not in done.stderr


def test_a_file_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    for arguments in ((str(tmp_path / "no.yaml"), "-"), (DIGITAL, str(tmp_path / "no.json")), (str(tmp_path), "-")):
        done = run(*arguments)
        assert done.returncode == 2
        assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Level 2", "2 chosen, 2 points each: 4 points", "Score at least 60 points: now 48.5, unmet"]),
        ("zh_CN", ["二级", "选中 2 项，每项 2 分，得 4 分", "得分不低于 60 分：现在48.5，未达标"]),
    ],
)
def test_it_explains_every_point_and_condition_in_both_languages(
    language: str, words: list[str], tmp_path: Path
) -> None:
    firm = written(tmp_path / "firm.json", FIRM)
    # whatever the machine's own encoding is
    done = run(DIGITAL, firm, "--explain", "--language", language, PYTHONIOENCODING="latin-1", PYTHONUTF8="0")
    explanation = json.loads(done.stdout)["explanation"]
    assert explanation["level"] == words[0]
    assert explanation["indicators"]["network"] == words[1]
    assert len(explanation["indicators"]) == len(SCORER.leaves)
    assert words[2] in [sentence for step in explanation["ladder"].values() for sentence in step]
    assert [len(sentences) for sentences in explanation["checks"].values()] == [2, 3, 2]


def fact(name: str, **more: int) -> dict[str, Any]:
    return {"fact": name, **more}


def compared(value: Any, **bound: Any) -> dict[str, Any]:
    return {"kind": "compare", "value": value, **bound}


ONE = {"kind": "chosen", "item": "weak", "any": ["B"]}
# A condition, and how it is told in English and in Chinese: each with one colon, and no value without a name.
TOLD: list[tuple[dict[str, Any], str, str]] = [
    (ONE, "Item weak answered “B”: unmet", "题 weak选“B”：未达标"),
    ({"kind": "chosen", "item": "weak", "none": ["B"]}, "Item weak not answered “B”: met", "题 weak不选“B”：达标"),
    ({"kind": "chosen", "item": "several", "any": ["B", "C"]},
     "Item several at least one of (B; C): met", "题 several至少选其中一项（B、C）：达标"),
    ({"kind": "not", "condition": ONE}, "not (Item weak answered “B”): met", "不属于（题 weak选“B”）：达标"),
    ({"kind": "only_if", "if": ONE, "then": compared(fact("revenue"), above=0)},
     "Revenue above 0 ten thousand yuan (only where Item weak answered “B”): not applicable",
     "营业收入高于 0 万元（仅当题 weak选“B”时）：不适用"),
    (compared({"ratio": [fact("digital_spending"), fact("revenue")]}, at_least="0.03"),
     "Digital spending ÷ Revenue at least 3%: unknown", "数字化投入 ÷ 营业收入不低于 3%：待核实"),
    (compared({"growth": fact("revenue")}, above="0.1"),
     "growth of Revenue above 10%: unknown", "营业收入的增长率高于 10%：待核实"),
    (compared({"growth": fact("revenue"), "years": 3}, above="0.1"),
     "growth of Revenue over 3 years above 10%: unknown", "营业收入 3 年间的增长率高于 10%：待核实"),
    (compared({"product": [{"sum": [fact("revenue"), fact("revenue", year=-1)]}, "0.5"]}, above=0),
     "(Revenue + Revenue (a year earlier)) × 0.5 above 0: unknown",
     "（营业收入 + 营业收入（前一年）） × 0.5高于 0：待核实"),
    (compared({"yearly": fact("revenue"), "years": [0, -1, -2], "together": "mean"}, above=fact("revenue", year=-2)),
     "Revenue (mean of 3 years) above Revenue (2 years earlier): unknown",
     "营业收入（3 年平均）高于 营业收入（2 年前）：待核实"),
    (compared({"least": [fact("revenue"), {"earlier": fact("revenue")}]}, above=0),
     "smallest of (Revenue; Revenue (a year earlier)) above 0 ten thousand yuan: unknown",
     "其中最小的（营业收入、营业收入（前一年））高于 0 万元：待核实"),
    (compared(fact("staff"), at_least=1), "Staff at least 1 person: unknown", "从业人员不低于 1 人：待核实"),
    (compared({"sum": [fact("revenue") for _ in range(30)]}, above=0),
     "the value above 0 ten thousand yuan: unknown", "计算值高于 0 万元：待核实"),
    (compared({"earlier": {"ratio": [fact("digital_spending"), fact("revenue")]}}, at_least="0.035"),
     "(Digital spending ÷ Revenue) (a year earlier) at least 3.5%: unknown",
     "（数字化投入 ÷ 营业收入）（前一年）不低于 3.5%：待核实"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "place"), [("en", 1), ("zh_CN", 2)])
def test_conditions_are_told_with_one_colon_and_name_their_values(language: str, place: int, tmp_path: Path) -> None:
    raw = made.plain("small")
    for option in made.item(raw, "weak")["options"] + made.item(raw, "several")["options"]:
        option["label"] = {"zh_CN": option["id"]}
    raw["facts"] = [*dict.fromkeys([*raw["facts"], "revenue", "digital_spending", "staff"])]
    raw["sections"][0]["items"].append(
        {"id": "money", "type": "figures", "label": {"zh_CN": "数据", "en": "Figures"},
         "asks": [{"fact": name, "years": [0, -1, -2, -3]} for name in ("revenue", "digital_spending", "staff")]}
    )  # fmt: skip
    raw["checks"] = [{"id": "told", "title": {"zh_CN": "told"}, "conditions": [entry[0] for entry in TOLD]}]
    definition = written(tmp_path / "told.yaml", made.text(raw))
    firm = written(tmp_path / "firm.json", {"responses": {"weak": "A", "several": ["B"]}})
    done = run(definition, firm, "--explain", "--language", language)
    assert done.stderr == b""
    assert json.loads(done.stdout)["explanation"]["checks"]["told"] == [entry[place] for entry in TOLD]


def test_faults_are_told_in_the_language_asked_for(tmp_path: Path) -> None:
    firm = written(tmp_path / "firm.json", {"responses": {"q2": "Z"}})
    assert "没有“Z”这个选项" in run(DIGITAL, firm, "--language", "zh_CN", PYTHONUTF8="1").stderr.decode()
    assert "there is no option “Z”" in run(DIGITAL, firm, PYTHONUTF8="1").stderr.decode()


def test_half_a_character_in_a_name_does_not_stop_the_lines(tmp_path: Path) -> None:
    done = run(DIGITAL, written(tmp_path / "firms.jsonl", '{"responses": {"\\ud800": 1}}\n{"responses": {}}\n'))
    assert done.returncode == 2
    assert len(done.stdout.splitlines()) == 2


def test_it_needs_neither_web_nor_database() -> None:
    code = (
        "import sys; from scoring.__main__ import main; main(sys.argv[1:]);"
        "print([name for name in sys.modules if name.split('.')[0] in "
        "{'flask', 'sqlalchemy', 'survey', 'babel', 'jinja2', 'werkzeug'}], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, DIGITAL, "-"],
        input=b'{"responses": {}}',
        capture_output=True,
        cwd=ROOT,
        check=True,
    )
    assert done.stderr.decode().strip() == "[]"
    assert json.loads(done.stdout)["level"] == 0
