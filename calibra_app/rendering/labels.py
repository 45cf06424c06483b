"""Labels of 62 by 29 mm: the item's label at receipt, and the label of its calibration status."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from calibra_app.rendering.blocks import BrandingContent
from calibra_app.rendering.content import Content


class LabelStatus(StrEnum):
    """What a label says about its item."""

    ITEM = "item"
    CALIBRATED = "calibrated"
    LIMITED = "limited"
    REJECTED = "rejected"

    @property
    def words(self) -> str:
        """Return the heading of the label."""
        return _HEADINGS[self]


_HEADINGS = {
    LabelStatus.ITEM: "In calibration",
    LabelStatus.CALIBRATED: "● Calibrated",
    LabelStatus.LIMITED: "△ Limited use",
    LabelStatus.REJECTED: "■ Rejected – do not use",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelContent(Content):
    """One label; its code leads to the item's page or to the certificate's public page."""

    status: LabelStatus
    code_url: str
    headline: str
    """The item's number in this laboratory, or its tag."""
    item: str = ""
    serial: str = ""
    customer: str = ""
    handling: str = ""
    certificate: str = ""
    calibrated_on: date | None = None
    due_on: date | None = None
    """Only where the customer agreed to a due date (17025, 7.8.4.3)."""
    limitation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelsContent(Content):
    """Labels that come out of the printer one after the other."""

    branding: BrandingContent
    number: str
    labels: tuple[LabelContent, ...]
    title: str = "Labels"
    language: str = "en"
    issued_on: date | None = None
