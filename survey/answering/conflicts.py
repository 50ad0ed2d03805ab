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
from survey.privacy.names import person_name


def merged(
    base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]
) -> tuple[dict[str, Any], list[str]]:
    """The section with both people's changes, mine first, and the items that both changed to different answers."""
    old, own, other = (_answers(data) for data in (base, mine, theirs))
    parts = list({**own, **other})
    both = {
        part
        for part in parts
        if own.get(part) != old.get(part) and other.get(part) not in (old.get(part), own.get(part))
    }
    taken = {part: own.get(part) if own.get(part) != old.get(part) else other.get(part) for part in parts}
    return _data(taken), sorted({item for item, _row in both})


OPEN = object()  # stands for "do not know yet" beside real answers
Part = tuple[str, str]
"""An item, and the row of a grid: two people may fill in different rows of one."""


def _answers(data: Mapping[str, Any]) -> dict[Part, Any]:
    found: dict[Part, Any] = {(item, ""): OPEN for item in data.get("open", ())}
    for item, answer in responses_from(data).items():
        if isinstance(answer, Mapping):
            found.update({(item, row): option for row, option in answer.items()})
        else:
            found[item, ""] = answer
    return found


def _data(taken: Mapping[Part, Any]) -> dict[str, Any]:
    """The other way round; a row that both left out, or one of them took away, is not there."""
    responses: dict[str, Any] = {}
    for (item, row), answer in taken.items():
        if row and answer is not None:
            responses.setdefault(item, {})[row] = answer
        elif answer is not None and answer is not OPEN:
            responses[item] = answer
    return page_data(responses, {item for (item, _row), answer in taken.items() if answer is OPEN})


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
        name=person_name(page.saved_by),
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
        name=person_name(theirs.saved_by),
        theirs=said(typed.asked.kind, theirs.value),
        time=formatting.datetime(theirs.saved_at),
        mine=mine,
    )
