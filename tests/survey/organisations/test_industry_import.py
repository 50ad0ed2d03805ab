"""Importing the classification of industries."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from survey.models import Industry

GOOD = "code,level,name\nC34,division,通用设备制造业\nC348,group,通用零部件制造\nC3483,class,弹簧制造\n"


def run(app: Flask, tmp_path: Path, text: str | bytes) -> tuple[int, str]:
    file = tmp_path / "table.csv"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    result = app.test_cli_runner().invoke(args=["industries", "import", str(file)])
    return result.exit_code, result.output


def known(app: Flask) -> dict[str, tuple[str, str | None, str | None]]:
    with app.extensions["database"].read() as session:
        return {row.code: (row.name_zh, row.name_en, row.parent) for row in session.scalars(sa.select(Industry))}


def test_it_adds_and_renames_and_may_be_repeated(app: Flask, tmp_path: Path) -> None:
    before = known(app)
    for _time in range(2):
        assert run(app, tmp_path, GOOD.replace("通用设备制造业", "通用设备")) == (0, "3 industries imported\n")
    after = known(app)
    assert set(after) - set(before) == {"C348", "C3483"}
    assert after["C3483"] == ("弹簧制造", None, "C348")
    assert after["C34"] == ("通用设备", before["C34"][1], "C")


def test_the_order_of_lines_does_not_matter(app: Flask, tmp_path: Path) -> None:
    head, *lines = GOOD.splitlines()
    assert run(app, tmp_path, "\ufeff" + "\r\n".join([head, *reversed(lines)]))[0] == 0
    assert "C3483" in known(app)


def test_every_fault_is_named_with_its_line_and_nothing_is_imported(app: Flask, tmp_path: Path) -> None:
    before = known(app)
    bad = GOOD + "C999,group,没有的大类\nC12,klass,错\n3911,class,没有字母\nC3482,class,\nC3483,class,又一次\n"
    code, output = run(app, tmp_path, bad)
    assert code == 2
    assert [line.split(": ", 2)[1] for line in output.splitlines()] == [f"line {at}" for at in (5, 6, 7, 8, 9)]
    assert "stands in line 4 already" in output
    assert known(app) == before


@pytest.mark.parametrize("text", ["", "code,level\n", "code;level;name\n", "code,level,name\n", "a\0b", b"\xff\xfe"])
def test_what_is_no_table_is_refused(app: Flask, tmp_path: Path, text: str | bytes) -> None:
    before = known(app)
    assert run(app, tmp_path, text)[0] == 2
    assert known(app) == before
