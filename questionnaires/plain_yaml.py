"""Plain data from a YAML text, in one pass over its events: what could do harm is refused before anything is built.

Numbers with decimals are `Decimal`. Refused are anchors and aliases (a few of them can stand for gigabytes), endless
nesting, more items than a questionnaire may have, and keys given twice (YAML itself keeps the last one silently).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any, Final

import yaml

from questionnaires.faults import DefinitionError, Fault, brief

MOST_DEPTH: Final = 60
MOST_ITEMS: Final = 5_000
MOST_LISTED: Final = 100  # faults of one kind that are worth listing
ITEMS: Final = "items"
ITEM_DEPTH: Final = 5  # the definition, its sections, one of them, its items, one of those
# What the parser and the makers of values raise: a day that does not exist, half a character, a tag nobody knows.
NOT_YAML: Final = (yaml.YAMLError, ValueError, ArithmeticError, TypeError, LookupError, AttributeError, RecursionError)
PLAIN: Final = "tag:yaml.org,2002:"


def read_yaml(text: str) -> Any:
    """The plain data. Raises `DefinitionError` with everything that is wrong with it as YAML."""
    reader = _Reader()
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            taker = TAKERS.get(type(event))
            if taker is not None:
                taker(reader, event)
    except DefinitionError:
        raise
    except NOT_YAML as error:
        raise DefinitionError([_not_yaml(error, text)]) from None
    if reader.faults:
        raise DefinitionError(reader.faults)
    return reader.result


def _not_yaml(error: Exception, text: str) -> Fault:
    """What the parser has against a text, with the line where it knows it."""
    mark = getattr(error, "problem_mark", None)
    path = "" if mark is None else f"line {mark.line + 1}"
    if mark is not None and _is_tab(text, mark):
        return Fault(path, "yaml_tab")
    said = " ".join(str(getattr(error, "problem", None) or error).split())
    return Fault(path, "yaml", {"message": brief(said, 300)})


def _is_tab(text: str, mark: Any) -> bool:
    line = "".join(text.split("\n")[mark.line : mark.line + 1])
    return line[mark.column : mark.column + 1] == "\t"


def _anchored(event: Any) -> DefinitionError:
    return DefinitionError([Fault(f"line {event.start_mark.line + 1}", "anchors")])


@dataclass(slots=True)
class _Open:
    """A list or mapping that is not at its end yet; of a mapping, the key whose value comes next."""

    holds: Any
    keys: set[str] = field(default_factory=set)
    key: Any = None
    waiting: bool = False


class _Reader:
    """Builds the data while the events come in."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.result: Any = None
        self._open: list[_Open] = []
        self._documents = self._items = 0

    def document(self, event: Any) -> None:
        self._documents += 1
        if self._documents > 1:
            raise yaml.YAMLError("there is more than one document")

    def alias(self, event: Any) -> None:
        raise _anchored(event)

    def begin(self, event: Any) -> None:
        if event.anchor:
            raise _anchored(event)
        is_list = isinstance(event, yaml.SequenceStartEvent)
        if event.tag not in (None, "!", f"{PLAIN}{'seq' if is_list else 'map'}"):
            raise yaml.YAMLError(f"{event.tag} is not known")
        if len(self._open) >= MOST_DEPTH:
            raise DefinitionError([Fault("", "too_deep", {"most": MOST_DEPTH})])
        self._count(event)
        self._open.append(_Open([] if is_list else {}))

    def _count(self, event: Any) -> None:
        """Count the items, which stand at one place only."""
        if len(self._open) == ITEM_DEPTH - 1 and self._open[-2].key == ITEMS and self._open[-2].waiting:
            self._items += 1
            if self._items > MOST_ITEMS:
                raise DefinitionError([Fault("sections", "too_many_items", {"most": MOST_ITEMS})])

    def end(self, event: Any) -> None:
        self._put(self._open.pop().holds, event, None)

    def scalar(self, event: Any) -> None:
        if event.anchor:
            raise _anchored(event)
        self._put(_value(event), event, event.value)

    def _put(self, value: Any, event: Any, text: str | None) -> None:
        """Into the innermost list or mapping that is open; there, keys and values take turns."""
        if not self._open:
            self.result = value
            return
        into = self._open[-1]
        if isinstance(into.holds, list):
            into.holds.append(value)
        elif into.waiting:
            into.holds[into.key], into.waiting = value, False
        else:
            self._key(into, value, event, text)

    def _key(self, into: _Open, value: Any, event: Any, text: str | None) -> None:
        if text is None:
            raise yaml.YAMLError("a key must be a plain name")
        if text in into.keys:
            self.faults.append(Fault(f"line {event.start_mark.line + 1}", "twice", {"name": brief(text)}))
            if len(self.faults) >= MOST_LISTED:
                raise DefinitionError(self.faults)
        into.keys.add(text)
        into.key, into.waiting = value, True


TAKERS: Final[Mapping[type[Any], Callable[[_Reader, Any], None]]] = {
    yaml.DocumentStartEvent: _Reader.document,
    yaml.AliasEvent: _Reader.alias,
    yaml.MappingStartEvent: _Reader.begin,
    yaml.SequenceStartEvent: _Reader.begin,
    yaml.MappingEndEvent: _Reader.end,
    yaml.SequenceEndEvent: _Reader.end,
    yaml.ScalarEvent: _Reader.scalar,
}


def _value(event: Any) -> Any:
    """A text, or what it stands for where it is neither quoted nor tagged as text."""
    tag, (plain, _quoted) = event.tag, event.implicit
    if tag in (None, "!"):
        return _plain(event.value) if plain else event.value
    return _made(tag, event.value)


@cache
def _resolvers() -> Mapping[str | None, list[tuple[str, Any]]]:
    """By first sign: the patterns of what is no text though it is not quoted."""
    found: dict[str | None, list[tuple[str, Any]]] = yaml.SafeLoader.yaml_implicit_resolvers
    return found


def _plain(text: str) -> Any:
    for tag, pattern in _resolvers().get(text[:1], ()):
        if pattern.match(text):
            return _made(tag, text)
    return text


def _made(tag: str, text: str) -> Any:
    if tag == f"{PLAIN}float":
        return Decimal(text.replace("_", ""))
    if tag in (f"{PLAIN}str", f"{PLAIN}merge", f"{PLAIN}value"):
        return text
    maker = yaml.SafeLoader.yaml_constructors.get(tag)
    if maker is None or not tag.startswith(PLAIN):
        raise yaml.YAMLError(f"{brief(tag, 80)} is not known")
    return maker(_maker(), yaml.ScalarNode(tag, text))


@cache
def _maker() -> yaml.constructor.SafeConstructor:
    return yaml.constructor.SafeConstructor()
