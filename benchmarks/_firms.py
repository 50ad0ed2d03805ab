"""Made-up firms for any instrument: answers, figures and city values at random, as a snapshot stores them."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

from questionnaires.answers import Answers
from questionnaires.exact import Rational, exact
from questionnaires.given import Reference
from questionnaires.instrument import Instrument
from questionnaires.items import FigureItem, Grid, Item, Multiple, Number, Scene, Single

YEAR: Final = 2025


def _multiple(item: Multiple, dice: random.Random) -> Any:
    taken = [option.id for option in item.options if not option.exclusive and dice.random() < 0.5]
    needed = {option.id: set(option.requires) for option in item.options}
    return [option for option in taken if needed[option] <= set(taken)] or [item.options[0].id]


def _grid(item: Grid, dice: random.Random) -> Any:
    return {row.id: dice.choice(item.options).id for row in item.rows}


def _number(item: Number, dice: random.Random) -> Any:
    low, high = item.minimum or Rational(0), item.maximum or Rational(100)
    step = 10**item.decimals
    return exact(Rational(dice.randint(int(low * step), int(high * step)), step))


ANSWERS: Final[Mapping[type[Item], Callable[[Any, random.Random], Any]]] = {
    Single: lambda item, dice: dice.choice(item.options).id,
    Multiple: _multiple,
    Scene: lambda item, dice: dice.randrange(len(item.levels)),
    Grid: _grid,
    Number: _number,
    FigureItem: lambda item, dice: None,
}


def stored(instrument: Instrument, dice: random.Random) -> str:
    """A snapshot's answers as JSON; about nine in ten items answered, nineteen in twenty figures known."""
    responses = {
        item.id: answer
        for item in instrument.items.values()
        if dice.random() < 0.9 and (answer := ANSWERS[type(item)](item, dice)) is not None
    }
    facts = [
        {"id": kind, "year": YEAR + offset, "value": dice.randint(1, 10_000_000)}
        for kind, offset in sorted(instrument.figures_asked)
        if dice.random() < 0.95
    ]
    references, industry = {}, dice.randrange(30)
    for reference in instrument.references:
        # a city has one pair for an industry, so they come again and again
        base, lead = sorted(random.Random(industry).sample(range(1, 1000), 2), reverse=reference.better == "lower")  # noqa: S311
        references[reference.id] = {"base": str(base), "lead": str(lead)}
    return json.dumps({"responses": responses, "facts": facts, "references": references})


@cache
def _reference(base: str, lead: str) -> Reference:
    return Reference(Rational(base), Rational(lead))


def read(line: str) -> Answers:
    """A stored snapshot as the scorer takes it."""
    found = json.loads(line)
    return Answers(
        found["responses"],
        {(fact["id"], fact["year"]): fact["value"] for fact in found["facts"]},
        YEAR,
        references={name: _reference(pair["base"], pair["lead"]) for name, pair in found["references"].items()},
    )
