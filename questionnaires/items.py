"""Items: what one question accepts. Adding a type is one class here and its line in `Item`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from questionnaires.choices import Asked, Option, SceneLevel, labels, named, unknown_option
from questionnaires.exact import Exact, exact
from questionnaires.facts import read_number
from questionnaires.faults import Fault, brief
from questionnaires.figures import Figures
from questionnaires.text import Strict, Text

Response = str | tuple[str, ...] | int | Mapping[str, str]
"""An option or a number's exact text, several options in the definition's order, a scene's level, options by row."""

NONE: Final = "none"  # the response to a `figures` item of a firm that has nothing of the kind


class Single(Asked):
    """One option. With `figures`, figures of the firm decide or question the choice."""

    type: Literal["single"]
    options: tuple[Option, ...]
    figures: Figures | None = None

    def option(self, option_id: str) -> Option:
        return next(option for option in self.options if option.id == option_id)

    def clean(self, path: str, raw: object) -> str | Fault | None:
        if raw is None:
            return None
        raw = named(raw)
        if not isinstance(raw, str):
            return Fault(path, "not_one_option")
        return raw if any(raw == option.id for option in self.options) else unknown_option(path, raw)

    def words(self, response: Response, language: str) -> list[str]:
        return [self.option(str(response)).label.say(language)]


class Multiple(Asked):
    """Any number of options that do not contradict each other. Choosing nothing is not an answer."""

    type: Literal["multiple"]
    options: tuple[Option, ...]

    def option(self, option_id: str) -> Option:
        return next(option for option in self.options if option.id == option_id)

    @cached_property
    def counted(self) -> frozenset[str]:
        """The options that count as something: all but those that stand alone."""
        return frozenset(option.id for option in self.options if not option.exclusive)

    def clean(self, path: str, raw: object) -> tuple[str, ...] | Fault | None:
        if raw is None or raw == [] or raw == ():
            return None
        if not isinstance(raw, list | tuple):
            return Fault(path, "not_a_list")
        known = {option.id for option in self.options}
        raw = [named(option_id) for option_id in raw]
        for position, option_id in enumerate(raw):
            if not isinstance(option_id, str) or option_id not in known:
                return unknown_option(f"{path}[{position}]", option_id)
            if option_id in raw[:position]:
                return Fault(f"{path}[{position}]", "option_twice", {"option": option_id})
        chosen = [option for option in self.options if option.id in raw]
        return self._contradiction(path, chosen) or tuple(option.id for option in chosen)

    def _contradiction(self, path: str, chosen: Sequence[Option]) -> Fault | None:
        ids = {option.id for option in chosen}
        for option in chosen:
            if option.exclusive and len(chosen) > 1:
                return Fault(path, "exclusive", labels(label=[option.label]))
            missing = [self.option(needed).label for needed in option.requires if needed not in ids]
            if missing:
                return Fault(path, "requires", labels(label=[option.label], missing=missing))
        return None

    def words(self, response: Response, language: str) -> list[str]:
        assert isinstance(response, tuple)
        return [self.option(option_id).label.say(language) for option_id in response]


class Scene(Asked):
    """A business process rated 0–4 by the highest description that is fully met. It earns no points."""

    type: Literal["scene"]
    constrained: bool
    group: str
    levels: tuple[SceneLevel, ...]

    def clean(self, path: str, raw: object) -> int | Fault | None:
        if raw is None:
            return None
        if isinstance(raw, bool) or not isinstance(raw, int) or not 0 <= raw < len(self.levels):
            return Fault(path, "not_a_level")
        return raw

    def words(self, response: Response, language: str) -> list[str]:
        return [self.levels[int(str(response))].label.say(language)]


class Number(Asked):
    """A number that belongs to this questionnaire alone; figures that others use as well are facts."""

    type: Literal["number"]
    unit: Text | None = None
    decimals: int = Field(default=0, ge=0, le=9)
    minimum: Exact | None = None
    maximum: Exact | None = None

    def clean(self, path: str, raw: object) -> str | Fault | None:
        if raw is None or raw == "":
            return None
        number = read_number(raw)
        if number is None:
            return Fault(path, "not_a_number", {"typed": brief(raw)})
        if self.minimum is not None and number < self.minimum:
            return Fault(path, "too_small", {"minimum": exact(self.minimum)})
        if self.maximum is not None and number > self.maximum:
            return Fault(path, "too_big", {"maximum": exact(self.maximum)})
        if (number * 10**self.decimals).denominator != 1:
            return Fault(path, "too_precise", {"decimals": self.decimals})
        return exact(number) if abs(number) < MOST_NUMBER else Fault(path, "not_finite")

    def words(self, response: Response, language: str) -> list[str]:
        return [f"{response} {self.unit.say(language)}" if self.unit else str(response)]


MOST_NUMBER: Final = 10**18


class Row(Strict):
    """One line of a grid."""

    id: str
    label: Text


class Grid(Asked):
    """Several rows rated on one scale of `options`. Rows may be left open; without any row it is not answered."""

    type: Literal["grid"]
    rows: tuple[Row, ...] = Field(min_length=1)
    options: tuple[Option, ...]

    @cached_property
    def counted(self) -> frozenset[str]:
        return frozenset(option.id for option in self.options if not option.exclusive)

    def complete(self, response: Response) -> bool:
        """Whether every row has its option."""
        return isinstance(response, Mapping) and len(response) == len(self.rows)

    def option(self, option_id: str) -> Option:
        return next(option for option in self.options if option.id == option_id)

    def clean(self, path: str, raw: object) -> Mapping[str, str] | Fault | None:
        if raw is None or raw == {}:
            return None
        if not isinstance(raw, dict):
            return Fault(path, "not_an_object")
        rows, known = [row.id for row in self.rows], [option.id for option in self.options]
        given: Mapping[Any, Any] = {row: named(option) for row, option in raw.items()}
        for row, option in given.items():
            if row not in rows:
                return Fault(f"{path}.{brief(row)}", "unknown_name", {"name": brief(row), "known": ", ".join(rows)})
            if option is not None and option not in known:
                return unknown_option(f"{path}.{row}", option)
        return {row: given[row] for row in rows if given.get(row) is not None} or None

    def words(self, response: Response, language: str) -> list[str]:
        assert isinstance(response, Mapping)
        between = {"zh_CN": "：", "en": ": "}[language]
        rows = [(row, self.option(response[row.id])) for row in self.rows if row.id in response]
        return [f"{row.label.say(language)}{between}{option.label.say(language)}" for row, option in rows]


class FactAsked(Strict):
    """One kind of figure, asked for those `years` (offsets to the reference year)."""

    fact: str
    years: tuple[int, ...] = Field(default=(0,), min_length=1)


class Nothing(Strict):
    """The tick of a firm that has nothing of what the figures measure: the item does not apply."""

    label: Text


class FigureItem(Asked):
    """Only figures of the firm. It has no response of its own but `"none"`, where `none` allows it."""

    type: Literal["figures"]
    asks: tuple[FactAsked, ...] = Field(min_length=1)
    none: Nothing | None = None

    def clean(self, path: str, raw: object) -> str | Fault | None:
        if raw is None:
            return None
        return NONE if raw == NONE and self.none is not None else unknown_option(path, raw)

    def words(self, response: Response, language: str) -> list[str]:
        return [self.none.label.say(language)] if self.none is not None and response == NONE else []


Item = Annotated[Single | Multiple | Scene | Number | Grid | FigureItem, Field(discriminator="type")]


def figures_asked(item: Item) -> Iterator[tuple[str, int]]:
    """The figures an item asks for: kind, and offset of the year; the whole of a share before its part."""
    if isinstance(item, FigureItem):
        yield from ((asked.fact, year) for asked in item.asks for year in asked.years)
    elif isinstance(item, Single) and item.figures is not None:
        for quantity in item.figures.quantities():
            yield from ((kind, year) for kind in reversed(quantity.facts()) for year in quantity.years)


def denials(item: Item) -> frozenset[str]:
    """The answers by which a firm says that an item does not apply to it."""
    if isinstance(item, FigureItem):
        return frozenset() if item.none is None else frozenset({NONE})
    options = item.options if isinstance(item, Single) else ()
    return frozenset(option.id for option in options if option.not_applicable)


def may_not_apply(item: Item) -> bool:
    """Whether some answer could say so."""
    return bool(denials(item))
