"""What somebody sent for one section: the valid part, ready to store, and the faults of the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from questionnaires.answers import (
    MOST_REASON,
    Answers,
    cross_faults,
    derive,
    disagreement,
    is_answered,
    plain_text,
)
from questionnaires.faults import Fault, brief
from questionnaires.figures import Change, Derived
from questionnaires.given import Given
from questionnaires.items import Item, Response, Single, figures_asked
from questionnaires.parts import part_faults
from survey.answering import fields, figures
from survey.answering.queries import page_data, values
from survey.answering.work import Work
from survey.organisations.figures import Figure, Form, Typed, moved, read, slip_warnings

OTHER_FIELDS: Final = frozenset({"csrf_token", "rev", "then", "drawn"})
STORED_ALL_THE_SAME: Final = fields.OPEN | {"cross_error", "cross_warning"}
"""Faults that leave the answer as good as it was: something else is missing, or one of several may be the wrong one."""


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

    def refused(self) -> set[str]:
        """The items whose answer was not stored."""
        return _refused(self.faults)


def read_entry(form: Form, work: Work, complete: bool) -> Entry:
    """Reads a posted section. With `complete`, items that were asked and have no answer at all are faults as well."""
    faults = _strangers(form, work)
    responses, unsure = _responses(form, work, faults)
    typed, contested = _figures(form, work, faults)
    after = _with(work.known, typed)
    reasons = _reasons(form, work, faults)
    given = work.given(responses, values(after))
    derived = derive(work.section.items, work.instrument, values(after), work.year)
    for fault in _contradictions(work, given, responses, derived, {**work.notes, **reasons}):
        faults.setdefault(fault.path, fault)
    if complete:
        _unanswered(work, given, unsure, faults)
    faults = dict(_on_route(work, given, faults))
    kept, unsure = _without_refused(responses, unsure, work, faults)
    return Entry(page_data(kept, unsure), typed, contested, after, reasons, derived, faults)


def _strangers(form: Form, work: Work) -> dict[str, Fault]:
    """Names that this page never asked for: a page of another version, or somebody trying. One is named for all."""
    mine = {control for item in work.section.items for control in fields.names(item)}
    mine |= {prefix + item.id for item in _explained(work) for prefix in ("w-", "b-w-")}
    for figure in figures.asked_on(work.section, work.instrument, work.year).values():
        mine |= {figure.name, f"{figure.name}-unit", figure.confirm_name, figure.base_name}
    strange = next((name for name in form if name not in mine and name not in OTHER_FIELDS), None)
    return {} if strange is None else {"form": Fault("form", "unknown_item", {"name": brief(strange)})}


def _explained(work: Work) -> Iterator[Item]:
    return (item for item in work.section.items if item.id in work.ties.explained)


def _responses(form: Form, work: Work, faults: dict[str, Fault]) -> tuple[dict[str, Response], set[str]]:
    """What was given, and what was left open; items that were not on the page keep what they had."""
    responses: dict[str, Response] = {}
    unsure = set()
    for item in work.section.items:
        response = fields.read(form, item) if drawn(form, item) else work.page.responses.get(item.id)
        if isinstance(response, Fault):
            path = f"responses.{item.id}"  # also where one option of several is wrong
            faults[path] = replace(response, path=path)
            continue
        if response is not None:
            responses[item.id] = response
        if fields.is_unsure(form, item.id) if drawn(form, item) else item.id in work.page.open:
            unsure.add(item.id)
    return responses, unsure


def drawn(form: Form, item: Item) -> bool:
    """Whether the page had the item. Pages without routes have all, and do not say so."""
    return "drawn" not in form or item.id in form["drawn"].split()


def _refused(faults: Mapping[str, Fault]) -> set[str]:
    answers = {path: fault for path, fault in faults.items() if path.startswith("responses.")}
    return {path.removeprefix("responses.") for path, fault in answers.items() if fault.code not in STORED_ALL_THE_SAME}


def _without_refused(
    responses: Mapping[str, Response], unsure: set[str], work: Work, faults: Mapping[str, Fault]
) -> tuple[dict[str, Response], set[str]]:
    """What to store: an item with a fault keeps what it had before, be it an answer or "do not know yet"."""
    faulty, stored = _refused(faults), work.page
    kept = {item: response for item, response in stored.responses.items() if item in faulty}
    return (
        {**{item: response for item, response in responses.items() if item not in faulty}, **kept},
        {item for item in unsure if item not in faulty} | (stored.open & faulty),
    )


# -- figures -----------------------------------------------------------------------------------------------------------


def _figures(form: Form, work: Work, faults: dict[str, Fault]) -> tuple[list[Typed], list[Typed]]:
    """The figures to store, and those that a colleague has changed in the meantime."""
    typed: list[Typed] = []
    contested: list[Typed] = []
    for key, asked in figures.asked_on(work.section, work.instrument, work.year).items():
        stored = work.known.get(key)
        found = read(form, asked, stored)
        if isinstance(found, Fault):
            faults[found.path] = found
        elif found is not None and found.value != (stored and stored.value):
            (contested if moved(form, asked, stored) else typed).append(found)
        elif found is not None and stored is not None and found.unit != stored.unit:
            typed.append(found)
    sure = lambda each: form.get(each.asked.confirm_name) == str(each.value)  # noqa: E731
    slips = dict(slip_warnings(typed, values(work.known), sure))
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


# -- reasons -----------------------------------------------------------------------------------------------------------


def _reasons(form: Form, work: Work, faults: dict[str, Fault]) -> dict[str, str]:
    """The reasons that were changed on this page; one that only a colleague changed is left alone."""
    reasons = {}
    for item in _explained(work):
        text, base = (plain_text(form.get(prefix + item.id, "")) for prefix in ("w-", "b-w-"))
        if f"w-{item.id}" not in form or text in (base, work.notes.get(item.id, "")):
            continue
        if len(text) > MOST_REASON:
            faults[f"reasons.{item.id}"] = Fault(f"reasons.{item.id}", "reason_too_long", {"most": MOST_REASON})
        else:
            reasons[item.id] = text
    return reasons


# -- what does not fit together, and what is missing -------------------------------------------------------------------


def _contradictions(
    work: Work,
    given: Given,
    responses: Mapping[str, Response],
    derived: Mapping[str, Derived],
    reasons: Mapping[str, str],
) -> Iterator[Fault]:
    """Parts over wholes, choices against figures, and cross checks that this page alone can mend.

    Figures that do not fit are stored all the same, since either of the two may be the wrong one.
    """
    yield from part_faults(work.instrument, given.facts)
    for item_id in derived:
        fault = disagreement(work.instrument, item_id, responses, derived, reasons)
        if fault is not None:
            yield fault
    yield from cross_faults(given, reasons, work.ties.here[work.section.id])


def _unanswered(work: Work, given: Given, unsure: set[str], faults: dict[str, Fault]) -> None:
    """Items that were asked when the page was drawn; those that came up by this very save are asked next."""
    answers, seen = Answers(given.responses, given.facts, given.year), work.seen
    for item in work.section.items:
        dealt_with = item.id in unsure or is_answered(item, answers)
        if item.id in seen and not dealt_with and not _figure_fault(item, work.year, faults):
            fault = fields.missing(item)
            faults.setdefault(fault.path, fault)


def _figure_fault(item: Item, year: int, faults: Mapping[str, Fault]) -> bool:
    """Whether a figure that would answer the item has a fault already: one thing to change is enough."""
    if isinstance(item, Single) and isinstance(item.figures, Change):
        return False
    return any(f"facts.{kind}.{year + offset}" in faults for kind, offset in figures_asked(item))


def _on_route(work: Work, given: Given, faults: Mapping[str, Fault]) -> Iterator[tuple[str, Fault]]:
    """Without the faults of what is not asked any more, and of figures that this page does not ask."""
    shown = work.shown(given)
    items = [item for item in work.section.items if item.id in shown]
    asked = {f"facts.{kind}.{work.year + offset}" for item in items for kind, offset in figures_asked(item)}
    for path, fault in faults.items():
        kind, _dot, item_id = path.partition(".")
        if kind not in ("responses", "reasons", "facts") or item_id in shown or path in asked:
            yield path, fault
