"""Reading what was typed into a cell: comma or point, no letters, every trailing zero kept."""

import re
from decimal import Decimal

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
_MOST_DIGITS = 18


def read_indication(raw: str) -> Decimal:
    """Return the number that was typed, with comma or point and either minus.

    Raises:
        ValueError: It is no number; the sentence says what to write.

    Example:
        >>> read_indication("10,00")
        Decimal('10.00')
        >>> read_indication("−0.5")
        Decimal('-0.5')
    """
    kept = re.sub(r"[\s'\N{RIGHT SINGLE QUOTATION MARK}]", "", raw)
    kept = kept.replace("\N{MINUS SIGN}", "-").replace(",", ".")
    if not _NUMBER.fullmatch(kept) or len(kept) > _MOST_DIGITS:
        shown = raw.strip()[:_MOST_DIGITS]
        raise ValueError(f"“{shown}” is not a number. Write it like 10.01 or 10,01.")
    return Decimal(kept)
