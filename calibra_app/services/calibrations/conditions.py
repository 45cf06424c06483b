"""The room during the work: readings with the instrument they come from, held against limits."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlmodel import select

from calibra_app.core.access import Permission, permitted, within_deed
from calibra_app.core.entry import filled
from calibra_app.core.errors import Conflict, Invalid
from calibra_app.core.ids import SheetId
from calibra_app.models.calibration import Condition, Observation, Sheet
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.rendering.content import canonical_json
from calibra_app.services.calibrations.evaluation import recompute_all, standing_conditions
from calibra_app.services.calibrations.pinned import Pinned
from calibra_app.services.calibrations.sheets import announce_sheet, take_sheet, topic_of
from calibra_app.services.signatures import signatures_of
from calibra_app.services.srf.facts import EnvironmentFacts

# How far from an indication, before or after, a reading of the room still speaks for it.
SPEAKS_FOR = timedelta(hours=4)
CONDITIONS_ACCEPTED = "conditions accepted"
UNITS = {"temperature": "°C", "humidity": "%RH", "pressure": "hPa", "gradient": "K/h"}


@dataclass(frozen=True, slots=True)
class ConditionDraft:
    """One reading of the room.

    Attributes:
        quantity: "temperature", "humidity" or "pressure".
        source: The instrument that shows it, by its number.
        replaces: A reading that was a slip; it stays on record with the reason.
        reason: Why it is replaced.
    """

    quantity: str
    value: Decimal
    source: str
    replaces: UUID | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ConditionRecord:
    """One reading that stands."""

    id: UUID
    quantity: str
    value: Decimal
    unit: str
    source: str
    within_limits: bool
    limits: str
    at: datetime
    by_name: str


@permitted(Permission.INDICATION_ENTER)
def record_condition(work: UnitOfWork, sheet_id: SheetId, draft: ConditionDraft) -> bool:
    """Write down a reading of the room; return whether it lies within the limits.

    Raises:
        Invalid: The quantity is unknown, or the instrument or a reason is missing.
    """
    sheet = take_sheet(work, sheet_id)
    if draft.quantity not in UNITS:
        raise Invalid(f"Choose one of {', '.join(UNITS)}.", field="quantity")
    source = filled(draft.source, "source", "the number of the instrument that shows it", most=40)
    pinned = Pinned.from_json(sheet.parameters)
    if draft.replaces is not None:
        _require_replaceable(work, sheet_id, draft)
    within = all(limit.admits(draft.value) for limit in pinned.limits_of(draft.quantity))
    work.add(
        Condition(
            sheet_id=sheet.id,
            at=work.now,
            quantity=draft.quantity,
            value=draft.value,
            unit=UNITS[draft.quantity],
            source=source,
            within_limits=within,
            by=work.actor.person_id,
            by_name=work.actor.name,
            replaces=draft.replaces,
            reason=draft.reason.strip(),
        )
    )
    news = recompute_all(work, sheet)
    if news:
        work.publish(topic_of(work, sheet.id), {"kind": "cells", "news": news})
    announce_sheet(work, sheet)
    return within


@within_deed
def conditions_of(work: UnitOfWork, sheet: Sheet) -> tuple[ConditionRecord, ...]:
    """Return the readings of the room that stand, oldest first."""
    pinned = Pinned.from_json(sheet.parameters)
    return tuple(
        ConditionRecord(
            row.id,
            row.quantity,
            row.value,
            row.unit,
            row.source,
            row.within_limits,
            ", ".join(limit.words for limit in pinned.limits_of(row.quantity)),
            row.at,
            row.by_name,
        )
        for row in standing_conditions(work, sheet.id)
    )


@within_deed
def missing_quantities(work: UnitOfWork, sheet: Sheet) -> tuple[str, ...]:
    """Return the quantities with limits of which no reading stands."""
    there = {row.quantity for row in standing_conditions(work, sheet.id)}
    pinned = Pinned.from_json(sheet.parameters)
    return tuple(name for name in pinned.quantities if name not in there)


@within_deed
def environment_facts(work: UnitOfWork, sheet: Sheet) -> EnvironmentFacts:
    """Return what guard G14 looks at: limits kept, and no stretch without a reading."""
    pinned = Pinned.from_json(sheet.parameters)
    rows = standing_conditions(work, sheet.id)
    wanted = set(pinned.quantities)
    read_at: Sequence[datetime] = work.exec(
        select(Observation.at).where(Observation.sheet_id == sheet.id).distinct()
    ).all()
    longest = timedelta()
    for quantity in wanted & {row.quantity for row in rows}:
        instants = [row.at for row in rows if row.quantity == quantity]
        away = (min(abs(at - instant) for instant in instants) for at in read_at)
        longest = max(longest, *away, timedelta())
    return EnvironmentFacts(
        pinned.room or sheet.place or "The place",
        within_limits=all(row.within_limits for row in rows if row.quantity in wanted),
        decision_signed=bool(accepted_conditions(work, sheet)),
        gap_minutes=int(longest / timedelta(minutes=1)) if longest > SPEAKS_FOR else 0,
    )


@within_deed
def readings_outside(work: UnitOfWork, sheet: Sheet) -> tuple[ConditionRecord, ...]:
    """Return the readings outside the limits that stand, oldest first."""
    return tuple(row for row in conditions_of(work, sheet) if not row.within_limits)


@within_deed
def accepted_conditions(work: UnitOfWork, sheet: Sheet) -> str:
    """Return the sentence with which the readings outside the limits were accepted.

    It is empty where nothing lies outside, and again once others do: who decided then had not
    seen them, and the sentence on the papers would tell of readings that stand no more.
    """
    outside = readings_outside(work, sheet)
    if not outside:
        return ""
    seen = digest_of(outside)
    decided = [
        each
        for each in signatures_of(work, "sheet", sheet.id)
        if each.meaning == CONDITIONS_ACCEPTED and each.content_sha256 == seen
    ]
    return decided[-1].statement if decided else ""


def digest_of(readings: Sequence[ConditionRecord]) -> str:
    """Return the digest that who accepts readings signs: of these very ones, as they stand."""
    told = [[str(row.id), row.quantity, str(row.value), row.unit, row.limits] for row in readings]
    return hashlib.sha256(canonical_json({"readings": told})).hexdigest()


def _require_replaceable(work: UnitOfWork, sheet_id: UUID, draft: ConditionDraft) -> None:
    filled(draft.reason, "reason", "why the reading is replaced")
    standing = {row.id: row for row in standing_conditions(work, sheet_id)}
    old = standing.get(draft.replaces) if draft.replaces else None
    if old is None or old.quantity != draft.quantity:
        raise Conflict("That reading was replaced already. Look at the conditions again.")
