"""Routes: which items are asked of a firm. Answers to others are kept with the draft, and count nowhere."""

from __future__ import annotations

from collections.abc import Mapping

from questionnaires.figures import Facts
from questionnaires.given import Given, Reference
from questionnaires.instrument import Instrument
from questionnaires.items import Response
from questionnaires.statements import HOLDING, State, all_of


def travelled(
    instrument: Instrument,
    responses: Mapping[str, Response],
    facts: Facts,
    year: int,
    references: Mapping[str, Reference] | None = None,
) -> Given:
    """What is given on the route. An item whose `when` is not decided yet is neither on the route nor off it."""
    if not instrument.has_routes:
        return Given(instrument, responses, facts, year, references or {})
    kept = dict(responses)
    off: set[str] = set()
    undecided: set[str] = set()
    given = Given(instrument, kept, facts, year, references or {}, off, undecided)  # it is settled on the way
    for section_when, together in instrument.route_plan:
        here: State = "met" if section_when is None else section_when(given)
        for when, names in together:
            state = here if when is None else when(given) if here == "met" else all_of([here, when(given)])
            if state not in HOLDING:
                (off if state == "unmet" else undecided).update(names)
                for name in names:
                    kept.pop(name, None)
    return given


def asked(given: Given) -> frozenset[str]:
    """The items that are surely on the route."""
    return frozenset(given.instrument.items) - given.off - given.undecided
