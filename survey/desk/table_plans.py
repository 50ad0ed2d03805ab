"""How a query is to be carried out on SQLite, which keeps no statistics; other databases decide by theirs."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import UnaryExpression


def off_index(session: Session, column: Any) -> Any:
    """The column, so written that SQLite does not search by it."""
    sqlite = session.get_bind().dialect.name == "sqlite"
    return UnaryExpression(column, operator=operators.custom_op("+")) if sqlite else column


def holds(session: Session, column: Any, text: str) -> Any:
    """Whether a text is part of the column, letters of either size alike where it has any.

    SQLite's LIKE takes letters of either size for the same by itself; elsewhere making them small first is slow.
    """
    plain = session.get_bind().dialect.name == "sqlite" or text.lower() == text.upper()
    return (column.contains if plain else column.icontains)(text, autoescape=True)


class FirmsFirst(sa.Join):
    """A join whose left side is gone through first, row by row, in the order that is asked for."""

    inherit_cache = True


@compiles(FirmsFirst)
def _as_any(element: FirmsFirst, compiler: Any, **options: Any) -> Any:
    return compiler.visit_join(element, **options)


@compiles(FirmsFirst, "sqlite")
def _in_order(element: FirmsFirst, compiler: Any, **options: Any) -> str:
    """SQLite never changes the order of a CROSS JOIN."""
    options["asfrom"] = True
    left, right = (compiler.process(side, **options) for side in (element.left, element.right))
    onclause = compiler.process(element.onclause, **{key: value for key, value in options.items() if key != "asfrom"})
    return f"{left} CROSS JOIN {right} ON {onclause}"
