"""Every deed that is recorded, and every role, has its name."""

from survey.access import GRANTS
from survey.accounts.role_names import ROLE_NAMES
from survey.audit import ACTIONS
from survey.auditing.words import DEEDS, GROUPS


def test_every_deed_is_in_one_group_of_words() -> None:
    assert set(DEEDS) == set(ACTIONS), "give it words in survey/auditing/words.py"
    assert sum(len(group.deeds) for group in GROUPS.values()) == len(DEEDS), "a deed stands in two groups"


def test_every_role_has_a_name() -> None:
    assert set(ROLE_NAMES) == set(GRANTS)
