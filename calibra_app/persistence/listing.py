"""Lists page by page, each beginning behind the last row of the one before.

Why not an offset: it counts through everything before it, and a row added meanwhile shifts all
later pages. A key leads straight into the index of the sorting, which begins with the laboratory.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, and_, literal, literal_column, or_, tuple_
from sqlalchemy.orm import Session as SqlSession

from calibra_app.core.paging import PAGE_SIZE, Page, read_cursor, write_cursor
from calibra_app.persistence.unit_of_work import UnitOfWork

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Key:
    """One column of a sorting; none of its values may be missing."""

    column: Any
    descending: bool = False

    @property
    def kind(self) -> type:
        """The type of its values."""
        kind: type = self.column.type.python_type
        # SQLModel's text column does not say that it holds text.
        return str if kind is object else kind


def page_of(
    work: UnitOfWork,
    statement: Any,
    make: Callable[..., T],
    *keys: Key,
    cursor: str = "",
    size: int = PAGE_SIZE,
) -> Page[T]:
    """Return one page of a list.

    Args:
        work: The transaction.
        statement: A select without order and limit.
        make: Called with each row's columns; returns what the page holds.
        keys: The sorting; together they tell any two rows apart.
        cursor: Where to begin: `next_cursor` of the page before, or empty.
        size: How many rows at most.

    Raises:
        Invalid: The cursor belongs to another list.
    """
    width = len(statement.column_descriptions)
    query: Any = statement.add_columns(*(key.column for key in keys))
    if cursor:
        query = query.where(_behind(keys, read_cursor(cursor, [key.kind for key in keys])))
    ordered = query.order_by(
        *(key.column.desc() if key.descending else key.column.asc() for key in keys)
    )
    # The limit stands in the statement: with a parameter in its place the server takes a tenth of
    # the table for wanted, finds its stored plan dear, and plans the page anew every time.
    limited = ordered.limit(literal_column(str(size + 1)))
    # Not `exec`: it would drop the keys behind a single entity.
    found = SqlSession.execute(work.session, limited).all()
    kept = found[:size]
    next_cursor = write_cursor(kept[-1][width:]) if len(found) > size else ""
    return Page(tuple(make(*row[:width]) for row in kept), next_cursor)


def _behind(keys: tuple[Key, ...], values: tuple[Any, ...]) -> ColumnElement[bool]:
    columns = [key.column for key in keys]
    # A comparison of whole rows is one range of the index; it needs one direction for all.
    if all(key.descending for key in keys):
        return tuple_(*columns) < tuple_(*_bound(columns, values))
    if not any(key.descending for key in keys):
        return tuple_(*columns) > tuple_(*_bound(columns, values))
    return or_(
        *(
            and_(
                *(column == value for column, value in zip(columns[:at], values[:at], strict=True)),
                columns[at] < values[at] if key.descending else columns[at] > values[at],
            )
            for at, key in enumerate(keys)
        )
    )


def _bound(columns: list[Any], values: tuple[Any, ...]) -> list[Any]:
    return [literal(value, column.type) for column, value in zip(columns, values, strict=True)]
