"""Insert-only tables: the database itself refuses every other change, whoever asks."""

import sqlalchemy as sa
from alembic.operations import Operations

_SQLITE = """
CREATE TRIGGER frozen_{table}_{verb} BEFORE {verb} ON "{table}"
BEGIN SELECT RAISE(ABORT, '{table} is frozen'); END
"""

_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is frozen', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$
"""

# A statement trigger: refused even if no row is hit, and the only kind that sees TRUNCATE.
_TRIGGER = """
CREATE TRIGGER frozen_{table} BEFORE UPDATE OR DELETE OR TRUNCATE ON "{table}"
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
"""


def freeze(op: Operations, table: str) -> None:
    """Make a table insert-only. Call it again after a batch operation, which drops SQLite's triggers."""
    unfreeze(op, table)
    if _is_sqlite(op):
        for verb in ("update", "delete"):
            op.execute(_SQLITE.format(table=table, verb=verb))
    else:
        op.execute(_FUNCTION)
        op.execute(_TRIGGER.format(table=table))


def unfreeze(op: Operations, table: str) -> None:
    """Let a migration change what a frozen table holds; freeze it again before the migration ends."""
    if _is_sqlite(op):
        for verb in ("update", "delete"):
            op.execute(f"DROP TRIGGER IF EXISTS frozen_{table}_{verb}")
    else:
        op.execute(f'DROP TRIGGER IF EXISTS frozen_{table} ON "{table}"')


def forget(op: Operations) -> None:
    """Remove what `freeze` shares between tables; for the downgrade to nothing."""
    if not _is_sqlite(op):
        op.execute("DROP FUNCTION IF EXISTS refuse_change()")


def _is_sqlite(op: Operations) -> bool:
    connection: sa.Connection = op.get_bind()
    return connection.dialect.name == "sqlite"
