"""Answer quality: what looks odd in a set of answers, put as questions. It never changes a score.

The firm sees the notes before it submits; reviewers see those that stood at submit. Nothing here says that an answer is
wrong: every note can have a good reason.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, Literal

from questionnaires.answers import Answers
from questionnaires.exact import exact, shown
from questionnaires.given import Given
from questionnaires.instrument import Instrument, Plausible, Quality
from questionnaires.items import Grid, Item, Multiple, Scene, Single, figures_asked
from questionnaires.needed import figures_needed, items_of
from questionnaires.routes import asked
from questionnaires.text import LANGUAGES, Strict, Text
from questionnaires.value_kinds import NamedValue
from questionnaires.values import Value, known
from scoring.making import scorer_for

Kind = Literal["contradiction", "plausible", "alike", "lowest", "rise", "fall"]
OUTLYING: Final = 10  # so many times the year before, or one so-manieth of it, is asked about

SENTENCES: Final[Mapping[Kind, tuple[str, str]]] = {
    "contradiction": ("{question_zh_CN}", "{question_en}"),
    "plausible": ("{question_zh_CN}（现在是 {shown_zh_CN}）", "{question_en} (now {shown_en})"),
    "alike": (
        "从“{first_zh_CN}”到“{last_zh_CN}”，连续 {count} 处选了同样的答案。每一处都符合企业的实际情况吗？",
        "From “{first_en}” to “{last_en}”, {count} answers in a row are the same. Does each of them fit the firm?",
    ),
    "lowest": (
        "从“{first_zh_CN}”到“{last_zh_CN}”，连续 {count} 处选了最低的一档。企业确实都还没有开始做吗？",
        "From “{first_en}” to “{last_en}”, {count} answers in a row are the lowest. Has none of it begun yet?",
    ),
    "rise": (
        "“{label_zh_CN}”{year} 年是 {now}，{before_year} 年是 {before}，约为上一年的 {times} 倍。数字和单位都对吗？",
        "“{label_en}”: {now} for {year}, {before} for {before_year}, {times} times as much. Are number and unit right?",
    ),
    "fall": (
        "“{label_zh_CN}”{year} 年是 {now}，{before_year} 年是 {before}，不超过上一年的十分之一。数字和单位都对吗？",
        "“{label_en}”: {now} for {year}, {before} for {before_year}, a tenth or less. Are number and unit right?",
    ),
}


class Note(Strict):
    """One question about the answers. `items` are where to look; `values` fill the gaps of its sentence.

    `id` is that of the contradiction, the value or the figure; `model_dump` is the form in which it is kept.
    """

    kind: Kind
    id: str
    items: tuple[str, ...]
    values: dict[str, str]

    def sentence(self, language: str) -> str:
        return SENTENCES[self.kind][LANGUAGES.index(language)].format(**self.values)


def notes(instrument: Instrument, answers: Answers) -> tuple[Note, ...]:
    """Every question that these answers raise: contradictions, unlikely values, answers alike, figures that jump.

    Only what is on the route is looked at. Contradictions and bounds are the definition's own.
    """
    given = answers.given(instrument)
    quality, on_route = instrument.quality or Quality(), asked(given)
    found = [*_contradictions(quality, given, on_route), *_implausible(quality, given, on_route)]
    if quality.straight_lining is not None:
        found += _straight_lines(quality.straight_lining.longest, given)
    return (*found, *_jumps(given, on_route))


def _contradictions(quality: Quality, given: Given, on_route: Collection[str]) -> Iterator[Note]:
    for each in quality.contradictions:
        if each.if_.state(given) == "met":
            items = tuple(item for item in each.items if item in on_route)
            yield Note(kind="contradiction", id=each.id, items=items, values=_both("question", each.question))


def _implausible(quality: Quality, given: Given, on_route: Collection[str]) -> Iterator[Note]:
    for each in quality.plausible:
        value = known(each.value, given)
        if value is None or _plausible(each, value):
            continue
        bounds = {"at_least": each.at_least, "at_most": each.at_most}
        values = {
            **_both("question", each.question),
            **{f"shown_{language}": _shown(each.value, value, given, language) for language in LANGUAGES},
            "value": exact(value),
            **{name: exact(bound) for name, bound in bounds.items() if bound is not None},
        }
        items = tuple(item for item in _read_by(each.value, given.instrument) if item in on_route)
        yield Note(kind="plausible", id=each.id, items=items, values=values)


def _plausible(each: Plausible, value: Fraction) -> bool:
    return (each.at_least is None or value >= each.at_least) and (each.at_most is None or value <= each.at_most)


def _shown(value: Value, number: Fraction, given: Given, language: str) -> str:
    """A named value in its own unit, any other number as it is."""
    if not isinstance(value, NamedValue):
        return _grouped(number)
    derivation = given.instrument.values[value.value]
    unit = derivation.unit.say(language) if derivation.unit else ""
    return f"{_grouped(number * derivation.times)}{'' if unit in ('', '%') else ' '}{unit}"


def _read_by(value: Value, instrument: Instrument) -> Iterator[str]:
    """The items whose answers or figures a value is worked out from, in the order they are asked."""
    named = {name: derivation.calculation for name, derivation in instrument.values.items()}
    answered, figures = set(items_of(value, instrument)), set(figures_needed(value, named))
    return (item.id for item in instrument.items.values() if item.id in answered or figures & set(figures_asked(item)))


# -- answers alike

Mark = tuple[object, ...]
"""A way of answering: the choices there were and the one taken, or `LOWEST`."""
LOWEST: Final[Mark] = ("lowest",)


def _straight_lines(longest: int, given: Given) -> list[Note]:
    """The longest run of answers alike, where it is longer than the definition allows."""
    run, lowest = _longest_run(list(_marked(given)))
    if len(run) <= longest:
        return []
    items = tuple(dict.fromkeys(run))
    first, last = (given.instrument.items[item].short for item in (run[0], run[-1]))
    values = {**_both("first", first), **_both("last", last), "count": str(len(run))}
    return [Note(kind="lowest" if lowest else "alike", id="straight_lining", items=items, values=values)]


def _longest_run(answers: list[tuple[str, frozenset[Mark]]]) -> tuple[list[str], bool]:
    """The items of the longest run that share a mark, and whether that mark is the lowest answer."""
    began: dict[Mark, int] = {}
    start = length = 0
    shared: Mark = ()
    for place, (_item, marks) in enumerate(answers):
        began = {mark: began.get(mark, place) for mark in marks}
        for mark, first in began.items():
            if place - first + 1 > length:
                start, length, shared = first, place - first + 1, mark
    return [item for item, _marks in answers[start : start + length]], shared == LOWEST


def _marked(given: Given) -> Iterator[tuple[str, frozenset[Mark]]]:
    """Every answer on the route with its marks, a row of a grid as one answer; without marks it ends every run."""
    lowest = _lowest_options(given.instrument)
    for item in given.instrument.items.values():
        if item.id not in given.off:
            for choices, chosen in _choices(item, given.responses.get(item.id)):
                low = {LOWEST} if chosen is not None and chosen in lowest[item.id] else set()
                yield item.id, frozenset({(choices, chosen)} | low if choices and chosen is not None else low)


def _choices(item: Item, response: Any) -> Iterator[tuple[tuple[object, ...], object]]:
    """The choices of an item, or of each row of a grid, and what was chosen of them."""
    if isinstance(item, Scene):
        yield tuple(range(len(item.levels))), response
    elif isinstance(item, Single):
        yield tuple(option.id for option in item.options), response
    elif isinstance(item, Grid):
        ids = tuple(option.id for option in item.options)
        yield from ((ids, (response or {}).get(row.id)) for row in item.rows)
    else:
        yield (), response[0] if isinstance(item, Multiple) and response and len(response) == 1 else None


def _lowest_options(instrument: Instrument) -> dict[str, set[object]]:
    """The answers to each item that say "nothing yet": a scene at 0, "none of these", and what earns least."""
    found: dict[str, set[object]] = {}
    for item in instrument.items.values():
        exclusive = {option.id for option in getattr(item, "options", ()) if option.exclusive}
        found[item.id] = {0} if isinstance(item, Scene) else exclusive
    for measure in scorer_for(instrument).measures.values():
        weights = getattr(measure.node.rule, "weights", None)
        if isinstance(weights, dict) and weights and not isinstance(instrument.items.get(_item(measure)), Multiple):
            least = min(weights.values())
            found[_item(measure)] |= {option for option, weight in weights.items() if weight == least}
    return found


def _item(measure: Any) -> str:
    return str(getattr(measure.node.rule, "item", ""))


# -- figures that jump


def _jumps(given: Given, on_route: Collection[str]) -> Iterator[Note]:
    """Figures asked on the route that are ten times those of the year before, or a tenth of them."""
    asked_by: dict[tuple[str, int], list[str]] = {}
    for item in given.instrument.items.values():
        for kind, offset in figures_asked(item) if item.id in on_route else ():
            asked_by.setdefault((kind, given.year + offset), []).append(item.id)
    for kind, year in asked_by:
        now, before = given.fact(kind, year), given.fact(kind, year - 1)
        if (kind, year - 1) not in asked_by or now is None or before is None or before <= 0:
            continue
        found: Kind | None = "rise" if now >= before * OUTLYING else "fall" if now * OUTLYING <= before else None
        if found is not None:
            items = tuple(dict.fromkeys(asked_by[kind, year] + asked_by[kind, year - 1]))
            yield Note(kind=found, id=kind, items=items, values=_jump(given, kind, year, before, now))


def _jump(given: Given, kind: str, year: int, before: Fraction, now: Fraction) -> dict[str, str]:
    years = {"year": str(year), "before_year": str(year - 1)}
    figures = {"now": _grouped(now), "before": _grouped(before), "times": _grouped(Fraction(int(now / before)))}
    return {**_both("label", given.instrument.fact_kinds[kind].label), **years, **figures}


# -- words


def _both(name: str, text: Text) -> dict[str, str]:
    return {f"{name}_{language}": text.say(language) for language in LANGUAGES}


def _grouped(number: Fraction) -> str:
    """Two decimals, four below 1, thousands separated and cut: `48,263,517.4`."""
    return f"{Decimal(shown(number, 2 if abs(number) >= 1 else 4)):,}"
