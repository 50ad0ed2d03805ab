"""Reading definitions: a YAML file becomes an `Instrument`, or one error that lists every fault with its path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from questionnaires.checks import faults_in
from questionnaires.facts import FactKind
from questionnaires.faults import DefinitionError, Fault, some
from questionnaires.instrument import Instrument
from questionnaires.plain_yaml import MOST_ITEMS, read_yaml
from questionnaires.shape import read_as

DEFINITIONS: Final = Path(__file__).parent / "definitions"
MOST_MEGABYTES: Final = 5


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


@cache
def fact_kinds() -> Mapping[str, FactKind]:
    """Every kind of the shared dictionary by id, whether a questionnaire asks for it or not."""
    raw = read_yaml((DEFINITIONS / "facts.yaml").read_text(encoding="utf-8"))
    kinds = [FactKind.model_validate(fact) for fact in raw["facts"]]
    return {kind.id: kind for kind in kinds}


def _shared_facts() -> dict[str, dict[str, Any]]:
    return {kind_id: kind.model_dump() for kind_id, kind in fact_kinds().items()}


def validated(raw: Any) -> tuple[Instrument | None, list[Fault]]:
    """The instrument in plain data and its faults; no instrument where the data do not even have its shape.

    Of keys that are not known the instrument has been freed, so that everything else is found as well.
    """
    strange: list[Fault] = []
    if isinstance(raw, dict) and isinstance(raw.get("facts"), list):
        shared = _shared_facts()
        named = [fact for fact in raw["facts"] if isinstance(fact, str) and fact not in shared]
        strange = [Fault(f"facts.{name}", "fact_unknown", {"name": name, "known": some(shared)}) for name in named]
        facts = [fact for fact in raw["facts"] if fact not in named]
        raw = {**raw, "facts": [shared[fact] if isinstance(fact, str) else fact for fact in facts]}
    instrument, faults = read_as(Instrument, raw)
    if instrument is None:
        return None, strange + faults
    if len(instrument.items) > MOST_ITEMS:
        return None, [Fault("sections", "too_many_items", {"most": MOST_ITEMS})]
    return instrument, [*strange, *faults, *faults_in(instrument)]
