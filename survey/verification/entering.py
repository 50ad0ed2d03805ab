"""What an assessor sent for one section: findings that are complete, and what is wrong with the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

from questionnaires.answers import MOST_REASON, plain_text
from questionnaires.faults import Fault
from questionnaires.instrument import Section
from questionnaires.items import FigureItem, Item, Response, Scene, figures_asked
from survey.answering import fields
from survey.organisations.figures import Asked, Figure, Form, Typed, first_unit, read, slip_warnings
from survey.verification.overlay import Found, Key, figure_name, figures_found, responses_found
from survey.verification.seen import FINDINGS, SEEN
from survey.verification.sheet import Case

ALL_OTHERS: Final = "others"
"""What the button sends that finds everything else on the page as stated."""
SECTION: Final = "section"
"""In place of an item: what was looked at for the whole section."""


@dataclass(frozen=True, slots=True)
class Entered:
    """`found` are the findings to store, by item and figure; `faults` what is wrong, by path."""

    found: Mapping[str, Found] = field(default_factory=dict)
    faults: Mapping[str, Fault] = field(default_factory=dict)


@dataclass(frozen=True)
class Sent:
    """One section of a case with the form that was sent for it."""

    case: Case
    section: Section
    form: Form

    @cached_property
    def items(self) -> list[Item]:
        """The items that the page had and that are still asked."""
        drawn = self.form.get("drawn", "").split()
        return [item for item in self.case.asked(self.section) if item.id in drawn]

    @cached_property
    def counted(self) -> dict[str, Response]:
        """The responses that count before this save: the page was drawn with them."""
        return responses_found(self.case.stated, self.case.findings)

    @cached_property
    def figures(self) -> dict[Key, int]:
        return figures_found(self.case.stated, self.case.findings)

    def seen(self, item: str) -> tuple[str, ...]:
        """What was looked at; where nothing is ticked at the item, what is ticked for the section."""
        return self.ticked(item) or self.ticked(SECTION)

    def ticked(self, item: str) -> tuple[str, ...]:
        given = self.form.getlist(f"seen-{item}")
        return tuple(each for each in SEEN if each in given)

    def finding(self, item: str) -> str:
        given = self.form.get(f"finding-{item}", "")
        if given in FINDINGS:
            return given
        return "same" if self.takes_rest and item not in self.case.findings and not self.case.is_new(item) else ""

    @property
    def takes_rest(self) -> bool:
        """Whether everything that has no finding is found as stated: an explicit press, and something was looked at."""
        return self.form.get("then") == ALL_OTHERS and bool(self.ticked(SECTION))

    def reason(self, item: str) -> str:
        return plain_text(self.form.get(f"reason-{item}", ""))

    @cached_property
    def typed(self) -> dict[Key, Typed | Fault]:
        """The figures that were changed on the page, or what is wrong with them."""
        found = {}
        for asked in figures_on(self.case, self.items):
            stored = self.figures.get(asked.key)
            one = read(self.form, asked, None if stored is None else Figure(stored, first_unit(asked.kind)))
            if isinstance(one, Fault) or (one is not None and one.value != stored):
                found[asked.key] = one
        return found


def figures_on(told: Case, items: list[Item]) -> Iterator[Asked]:
    """The figures that these items ask for, each once."""
    keys = {(kind, told.stated.reference_year + offset) for item in items for kind, offset in figures_asked(item)}
    return (Asked(told.instrument.fact_kinds[kind], year) for kind, year in sorted(keys))


def read_section(sent: Sent) -> Entered:
    """Everything that was found, and every fault; an item with a fault keeps what it had."""
    found: dict[str, Found] = {}
    faults: dict[str, Fault] = {}
    slips = _slips(sent)
    if sent.form.get("then") == ALL_OTHERS and not sent.ticked(SECTION):
        faults[f"seen.{SECTION}"] = Fault(f"seen.{SECTION}", "nothing_seen_at_all")
    for item in sent.items:
        wrong = list(_faults(sent, item, slips))
        if wrong:
            faults.update((fault.path, fault) for fault in wrong)
        elif sent.finding(item.id):
            found.update(_found(sent, item))
    return Entered(found, faults)


# -- what is wrong -----------------------------------------------------------------------------------------------------


def _faults(sent: Sent, item: Item, slips: Mapping[Key, Fault]) -> Iterator[Fault]:
    """What is wrong with one item's finding, its value, its figures; one that nobody has begun has no fault."""
    finding = sent.finding(item.id)
    if len(sent.reason(item.id)) > MOST_REASON:
        yield Fault(f"reason.{item.id}", "reason_too_long", {"most": MOST_REASON})
    if not finding:
        if _is_begun(sent, item):
            yield Fault(f"finding.{item.id}", "no_finding")
        return
    if not sent.seen(item.id) and finding != "not_shown":
        yield Fault(f"seen.{item.id}", "nothing_seen")
    if finding == "same":
        yield from _same_faults(sent, item)
    else:
        yield from _value_faults(sent, item, slips)


def _is_begun(sent: Sent, item: Item) -> bool:
    return bool(sent.reason(item.id) or sent.ticked(item.id) or _differs(sent, item))


def _differs(sent: Sent, item: Item) -> bool:
    """Whether the page says something else than what it was drawn with."""
    return _response(sent, item) != sent.counted.get(item.id) or bool(_own_typed(sent, item))


def _same_faults(sent: Sent, item: Item) -> Iterator[Fault]:
    """As stated, and yet another value was ticked; or nothing was stated since it was not asked."""
    stated = sent.case.stated
    if sent.case.is_new(item.id):
        yield Fault(f"finding.{item.id}", "not_stated")
        return
    response = _response(sent, item)
    other = response not in (sent.counted.get(item.id), stated.responses.get(item.id))
    typed = _own_typed(sent, item).items()
    if other or any(isinstance(one, Fault) or one.value != stated.facts.get(key) for key, one in typed):
        yield Fault(f"finding.{item.id}", "same_but_other")


def _value_faults(sent: Sent, item: Item, slips: Mapping[Key, Fault]) -> Iterator[Fault]:
    if not sent.reason(item.id):
        yield Fault(f"reason.{item.id}", "no_reason")
    response = _response(sent, item)
    if isinstance(response, Fault):
        yield replace(response, path=f"responses.{item.id}")
    wrong = [each for each in _own_typed(sent, item).values() if isinstance(each, Fault)]
    yield from wrong
    yield from (slips[key] for key in _own_typed(sent, item) if key in slips)
    if not wrong and not isinstance(response, Fault) and _says_nothing(sent, item, response):
        yield Fault(f"responses.{item.id}", f"value_for_{sent.finding(item.id)}")


def _says_nothing(sent: Sent, item: Item, response: Response | None) -> bool:
    """Whether the value that counts is still what was stated, or none at all.

    Of a scene of which nothing was shown the lowest level counts, of figures that nothing; neither has to be said.
    """
    if sent.finding(item.id) == "not_shown" and isinstance(item, Scene | FigureItem):
        return False
    if isinstance(item, FigureItem):
        return not _changed(sent, item)
    if response is None:
        return not fields.is_unsure(sent.form, item.id)
    return response == sent.case.stated.responses.get(item.id) and not _changed(sent, item)


def _changed(sent: Sent, item: Item) -> bool:
    """Whether any figure of the item differs from what was stated, or its tick that there is none."""
    typed, stated = sent.typed, sent.case.stated
    for kind, offset in figures_asked(item):
        key = (kind, stated.reference_year + offset)
        one = typed.get(key)
        value = one.value if isinstance(one, Typed) else sent.figures.get(key)
        if value != stated.facts.get(key):
            return True
    return isinstance(item, FigureItem) and _response(sent, item) != stated.responses.get(item.id)


def _slips(sent: Sent) -> dict[Key, Fault]:
    """Figures that look wrong and were not confirmed, most often by their unit."""
    typed = [each for each in sent.typed.values() if isinstance(each, Typed)]
    sure = lambda each: sent.form.get(each.asked.confirm_name) == str(each.value)  # noqa: E731
    values = {each.asked.key: each.value for each in typed}
    found = {}
    for (kind, year), text in slip_warnings(typed, sent.figures, sure):
        path = f"facts.{kind}.{year}"
        found[kind, year] = Fault(path, "slip", {"text": text, "value": values[kind, year]})
    return found


# -- what was found ----------------------------------------------------------------------------------------------------


def _response(sent: Sent, item: Item) -> Response | Fault | None:
    return fields.read(sent.form, item)


def _own_typed(sent: Sent, item: Item) -> dict[Key, Typed | Fault]:
    """The figures changed on the page that this item asks for."""
    year = sent.case.stated.reference_year
    keys = {(kind, year + offset) for kind, offset in figures_asked(item)}
    return {key: each for key, each in sent.typed.items() if key in keys}


def _found(sent: Sent, item: Item) -> Iterator[tuple[str, Found]]:
    """The finding of an item and of the figures that go with it."""
    finding, stated = sent.finding(item.id), sent.case.stated
    one = Found(finding, None, sent.seen(item.id), sent.reason(item.id) if finding != "same" else "")
    yield item.id, replace(one, value=_value(sent, item, finding))
    typed = {key: each.value for key, each in _own_typed(sent, item).items() if isinstance(each, Typed)}
    mine = {key for key, home in sent.case.homes.items() if home == item.id} | set(typed)
    for key in sorted(mine):
        yield figure_name(key), _figure(one, key, stated.facts.get(key), _amount(sent, item, key, typed))


def _value(sent: Sent, item: Item, finding: str) -> object:
    """The response that counts, as it is stored."""
    stated = sent.case.stated.responses.get(item.id)
    if finding == "same":
        return _plain(stated)
    response = _response(sent, item)
    assert not isinstance(response, Fault)
    if finding == "not_shown" and isinstance(item, Scene) and response == stated:
        return 0
    return _plain(response)


def _plain(response: Response | None) -> object:
    return list(response) if isinstance(response, tuple) else response


def _amount(sent: Sent, item: Item, key: Key, typed: Mapping[Key, int | None]) -> int | None:
    """The amount that counts for a figure of an item."""
    if sent.finding(item.id) == "same":
        return sent.case.stated.facts.get(key)
    if sent.finding(item.id) == "not_shown" and isinstance(item, FigureItem) and not typed:
        return None
    return typed[key] if key in typed else sent.figures.get(key)


def _figure(one: Found, key: Key, stated: int | None, value: int | None) -> Found:
    """A figure that is as stated is found so, whatever became of the others of its item."""
    if value == stated:
        return replace(one, finding="same", value=value, reason="")
    return replace(one, finding="not_shown" if one.finding == "not_shown" else "changed", value=value)
