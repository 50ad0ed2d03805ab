"""The JSON Schema of a definition file, for editors that check and complete while one writes.

It is made from the models that read definitions, so it cannot say anything else than they do. What no schema can say
(names that stand for something, weights that add up, levels that can be reached) `flask instruments check` says.
"""

from __future__ import annotations

import json
from typing import Annotated, Any, Final

from pydantic import BaseModel, WithJsonSchema, create_model
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from questionnaires import catalogue
from questionnaires.exact import Rational, exact
from questionnaires.facts import FactKind
from questionnaires.instrument import Instrument
from scoring.ladder import Check, Ladder
from scoring.tree import Node

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
ABOUT: Final = "A questionnaire definition: what is asked, what an answer is worth, and what a level takes."
EXACT: Final[JsonSchemaValue] = {
    "description": "An exact number: whole, with decimals, or in quotes (“59.975”, “97/3”).",
    "anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^-?\d{1,30}(\.\d{1,30}|/[1-9]\d{0,29})?$"}],
}
# Statements over answers have the same names as conditions over everything.
NAMES: Final = {"questionnaires__statements__": "Answer", "scoring__conditions__": ""}
# What may stand in many places is said once, under a name of its own; each is known by its first member.
UNIONS: Final = {
    "Single": "Item",
    "FactValue": "Value",
    "Chosen": "Statement",
    "MeasureAtLeast": "Condition",
    "OptionRule": "Rule",
}


def schema() -> dict[str, Any]:
    """The whole schema, draft 2020-12."""
    made = definition_model().model_json_schema(schema_generator=_Generator)
    text = json.dumps(made, ensure_ascii=False)
    for long, short in NAMES.items():
        text = text.replace(long, short)
    shared: dict[str, Any] = {"Exact": EXACT}
    whole = _said_once(json.loads(text), shared)
    definitions = dict(sorted({**whole.pop("$defs"), **shared}.items()))
    return {"$schema": DIALECT, **whole, "title": "Definition", "$defs": definitions}


def _said_once(part: Any, shared: dict[str, Any]) -> Any:
    """The same with references to `shared` parts, which are added there; without what says nothing."""
    if isinstance(part, list):
        return [_said_once(each, shared) for each in part]
    if not isinstance(part, dict):
        return part
    kept = {
        key: _said_once(value, shared)
        for key, value in part.items()
        if key != "discriminator" and not (key == "default" and value is None)
    }
    name = _shared_name(kept)
    if name is None:
        return kept
    shared.setdefault(name, {key: value for key, value in kept.items() if key in ("oneOf", "anyOf", "description")})
    return {"$ref": f"#/$defs/{name}", **{key: value for key, value in kept.items() if key == "default"}}


def _shared_name(part: dict[str, Any]) -> str | None:
    if part.get("anyOf") == EXACT["anyOf"]:
        return "Exact"
    first = (part.get("oneOf") or [{}])[0].get("$ref", "")
    return UNIONS.get(first.rpartition("/")[2])


def schema_text() -> str:
    """The schema as docs/definition.schema.json holds it."""
    return json.dumps(schema(), ensure_ascii=False, indent=1) + "\n"


def definition_model() -> type[BaseModel]:
    """The instrument with the parts that the scoring package reads, and shared figures by their id."""
    shared = {"enum": sorted(catalogue.fact_kinds()), "description": "A figure of the shared dictionary, facts.yaml."}
    fact = Annotated[str, WithJsonSchema(shared)] | FactKind
    return create_model(
        "Definition",
        __base__=Instrument,
        __doc__=ABOUT,
        facts=(tuple[fact, ...], ()),
        tree=(Node | None, None),
        ladder=(Ladder | None, None),
        checks=(tuple[Check, ...], ()),
    )


class _Generator(GenerateJsonSchema):
    """Exact numbers, names that look like numbers, and no titles that only repeat a key."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def function_before_schema(self, schema: core_schema.BeforeValidatorFunctionSchema) -> JsonSchemaValue:
        """`Exact` is the one type that is read by a function."""
        read = schema["function"]["function"]
        return dict(EXACT) if read.__module__ == exact.__module__ else super().function_before_schema(schema)

    def decimal_schema(self, schema: core_schema.DecimalSchema) -> JsonSchemaValue:
        return dict(EXACT)

    def str_schema(self, schema: core_schema.StringSchema) -> JsonSchemaValue:
        made = super().str_schema(schema)
        return {**made, "type": ["string", "number"]} if made == {"type": "string"} else made

    def encode_default(self, dft: Any) -> Any:
        return exact(dft) if isinstance(dft, Rational) else super().encode_default(dft)
