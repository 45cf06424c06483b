"""Reference standards as text: lines of the register, points, and the picture of the drift."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Self

import plotly.graph_objects as go

from calibra_app.services.equipment import (
    CertificateRecord,
    PointDraft,
    StandardCondition,
    StandardDetail,
    StandardSummary,
)
from calibra_app.ui import routes
from calibra_app.ui.components.status import Look
from calibra_app.ui.format import Region, day, number
from calibra_app.ui.words import say

LOOKS = {
    StandardCondition.USABLE: Look("green", "check", say("Usable"), ""),
    StandardCondition.DUE_SOON: Look("amber", "clock", say("Due soon"), ""),
    StandardCondition.EXPIRED: Look("red", "octagon-x", say("Expired"), ""),
    StandardCondition.QUARANTINED: Look("red", "circle-slash", say("Quarantined"), ""),
    StandardCondition.IN_CALIBRATION: Look("blue", "truck", say("Away for calibration"), ""),
    StandardCondition.LIMITED: Look("amber", "triangle-alert", say("Limited use"), ""),
    StandardCondition.RETIRED: Look("gray", "archive", say("Retired"), ""),
    StandardCondition.LOST: Look("gray", "circle-dashed", say("Lost"), ""),
}


def left(days: int) -> str:
    """Return how long a standard may still be used."""
    if days < 0:
        return say("{count} d over", count=-days)
    return say("last day") if days == 0 else say("{count} d left", count=days)


@dataclass(frozen=True, slots=True)
class StandardRow:
    """One line of the register."""

    code: str
    name: str
    discipline: str
    location: str
    due: str
    left: str
    tone: str
    symbol: str
    condition: str
    path: str

    @classmethod
    def of(cls, row: StandardSummary, region: Region) -> Self:
        """Return the line of one standard."""
        look = LOOKS[row.condition]
        return cls(
            row.code,
            row.name,
            row.discipline.capitalize(),
            row.location,
            day(row.due_on, region=region),
            left(row.days_left),
            look.tone,
            look.icon,
            look.words,
            routes.standard(row.id),
        )


@dataclass(frozen=True, slots=True)
class StandardText:
    """One standard as its form and its facts show it."""

    code: str = ""
    name: str = ""
    discipline: str = ""
    manufacturer: str = ""
    model: str = ""
    serial: str = ""
    location: str = ""
    interval: str = "12"
    notes: str = ""
    status: str = ""
    due: str = ""
    left: str = ""
    tone: str = "gray"
    symbol: str = "circle-dashed"
    condition: str = ""

    @classmethod
    def of(cls, detail: StandardDetail, region: Region) -> Self:
        """Return one standard as text."""
        draft, look = detail.draft, LOOKS[detail.condition]
        return cls(
            draft.code,
            draft.name,
            draft.discipline,
            draft.manufacturer,
            draft.model,
            draft.serial,
            draft.location,
            str(draft.interval_months),
            draft.notes,
            detail.status.value,
            day(detail.due_on, region=region),
            left(detail.days_left),
            look.tone,
            look.icon,
            look.words,
        )


@dataclass(frozen=True, slots=True)
class CertificateRow:
    """One certificate of a standard."""

    key: str
    number: str
    provider: str
    issued: str
    due: str
    traceability: str
    points: int
    accepted: bool

    @classmethod
    def of(cls, record: CertificateRecord, region: Region) -> Self:
        """Return the line of one certificate."""
        draft = record.draft
        return cls(
            str(record.id),
            draft.number,
            draft.provider,
            day(draft.issued_on, region=region),
            day(draft.due_on, region=region),
            draft.traceability,
            len(draft.points),
            record.accepted_at is not None,
        )


@dataclass(frozen=True, slots=True)
class PointRow:
    """One point of a certificate."""

    quantity: str
    nominal: str
    correction: str
    expanded: str
    k: str
    drift: str
    unit: str

    @classmethod
    def of(cls, point: PointDraft, region: Region) -> Self:
        """Return the line of one point."""
        flat = point.distribution == "rectangular"
        return cls(
            point.quantity,
            f"{number(point.nominal, region=region)}\N{NARROW NO-BREAK SPACE}{point.unit}",
            number(point.correction, region=region, signed=True),
            number(point.expanded_uncertainty, region=region),
            say("limits") if flat else number(point.coverage_factor, region=region),
            number(point.drift, region=region),
            point.uncertainty_unit or point.unit,
        )


def quantities_of(records: Sequence[CertificateRecord]) -> list[str]:
    """Return the quantities of all certificates, in the order of the newest."""
    names = [point.quantity for record in records for point in record.draft.points]
    return list(dict.fromkeys(names))


def drift_figure(records: Sequence[CertificateRecord], quantity: str) -> go.Figure:
    """Return corrections with their U over the nominal values, one series a certificate."""
    figure = go.Figure()
    unit = small = ""
    for record in records:
        points = [point for point in record.draft.points if point.quantity == quantity]
        if not points:
            continue
        unit, small = points[0].unit, points[0].uncertainty_unit or points[0].unit
        kept = sorted(
            (point for point in points if point.unit == unit), key=lambda point: point.nominal
        )
        figure.add_scatter(
            x=[float(point.nominal) for point in kept],
            y=[float(point.correction) for point in kept],
            error_y={"type": "data", "array": [_half(point) for point in kept], "thickness": 1.5},
            mode="lines+markers",
            name=_year(record.draft.issued_on),
        )
    figure.update_layout(
        xaxis_title=f"{quantity} ({unit})", yaxis_title=say("correction ({unit})", unit=small)
    )
    return figure


def drift_sentence(records: Sequence[CertificateRecord], quantity: str) -> str:
    """Return what the picture of the drift shows, in a sentence."""
    accepted = [record for record in records if record.accepted_at is not None]
    if len(accepted) < 2:  # noqa: PLR2004 - a change lies between two certificates
        return say("Correction with U at each point of the certificate: {q}.", q=quantity)
    newest, before = accepted[0].draft, accepted[1].draft
    old = {point.nominal: point for point in before.points if point.quantity == quantity}
    moved = [
        (abs(point.correction - old[point.nominal].correction), point)
        for point in newest.points
        if point.quantity == quantity and point.nominal in old
    ]
    if not moved:
        return say("Correction with U at each point of each certificate: {q}.", q=quantity)
    most, point = max(moved, key=lambda pair: pair[0])
    share = most / point.expanded_uncertainty if point.expanded_uncertainty else Decimal(0)
    return say(
        "Largest change since {year}: {change} {small} at {nominal} {unit}, {share} % of U.",
        year=_year(before.issued_on),
        change=f"{most.normalize():f}",
        small=point.uncertainty_unit or point.unit,
        nominal=f"{point.nominal:f}",
        unit=point.unit,
        share=round(share * 100),
    )


def _half(point: PointDraft) -> float:
    return float(point.expanded_uncertainty)


def _year(when: date) -> str:
    return f"{when:%b %Y}"
