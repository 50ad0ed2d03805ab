"""`python -m scoring roadmap DEFINITION.yaml RESPONSES.json`: the cheapest changes to the next level, as JSON."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from questionnaires.answers import clean
from questionnaires.faults import DefinitionError, Fault, sentence
from questionnaires.text import LANGUAGES
from scoring.making import scorer_from
from scoring.roadmap import Plan, Roadmap, roadmap
from scoring.roadmap_changes import read_lock
from scoring.roadmap_sentences import told
from scoring.scorer import Scorer

MOST_SECONDS: Final = 2.0


def main(arguments: Sequence[str]) -> int:
    """0 with the roadmap (`null` at the highest level); 2 when the definition, an answer or a lock is wrong."""
    options = _parser().parse_args(arguments)
    try:
        scorer = scorer_from(Path(options.definition))
        text = sys.stdin.read() if options.responses == "-" else Path(options.responses).read_text(encoding="utf-8-sig")
        raw = json.loads(text, parse_float=Decimal)
    except DefinitionError as error:
        return _refuse(error.faults, options.language)
    except (OSError, ValueError, RecursionError) as error:
        return _refuse([Fault("", "shape", {"message": str(error)})], options.language)
    locks = {text: read_lock(text, scorer.instrument) for text in options.lock}
    known = ", ".join(scorer.instrument.items)
    faults = [
        Fault(f"--lock {name}", "unknown_name", {"name": name, "known": known}) for name in locks if not locks[name]
    ]
    cleaned = clean(scorer.instrument, raw)
    if faults or cleaned.faults:
        return _refuse([*faults, *cleaned.faults], options.language)
    end = time.monotonic() + options.seconds
    found = roadmap(scorer, cleaned.answers, [lock for lock in locks.values() if lock], lambda: time.monotonic() > end)
    print(json.dumps(found and _data(found, scorer, options.language), ensure_ascii=False, indent=2))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m scoring roadmap", description=__doc__)
    parser.add_argument("definition", help="a questionnaire definition (YAML)")
    parser.add_argument("responses", help="answers (JSON); - reads standard input")
    parser.add_argument(
        "--lock",
        action="append",
        default=[],
        metavar="ITEM[:OPTION]",
        help="not possible: an item, or one of its options, levels or rows; may be given several times",
    )
    parser.add_argument("--seconds", type=float, default=MOST_SECONDS, help="after which the best found so far counts")
    parser.add_argument("--language", choices=LANGUAGES, default="en", help="of messages and sentences")
    return parser


def _data(found: Roadmap, scorer: Scorer, language: str) -> dict[str, Any]:
    words = told(found, scorer, language)
    return {
        "level": found.level,
        "reachable": found.reachable,
        "plan": _plan(found.plan),
        "alternative": _plan(found.alternative),
        "missing": [asdict(each) for each in found.missing],
        "explanation": asdict(words),
    }


def _plan(plan: Plan | None) -> dict[str, Any] | None:
    if plan is None:
        return None
    return {
        "effort": plan.effort,
        "paper": plan.paper,
        "level": plan.level,
        "optimal": plan.optimal,
        "bound": plan.bound,
        "steps": [
            {
                "item": step.change.item,
                "row": step.change.row,
                "from": step.change.start,
                "to": step.change.to,
                "effort": step.change.effort,
                "work": step.change.work,
                "assumed": step.change.assumed,
                "points": step.points,
                "conditions_met": [list(gain.path) for gain in step.gains if gain.met],
            }
            for step in plan.steps
        ],
    }


def _refuse(faults: Sequence[Fault], language: str) -> int:
    for fault in faults:
        print(f"{fault.path or '(top)'}: {sentence(fault, language)}", file=sys.stderr)
    return 2
