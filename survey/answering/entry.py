"""What somebody sent for one section: the valid part, ready to store, and the faults of the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from questionnaires.answers import MOST_REASON, derive, disagreement, part_faults, plain_text
from questionnaires.faults import Fault, brief
from questionnaires.figures import Derived
from questionnaires.instrument import Instrument, Section
from questionnaires.items import Response, Single
from survey.answering import fields, figures
from survey.answering.queries import Page, page_data, values
from survey.answering.rendering import asks_reason
from survey.organisations.figures import Figure, Form, Typed, moved, read, slip_warnings

OTHER_FIELDS = frozenset({"csrf_token", "rev", "then"})


@dataclass(frozen=True, slots=True)
class Entry:
    """`data` is what the section holds when the faulty items keep what they had; `facts` are the changed figures.

    `contested` are figures that a colleague changed to something else after the page was drawn; `known` are all
    figures as they are with `facts`; `reasons` are those that were changed.
    """

    data: dict[str, Any]
    facts: list[Typed]
    contested: list[Typed]
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
    notes: Mapping[str, str],
    complete: bool,
) -> Entry:
    """Reads a posted section. With `complete`, items without any answer are faults as well."""
    faults = _strangers(form, section, instrument, reference_year)
    responses, unsure = _responses(form, section, stored, faults)
    typed, contested = _figures(form, section, instrument, reference_year, known, faults)
    after = _with(known, typed)
    reasons = _reasons(form, section, notes, faults)
    _check_figures(figures.asked_on(section, instrument, reference_year), instrument, after, faults)
    derived = derive(section.items, instrument, values(after), reference_year)
    for item_id in derived:
        fault = disagreement(instrument, item_id, responses, derived, {**notes, **reasons})
        if fault is not None:
            faults.setdefault(fault.path, fault)
    if complete:
        _unanswered(section, responses, unsure, derived, faults)
    kept, unsure = _without_faulty(responses, unsure, stored, faults)
    return Entry(page_data(kept, unsure), typed, contested, after, reasons, derived, faults)


def _strangers(form: Form, section: Section, instrument: Instrument, year: int) -> dict[str, Fault]:
    """Names that this page never asked for: a page of another version, or somebody trying. One is named for all."""
    mine = {fields.name(item.id) for item in section.items}
    mine |= {prefix + item.id for item in section.items if asks_reason(item) for prefix in ("w-", "b-w-")}
    for figure in figures.asked_on(section, instrument, year).values():
        mine |= {figure.name, f"{figure.name}-unit", figure.confirm_name, figure.base_name}
    strange = next((name for name in form if name not in mine and name not in OTHER_FIELDS), None)
    return {} if strange is None else {"form": Fault("form", "unknown_item", {"name": brief(strange)})}


def _responses(
    form: Form, section: Section, stored: Page, faults: dict[str, Fault]
) -> tuple[dict[str, Response], set[str]]:
    responses: dict[str, Response] = {}
    unsure = set()
    for item in section.items:
        response = fields.read(form, item)
        if isinstance(response, Fault):
            path = f"responses.{item.id}"  # also where one option of several is wrong
            faults[path] = replace(response, path=path)
        elif response is not None:
            responses[item.id] = response
        elif fields.is_unsure(form, item.id):
            unsure.add(item.id)
    return responses, unsure


def _without_faulty(
    responses: Mapping[str, Response], unsure: set[str], stored: Page, faults: Mapping[str, Fault]
) -> tuple[dict[str, Response], set[str]]:
    """What to store: an item with a fault keeps what it had before, be it an answer or "do not know yet"."""
    faulty = {path.removeprefix("responses.") for path, fault in faults.items() if fault.code != "unanswered"}
    kept = {item: response for item, response in stored.responses.items() if item in faulty}
    return (
        {**{item: response for item, response in responses.items() if item not in faulty}, **kept},
        {item for item in unsure if item not in faulty} | (stored.open & faulty),
    )


def _figures(
    form: Form,
    section: Section,
    instrument: Instrument,
    year: int,
    known: Mapping[tuple[str, int], Figure],
    faults: dict[str, Fault],
) -> tuple[list[Typed], list[Typed]]:
    """The figures to store, and those that a colleague has changed in the meantime."""
    typed: list[Typed] = []
    contested: list[Typed] = []
    for key, asked in figures.asked_on(section, instrument, year).items():
        stored = known.get(key)
        found = read(form, asked, stored)
        if isinstance(found, Fault):
            faults[found.path] = found
        elif found is not None and found.value != (stored and stored.value):
            (contested if moved(form, asked, stored) else typed).append(found)
        elif found is not None and stored is not None and found.unit != stored.unit:
            typed.append(found)
    slips = dict(slip_warnings(typed, values(known), lambda each: form.get(each.asked.confirm_name) == str(each.value)))
    faults.update(_slip(each, slips[each.asked.key]) for each in typed if each.asked.key in slips)
    return [each for each in typed if each.asked.key not in slips], contested


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


def _reasons(form: Form, section: Section, notes: Mapping[str, str], faults: dict[str, Fault]) -> dict[str, str]:
    """The reasons that were changed on this page; one that only a colleague changed is left alone."""
    reasons = {}
    for item in section.items:
        text, base = (plain_text(form.get(prefix + item.id, "")) for prefix in ("w-", "b-w-"))
        if not asks_reason(item) or f"w-{item.id}" not in form or text in (base, notes.get(item.id, "")):
            continue
        if len(text) > MOST_REASON:
            faults[f"reasons.{item.id}"] = Fault(f"reasons.{item.id}", "reason_too_long", {"most": MOST_REASON})
        else:
            reasons[item.id] = text
    return reasons


def _check_figures(
    asked: Mapping[tuple[str, int], object],
    instrument: Instrument,
    known: Mapping[tuple[str, int], Figure],
    faults: dict[str, Fault],
) -> None:
    """Parts over wholes; such figures are stored all the same, since either of the two may be the wrong one."""
    here = {f"facts.{kind}.{year}" for kind, year in asked}
    for fault in part_faults(instrument, values(known)):
        if fault.path in here:
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
        if item.id not in responses and item.id not in unsure and not follows and not _figure_fault(item, faults):
            faults.setdefault(f"responses.{item.id}", Fault(f"responses.{item.id}", "unanswered"))


def _figure_fault(item: object, faults: Mapping[str, Fault]) -> bool:
    """Whether a figure that would answer the item has a fault already: one thing to change is enough."""
    if not isinstance(item, Single) or item.figures is None or asks_reason(item):
        return False
    kinds = {kind for quantity in item.figures.quantities() for kind in quantity.facts()}
    return any(path.startswith("facts.") and path.split(".")[1] in kinds for path in faults)
