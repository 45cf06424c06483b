"""Particulars, numbers, workflow options and limits of money: one versioned row, by section."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import col, func, select

from calibra_app.core.access import Permission, permitted
from calibra_app.core.entry import LONGEST_TEXT, email_address, filled, limited, within
from calibra_app.core.errors import Conflict, Forbidden, Invalid
from calibra_app.models.laboratory import LaboratorySettings
from calibra_app.models.srf import HeaderState, LineState, Srf, SrfLine
from calibra_app.models.tenant import Counter
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.persistence.versions import amend
from calibra_app.services.laboratory import PATTERNS, own_tenant, pattern_of, settings_of, today_of
from calibra_app.services.settings.face import require_admin
from calibra_app.services.settings.number_patterns import (
    checked_pattern,
    counting_year,
    next_numbers,
)
from calibra_app.services.srf.states import OPTIONAL_STATES

_RUNNING = re.compile(r"\d+")
LONGEST_DAYS = 365
MOST_MONEY = 10_000_000
OPTIONAL = tuple(state for state in HeaderState if state in OPTIONAL_STATES)


@dataclass(frozen=True, slots=True)
class Particulars:
    """What papers say of the laboratory."""

    legal_name: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    website: str = ""
    vat_id: str = ""
    bank: str = ""
    accreditation_body: str = ""
    accreditation_number: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of money, and how long offers and invoices run."""

    tax_rate: Decimal
    discount_limit_percent: Decimal
    net_limit: Decimal
    quotation_valid_days: int
    payment_days: int


@dataclass(frozen=True, slots=True)
class Workflow:
    """Which optional states are in use, and after how many days something ends by itself."""

    states: Mapping[HeaderState, bool]
    close_after_days: int
    info_lapse_days: int


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that is set, with the version for whoever changes it."""

    id: UUID
    version: int
    name: str
    currency: str
    particulars: Particulars
    limits: Limits
    workflow: Workflow
    patterns: Mapping[str, str]


@permitted(Permission.BRANDING_SET, reading=True)
def get_settings(work: UnitOfWork) -> Settings:
    """Return the laboratory's settings; the defaults where nothing is set yet."""
    row = settings_of(work)
    tenant = own_tenant(work)
    return Settings(
        id=row.id,
        version=row.version or 0,
        name=tenant.name,
        currency=tenant.currency,
        particulars=Particulars(*(getattr(row, name) for name in Particulars.__slots__)),
        limits=Limits(*(getattr(row, name) for name in Limits.__slots__)),
        workflow=Workflow(
            {state: row.workflow.get(state.value) is not False for state in OPTIONAL},
            row.close_after_days,
            row.info_lapse_days,
        ),
        patterns={kind: str(row.number_patterns.get(kind) or PATTERNS[kind]) for kind in PATTERNS},
    )


@permitted(Permission.BRANDING_SET)
def change_particulars(work: UnitOfWork, seen: int, draft: Particulars) -> int:
    """Change what papers say of the laboratory; return the new version.

    Raises:
        Stale: Somebody else has changed the settings since.
        Invalid: A field holds what it cannot.
    """
    require_admin(work)
    kept = {
        name: limited(value, name, most=LONGEST_TEXT if name in {"address", "bank"} else 200)
        for name, value in asdict(draft).items()
    }
    kept["legal_name"] = filled(draft.legal_name, "legal_name", "the laboratory's legal name")
    kept["address"] = filled(draft.address, "address", "an address", most=LONGEST_TEXT)
    if kept["email"]:
        kept["email"] = email_address(kept["email"])
    if bool(kept["accreditation_body"]) != bool(kept["accreditation_number"]):
        missing = "accreditation_body" if kept["accreditation_number"] else "accreditation_number"
        raise Invalid("Give body and number together, or neither.", field=missing)
    return _change(work, seen, kept)


@permitted(Permission.BRANDING_SET)
def change_limits(work: UnitOfWork, seen: int, draft: Limits) -> int:
    """Change the limits of money; return the new version. Errors as `change_particulars`."""
    require_admin(work)
    within(draft.tax_rate, 0, 100, "tax_rate")
    within(draft.discount_limit_percent, 0, 100, "discount_limit_percent")
    within(draft.net_limit, 0, MOST_MONEY, "net_limit")
    _days(draft.quotation_valid_days, "quotation_valid_days")
    _days(draft.payment_days, "payment_days")
    return _change(work, seen, asdict(draft))


@permitted(Permission.BRANDING_SET)
def change_patterns(work: UnitOfWork, seen: int, patterns: Mapping[str, str]) -> int:
    """Change how numbers are written; return the new version. Errors as `change_particulars`.

    A number that was given out stays as it is, and the sequence goes on.
    """
    require_admin(work)
    kept = {kind: checked_pattern(kind, patterns.get(kind, "")) for kind in PATTERNS}
    return _change(work, seen, {"number_patterns": kept})


@permitted(Permission.BRANDING_SET)
def change_workflow(work: UnitOfWork, seen: int, draft: Workflow, reason: str) -> int:
    """Switch optional states on and off; return the new version.

    Raises:
        Conflict: Something stands in a state that would be switched off.
        Forbidden: The actor approves options of the workflow, and does not set them.
        Stale: Somebody else has changed the settings since.
    """
    notes = work.actor.notes(Permission.BRANDING_SET)
    if notes and "workflow" not in notes:
        raise Forbidden(f"{work.actor.name} does not set options of the workflow.")
    work.give_reason(filled(reason, "reason", "a reason"))
    row = _row(work)
    chosen = dict(row.workflow)
    for state, used in draft.states.items():
        if state not in OPTIONAL_STATES:
            raise Invalid(f"{state} is in every workflow.", field=state.value)
        if not used and chosen.get(state.value) is not False:
            _refuse_occupied(work, state)
        chosen[state.value] = used
    fields = {
        "workflow": chosen,
        "close_after_days": _days(draft.close_after_days, "close_after_days"),
        "info_lapse_days": _days(draft.info_lapse_days, "info_lapse_days"),
    }
    return _change(work, seen, fields)


@permitted(Permission.BRANDING_SET, reading=True)
def preview_numbers(work: UnitOfWork, kind: str, pattern: str) -> tuple[str, ...]:
    """Return the next ten numbers that a pattern would give.

    Raises:
        Invalid: The pattern is not allowed.
    """
    checked = checked_pattern(kind, pattern)
    year = today_of(work).year
    requests = pattern_of(work, "srf")
    if kind == "certificate":
        coming = requests.format(year=year, number=_last_of(work, "srf", requests, year) + 1)
        # A certificate takes the running part of its request's number.
        running = _RUNNING.findall(coming)[-1]
        return next_numbers(kind, checked, year=year, last=0, srf=running)
    return next_numbers(kind, checked, year=year, last=_last_of(work, kind, checked, year))


def _last_of(work: UnitOfWork, kind: str, pattern: str, year: int) -> int:
    found = work.exec(
        select(Counter.last).where(
            Counter.kind == kind, Counter.year == counting_year(pattern, year)
        )
    ).first()
    return int(found or 0)


def _refuse_occupied(work: UnitOfWork, state: HeaderState) -> None:
    here = work.exec(select(func.count(col(Srf.id))).where(Srf.state == state)).one()
    if state.value in [*LineState]:
        here += work.exec(
            select(func.count(col(SrfLine.id))).where(SrfLine.state == LineState(state.value))
        ).one()
    if here:
        words = state.value.replace("_", " ").capitalize()
        raise Conflict(
            f"{here} still stand in “{words}”. Move them on, then switch it off.",
            field=state.value,
        )


def _row(work: UnitOfWork) -> LaboratorySettings:
    there = work.exec(select(LaboratorySettings.id)).first()
    if there is None:
        row = LaboratorySettings()
        work.add(row)
        return row
    return work.get(LaboratorySettings, there)


def _change(work: UnitOfWork, seen: int, fields: Mapping[str, Any]) -> int:
    row = _row(work)
    # A laboratory without a row yet was seen with version 0.
    amend(work, row, seen or row.version, fields)
    work.session.flush()
    return row.version


def _days(days: int, field: str) -> int:
    return int(within(Decimal(days), 1, LONGEST_DAYS, field))
