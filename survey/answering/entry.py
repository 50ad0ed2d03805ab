"""What somebody sent for one section: the valid part, ready to store, and the faults of the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from questionnaires.answers import MOST_REASON, derive, disagreement, part_faults
from questionnaires.faults import Fault
from questionnaires.figures import Derived
from questionnaires.instrument import Instrument, Section
from questionnaires.items import Response
from survey.answering import fields, figures
from survey.answering.queries import Page, page_data, values
from survey.answering.rendering import asks_reason
from survey.organisations.figures import Figure, Form, Typed, read, slip_warnings

OTHER_FIELDS = frozenset({"csrf_token", "rev", "then"})
PREFIXES = ("r-", "f-", "b-", "w-")


@dataclass(frozen=True, slots=True)
class Entry:
    """`data` is what the section holds when the faulty items keep what they had; `facts` are the changed figures."""

    data: dict[str, Any]
    facts: list[Typed]
    known: dict[tuple[str, int], Figure]
    reasons: dict[str, str]
    derived: dict[str, Derived]
    faults: dict[str, Fault]


def read_entry(
    form: Form,
    section: Section,
    instrument: Instrument,
    reference_year: int,
    stored: Page,
    known: Mapping[tuple[str, int], Figure],
    complete: bool,
) -> Entry:
    """Reads a posted section. With `complete`, items without any answer are faults as well."""
    faults = _strangers(form, section, instrument, reference_year)
    responses, unsure = _responses(form, section, stored, faults)
    typed = _figures(form, section, instrument, reference_year, known, faults)
    after = _with(known, typed)
    reasons = _reasons(form, section, faults)
    _check_figures(section, instrument, after, faults)
    derived = derive(section.items, instrument, values(after), reference_year)
    for item_id in derived:
        fault = disagreement(instrument, item_id, responses, derived, reasons)
        if fault is not None:
            faults.setdefault(fault.path, fault)
    if complete:
        _unanswered(section, responses, unsure, derived, faults)
    kept = _without_faulty(responses, stored, faults)
    return Entry(page_data(kept, unsure), typed, after, reasons, derived, faults)


def _strangers(form: Form, section: Section, instrument: Instrument, year: int) -> dict[str, Fault]:
    """Names that this page never asked for: a page of another version, or somebody trying."""
    asked = figures.asked_on(section, instrument, year)
    mine = {fields.name(item.id) for item in section.items} | {f"w-{item.id}" for item in section.items}
    for figure in asked.values():
        mine |= {figure.name, f"{figure.name}-unit", f"{figure.name}-sure", f"b-{figure.kind.id}-{figure.year}"}
    strange = [name for name in form if name not in mine and name not in OTHER_FIELDS]
    return {name[:80]: Fault(name[:80], "unknown_item", {"name": name[:80]}) for name in strange}


def _responses(
    form: Form, section: Section, stored: Page, faults: dict[str, Fault]
) -> tuple[dict[str, Response], set[str]]:
    responses: dict[str, Response] = {}
    unsure = set()
    for item in section.items:
        response = fields.read(form, item)
        if isinstance(response, Fault):
            faults[response.path] = response
        elif response is not None:
            responses[item.id] = response
        elif fields.is_unsure(form, item.id):
            unsure.add(item.id)
    return responses, unsure


def _without_faulty(
    responses: Mapping[str, Response], stored: Page, faults: Mapping[str, Fault]
) -> dict[str, Response]:
    """The responses to store: an item with a fault keeps what it had before."""
    faulty = {path.removeprefix("responses.") for path, fault in faults.items() if fault.code != "unanswered"}
    kept = {item: response for item, response in stored.responses.items() if item in faulty}
    return {**{item: response for item, response in responses.items() if item not in faulty}, **kept}


def _figures(
    form: Form,
    section: Section,
    instrument: Instrument,
    year: int,
    known: Mapping[tuple[str, int], Figure],
    faults: dict[str, Fault],
) -> list[Typed]:
    typed = []
    for key, asked in figures.asked_on(section, instrument, year).items():
        found = read(form, asked, known.get(key))
        if isinstance(found, Fault):
            faults[found.path] = found
        elif found is not None:
            typed.append(found)
    slips = dict(
        slip_warnings(typed, values(known), lambda each: form.get(f"{each.asked.name}-sure") == str(each.value))
    )
    faults.update(_slip(each, slips[each.asked.key]) for each in typed if each.asked.key in slips)
    return [each for each in typed if each.asked.key not in slips]


def _slip(typed: Typed, text: str) -> tuple[str, Fault]:
    """A figure that looks wrong is not stored until it is confirmed; the text is in the reader's language already."""
    path = f"facts.{typed.asked.kind.id}.{typed.asked.year}"
    return path, Fault(path, "slip", {"text": text, "value": typed.value})


def _with(known: Mapping[tuple[str, int], Figure], typed: list[Typed]) -> dict[tuple[str, int], Figure]:
    after = dict(known)
    for figure in typed:
        if figure.value is None:
            after.pop(figure.asked.key, None)
        else:
            after[figure.asked.key] = Figure(figure.value, figure.unit)
    return after


def _reasons(form: Form, section: Section, faults: dict[str, Fault]) -> dict[str, str]:
    reasons = {}
    for item in section.items:
        text = form.get(f"w-{item.id}", "").strip()
        if len(text) > MOST_REASON:
            faults[f"reasons.{item.id}"] = Fault(f"reasons.{item.id}", "reason_too_long", {"most": MOST_REASON})
        elif f"w-{item.id}" in form and asks_reason(item):
            reasons[item.id] = text
    return reasons


def _check_figures(
    section: Section, instrument: Instrument, known: Mapping[tuple[str, int], Figure], faults: dict[str, Fault]
) -> None:
    """Parts over wholes; such figures are stored all the same, since either of the two may be the wrong one."""
    for fault in part_faults(instrument, values(known)):
        faults.setdefault(fault.path, fault)


def _unanswered(
    section: Section,
    responses: Mapping[str, Response],
    unsure: set[str],
    derived: Mapping[str, Derived],
    faults: dict[str, Fault],
) -> None:
    for item in section.items:
        follows = item.id in derived and derived[item.id].before is None
        if item.id not in responses and item.id not in unsure and not follows:
            faults.setdefault(f"responses.{item.id}", Fault(f"responses.{item.id}", "unanswered"))
