"""What a new site knows from the start: the city's districts and zones, and the sections and divisions of industry.

Both files stay as they are once released; a correction is a migration of its own.
"""

import csv
import secrets
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TOP = Path(__file__).resolve().parents[2]
AREAS = TOP / "migrations" / "seeds" / "areas.csv"
INDUSTRIES = TOP / "survey" / "organisations" / "industries.csv"

area = sa.table(
    "area",
    sa.column("id", sa.BigInteger),
    *map(sa.column, ("public_id", "code", "kind", "parent_id", "path", "name_zh", "name_en", "position")),
    sa.column("active", sa.Boolean),
)
industry = sa.table("industry", *map(sa.column, ("code", "level", "parent", "name_zh", "name_en")))


def upgrade() -> None:
    for position, row in enumerate(rows(AREAS)):
        add_area(position, row)
    known = set(op.get_bind().scalars(sa.select(industry.c.code)))
    op.bulk_insert(industry, [industry_row(row) for row in rows(INDUSTRIES) if row["code"] not in known])


def downgrade() -> None:
    """Leaves the rows: the city may have edited them and firms refer to them. `upgrade` adds only what is missing."""


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def industry_row(row: dict[str, str]) -> dict[str, str | None]:
    """A division lies in the section its code begins with."""
    return {**row, "parent": row["code"][0] if row["level"] == "division" else None}


def add_area(position: int, row: dict[str, str]) -> None:
    """Add a node below its parent, which stands earlier in the file."""
    connection = op.get_bind()
    parent_id, path = None, "/"
    if row["parent"]:
        parent_id, path = connection.execute(sa.select(area.c.id, area.c.path).filter_by(code=row["parent"])).one()
    # Zones have no code of their own.
    mine = {"code": row["code"]} if row["code"] else {"parent_id": parent_id, "name_zh": row["name_zh"]}
    if connection.scalar(sa.select(area.c.id).filter_by(**mine)):
        return
    connection.execute(
        area.insert().values(
            public_id=public_id(), code=row["code"] or None, kind=row["kind"], parent_id=parent_id, path=path,
            name_zh=row["name_zh"], name_en=row["name_en"], position=position, active=True,
        )
    )  # fmt: skip
    new = connection.scalar(sa.select(area.c.id).filter_by(**mine))
    connection.execute(area.update().where(area.c.id == new).values(path=f"{path}{new}/"))


def public_id() -> str:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    return "".join(secrets.choice(letters) for _ in range(22))
