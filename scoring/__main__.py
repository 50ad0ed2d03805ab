"""`python -m scoring DEFINITION.yaml RESPONSES.json`: the scorecard as JSON; JSON Lines in, JSON Lines out."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from io import TextIOWrapper
from pathlib import Path
from typing import Any, Final

from questionnaires.answers import clean
from questionnaires.faults import DefinitionError, Fault, sentence
from questionnaires.text import LANGUAGES
from scoring import roadmap_command
from scoring.making import scorer_from
from scoring.schema import schema_text
from scoring.scorer import Scorer
from scoring.sentences import told


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when everything was scored; 2 when the definition or a response is wrong: then every fault is printed."""
    for stream in (sys.stdin, sys.stdout):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8-sig" if stream is sys.stdin else "utf-8")  # wherever it runs
    words = sys.argv[1:] if arguments is None else list(arguments)
    if words[:1] and words[0] in COMMANDS:
        return COMMANDS[words[0]](words[1:])
    options = _parser().parse_args(words)
    try:
        scorer = scorer_from(Path(options.definition))
    except DefinitionError as error:
        return _refuse(error.faults, options)
    except (OSError, UnicodeDecodeError) as error:
        return _refuse([Fault(options.definition, "shape", {"message": str(error)})], options)
    try:
        text = sys.stdin.read() if options.responses == "-" else Path(options.responses).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        return _refuse([Fault(options.responses, "shape", {"message": str(error)})], options)
    return _score_lines(scorer, text, options) if _is_lines(options) else _score_one(scorer, text, options)


def _schema(arguments: Sequence[str]) -> int:
    """`python -m scoring schema`: the JSON Schema of definition files, for editors."""
    argparse.ArgumentParser(prog="python -m scoring schema", description=_schema.__doc__).parse_args(arguments)
    sys.stdout.write(schema_text())
    return 0


COMMANDS: Final[Mapping[str, Callable[[Sequence[str]], int]]] = {"schema": _schema, "roadmap": roadmap_command.main}
"""What is done where the first word is one of these and not a definition. A new one is one line here."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m scoring",
        description=__doc__,
        epilog="Also: python -m scoring roadmap …, python -m scoring schema",
    )
    parser.add_argument("definition", help="a questionnaire definition (YAML)")
    parser.add_argument("responses", help="answers (JSON, or JSON Lines in a .jsonl file); - reads standard input")
    parser.add_argument("--lines", action="store_true", help="the input is JSON Lines whatever its name")
    parser.add_argument("--explain", action="store_true", help="add a sentence for every point and condition")
    parser.add_argument("--language", choices=LANGUAGES, default="en", help="of messages and explanations")
    return parser


def _is_lines(options: argparse.Namespace) -> bool:
    return bool(options.lines) or str(options.responses).endswith((".jsonl", ".ndjson"))


def _score_one(scorer: Scorer, text: str, options: argparse.Namespace) -> int:
    card, faults = _scored(scorer, text, options)
    if faults:
        return _refuse(faults, options)
    print(json.dumps(card, ensure_ascii=False, indent=2))
    return 0


def _score_lines(scorer: Scorer, text: str, options: argparse.Namespace) -> int:
    """One line out for each line in; a line that cannot be scored becomes its faults, and the exit code 2."""
    worst = 0
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        card, faults = _scored(scorer, line, options)
        if faults:
            worst = _refuse(faults, options, f"line {number}: ")
            card = {"faults": [{"path": fault.path, "message": sentence(fault, options.language)} for fault in faults]}
        print(json.dumps(card, ensure_ascii=False, separators=(",", ":")))
    return worst


def _scored(scorer: Scorer, text: str, options: argparse.Namespace) -> tuple[Any, Sequence[Fault]]:
    try:
        raw = json.loads(text, parse_float=Decimal, object_pairs_hook=_once)
    except (ValueError, ArithmeticError, RecursionError) as error:
        return None, [Fault("", "shape", {"message": f"not valid JSON: {error}"})]
    cleaned = clean(scorer.instrument, raw)
    if cleaned.faults:
        return None, cleaned.faults
    card = scorer.score(cleaned.answers)
    data = card.model_dump(mode="json")
    if options.explain:
        data["explanation"] = told(card, scorer, options.language)
    return data, ()


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = [key for key, _ in pairs]
    if len(set(keys)) < len(keys):
        raise ValueError(f"a key is given twice among {', '.join(sorted(keys))[:200]}")
    return dict(pairs)


def _refuse(faults: Iterable[Fault], options: argparse.Namespace, before: str = "") -> int:
    for fault in faults:
        print(f"{before}{fault.path or '(top)'}: {sentence(fault, options.language)}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
