"""Reading definitions: a YAML file becomes an `Instrument`, or one error that lists every fault with its path."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import ValidationError

from questionnaires.checks import faults_in
from questionnaires.facts import FactKind
from questionnaires.faults import DefinitionError, Fault
from questionnaires.instrument import Instrument

DEFINITIONS: Final = Path(__file__).parent / "definitions"
MOST_MEGABYTES: Final = 5
MOST_ITEMS: Final = 5_000
MOST_DEPTH: Final = 60
# What the loader raises for values it cannot make: a day that does not exist, a list as a key, half a character.
NOT_YAML: Final = (yaml.YAMLError, ValueError, ArithmeticError, TypeError, LookupError, AttributeError, RecursionError)


def builtin(questionnaire: str, version: str) -> Instrument:
    """The instrument shipped with the product under that name."""
    return load(DEFINITIONS / questionnaire / f"{version}.yaml")


def shipped() -> Iterator[Path]:
    """Every definition file shipped with the product."""
    return iter(sorted(DEFINITIONS.glob("*/*.yaml")))


def load(path: Path) -> Instrument:
    """The instrument in a YAML file. Raises `DefinitionError` with all its faults, `OSError` if it cannot be read.

    Whether it can be scored is for the scoring package to say: `scoring.scorer_from` lists those faults as well.
    """
    return _sound(*validated(read(path)))


def parse(text: str) -> Instrument:
    """The instrument in a YAML text; facts named only by id are taken from the shared dictionary."""
    return _sound(*validated(read_yaml(text)))


def read(path: Path) -> Any:
    """The plain data in a YAML file, not looked at yet."""
    if path.stat().st_size > MOST_MEGABYTES * 1_000_000:
        raise DefinitionError([Fault(path.name, "too_large", {"megabytes": MOST_MEGABYTES})])
    return read_yaml(path.read_text(encoding="utf-8"))


def _sound(instrument: Instrument | None, faults: list[Fault]) -> Instrument:
    if instrument is None or faults:
        raise DefinitionError(faults)
    return instrument


@cache
def from_json(text: str) -> Instrument:
    """The instrument that `to_json` wrote."""
    return Instrument.model_validate_json(text)


def read_yaml(text: str) -> Any:
    """Plain data from YAML: numbers as `Decimal`, no aliases, no duplicate keys."""
    try:
        raw, faults = _read(text)
    except NOT_YAML as error:
        raise DefinitionError([Fault("", "yaml", {"message": " ".join(str(error).split())})]) from None
    if faults:
        raise DefinitionError(faults)
    return raw


def _read(text: str) -> tuple[Any, list[Fault]]:
    """Refused before anything is built: aliases, a few of which can stand for gigabytes, and endless nesting."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if getattr(event, "anchor", None):
            return None, [Fault("", "anchors")]
        if depth > MOST_DEPTH:
            return None, [Fault("", "too_deep", {"most": MOST_DEPTH})]
    loader = _Loader(text)
    return loader.get_single_data(), loader.faults


class _Loader(yaml.CSafeLoader):
    """The safe loader, with exact numbers and an eye on keys given twice (YAML itself keeps the last one silently)."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.faults: list[Fault] = []

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                continue  # the safe loader refuses it
            if key.value in seen:
                self.faults.append(Fault(f"line {key.start_mark.line + 1}", "twice", {"name": key.value}))
            seen.add(key.value)
        return super().construct_mapping(node, deep)

    def construct_decimal(self, node: yaml.ScalarNode) -> Decimal:
        return Decimal(str(self.construct_scalar(node)).replace("_", ""))


_Loader.add_constructor("tag:yaml.org,2002:float", _Loader.construct_decimal)


@cache
def fact_kinds() -> Mapping[str, FactKind]:
    """Every kind of the shared dictionary by id, whether a questionnaire asks for it or not."""
    raw = read_yaml((DEFINITIONS / "facts.yaml").read_text(encoding="utf-8"))
    kinds = [FactKind.model_validate(fact) for fact in raw["facts"]]
    return {kind.id: kind for kind in kinds}


def _shared_facts() -> dict[str, dict[str, Any]]:
    return {kind_id: kind.model_dump() for kind_id, kind in fact_kinds().items()}


def validated(raw: Any) -> tuple[Instrument | None, list[Fault]]:
    """The instrument in plain data and its faults; no instrument where the data do not even have its shape."""
    if isinstance(raw, dict) and isinstance(raw.get("facts"), list):
        shared = _shared_facts()
        raw = {**raw, "facts": [shared.get(fact, fact) if isinstance(fact, str) else fact for fact in raw["facts"]]}
    try:
        instrument = Instrument.model_validate(raw)
    except ValidationError as error:
        return None, [Fault(_path(entry["loc"]), "shape", {"message": entry["msg"]}) for entry in error.errors()]
    if len(instrument.items) > MOST_ITEMS:
        return None, [Fault("sections", "too_many_items", {"most": MOST_ITEMS})]
    return instrument, list(faults_in(instrument))


def _path(location: tuple[int | str, ...]) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in location).lstrip(".")
