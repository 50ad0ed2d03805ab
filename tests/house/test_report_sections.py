"""A section of the report is a module, two templates and a line in SECTIONS: here the forgotten one is named."""

from pathlib import Path

from questionnaires import catalogue
from survey.publishing.fields import NAMES
from survey.report.sections import SECTIONS
from survey.report.svg import FIELDS

TOP = Path(__file__).resolve().parents[2]
TEMPLATES = TOP / "templates" / "report"
NOT_SECTIONS = {"report", "round", "cover", "parts"}
"""Templates of the printed reports as a whole."""


def test_it_has_a_module_for_every_section() -> None:
    modules = {path.stem for path in (TOP / "survey" / "report" / "sections").glob("*.py")} - {"__init__"}
    assert modules == set(SECTIONS)
    assert all(module.__name__.endswith(f".{name}") for name, module in SECTIONS.items())


def test_it_has_a_template_of_every_section_for_page_and_print() -> None:
    assert {path.stem for path in (TEMPLATES / "sections").glob("*.html")} == set(SECTIONS)
    assert {path.stem for path in (TEMPLATES / "print").glob("*.html")} - NOT_SECTIONS == set(SECTIONS)


def test_it_writes_no_style_into_the_drawings() -> None:
    for path in (TOP / "survey" / "report").rglob("*.py"):
        assert "style=" not in path.read_text(encoding="utf-8"), path.name


def test_every_field_has_a_name_a_mark_and_a_colour() -> None:
    marks = (TOP / "templates" / "components" / "marks.html").read_text(encoding="utf-8")
    style = (TOP / "survey" / "static" / "report.css").read_text(encoding="utf-8")
    for path in catalogue.shipped():
        field = catalogue.load(path).field
        assert field in NAMES, f"{field}: its line in survey/publishing/fields.py"
        assert f'"{field}": {field}_mark' in marks, f"{field}: its mark in templates/components/marks.html"
        assert field in FIELDS, f"{field}: its colour in survey/report/svg.py"
        assert field == "digital" or f".field-{field} " in style, f"{field}: its colour in survey/static/report.css"
