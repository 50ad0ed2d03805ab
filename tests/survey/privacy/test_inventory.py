"""The inventory of personal and business data is whole, and what it promises is done."""

from pathlib import Path

from survey.models import Base
from survey.privacy.inventory import CLASSES, OF_PEOPLE, as_markdown, inventory
from survey.privacy.own_parts import OWN
from survey.privacy.retention import RULES

ROOT = Path(__file__).parents[3]
COLUMNS = {(table.name, column.name) for table in Base.metadata.tables.values() for column in table.columns}


def test_it_lists_every_column_once_and_none_that_is_gone() -> None:
    listed = [(entry.table, entry.column) for entry in inventory()]
    assert sorted(set(listed)) == sorted(listed), "listed twice"
    assert COLUMNS - set(listed) == set(), "say in survey/privacy/inventory.yaml what these are for"
    assert set(listed) - COLUMNS == set(), "these columns are gone"


def test_it_states_class_and_purpose_of_every_column_and_the_end_of_all_that_is_not_technical() -> None:
    for entry in inventory():
        assert entry.kind in CLASSES, entry
        assert entry.purpose, entry
        assert entry.kind == "technical" or (entry.kept and entry.erased), entry


def test_it_names_every_rule_of_retention_and_none_that_is_gone() -> None:
    assert {entry.rule for entry in inventory() if entry.rule} == set(RULES)


def test_it_puts_everything_about_a_person_into_the_own_copy() -> None:
    copied = {
        (column.table.name, column.name)
        for part in OWN
        for _label, attribute in part.fields.values()
        for column in [attribute.property.columns[0]]
    }
    people = [entry for entry in inventory() if entry.kind in OF_PEOPLE and not entry.left_out]
    missing = {(entry.table, entry.column) for entry in people} - copied
    assert not missing, (
        "add them to survey/privacy/own_account_parts.py or own_work_parts.py, or say why they are left out"
    )


def test_it_is_printed_in_docs() -> None:
    assert (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8") == as_markdown(), (
        "run: flask --app wsgi privacy inventory > docs/privacy.md"
    )
