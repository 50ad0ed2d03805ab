"""How long a large definition takes to check: read, every fault looked for, made ready to score.

Run `python -m benchmarks.checking`. The definition is made here from the digital one: choices, scenes, figures, routes,
rules and a ladder. The baseline, measured in the same rounds, is what reading alone costs with PyYAML's C loader, which
checks nothing.
"""

from __future__ import annotations

import argparse
import copy
import tempfile
from pathlib import Path
from typing import Any, Final

import yaml

from benchmarks._timing import interleaved
from questionnaires.catalogue import DEFINITIONS
from scoring import scorer_from
from scoring.making import _cached

ITEMS: Final = 1_000
TARGET: Final = 2.0  # seconds


def definition(items: int) -> dict[str, Any]:
    """The digital questionnaire's own items over and over under new names, one in seven asked of some firms only."""
    text = (DEFINITIONS / "digital" / "2024.yaml").read_text(encoding="utf-8")
    raw: dict[str, Any] = yaml.load(text, Loader=yaml.CSafeLoader)  # the safe loader, in C
    given = [item for section in raw["sections"] for item in section["items"]]
    rules = {node["rule"]["item"]: node["rule"] for node in _leaves(raw["tree"])}
    made, leaves = [], []
    for number in range(items):
        source = given[number % len(given)]
        item = {**copy.deepcopy(source), "id": f"i{number}", "number": str(number)}
        if number % 7 == 6:
            item["when"] = {"kind": "chosen", "item": "i0", "any": ["B", "C"]}
        elif source["id"] in rules:
            rule = {**rules[source["id"]], "item": item["id"]}
            leaves.append({"id": f"m{number}", "title": item["short"], "weight": 1, "rule": rule})
        made.append(item)
    section = {**raw["sections"][0], "items": made}
    tree = {**raw["tree"], "children": leaves, "weights_total": len(leaves)}
    steps = [{**step, "conditions": [_threshold(tree, step)]} for step in raw["ladder"]["steps"]]
    return {**raw, "sections": [section], "tree": tree, "ladder": {**raw["ladder"], "steps": steps}, "checks": []}


def _leaves(node: dict[str, Any]) -> list[dict[str, Any]]:
    return [leaf for child in node["children"] for leaf in _leaves(child)] if "children" in node else [node]


def _threshold(tree: dict[str, Any], step: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "measure_at_least", "measure": tree["id"], "points": 20 * step["level"]}


class _Plain(yaml.CSafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


def check(file: Path) -> None:
    _cached.cache_clear()  # a definition seen before would be ready at once
    scorer_from(file)


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "large.yaml"
        text = yaml.dump(definition(options.items), Dumper=_Plain, allow_unicode=True, sort_keys=False)
        file.write_text(text, encoding="utf-8")
        baseline = "PyYAML's C loader, nothing checked (baseline)"
        sides = {
            baseline: lambda: yaml.load(text, Loader=yaml.CSafeLoader),  # the safe loader, in C
            "read, check everything, make ready to score": lambda: check(file),
        }
        seconds = interleaved(sides, options.rounds, 1)
    print(f"a definition of {options.items:,} items, {len(text) / 1e6:.1f} MB, medians of {options.rounds} rounds")
    for name, each in seconds.items():
        print(f"  {name:<50}{each:8.2f} s  {each / seconds[baseline]:6.2f} × baseline")
    worst = max(list(seconds.values())[1:])
    print(f"target: {TARGET:.0f} s: {'reached' if worst < TARGET else 'MISSED'}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.checking", description=__doc__)
    parser.add_argument("--items", type=int, default=ITEMS)
    parser.add_argument("--rounds", type=int, default=5)
    return parser.parse_args()


if __name__ == "__main__":
    main()
