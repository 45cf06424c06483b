"""What was typed into a form, as the values that a service takes.

A form's dict holds text for a field and true or false for a check box; a field that is not there
reads as empty. What cannot be read is refused beside its field, and the form keeps it.
"""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias, TypeVar
from uuid import UUID

import reflex as rx

from calibra_app.core.errors import Invalid, NotFound
from calibra_app.ui.format import read_number
from calibra_app.ui.words import say

Form: TypeAlias = dict[str, str | bool | None]
MOST_POWER = 30
LONGEST_NUMBER = 40
E = TypeVar("E", bound=StrEnum)


def text(form: Form, name: str) -> str:
    """Return what stands in a field."""
    value = form.get(name)
    return value.strip() if isinstance(value, str) else ""


def ticked(form: Form, name: str) -> bool:
    """Say whether a box is checked."""
    return form.get(name) in {True, "on", "true"}


def number(form: Form, name: str) -> Decimal:
    """Return the number in a field, written with comma or point.

    Raises:
        Invalid: It is empty or no number.
    """
    value = maybe_number(form, name)
    if value is None:
        raise Invalid(say("Give a number."), field=name)
    return value


def maybe_number(form: Form, name: str) -> Decimal | None:
    """Return the number in a field that may stay empty.

    Raises:
        Invalid: It is no number.
    """
    written = text(form, name)
    if not written:
        return None
    try:
        value = read_number(written)
    except ValueError as error:
        raise Invalid(str(error), field=name) from error
    # "1e999999" is a number, and a million digits once it is written out.
    if abs(value.adjusted()) > MOST_POWER or len(written) > LONGEST_NUMBER:
        raise Invalid(say("This number is too large or too fine to be meant."), field=name)
    return value


def maybe_whole(form: Form, name: str) -> int | None:
    """Return the whole number in a field that may stay empty.

    Raises:
        Invalid: It is none.
    """
    value = maybe_number(form, name)
    if value is None:
        return None
    if value != value.to_integral_value() or abs(value) >= Decimal(10) ** 9:
        raise Invalid(say("Give a whole number."), field=name)
    return int(value)


def day(form: Form, name: str) -> date:
    """Return the day in a field.

    Raises:
        Invalid: It is empty or no day.
    """
    value = maybe_day(form, name)
    if value is None:
        raise Invalid(say("Choose a day."), field=name)
    return value


def maybe_day(form: Form, name: str) -> date | None:
    """Return the day in a field that may stay empty.

    Raises:
        Invalid: It is no day.
    """
    written = text(form, name)
    if not written:
        return None
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        raise Invalid(say("Write the day as 2026-12-31."), field=name) from error


def choice(form: Form, name: str, words: type[E]) -> E:
    """Return what was chosen from a list.

    Raises:
        Invalid: Nothing of the list was.
    """
    try:
        return words(text(form, name))
    except ValueError as error:
        raise Invalid(say("Choose one of the list."), field=name) from error


def identity(written: str, field: str = "") -> UUID:
    """Return the identifier of a record as it stands in an address or a choice.

    Raises:
        Invalid: Nothing was chosen in the field.
        NotFound: It is no identifier.
    """
    try:
        return UUID(written)
    except ValueError as error:
        if field:
            raise Invalid(say("Choose one of the list."), field=field) from error
        raise NotFound(say("There is no such record.")) from error


def path_argument(state: rx.State, name: str) -> UUID:
    """Return the identifier in the address of the page; `name` is its place in the route.

    Raises:
        NotFound: There is none.
    """
    # Reflex makes a var of the root state of each name in a route.
    return identity(str(getattr(state, name, "")))
