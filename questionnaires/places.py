"""Where in plain data a model's errors stand: the same steps taken through the model and through the data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from difflib import get_close_matches
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

from pydantic import BaseModel, Tag

from questionnaires.faults import brief

Key = str | int
NOTHING: Final = object()
NAMED_BY: Final = {"steps": "level"}  # any other list by `id`
TRANSPARENT: Final = frozenset({".items", ".children"})  # what stands in these stands directly below their owner


@dataclass(frozen=True)
class Place:
    """One place: what the model asks for there (`annotation`), the `data`, and the `path` that says so.

    `above` is the path of what it stands in and `key` its key or number there; `choice` tells where one of several
    shapes was taken, and which; `known` are the keys that could stand in its place, `free` those of them that do not.
    """

    annotation: Any
    data: Any
    path: str = ""
    above: str = ""
    keys: tuple[Key, ...] = ()
    known: tuple[str, ...] = ()
    free: tuple[str, ...] = ()
    needed: int = 0
    choice: tuple[tuple[Key, ...], str] | None = None

    @property
    def key(self) -> Key:
        return self.keys[-1]

    @property
    def there(self) -> bool:
        """Whether there are data at all."""
        return self.data is not NOTHING

    @property
    def kind(self) -> Any:
        """What the model asks for, bare."""
        return settled(self.annotation)

    def like(self) -> str | None:
        """The known key that this one is probably meant to be."""
        return next(iter(get_close_matches(str(self.key), self.free, 1)), None)

    def at(self, location: Sequence[Key]) -> Place:
        """The place that steps lead to from here; one more of them, `[key]`, means the key itself."""
        place = self
        for step in location:
            if step != "[key]":
                place = place.step(step)
        return place

    def step(self, step: Key) -> Place:
        kind = self.kind
        if is_union(kind):
            return self._tagged(str(step), kind)
        if isinstance(self.data, list | tuple) and isinstance(step, int):
            return self._entry(step, kind)
        return self._value(step, kind)

    def _tagged(self, tag: str, union: Any) -> Place:
        member = next((each for each in get_args(union) if tag in tags_of_member(each)), Any)
        told = bool(_tags(member) or _literals(member))
        return replace(self, annotation=member, choice=self.choice if told else (self.keys, tag))

    def _entry(self, number: int, kind: Any) -> Place:
        """One entry of a list, by its name if it has one."""
        kinds = get_args(kind) or (Any, ...)
        inner = kinds[0] if kinds[1:] == (...,) else kinds[min(number, len(kinds) - 1)]
        data = self.data[number] if number < len(self.data) else NOTHING
        path = named(self.path, data, number, str(self.keys[-1]) if self.keys else "")
        return replace(
            self, annotation=inner, data=data, path=path, above=self.path, keys=(*self.keys, number), needed=len(kinds)
        )

    def _value(self, step: Key, kind: Any) -> Place:
        """What stands under a key."""
        fields = keys_of(kind)
        inner = fields.get(str(step), Any) if fields else (*get_args(kind), Any, Any)[1]
        mapping = self.data if isinstance(self.data, dict) else {}
        data = mapping.get(step, NOTHING)
        return replace(
            self,
            annotation=inner,
            data=data,
            path=f"{self.path}.{brief(step, 60)}".lstrip("."),
            above=self.path,
            keys=(*self.keys, step),
            known=tuple(fields),
            free=tuple(name for name in fields if name not in mapping),
        )

    def mend(self, raw: Any, instead: str | None) -> None:
        """In data of the same form, put what stands here under another key that is free, or take it out."""
        for key in self.keys[:-1]:
            raw = raw[key]
        value = raw.pop(self.key, None)
        if instead is not None:
            raw.setdefault(instead, value)


def named(path: str, entry: Any, number: int | None = None, within: str = "") -> str:
    """The path of an entry of a list: its name behind that of the list, else its number."""
    name = entry.get(NAMED_BY.get(within, "id")) if isinstance(entry, dict) else None
    if isinstance(name, str | int | Decimal) and not isinstance(name, bool) and name != "":
        above = path[: -len(within) - 1] if f".{within}" in TRANSPARENT and path.endswith(f".{within}") else path
        return f"{above}.{brief(name, 60)}"
    return path if number is None else f"{path}[{number}]"


def settled(annotation: Any) -> Any:
    """Without what is only said about it, and without `None` as the other choice."""
    while True:
        if get_origin(annotation) is Annotated:
            annotation = get_args(annotation)[0]
        elif get_origin(annotation) in (Union, UnionType) and len(left := _members(annotation)) == 1:
            annotation = left[0]
        else:
            return annotation


def _members(union: Any) -> list[Any]:
    return [each for each in get_args(union) if each is not NoneType]


def is_union(kind: Any) -> bool:
    return get_origin(kind) in (Union, UnionType)


def tags_of(annotation: Any) -> Iterator[str]:
    """The names by which the members of a union are told apart."""
    for member in _members(settled(annotation)):
        yield from tags_of_member(member)


def tags_of_member(member: Any) -> list[str]:
    return _tags(member) or _literals(member) or [getattr(member, "__name__", ""), str(member)]


def _tags(member: Any) -> list[str]:
    return [entry.tag for entry in getattr(member, "__metadata__", ()) if isinstance(entry, Tag)]


def _literals(member: Any) -> list[str]:
    """What a model writes under `kind` or `type`."""
    fields = getattr(settled(member), "model_fields", {})
    kinds = [fields[name].annotation for name in ("kind", "type") if name in fields]
    return [str(name) for kind in kinds if get_origin(kind) is Literal for name in get_args(kind)]


def keys_of(kind: Any) -> dict[str, Any]:
    """The keys of a model as they stand in a file, each with what belongs there."""
    if not (isinstance(kind, type) and issubclass(kind, BaseModel)):
        return {}
    return {field.alias or name: field.annotation for name, field in kind.model_fields.items()}
