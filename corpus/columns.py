"""What the tables of the record are made of: kinds of columns, keys that begin with the organisation, references that stay inside."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.types import TypeEngine

from alignment.errors import Refused, Unreadable

METADATA = MetaData()


class Words(TypeDecorator[str]):
    """Text of any length, without NUL, which SQLite would keep and PostgreSQL cannot."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """The text as it is; Unreadable where it holds a NUL character."""
        if value is not None and "\x00" in value:
            raise Unreadable("The text holds a NUL character, which the store cannot keep", todo="Remove it and try again.")
        return None if value is None else str(value)  # an enum member by its value, whatever the driver makes of enums


class Key(Words):
    """Text that is looked up and sorted by code point on every database."""

    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """PostgreSQL would otherwise sort by the locale of the server."""
        return dialect.type_descriptor(Text(collation="C") if dialect.name == "postgresql" else Text())


class Instant(TypeDecorator[datetime]):
    """A point in time, in UTC; one without a time zone is refused, since nobody could say later when it was."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The instant in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise Refused("A time without its time zone cannot go on record", where=value.isoformat(), todo="Give it one, such as UTC.")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The instant in UTC; SQLite gives it back bare."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def table(name: str, *parts: Column[Any] | ForeignKeyConstraint | UniqueConstraint | CheckConstraint, key: tuple[str, ...]) -> Table:
    """A table of the record, keyed by organisation and `key`."""
    primary = PrimaryKeyConstraint("organisation", *key, name=f"pk_{name}")
    return Table(name, METADATA, Column("organisation", Key, nullable=False), *parts, primary)


def key(name: str, *, blank: bool = False) -> Column[str]:
    """A column that is looked up."""
    return Column(name, Key, nullable=blank)


def words(name: str) -> Column[str]:
    """A column of words."""
    return Column(name, Words, nullable=False)


def number(name: str, *, blank: bool = False) -> Column[int]:
    """A column of whole numbers."""
    return Column(name, Integer, nullable=blank)


def at() -> Column[datetime]:
    """The column that says when."""
    return Column("at", Instant, nullable=False)


def refers(name: str, columns: str, target: str, *, to: str = "id", owned: bool = False) -> ForeignKeyConstraint:
    """A reference within the organisation; `owned` rows go with what they refer to."""
    targets = [f"{target}.organisation", *(f"{target}.{column}" for column in to.split())]
    own = ["organisation", *columns.split()]
    if owned:
        return ForeignKeyConstraint(own, targets, name=f"fk_{name}", ondelete="CASCADE")
    return ForeignKeyConstraint(own, targets, name=f"fk_{name}", deferrable=True, initially="DEFERRED")


def tenant(table: str) -> ForeignKeyConstraint:
    """The reference to the organisation itself, with which everything goes."""
    return ForeignKeyConstraint(["organisation"], ["organisations.organisation"], name=f"fk_{table}_organisation", ondelete="CASCADE")


def once(name: str, columns: str) -> UniqueConstraint:
    """What may stand only once in an organisation."""
    return UniqueConstraint("organisation", *columns.split(), name=f"uq_{name}")
