"""Two colleagues on one section: what each changed since the page both began with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _

from questionnaires.items import Item
from survey import formatting
from survey.answering.queries import Kept, Page, page_data, responses_from
from survey.languages import page_language
from survey.organisations.figures import Typed, said


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


def notices(
    page: Page, items: Iterable[Item], contested: Iterable[Typed], known: Mapping[tuple[str, int], Kept]
) -> dict[str, str]:
    """By path, what the colleague saved, who it was and when; the person's own is in the control beside it."""
    found = {f"responses.{item.id}": _answer_notice(item, page) for item in items}
    found.update((f"facts.{'.'.join(map(str, typed.asked.key))}", _figure_notice(typed, known)) for typed in contested)
    return found


def _answer_notice(item: Item, page: Page) -> str:
    response, language = page.responses.get(item.id), page_language()
    if response is not None:
        answer = _("; ").join(item.words(response, language))
    else:
        answer = _("Do not know yet") if item.id in page.open else _("no answer")
    return _(
        "%(name)s saved another answer, %(time)s: “%(answer)s”. Yours is chosen below; save again to keep it.",
        name=page.saved_by or "",
        time=formatting.datetime(page.saved_at),
        answer=answer,
    )


def _figure_notice(typed: Typed, known: Mapping[tuple[str, int], Kept]) -> str:
    mine, theirs = said(typed.asked.kind, typed.value), known.get(typed.asked.key)
    if theirs is None:
        return _(
            "A colleague has removed this figure in the meantime; you entered %(mine)s. Save again to keep yours.",
            mine=mine,
        )
    return _(
        "%(name)s saved %(theirs)s in the meantime (%(time)s); you entered %(mine)s. Save again to keep yours.",
        name=theirs.saved_by,
        theirs=said(typed.asked.kind, theirs.value),
        time=formatting.datetime(theirs.saved_at),
        mine=mine,
    )
