"""What templates, stylesheets and scripts may not contain."""

import re
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import nodes

ROOT = Path(__file__).parent.parent.parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
CHINESE = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")

FORBIDDEN = {
    r"\sstyle=": "a style attribute: use a class",
    r"\son[a-z]+=": "an inline handler: use a script file",
    r"<style": "a style sheet inside the page",
    r"\|\s*safe\b": "unescaped text",
    r"\{%-?\s*autoescape": "a change of the escaping",
    r"https?://": "an address of another host",
    r"javascript:": "a script in an address",
    r"<script(?![^>]*nonce=\"\{\{ csp_nonce \}\}\")": "a script without nonce",
    r"(?:href|src)=\{\{": "an attribute without quotes",
}


NOT_OURS = {
    "plotly-cartesian-4.1.1.min.js": "names of namespaces and of authors; tests/browser/test_dashboard.py sees that "
    "it asks no other host for anything"
}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_it_holds_nothing_that_the_browser_must_not_run_or_fetch(path: Path) -> None:
    text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
    faults = [why for pattern, why in FORBIDDEN.items() if re.search(pattern, text)]
    faults += ["Chinese words: use the catalogue"] if CHINESE.search(text) else []
    assert not faults, faults


def test_it_finds_no_address_of_another_host_in_our_files() -> None:
    for path in (ROOT / "survey" / "static").rglob("*"):
        if path.suffix in (".css", ".js") and path.name not in NOT_OURS:
            assert not re.search(r"https?://|@import", path.read_text(encoding="utf-8")), path


def test_it_uses_every_macro_that_a_template_imports(app: Flask) -> None:
    faults = []
    for path in TEMPLATES:
        tree = app.jinja_env.parse(path.read_text(encoding="utf-8"))
        used = {node.name for node in tree.find_all(nodes.Name) if node.ctx == "load"}
        for imported in tree.find_all(nodes.FromImport):
            names = [name[1] if isinstance(name, tuple) else name for name in imported.names]
            faults += [f"{path.relative_to(ROOT)} imports {name} for nothing" for name in names if name not in used]
    assert not faults, faults


def test_it_compiles_and_escapes_every_template(app: Flask) -> None:
    for path in TEMPLATES:
        name = str(path.relative_to(ROOT / "templates"))
        app.jinja_env.get_template(name)
        assert app.select_jinja_autoescape(name)


def test_it_holds_no_chinese_in_python_but_where_both_languages_are_data() -> None:
    data = ("settings.py",)
    for path in (ROOT / "survey").rglob("*.py"):
        code = "\n".join(line.split("#")[0] for line in path.read_text(encoding="utf-8").splitlines())
        literals = re.sub(r'""".*?"""', "", code, flags=re.DOTALL)
        assert path.name in data or not CHINESE.search(literals), path
