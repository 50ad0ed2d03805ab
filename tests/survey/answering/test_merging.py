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


ROWS = ("r1", "r2", "r3")
GRIDS = st.tuples(st.fixed_dictionaries(dict.fromkeys(ROWS, st.sampled_from([None, "a", "b"]))), st.booleans())


def grid(state: tuple[dict[str, str | None], bool]) -> dict[str, Any]:
    """A section with one grid, of which some rows are answered, and which may be left open as well."""
    answered = {row: option for row, option in state[0].items() if option is not None}
    return page_data({"g": answered} if answered else {}, {"g"} if state[1] else set())


@given(base=GRIDS, mine=GRIDS, theirs=GRIDS)
def test_two_people_may_fill_in_different_rows_of_a_grid(
    base: tuple[dict[str, str | None], bool],
    mine: tuple[dict[str, str | None], bool],
    theirs: tuple[dict[str, str | None], bool],
) -> None:
    found, both = merged(grid(base), grid(mine), grid(theirs))
    rows, clash = found["responses"].get("g", {}), False
    for row in ROWS:
        i_changed, they_changed = mine[0][row] != base[0][row], theirs[0][row] != base[0][row]
        assert rows.get(row) == (mine[0][row] if i_changed else theirs[0][row]), row
        clash |= i_changed and they_changed and mine[0][row] != theirs[0][row]
    assert found["open"] == (["g"] if (mine[1] if mine[1] != base[1] else theirs[1]) else [])
    assert both == (["g"] if clash else [])
