"""The customers' instruments: what they own, how it is calibrated, when it is due."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from sqlmodel import col, select

from calibra_app.core.access import Permission, permitted, within_deed
from calibra_app.core.entry import filled, limited
from calibra_app.core.errors import Conflict, Forbidden, Invalid, NotFound
from calibra_app.core.ids import CustomerId, InstrumentId
from calibra_app.core.paging import Page
from calibra_app.metrology.quantity import MetrologyError
from calibra_app.models.customer import Customer
from calibra_app.models.equipment import Instrument
from calibra_app.persistence.listing import Key, page_of
from calibra_app.persistence.search import enter_words, found_by
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.persistence.versions import amend
from calibra_app.procedures.base import PlannedPoint
from calibra_app.procedures.registry import plan_points
from calibra_app.services.scope import effective_procedure, find_procedure

KIND = "instrument"
LONGEST_INTERVAL_MONTHS = 240


class TagTaken(Conflict):
    """The customer has another instrument with this tag."""

    code: ClassVar[str] = "tag_taken"


@dataclass(frozen=True, slots=True)
class InstrumentDraft:
    """What is entered of an instrument; `parameters` is what its procedure's plan asks for."""

    customer_id: UUID
    tag: str
    description: str
    manufacturer: str = ""
    model: str = ""
    serial: str = ""
    discipline: str = ""
    procedure_code: str = ""
    range_text: str = ""
    parameters: Mapping[str, object] = field(default_factory=dict[str, object])
    # What was last agreed for it and is offered again; None keeps it as it is.
    agreement: Mapping[str, object] | None = None
    on_site: bool = False
    due_on: date | None = None
    interval_months: int | None = None


@dataclass(frozen=True, slots=True)
class InstrumentSummary:
    """One line of the registry."""

    id: InstrumentId
    tag: str
    description: str
    manufacturer: str
    model: str
    serial: str
    customer_id: CustomerId
    customer_code: str
    customer_name: str
    discipline: str
    procedure_code: str
    due_on: date | None
    archived: bool


@dataclass(frozen=True, slots=True)
class InstrumentDetail:
    """One instrument; `draft` is what the form shows, `missing` what its procedure still asks."""

    id: InstrumentId
    version: int
    archived: bool
    customer_code: str
    customer_name: str
    draft: InstrumentDraft
    missing: str


@permitted(Permission.INSTRUMENT_REGISTER, reading=True)
def list_instruments(
    work: UnitOfWork,
    search: str = "",
    *,
    customer_id: UUID | None = None,
    due_by: date | None = None,
    archived: bool = False,
    cursor: str = "",
) -> Page[InstrumentSummary]:
    """List instruments by tag; with `due_by` those due up to that day, soonest first.

    A person of the portal finds the own company's alone.
    """
    query = (
        select(Instrument, col(Customer.code), col(Customer.name))
        .join(Customer, col(Customer.id) == Instrument.customer_id)
        .where(Instrument.archived == archived)
    )
    owner = work.actor.customer_id or customer_id
    if work.actor.customer_id is not None and customer_id not in {None, work.actor.customer_id}:
        return Page(())
    if owner is not None:
        query = query.where(Instrument.customer_id == owner)
    if search.strip():
        query = query.where(col(Instrument.id).in_(found_by(KIND, search)))
    if due_by is None:
        keys = (Key(Instrument.tag), Key(Instrument.id))
    else:
        query = query.where(col(Instrument.due_on).is_not(None), col(Instrument.due_on) <= due_by)
        keys = (Key(Instrument.due_on), Key(Instrument.id))
    return page_of(work, query, _summary, *keys, cursor=cursor)


@permitted(Permission.INSTRUMENT_REGISTER, reading=True)
def get_instrument(work: UnitOfWork, instrument_id: UUID) -> InstrumentDetail:
    """Return one instrument."""
    row = work.peek(Instrument, instrument_id)
    own = work.actor.customer_id
    if own is not None and row.customer_id != own:
        raise NotFound("There is no such instrument.")
    customer = work.peek(Customer, row.customer_id)
    names = InstrumentDraft.__dataclass_fields__
    draft = InstrumentDraft(**{name: getattr(row, name) for name in names})
    return InstrumentDetail(
        InstrumentId(row.id),
        row.version,
        row.archived,
        customer.code,
        customer.name,
        draft,
        missing_of(work, draft.procedure_code, draft.parameters),
    )


@permitted(Permission.INSTRUMENT_REGISTER)
def add_instrument(work: UnitOfWork, draft: InstrumentDraft) -> InstrumentId:
    """Enter an instrument of a customer.

    Raises:
        TagTaken: The customer has another instrument with the tag.
        Invalid: The procedure is unknown, or a field cannot be.
    """
    _refuse_others(work, draft.customer_id)
    work.peek(Customer, draft.customer_id)
    fields = _checked(work, draft)
    _refuse_taken(work, draft.customer_id, str(fields["tag"]))
    row = Instrument(**fields)
    work.add(row)
    _enter_words(work, row)
    return InstrumentId(row.id)


@permitted(Permission.INSTRUMENT_REGISTER)
def change_instrument(
    work: UnitOfWork, instrument_id: UUID, seen: int, draft: InstrumentDraft
) -> None:
    """Change what is entered of an instrument; its owner stays.

    Raises:
        Stale: Somebody else has changed it meanwhile.
        TagTaken: The customer has another instrument with the tag.
    """
    row = work.get(Instrument, instrument_id)
    _refuse_others(work, row.customer_id)
    fields: dict[str, Any] = _checked(work, draft) | {"customer_id": row.customer_id}
    if draft.agreement is None:
        del fields["agreement"]
    if fields["tag"] != row.tag:
        _refuse_taken(work, row.customer_id, fields["tag"])
    if amend(work, row, seen, fields):
        _enter_words(work, row)


@permitted(Permission.INSTRUMENT_REGISTER)
def archive_instrument(
    work: UnitOfWork, instrument_id: UUID, seen: int, *, archived: bool = True
) -> None:
    """Put an instrument away, or take it back into use."""
    row = work.get(Instrument, instrument_id)
    _refuse_others(work, row.customer_id)
    amend(work, row, seen, {"archived": archived})


@permitted(Permission.INSTRUMENT_REGISTER, reading=True)
def same_serial(work: UnitOfWork, serial: str) -> tuple[InstrumentSummary, ...]:
    """List the instruments with a serial number, for the warning of a duplicate."""
    kept = serial.strip()
    if not kept:
        return ()
    query = (
        select(Instrument, col(Customer.code), col(Customer.name))
        .join(Customer, col(Customer.id) == Instrument.customer_id)
        .where(Instrument.serial == kept)
    )
    if work.actor.customer_id is not None:
        query = query.where(Instrument.customer_id == work.actor.customer_id)
    return tuple(_summary(*found) for found in work.exec(query.limit(20)).all())


@within_deed
def find_by_tag(work: UnitOfWork, tag: str, customer_id: UUID | None = None) -> InstrumentId | None:
    """Return the instrument with a tag, as scanned from its label; None where it is not one."""
    query = select(Instrument.id).where(Instrument.tag == tag.strip())
    if customer_id is not None:
        query = query.where(Instrument.customer_id == customer_id)
    found = work.exec(query.limit(2)).all()
    return InstrumentId(found[0]) if len(found) == 1 else None


@within_deed
def planned_points(
    work: UnitOfWork, procedure_code: str, parameters: Mapping[str, object]
) -> tuple[PlannedPoint, ...]:
    """Return the points that the procedure in effect plans for an instrument.

    Raises:
        Invalid: A parameter that the procedure asks for is missing.
    """
    procedure = effective_procedure(work, procedure_code)
    try:
        return plan_points(procedure.model_key, procedure.model_version, parameters)
    except MetrologyError as error:
        raise Invalid(f"{error}.", field="parameters") from error


@within_deed
def missing_of(work: UnitOfWork, procedure_code: str, parameters: Mapping[str, object]) -> str:
    """Return what the procedure still asks for, in a sentence; empty where nothing is missing."""
    if not procedure_code:
        return "Choose a procedure."
    try:
        planned_points(work, procedure_code, parameters)
    except (Invalid, Conflict, NotFound) as error:
        return error.message
    return ""


def _summary(row: Instrument, customer_code: str, customer_name: str) -> InstrumentSummary:
    return InstrumentSummary(
        InstrumentId(row.id),
        row.tag,
        row.description,
        row.manufacturer,
        row.model,
        row.serial,
        CustomerId(row.customer_id),
        customer_code,
        customer_name,
        row.discipline,
        row.procedure_code,
        row.due_on,
        row.archived,
    )


def _checked(work: UnitOfWork, draft: InstrumentDraft) -> dict[str, Any]:
    discipline = draft.discipline.strip().lower()
    if draft.procedure_code:
        known = find_procedure(work, draft.procedure_code)
        if known is None:
            raise Invalid(
                f"The laboratory has no procedure {draft.procedure_code}.", field="procedure_code"
            )
        discipline = known[1]
    months = draft.interval_months
    if months is not None and not 1 <= months <= LONGEST_INTERVAL_MONTHS:
        raise Invalid(
            f"Use 1 to {LONGEST_INTERVAL_MONTHS} months, or leave it empty.",
            field="interval_months",
        )
    fields: dict[str, Any] = asdict(draft)
    return fields | {
        "tag": filled(draft.tag, "tag", "the tag on the instrument", most=60),
        "description": filled(draft.description, "description", "what it is"),
        "manufacturer": limited(draft.manufacturer, "manufacturer"),
        "model": limited(draft.model, "model"),
        "serial": limited(draft.serial, "serial", most=60),
        "range_text": limited(draft.range_text, "range_text"),
        "discipline": discipline,
        "parameters": dict(draft.parameters),
        "agreement": dict(draft.agreement or {}),
    }


def _refuse_taken(work: UnitOfWork, customer_id: UUID, tag: str) -> None:
    found = work.exec(
        select(Instrument.id).where(Instrument.customer_id == customer_id, Instrument.tag == tag)
    ).first()
    if found is not None:
        raise TagTaken(f"This customer has an instrument {tag} already.", field="tag")


def _refuse_others(work: UnitOfWork, customer_id: UUID) -> None:
    own = work.actor.customer_id
    if own is not None:
        if own != customer_id:
            raise NotFound("There is no such customer.")
    elif work.actor.only_own(Permission.INSTRUMENT_REGISTER):
        # Which items are assigned to somebody is known a step later, with the requests.
        raise Forbidden("You change the instruments of your own work on its sheet.")


def _enter_words(work: UnitOfWork, row: Instrument) -> None:
    enter_words(
        work,
        KIND,
        row.id,
        (row.tag, row.description, row.manufacturer, row.model, row.serial, row.procedure_code),
    )
