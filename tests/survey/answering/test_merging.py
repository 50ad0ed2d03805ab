"""Two people's changes to one section, put together: for any three states."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from survey.answering.conflicts import merged
from survey.answering.queries import page_data

ITEMS = ("q1", "q2", "s1")
ANSWERS = st.sampled_from([None, "open", "A", "B", 2, ("A", "B")])
STATES = st.fixed_dictionaries(dict.fromkeys(ITEMS, ANSWERS))


def data(state: dict[str, Any]) -> dict[str, Any]:
    """A section as it is stored, with lists as JSON gives them back."""
    given_answers = {item: answer for item, answer in state.items() if answer not in (None, "open")}
    stored = page_data(given_answers, {item for item, answer in state.items() if answer == "open"})
    stored["responses"] = {item: list(a) if isinstance(a, tuple) else a for item, a in stored["responses"].items()}
    return stored


@given(base=STATES, mine=STATES, theirs=STATES)
def test_every_change_is_kept_or_named(base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]) -> None:
    found, both = merged(data(base), data(mine), data(theirs))
    for item in ITEMS:
        i_changed, they_changed = mine[item] != base[item], theirs[item] != base[item]
        expected = mine[item] if i_changed else theirs[item]
        answer = "open" if item in found["open"] else found["responses"].get(item)
        assert answer == expected, item
        assert (item in both) == (i_changed and they_changed and mine[item] != theirs[item]), item
