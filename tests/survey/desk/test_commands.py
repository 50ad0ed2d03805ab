"""Importing the list at the terminal: the areas of the account count there too."""

import sqlalchemy as sa

from survey.models import AuditEvent
from tests.survey.desk.conftest import HERE, code, row, workbook


def test_it_imports_for_an_account_within_its_areas(app, run, make_staff, make_person, firms, tmp_path) -> None:
    make_staff("officer", HERE)
    make_staff("auditor")
    by = f"officer{HERE}@staff.example"
    good, bad = tmp_path / "good.xlsx", tmp_path / "bad.xlsx"
    good.write_bytes(workbook(row(1), row(2)))
    bad.write_bytes(workbook(row(3), row(4, area="河西区", mobile="1")))
    assert run("firms", "import", good, "--by", by, "--dry-run") == (0, "2 new, 0 brought up to date, 0 unchanged\n")
    assert not firms()
    exit_code, said = run("firms", "import", bad, "--by", by)
    assert exit_code == 2
    assert "bad.xlsx: row 3, column “所属区域”: This is not your area" in said
    assert "bad.xlsx: row 3, column “手机号”: This is no mobile number" in said
    for nobody in ("auditor@staff.example", "nobody@staff.example", "nobody"):
        assert run("firms", "import", good, "--by", nobody)[0] == 2
    assert not firms()
    assert run("firms", "import", good, "--by", by)[0] == 0
    assert set(firms()) == {code(1), code(2)}
    with app.extensions["database"].read() as session:
        event = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "firms.import")).one()
    assert (event.role, event.actor_id) == ("officer", firms()[code(1)].created_by)
