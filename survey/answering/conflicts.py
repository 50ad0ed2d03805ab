"""Two colleagues on one section: what each changed since the page both began with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from survey.answering.queries import page_data, responses_from


def merged(
    base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]
) -> tuple[dict[str, Any], list[str]]:
    """The section with both people's changes, mine first, and the items that both changed to different answers."""
    old, own, other = (_answers(data) for data in (base, mine, theirs))
    items = {*own, *other}
    both = [
        item
        for item in items
        if own.get(item) != old.get(item) and other.get(item) not in (old.get(item), own.get(item))
    ]
    taken = {item: own.get(item) if own.get(item) != old.get(item) else other.get(item) for item in items}
    responses = {item: answer for item, answer in taken.items() if answer is not None and answer is not OPEN}
    unsure = {item for item, answer in taken.items() if answer is OPEN}
    return page_data(responses, unsure), sorted(both)


OPEN = object()  # stands for "do not know yet" beside real answers


def _answers(data: Mapping[str, Any]) -> dict[str, Any]:
    return {**dict.fromkeys(data.get("open", ()), OPEN), **responses_from(data)}
