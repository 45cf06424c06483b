"""What somebody entered into a form or a request, held against the plainest rules.

Why here: a form of the site, the HTTP interface and an import of a file are refused with the same
sentence for the same field.
"""

from datetime import date
from decimal import Decimal

from calibra_app.core.errors import Invalid

LONGEST_LINE = 200
LONGEST_TEXT = 4_000


def filled(text: str, field: str, name: str, *, most: int = LONGEST_LINE) -> str:
    """Return a text that must not be empty, without the blanks around it.

    Args:
        text: What was entered.
        field: The field that a refusal belongs beside.
        name: What the field asks for, as the sentence names it: "a name".
        most: How many characters it may have.

    Raises:
        Invalid: It is empty or too long.
    """
    kept = text.strip()
    if not kept:
        raise Invalid(f"Give {name}.", field=field)
    return limited(kept, field, most=most)


def limited(text: str, field: str, *, most: int = LONGEST_LINE) -> str:
    """Return a text that may be empty, without the blanks around it.

    Raises:
        Invalid: It is too long, or holds a sign that no keyboard makes.
    """
    kept = text.strip()
    if len(kept) > most:
        raise Invalid(f"Use at most {most} characters; these are {len(kept)}.", field=field)
    if "\0" in kept:
        raise Invalid("This holds a sign that cannot be stored.", field=field)
    return kept


def email_address(text: str, field: str = "email") -> str:
    """Return an address for mail in lower case.

    Raises:
        Invalid: It is none.
    """
    kept = filled(text, field, "an email address").lower()
    local, at, domain = kept.partition("@")
    if not (local and at and "." in domain) or "@" in domain or any(map(str.isspace, kept)):
        raise Invalid(f"“{text.strip()}” is no email address.", field=field)
    return kept


def within(value: Decimal, low: Decimal | int, high: Decimal | int, field: str) -> Decimal:
    """Return a number that lies between two bounds, which belong to it.

    Raises:
        Invalid: It does not.
    """
    if not value.is_finite() or not low <= value <= high:
        raise Invalid(f"Use a number from {low} to {high}.", field=field)
    return value


def in_order(first: date, last: date | None, field: str) -> None:
    """Refuse an end before its beginning.

    Raises:
        Invalid: The last day is before the first.
    """
    if last is not None and last < first:
        raise Invalid("The end lies before the beginning.", field=field)
