"""Faults of shape: where plain data are not what a model asks for, in our own words and with our own paths.

Paths are those of every other fault: `sections.all.channels.options.shop`, `ladder.steps.2.conditions[0]`.
"""

from __future__ import annotations

import copy
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from questionnaires.exact import Rational
from questionnaires.faults import SENTENCES, Fault, brief, some
from questionnaires.places import Place, tags_of
from questionnaires.text import Text
from questionnaires.values import KEYS

Model = TypeVar("Model", bound=BaseModel)
Entry = Mapping[str, Any]
MOST_TRIES: Final = 3  # a key that is read as it is meant may have more such keys below
MOST_ERRORS: Final = 400  # that are looked into; the number of the others is said


def read_as(model: type[Model], raw: Any, path: str = "", tries: int = MOST_TRIES) -> tuple[Model | None, list[Fault]]:
    """The model in plain data that stand at `path`, and every fault of their shape.

    Keys that are not known are faults, yet they hide nothing: if there is nothing else, the rest is read as if they
    were spelt as they are probably meant, or else without them.
    """
    try:
        return model.model_validate(raw), []
    except ValidationError as error:
        left_off = max(error.error_count() - MOST_ERRORS, 0)
        found = _meant(_placed(error, model, raw, path))
    faults = list(_faults(found))
    if left_off:
        return None, [*faults, Fault(path, "more_faults", {"count": left_off})]
    if tries == 0 or any(entry["type"] != "extra_forbidden" for entry, _ in found):
        return None, faults
    places = [place for _, place in found]
    read, more = read_as(model, _mended(raw, places), path, tries - 1)
    if read is None and any(place.like() for place in places):
        read, more = read_as(model, _mended(raw, places, spelt=False), path, tries - 1)
    return read, faults + more


def _mended(raw: Any, places: Sequence[Place], spelt: bool = True) -> Any:
    """The data without the keys at these places, or with the keys that they are meant to be."""
    rest = copy.deepcopy(raw)
    for place in places:
        place.mend(rest, place.like() if spelt else None)
    return rest


def _meant(found: list[tuple[Entry, Place]]) -> list[tuple[Entry, Place]]:
    """Without the keys that are missing because they are misspelt."""
    meant = {(place.keys[:-1], place.like()) for entry, place in found if entry["type"] == "extra_forbidden"}
    return [
        (entry, place)
        for entry, place in found
        if entry["type"] != "missing" or (place.keys[:-1], place.key) not in meant
    ]


def _placed(error: ValidationError, model: type[Any], raw: Any, path: str) -> list[tuple[Entry, Place]]:
    """Every error with its place in the data; of something that may have several shapes, those of the nearest."""
    start = Place(model, raw, path)
    every: list[tuple[Entry, Place]] = [
        (entry, start.at(entry["loc"])) for entry in error.errors(include_url=False)[:MOST_ERRORS]
    ]
    counts = Counter(place.choice for _, place in every if place.choice)
    nearest: dict[Any, Any] = {}
    for (where, tag), count in counts.items():
        if where not in nearest or count < counts[where, nearest[where]]:
            nearest[where] = tag
    stands = [
        (entry, place) for entry, place in every if place.choice is None or nearest[place.choice[0]] == place.choice[1]
    ]
    # A text that another one stands in for is not there; what is wrong with it is said of that one.
    return [(entry, place) for entry, place in stands if place.there or entry["type"] == "missing"] or stands


def _faults(found: Sequence[tuple[Entry, Place]]) -> Iterator[Fault]:
    """The faults, each once."""
    seen = set[tuple[str, str, str]]()
    for entry, place in found:
        fault = _fault(entry, place)
        sign = (fault.path, fault.code, str(fault.values))
        if sign not in seen:
            seen.add(sign)
            yield fault


def _fault(entry: Entry, place: Place) -> Fault:
    if entry["type"] in SENTENCES:  # the model says it in our words
        return Fault(place.path, entry["type"], entry.get("ctx", {}))
    if isinstance(entry["input"], bool) and entry["type"] in MEANT_AS_TEXT:
        is_key = entry["type"] == "invalid_key" or entry["loc"][-1] == "[key]"
        return Fault(place.above if is_key else place.path, "bool_text")
    if place.kind is Rational and entry["type"] == "value_error":
        return Fault(place.path, "not_exact", {"typed": brief(entry["input"])})
    return FAULTS.get(entry["type"], _other)(entry, place)


MEANT_AS_TEXT: Final = frozenset({"string_type", "literal_error", "invalid_key"})


def _other(entry: Entry, place: Place) -> Fault:
    return Fault(place.path, "shape", {"message": str(entry["msg"]).removeprefix("Value error, ")})


def _missing(entry: Entry, place: Place) -> Fault:
    if isinstance(place.key, int):
        return Fault(place.above, "too_few", {"needed": place.needed})
    return Fault(place.above, "key_missing", {"name": place.key})


def _unknown(entry: Entry, place: Place) -> Fault:
    like = place.like()
    if like is not None:
        return Fault(place.path, "key_like", {"like": like})
    return Fault(place.path, "key_unknown", {"known": some(place.known)})


def _wrong_tag(entry: Entry, place: Place) -> Fault:
    values = {"name": brief(entry["ctx"]["tag"]), "known": _names(entry["ctx"]["expected_tags"])}
    return Fault(f"{place.path}.{_names(entry['ctx']['discriminator'])}".lstrip("."), "unknown_name", values)


def _no_tag(entry: Entry, place: Place) -> Fault:
    if not isinstance(entry["input"], dict):
        return Fault(place.path, "needs_keys")
    name = _names(entry["ctx"]["discriminator"])
    for misspelt in get_close_matches(name, [str(key) for key in entry["input"]], 1):
        return Fault(f"{place.path}.{brief(misspelt)}".lstrip("."), "key_like", {"like": name})
    return Fault(place.path, "tag_missing", {"name": name, "known": some(tags_of(place.annotation))})


def _names(quoted: str) -> str:
    """`'upper' or 'lower'` → `upper, lower`."""
    return ", ".join(re.findall(r"[^\s',]+", quoted.replace(" or ", " ")))


def _literal(entry: Entry, place: Place) -> Fault:
    return Fault(place.path, "unknown_name", {"name": brief(entry["input"]), "known": _names(entry["ctx"]["expected"])})


def _keys(entry: Entry, place: Place) -> Fault:
    if place.kind is Text:
        return Fault(place.path, "needs_languages", {"example": "{zh_CN: …, en: …}"})
    return Fault(place.path, "needs_keys")


def _says(code: str) -> Callable[[Entry, Place], Fault]:
    return lambda entry, place: Fault(place.path, code)


def _bound(code: str, name: str, given: str) -> Callable[[Entry, Place], Fault]:
    return lambda entry, place: Fault(place.path, code, {name: entry["ctx"][given]})


FAULTS: Final[Mapping[str, Callable[[Entry, Place], Fault]]] = {
    "missing": _missing,
    "extra_forbidden": _unknown,
    "union_tag_invalid": _wrong_tag,
    "union_tag_not_found": _no_tag,
    "literal_error": _literal,
    "value": lambda entry, place: Fault(place.path, "not_a_value", {"known": ", ".join(KEYS.values())}),
    "invalid_key": _unknown,
    "model_type": _keys,
    "model_attributes_type": _keys,
    "dict_type": _keys,
    "string_type": _says("needs_text"),
    "tuple_type": _says("needs_list"),
    "list_type": _says("needs_list"),
    "bool_type": _says("needs_bool"),
    "bool_parsing": _says("needs_bool"),
    "int_type": _says("needs_whole"),
    "int_parsing": _says("needs_whole"),
    "int_from_float": _says("needs_whole"),
    "decimal_type": _says("needs_number"),
    "decimal_parsing": _says("needs_number"),
    "too_short": _bound("too_few", "needed", "min_length"),
    "too_long": _bound("too_many", "most", "max_length"),
    "greater_than_equal": _bound("too_small", "minimum", "ge"),
    "less_than_equal": _bound("too_big", "maximum", "le"),
}
"""By pydantic's type of error. Whatever is not here keeps the message it came with."""
