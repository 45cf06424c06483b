"""The price book."""

from dataclasses import asdict, dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlmodel import col, select

from calibra_app.core.access import Permission, permitted, within_deed
from calibra_app.core.entry import filled, limited, within
from calibra_app.core.errors import Conflict, Invalid
from calibra_app.core.money import Money
from calibra_app.core.paging import Page
from calibra_app.models.scope import Price
from calibra_app.persistence.listing import Key, page_of
from calibra_app.persistence.search import enter_words, found_by
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.persistence.versions import amend

KIND = "price"
MOST = Decimal(10_000_000)


class NoPrice(Conflict):
    """The price book has no entry for this."""

    code: ClassVar[str] = "no_price"


class PriceKind(StrEnum):
    """What a price is for."""

    CALIBRATION = "calibration"
    ADJUSTMENT = "adjustment"
    TRAVEL = "travel"
    HANDLING = "handling"
    SURCHARGE = "surcharge"


@dataclass(frozen=True, slots=True)
class PriceDraft:
    """What is entered of a price; a percentage is taken of another sum."""

    code: str
    title: str
    kind: PriceKind
    amount: Decimal
    currency: str = "EUR"
    procedure_code: str = ""
    is_percentage: bool = False


@dataclass(frozen=True, slots=True)
class PriceRecord:
    """One entry of the price book."""

    id: UUID
    version: int
    archived: bool
    code: str
    title: str
    kind: PriceKind
    amount: Decimal
    currency: str
    procedure_code: str
    is_percentage: bool

    @property
    def money(self) -> Money:
        """The amount as money; raise NoPrice for a percentage, which is none."""
        if self.is_percentage:
            raise NoPrice(f"{self.title} is {self.amount} % of another sum.")
        return Money(self.amount, self.currency)


@permitted(Permission.PRICE_BOOK_EDIT, Permission.QUOTATION_WRITE, reading=True)
def list_prices(
    work: UnitOfWork,
    search: str = "",
    *,
    kind: PriceKind | None = None,
    archived: bool = False,
    cursor: str = "",
) -> Page[PriceRecord]:
    """List the price book by code."""
    query = select(Price).where(Price.archived == archived)
    if kind is not None:
        query = query.where(Price.kind == kind.value)
    if search.strip():
        query = query.where(col(Price.id).in_(found_by(KIND, search)))
    return page_of(work, query, _record, Key(Price.code), cursor=cursor)


@permitted(Permission.PRICE_BOOK_EDIT, Permission.QUOTATION_WRITE, reading=True)
def get_price(work: UnitOfWork, price_id: UUID) -> PriceRecord:
    """Return one entry of the price book."""
    return _record(work.peek(Price, price_id))


@permitted(Permission.PRICE_BOOK_EDIT)
def add_price(work: UnitOfWork, draft: PriceDraft) -> UUID:
    """Enter a price.

    Raises:
        Conflict: The code is taken.
    """
    fields = _checked(draft)
    _refuse_taken(work, fields["code"])
    row = Price(**fields)
    work.add(row)
    _enter_words(work, row)
    return row.id


@permitted(Permission.PRICE_BOOK_EDIT)
def change_price(work: UnitOfWork, price_id: UUID, seen: int, draft: PriceDraft) -> None:
    """Change a price; what has been quoted keeps its own.

    Raises:
        Stale: Somebody else has changed it meanwhile.
    """
    row = work.get(Price, price_id)
    fields = _checked(draft)
    if fields["code"] != row.code:
        _refuse_taken(work, fields["code"])
    if amend(work, row, seen, fields):
        _enter_words(work, row)


@permitted(Permission.PRICE_BOOK_EDIT)
def archive_price(work: UnitOfWork, price_id: UUID, seen: int, *, archived: bool = True) -> None:
    """Put a price away, or take it back into use."""
    amend(work, work.get(Price, price_id), seen, {"archived": archived})


@within_deed
def price_of(
    work: UnitOfWork, procedure_code: str, kind: PriceKind = PriceKind.CALIBRATION
) -> PriceRecord:
    """Return what a calibration by a procedure costs; for an adjustment, its own price.

    Raises:
        NoPrice: The price book has no entry for it.
    """
    found = work.exec(
        select(Price)
        .where(
            Price.procedure_code == procedure_code,
            Price.kind == kind.value,
            col(Price.archived).is_(False),
        )
        .order_by(col(Price.code))
        .limit(1)
    ).first()
    if found is None:
        raise NoPrice(f"The price book has no {kind} price for {procedure_code}. Enter it first.")
    return _record(found)


@within_deed
def price_by_code(work: UnitOfWork, code: str) -> PriceRecord:
    """Return an entry of the price book by its code: travel, urgency, handling.

    Raises:
        NoPrice: There is none in use.
    """
    found = work.exec(
        select(Price).where(Price.code == code, col(Price.archived).is_(False))
    ).first()
    if found is None:
        raise NoPrice(f"The price book has no entry {code}. Enter it first.")
    return _record(found)


def _record(row: Price) -> PriceRecord:
    return PriceRecord(
        row.id,
        row.version,
        row.archived,
        row.code,
        row.title,
        PriceKind(row.kind),
        row.amount,
        row.currency,
        row.procedure_code,
        row.is_percentage,
    )


def _checked(draft: PriceDraft) -> dict[str, Any]:
    currency = draft.currency.strip().upper()
    letters = 3
    if len(currency) != letters or not currency.isalpha():
        raise Invalid("Name the currency by its three letters, such as EUR.", field="currency")
    most = Decimal(1000) if draft.is_percentage else MOST
    return asdict(draft) | {
        "code": filled(draft.code, "code", "a code, such as CAL-ELE-04", most=40),
        "title": filled(draft.title, "title", "a title"),
        "kind": draft.kind.value,
        "amount": within(draft.amount, 0, most, "amount"),
        "currency": currency,
        "procedure_code": limited(draft.procedure_code, "procedure_code", most=40),
    }


def _refuse_taken(work: UnitOfWork, code: str) -> None:
    if work.exec(select(Price.id).where(Price.code == code)).first() is not None:
        raise Conflict(f"There is a price {code} already.", field="code")


def _enter_words(work: UnitOfWork, row: Price) -> None:
    enter_words(work, KIND, row.id, (row.code, row.title, row.kind, row.procedure_code))
