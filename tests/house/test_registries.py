"""Things that come in kinds are listed in more than one place; a kind forgotten in one of them is named here."""

from pathlib import Path
from typing import get_args

from questionnaires.items import Item
from survey.answering.fields import READERS

ROOT = Path(__file__).parent.parent.parent
PARTS = {"frame", "options", "figures_parts"}
"""Templates in templates/items that other item templates are made of."""


def test_every_item_type_has_a_reader_and_a_template() -> None:
    types = {get_args(each.model_fields["type"].annotation)[0] for each in get_args(get_args(Item)[0])}
    templates = {path.stem for path in (ROOT / "templates" / "items").glob("*.html")} - PARTS
    forgotten = {
        "in READERS of survey/answering/fields.py": types ^ set(READERS),
        "in templates/items": types ^ templates,
    }
    assert not any(forgotten.values()), {place: sorted(names) for place, names in forgotten.items() if names}
