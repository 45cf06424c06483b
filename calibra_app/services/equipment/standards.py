"""The register of reference standards: entering, changing, quarantine and return to service."""

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BindParameter, bindparam
from sqlmodel import col, select

from calibra_app.core.access import Permission, permitted
from calibra_app.core.entry import filled, limited, within
from calibra_app.core.errors import Conflict
from calibra_app.core.ids import StandardId
from calibra_app.core.paging import Page
from calibra_app.models.equipment import ReferenceStandard, StandardStatus
from calibra_app.persistence.listing import Key, page_of
from calibra_app.persistence.search import enter_words, found_by
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.persistence.versions import amend
from calibra_app.services.laboratory import today_of

KIND = "standard"
DUE_SOON_DAYS = 30
DUE_SOON = timedelta(days=DUE_SOON_DAYS)
# Nothing is measured with these, whatever their due date says.
AWAY = frozenset({StandardStatus.IN_CALIBRATION, StandardStatus.RETIRED, StandardStatus.LOST})
# In the statement itself: how few these are, the server knows only when it sees their names.
_GONE: BindParameter[str] = bindparam(
    "gone",
    [StandardStatus.RETIRED.value, StandardStatus.LOST.value],
    expanding=True,
    literal_execute=True,
)


class StandardCodeTaken(Conflict):
    """Another reference standard has this code."""

    code: ClassVar[str] = "standard_code_taken"


class NotThisStandardStatus(Conflict):
    """The standard is not where this step begins."""

    code: ClassVar[str] = "not_this_standard_status"


class StandardCondition(StrEnum):
    """How a reference standard stands on a day: its status, or what its due date makes of it."""

    USABLE = "usable"
    DUE_SOON = "due_soon"
    EXPIRED = "expired"
    QUARANTINED = "quarantined"
    IN_CALIBRATION = "in_calibration"
    LIMITED = "limited"
    RETIRED = "retired"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class StandardDraft:
    """What is entered of a reference standard; its due date comes from its certificate."""

    code: str
    name: str
    discipline: str
    manufacturer: str = ""
    model: str = ""
    serial: str = ""
    location: str = ""
    interval_months: int = 12
    notes: str = ""


@dataclass(frozen=True, slots=True)
class StandardSummary:
    """One line of the register."""

    id: StandardId
    code: str
    name: str
    discipline: str
    location: str
    due_on: date
    condition: StandardCondition
    days_left: int


@dataclass(frozen=True, slots=True)
class StandardDetail:
    """One reference standard without its certificates; `draft` is what the form shows."""

    id: StandardId
    version: int
    draft: StandardDraft
    status: StandardStatus
    due_on: date
    condition: StandardCondition
    days_left: int


def condition_on(status: StandardStatus, due_on: date, day: date) -> StandardCondition:
    """Return how a standard stands on a day; its due date is the last day of use."""
    match status:
        case StandardStatus.IN_SERVICE if day > due_on:
            return StandardCondition.EXPIRED
        case StandardStatus.IN_SERVICE if day + DUE_SOON >= due_on:
            return StandardCondition.DUE_SOON
        case StandardStatus.IN_SERVICE:
            return StandardCondition.USABLE
        case StandardStatus.LIMITED if day > due_on:
            return StandardCondition.EXPIRED
        case _:
            return StandardCondition(status.value)


@permitted(Permission.LABORATORY_SEE, reading=True)
def list_standards(
    work: UnitOfWork,
    search: str = "",
    *,
    discipline: str = "",
    condition: StandardCondition | None = None,
    retired: bool = False,
    cursor: str = "",
) -> Page[StandardSummary]:
    """List reference standards, those due first at the top.

    Args:
        work: The transaction.
        search: Beginnings of words of code, name, maker, serial number or place.
        discipline: Of this one alone.
        condition: As they stand today.
        retired: Also those that are retired or lost.
        cursor: Where the page begins.
    """
    today = today_of(work)
    query = select(ReferenceStandard)
    if discipline:
        query = query.where(ReferenceStandard.discipline == discipline)
    if search.strip():
        query = query.where(col(ReferenceStandard.id).in_(found_by(KIND, search)))
    if condition is not None:
        query = query.where(*_standing(condition, today))
    elif not retired:
        query = query.where(col(ReferenceStandard.status).not_in(_GONE))

    def summary(row: ReferenceStandard) -> StandardSummary:
        return StandardSummary(
            StandardId(row.id),
            row.code,
            row.name,
            row.discipline,
            row.location,
            row.due_on,
            condition_on(row.status, row.due_on, today),
            (row.due_on - today).days,
        )

    keys = (Key(ReferenceStandard.due_on), Key(ReferenceStandard.id))
    return page_of(work, query, summary, *keys, cursor=cursor)


@permitted(Permission.LABORATORY_SEE, reading=True)
def get_standard(work: UnitOfWork, standard_id: UUID) -> StandardDetail:
    """Return one reference standard."""
    row = work.peek(ReferenceStandard, standard_id)
    today = today_of(work)
    names = StandardDraft.__dataclass_fields__
    return StandardDetail(
        StandardId(row.id),
        row.version,
        StandardDraft(**{name: getattr(row, name) for name in names}),
        row.status,
        row.due_on,
        condition_on(row.status, row.due_on, today),
        (row.due_on - today).days,
    )


@permitted(Permission.STANDARD_REGISTER)
def register_standard(work: UnitOfWork, draft: StandardDraft) -> StandardId:
    """Enter a reference standard; it comes into service with its first accepted certificate.

    Raises:
        StandardCodeTaken: Another standard has the code.
    """
    fields = _checked(draft)
    _refuse_taken(work, fields["code"])
    row = ReferenceStandard(**fields, status=StandardStatus.IN_CALIBRATION, due_on=today_of(work))
    work.add(row)
    _enter_words(work, row)
    return StandardId(row.id)


@permitted(Permission.STANDARD_REGISTER)
def change_standard(work: UnitOfWork, standard_id: UUID, seen: int, draft: StandardDraft) -> None:
    """Change what is entered of a reference standard; sheets keep it as it was at use.

    Raises:
        Stale: Somebody else has changed it meanwhile.
    """
    row = work.get(ReferenceStandard, standard_id)
    fields = _checked(draft)
    if fields["code"] != row.code:
        _refuse_taken(work, fields["code"])
    if amend(work, row, seen, fields):
        _enter_words(work, row)


@permitted(Permission.STANDARD_QUARANTINE)
def quarantine_standard(work: UnitOfWork, standard_id: UUID, reason: str) -> None:
    """Take a standard out of use at once; whoever doubts it may do this."""
    work.give_reason(filled(reason, "reason", "the reason", most=1000))
    row = work.get(ReferenceStandard, standard_id)
    if row.status in {StandardStatus.RETIRED, StandardStatus.LOST}:
        raise NotThisStandardStatus(f"{row.code} is {row.status} and out of use already.")
    amend(work, row, row.version, {"status": StandardStatus.QUARANTINED})


@permitted(Permission.STANDARD_RETURN)
def return_standard(
    work: UnitOfWork, standard_id: UUID, reason: str, *, limited_use: bool = False
) -> None:
    """Return a standard from quarantine to service, or to limited service."""
    work.give_reason(filled(reason, "reason", "the reason", most=1000))
    row = work.get(ReferenceStandard, standard_id)
    if row.status not in {StandardStatus.QUARANTINED, StandardStatus.LIMITED}:
        raise NotThisStandardStatus(f"{row.code} is {_said(row.status)}, not quarantined.")
    target = StandardStatus.LIMITED if limited_use else StandardStatus.IN_SERVICE
    amend(work, row, row.version, {"status": target})


@permitted(Permission.STANDARD_REGISTER)
def set_aside(work: UnitOfWork, standard_id: UUID, status: StandardStatus, reason: str) -> None:
    """Note that a standard is away for calibration, retired or lost."""
    if status not in AWAY:
        raise NotThisStandardStatus("Choose: in calibration, retired or lost.", field="status")
    work.give_reason(filled(reason, "reason", "the reason", most=1000))
    row = work.get(ReferenceStandard, standard_id)
    amend(work, row, row.version, {"status": status})


def _standing(condition: StandardCondition, today: date) -> tuple[Any, ...]:
    status, due = col(ReferenceStandard.status), col(ReferenceStandard.due_on)
    soon = today + DUE_SOON
    in_service = status == StandardStatus.IN_SERVICE
    match condition:
        case StandardCondition.USABLE:
            return (in_service, due > soon)
        case StandardCondition.DUE_SOON:
            return (in_service, due >= today, due <= soon)
        case StandardCondition.EXPIRED:
            working = (StandardStatus.IN_SERVICE, StandardStatus.LIMITED)
            return (status.in_(working), due < today)
        case StandardCondition.LIMITED:
            return (status == StandardStatus.LIMITED, due >= today)
        case _:
            return (status == StandardStatus(condition.value),)


def _checked(draft: StandardDraft) -> dict[str, Any]:
    from_one_month, twenty_years = 1, 240
    within(Decimal(draft.interval_months), from_one_month, twenty_years, "interval_months")
    return asdict(draft) | {
        "code": filled(draft.code, "code", "a code, such as STD-E-002", most=40),
        "name": filled(draft.name, "name", "a name"),
        "discipline": filled(draft.discipline, "discipline", "a discipline").lower(),
        "manufacturer": limited(draft.manufacturer, "manufacturer"),
        "model": limited(draft.model, "model"),
        "serial": limited(draft.serial, "serial", most=60),
        "location": limited(draft.location, "location", most=60),
        "notes": limited(draft.notes, "notes", most=2000),
    }


def _refuse_taken(work: UnitOfWork, code: str) -> None:
    found = work.exec(select(ReferenceStandard.id).where(ReferenceStandard.code == code)).first()
    if found is not None:
        raise StandardCodeTaken(f"There is a standard {code} already.", field="code")


def _said(status: StandardStatus) -> str:
    return status.value.replace("_", " ")


def _enter_words(work: UnitOfWork, row: ReferenceStandard) -> None:
    enter_words(
        work,
        KIND,
        row.id,
        (row.code, row.name, row.manufacturer, row.model, row.serial, row.location),
    )
