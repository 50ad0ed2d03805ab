"""docs/security.md says what the source says: every limit, every role, every file that it names."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

from survey.access import GRANTS
from survey.limits import LIMITS

ROOT = Path(__file__).parent.parent.parent
TEXT = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
TIMES = {timedelta(minutes=1): "1 minute", timedelta(hours=1): "1 hour", timedelta(days=1): "1 day"}


def table_rows(heading: str) -> list[list[str]]:
    """The cells of the first table below a heading."""
    below = TEXT.split(f"\n{heading}\n", 1)[1]
    lines = re.search(r"(?:^\|.*\n)+", below, re.MULTILINE)
    assert lines
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines.group().splitlines()[2:]]


def test_every_limit_is_explained() -> None:
    said = {name: (int(most), within) for name, _kind, most, within, _of in table_rows("### Limits")}
    assert said == {name: (limit.most, TIMES[limit.within]) for name, limit in LIMITS.items()}
    assert all(len(of) > 10 for *_rest, of in table_rows("### Limits"))


def test_waits_and_counts_are_told_apart() -> None:
    """Each limit is used as the table says: `limits.count` for counts, the others make wait."""
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "survey").rglob("*.py"))
    counted = set(re.findall(r'limits\.count\(\w+, "([^"]+)"', sources)) | {"refusals recorded"}
    assert {name for name, kind, *_rest in table_rows("### Limits") if kind == "count"} == counted


def test_every_role_is_explained() -> None:
    said = {name.replace(" ", "_") for name, *_rest in table_rows("## Who may do what")}
    assert said == set(GRANTS)


def test_every_file_that_is_named_exists() -> None:
    named = re.findall(r"`((?:survey|tests|tools|deploy|docs)/[\w./-]+)`", TEXT)
    assert len(named) > 15
    assert not [name for name in named if not (ROOT / name).exists()]
    links = re.findall(r"\]\(([^)]+)\)", TEXT)
    assert not [link for link in links if not (ROOT / "docs" / link).resolve().exists()]
