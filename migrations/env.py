"""How migrations meet the database: one transaction, one number after the other, one runner at a time."""

import os
from typing import Any

import sqlalchemy as sa
from alembic import context
from alembic.script import ScriptDirectory

from survey import database, settings
from survey.models import Base

_LOCK = 8_274_115  # any number that is ours: two servers started at once upgrade one after the other


def number(_context: Any, _revision: Any, directives: list[Any]) -> None:
    """Give a new revision the next number instead of a random one."""
    if directives:
        head = ScriptDirectory.from_config(context.config).get_current_head()
        directives[0].rev_id = f"{int(head or 0) + 1:04d}"


def plain_types(kind: str, value: Any, _autogen: Any) -> str | bool:
    """Write our column types as SQLAlchemy's, since released migrations must not depend on our classes."""
    if kind == "type" and isinstance(value, sa.types.TypeDecorator):
        return f"sa.{value.impl_instance!r}"
    return False


def run() -> None:
    url = context.config.attributes.get("database_url") or settings.database_url(os.environ)
    engine = database.engine(url, "migrate")
    with engine.connect() as connection:
        context.configure(
            connection,
            target_metadata=Base.metadata,
            transactional_ddl=True,
            render_as_batch=True,
            render_item=plain_types,
            process_revision_directives=number,
        )
        with context.begin_transaction():
            if connection.dialect.name == "postgresql":
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
            context.run_migrations()
            refuse_lost_references(connection)
    engine.dispose()


def refuse_lost_references(connection: sa.Connection) -> None:
    """SQLite does not watch references while tables are rebuilt; look at all of them before the end."""
    if connection.dialect.name == "sqlite":
        lost = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if lost:
            raise RuntimeError(f"rows refer to rows that are gone: {lost[:10]}")


if context.is_offline_mode():
    raise SystemExit("Migrations look at the database; --sql is not supported.")
run()
