"""The kinds of columns our tables are made of, so that a model reads like a table."""

import json
from datetime import UTC, date, datetime
from typing import Annotated, Any

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, mapped_column

from survey import public_ids


class Base(DeclarativeBase):
    """All tables. Constraint names follow one pattern on both databases, so that migrations can name them."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


#: Table argument of an insert-only table; its migration calls `freeze`.
FROZEN = {"info": {"frozen": True}}


def canonical(value: Any) -> str:
    """The one JSON text of a value: sorted keys, no spaces, characters as they are. Hashes are taken from it."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


class Json(sa.types.TypeDecorator[Any]):
    """A value kept as its canonical JSON text. Change it by assigning a new value, never in place."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any, _dialect: sa.Dialect) -> str | None:
        return None if value is None else canonical(value)

    def process_result_value(self, value: str | None, _dialect: sa.Dialect) -> Any:
        return None if value is None else json.loads(value)


class Moment(sa.types.TypeDecorator[datetime]):
    """A point in time: must know its zone when written, is in UTC when read, on both databases."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, _dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Kind(sa.types.TypeDecorator[str]):
    """A short word out of a list that Python checks: a new word is an edit here and never a migration."""

    impl = sa.String(32)
    cache_ok = True

    def __init__(self, *words: str) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: str | None, _dialect: sa.Dialect) -> str | None:
        if value is not None and value not in self.words:
            raise ValueError(f"{value!r} is none of: {', '.join(self.words)}")
        return value


# SQLite counts up by itself only in a column declared INTEGER, which holds 64 bits there.
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

Id = Annotated[int, mapped_column(BIG, primary_key=True)]
PublicId = Annotated[str, mapped_column(sa.String(public_ids.LENGTH), unique=True, default=public_ids.new)]
Big = Annotated[int, mapped_column(sa.BigInteger)]
Word = Annotated[str, mapped_column(sa.String(64))]
Name = Annotated[str, mapped_column(sa.String(200))]
Long = Annotated[str, mapped_column(sa.Text)]
Hash = Annotated[str, mapped_column(sa.String(64))]
At = Annotated[datetime, mapped_column(Moment)]
Day = Annotated[date, mapped_column(sa.Date)]
JsonValue = Annotated[Any, mapped_column(Json)]
