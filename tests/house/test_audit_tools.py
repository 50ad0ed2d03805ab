"""What `make audit` looks for without a network: no finding that nobody has explained, no explanation of nothing."""

from __future__ import annotations

import importlib.util
import sys
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parent.parent.parent
TODAY = datetime.now(UTC).date()


@cache
def audit() -> ModuleType:
    """tools/audit/run.py, loaded as a module."""
    spec = importlib.util.spec_from_file_location("tools_audit", ROOT / "tools" / "audit" / "run.py")
    assert spec
    assert spec.loader
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def found_by(tool: str) -> list[tuple[str, str, int, str]]:
    """What a tool finds, asked once."""
    return list(getattr(audit(), tool)())


@pytest.mark.parametrize("tool", ["bandit", "own_rules", "secrets"])
@pytest.mark.xdist_group("audit")
def test_it_finds_nothing_that_is_not_explained(tool: str) -> None:
    found = found_by(tool)
    left = audit().unexplained(found, TODAY)
    assert not left, "mend it, or say in tools/audit/waivers.yaml why it is none:\n" + "\n".join(map(str, left))


@pytest.mark.xdist_group("audit")
def test_every_waiver_has_a_reason_and_a_finding() -> None:
    assert all(len(each["reason"]) > 5 for each in audit().waivers())
    found = found_by("bandit") + found_by("own_rules")
    assert not audit().useless(found)


BAD = {
    "markup-from-text": ("survey/x.py", "return Markup(name)"),
    "safe-filter": ("templates/x.html", "{{ firm.name | safe }}"),
    "autoescape-off": ("templates/x.html", "{% autoescape false %}"),
    "template-from-text": ("survey/x.py", "render_template_string(text)"),
    "yaml-load": ("survey/x.py", "yaml.load(text)"),
    "outbound-connection": ("survey/x.py", "import requests"),
    "raw-load": ("survey/desk/views.py", "firm = reading().get_one(Organisation, number)"),
    "html-from-script": ("survey/static/x.js", "box.innerHTML = name;"),
    "code-from-text": ("survey/x.py", "eval(text)"),
    "weak-hash": ("survey/x.py", "hashlib.md5(text)"),
}


@pytest.mark.parametrize("rule", [rule["id"] for rule in audit().rules()])
def test_every_rule_finds_what_it_is_for(rule: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, line = BAD[rule]
    (tmp_path / file).parent.mkdir(parents=True)
    (tmp_path / file).write_text(f"{line}\n# {line}\nfine = 1\n", encoding="utf-8")
    monkeypatch.setattr(audit(), "ROOT", tmp_path)
    assert [(each.rule, each.file, each.line) for each in audit().own_rules()] == [(rule, file, 1)]


def test_a_finding_without_a_waiver_and_one_with_a_stale_one_are_told() -> None:
    finding = audit().Finding("B999", "survey/x.py", 3, "bad")
    assert audit().unexplained([finding], TODAY) == [finding]
    assert audit().useless([finding]) == audit().waivers()


def test_a_secret_in_a_file_of_ours_is_found(tmp_path: Path) -> None:
    """The baseline names what was looked at and nothing else."""
    known = audit()._known_secrets()
    assert known
    assert not [file for file, _hash in known if file.startswith(("deploy/", "data/"))]
