"""Sample contents of the other papers, from the request to the delivery note."""

from datetime import date, datetime

from calibra_app.rendering.blocks import Verdict
from calibra_app.rendering.certificate import Phase
from calibra_app.rendering.delivery import DeliveryContent, DeliveryLine
from calibra_app.rendering.html import DocumentKind
from calibra_app.rendering.invoice import InvoiceContent, InvoiceLine
from calibra_app.rendering.labels import LabelContent, LabelsContent, LabelStatus
from calibra_app.rendering.sheet import (
    BudgetContent,
    BudgetRow,
    CorrectionContent,
    SheetContent,
    SheetPoint,
    SheetTable,
)
from calibra_app.rendering.srf import (
    ContractReviewContent,
    Finding,
    ReceiptContent,
    ReceiptLineContent,
    ReviewAnswerContent,
    ReviewLineContent,
    SrfContent,
    SrfLineContent,
)
from tests.rendering.certificates import CLAMP, GAUGE, MICROMETER
from tests.rendering.parts import BERLIN_WINTER, BLUEWATER, BRANDING, KESTREL, D, eur
from tests.rendering.quotations import QUOTATION
from tests.rendering.validations import VALIDATION

MONDAY = datetime(2026, 11, 30, 9, 52, tzinfo=BERLIN_WINTER)

SRF = SrfContent(
    branding=BRANDING,
    number="SRF-2026-0414",
    customer=BLUEWATER,
    submitted_at=MONDAY,
    requested_by="Olaf Berg",
    channel="Portal",
    return_address=BLUEWATER.address,
    remarks="The scale stays on site; please call before the visit.",
    lines=(
        SrfLineContent(
            position=1,
            item=GAUGE.item,
            procedure="MP-PRE-01 rev. 4",
            points="0, 4, 8, 10, 16 bar, up and down",
            specification="EN 837-1, class 1.0",
            decision_rule="Simple acceptance",
            is_accredited=True,
            may_adjust=False,
            wants_due_date=True,
            wanted_by=date(2026, 12, 4),
        ),
        SrfLineContent(
            position=4,
            item=CLAMP.item,
            points="50, 200, 400, 600 A",
            specification="Manufacturer",
            is_urgent=True,
            wanted_by=date(2026, 12, 4),
        ),
    ),
)
REVIEW = ContractReviewContent(
    branding=BRANDING,
    number="CR-2026-0414",
    srf_number="SRF-2026-0414",
    customer=BLUEWATER,
    conclusion="Accepted with one external part",
    issued_on=date(2026, 11, 30),
    lines=(
        ReviewLineContent(
            position=4,
            item=CLAMP.item,
            decision="Points above 100 A go to Nordic Power Lab.",
            answers=(
                ReviewAnswerContent(
                    question="Is the range inside the scope?",
                    finding=Finding.PARTLY,
                    evidence="CMC row E-17: up to 100 A",
                ),
                ReviewAnswerContent(
                    question="Is a competent person available?",
                    finding=Finding.MET,
                    evidence="Daniel Ortiz, MP-ELE-09",
                ),
                ReviewAnswerContent(
                    question="Are the standards valid?",
                    finding=Finding.MET,
                    evidence="STD-E-001 until 10 Feb 2027",
                ),
            ),
        ),
    ),
    deviations=("External provider agreed by Olaf Berg on 30 Nov 2026.",),
    signatures=MICROMETER.signatures[:2],
)
RECEIPT = ReceiptContent(
    branding=BRANDING,
    number="R-2026-0414",
    srf_number="SRF-2026-0414",
    customer=BLUEWATER,
    received_at=MONDAY.replace(day=30),
    received_by="Asha Rao",
    delivered_by="Courier",
    issued_on=date(2026, 11, 30),
    lines=(
        ReceiptLineContent(
            position=1,
            item=GAUGE.item,
            condition="Glass scratched",
            is_abnormal=True,
            photographs=2,
            accessories="Adapter G1/2",
            packaging="Carton",
            decision="Proceed as it is (Olaf Berg)",
        ),
        ReceiptLineContent(position=4, item=CLAMP.item, condition="Good", packaging="Carton"),
    ),
)
LABELS = LabelsContent(
    branding=BRANDING,
    number="SRF-2026-0414",
    labels=(
        LabelContent(
            status=LabelStatus.ITEM,
            code_url="https://meridian.example/i/0414-1",
            headline="SRF-2026-0414 / 1",
            item="Pressure gauge 0–16 bar, class 1.0",
            serial="G0091",
            customer="Bluewater Foods",
            handling="Oxygen-free oil only",
        ),
        LabelContent(
            status=LabelStatus.CALIBRATED,
            code_url="https://meridian.example/verify/2LPC-88VN-R6WA",
            headline="BF-PG-009",
            certificate="MM-26-0414-01",
            serial="G0091",
            calibrated_on=date(2026, 12, 2),
            due_on=date(2027, 12, 2),
        ),
        LabelContent(
            status=LabelStatus.REJECTED,
            code_url="https://meridian.example/verify/1LPC-88VN-R6WA",
            headline="BF-THM-055",
            certificate="MM-26-0414-03",
            serial="TH55",
            calibrated_on=date(2026, 12, 2),
        ),
    ),
)
SHEET = SheetContent(
    branding=BRANDING,
    number="SRF-2026-0413/4",
    srf_number="SRF-2026-0413",
    customer=KESTREL,
    item=MICROMETER.item,
    method=MICROMETER.method,
    place="Room D1",
    engine_version="1.0",
    conditions=MICROMETER.conditions,
    standards=MICROMETER.standards,
    declaration="No adjustment was made; results as left are those as found.",
    tables=(
        SheetTable(
            title="Error of indication, external",
            phase=Phase.BOTH,
            unit="mm",
            error_unit="µm",
            recorded_by="Mei Lin",
            recorded_from=datetime(2026, 12, 2, 10, 2, tzinfo=BERLIN_WINTER),
            recorded_to=datetime(2026, 12, 2, 10, 48, tzinfo=BERLIN_WINTER),
            points=(
                SheetPoint(
                    nominal=D("25.0"),
                    readings=("25.001", "25.001", "25.002", "25.001", "25.002"),
                    reference_value=D("25.00000"),
                    mean=D("25.0014"),
                    deviation=D("0.548"),
                    error=D("1.40"),
                    lower_limit=D("-2.00"),
                    upper_limit=D("2.00"),
                    combined_uncertainty=D("0.4016"),
                    degrees_of_freedom=28,
                    coverage_factor=D("2.09"),
                    uncertainty=D("0.84"),
                    verdict=Verdict.CONDITIONAL_PASS,
                    budget="BUD-DIM-02 v3",
                ),
            ),
        ),
    ),
    budgets=(
        BudgetContent(
            title="25 mm",
            unit="µm",
            version="BUD-DIM-02 v3",
            measurement_model="E = x − L·(1 + a·Δt)",
            combined_uncertainty="0.4016",
            rows=(
                BudgetRow(
                    quantity="Repeatability",
                    standard_uncertainty="0.2449 µm",
                    distribution="normal",
                    sensitivity="1",
                    contribution="0.2449",
                    degrees_of_freedom=4,
                    share=D("37.2"),
                    source="five indications",
                ),
                BudgetRow(
                    quantity="Resolution",
                    standard_uncertainty="0.2887 µm",
                    distribution="rectangular",
                    sensitivity="1",
                    contribution="0.2887",
                    share=D("51.7"),
                ),
            ),
        ),
    ),
    corrections=(
        CorrectionContent(
            cell="25.0 mm, third indication",
            old="25.020",
            new="25.002",
            reason="Typing error",
            person="Mei Lin",
            corrected_at=datetime(2026, 12, 2, 10, 40, tzinfo=BERLIN_WINTER),
        ),
    ),
    signatures=MICROMETER.signatures[:1],
    issued_on=date(2026, 12, 2),
)
INVOICE = InvoiceContent(
    branding=BRANDING,
    number="INV-2026-0211",
    srf_number="SRF-2026-0413",
    quotation_number="Q-2026-0306 R0",
    customer=KESTREL,
    issued_on=date(2026, 12, 4),
    due_on=date(2027, 1, 3),
    performed_from=date(2026, 12, 2),
    performed_to=date(2026, 12, 3),
    lines=(
        InvoiceLine(
            position=1,
            description="Micrometer 0–25 mm",
            detail="M5521",
            certificate="MM-26-0413-01",
            unit_price=eur("48.00"),
            net=eur("48.00"),
        ),
        InvoiceLine(
            position=2,
            description="Caliper 0–150 mm",
            certificate="MM-26-0413-02",
            unit_price=eur("36.00"),
            net=eur("36.00"),
        ),
        InvoiceLine(
            position=3,
            description="Torque wrench 20–200 N·m",
            certificate="MM-26-0413-03",
            unit_price=eur("75.00"),
            net=eur("75.00"),
        ),
        InvoiceLine(
            position=4,
            description="Digital multimeter 4½ digits",
            certificate="MM-26-0413-04",
            unit_price=eur("155.00"),
            surcharge=eur("38.75"),
            surcharge_reason="Urgency 25 %",
            net=eur("193.75"),
        ),
    ),
    net=eur("352.75"),
    tax=eur("0.00"),
    total=eur("352.75"),
    tax_rate=D(0),
    tax_reason="Reverse charge: the recipient is liable for the tax.",
    payment=("Payable to the account below, naming the invoice.",),
)
DELIVERY = DeliveryContent(
    branding=BRANDING,
    number="DN-2026-0098",
    srf_number="SRF-2026-0414",
    customer=BLUEWATER,
    issued_on=date(2026, 12, 4),
    carrier="Courier",
    tracking="00340434161094",
    packages=2,
    packed_by="Asha Rao",
    lines=(
        DeliveryLine(
            position=1,
            item=GAUGE.item,
            certificate="MM-26-0414-01",
            accessories="Adapter G1/2",
            package="1",
        ),
        DeliveryLine(position=4, item=CLAMP.item, certificate="MM-26-0414-04", package="2"),
    ),
)

PAPERS = {
    DocumentKind.SRF: SRF,
    DocumentKind.CONTRACT_REVIEW: REVIEW,
    DocumentKind.QUOTATION: QUOTATION,
    DocumentKind.RECEIPT: RECEIPT,
    DocumentKind.LABELS: LABELS,
    DocumentKind.SHEET: SHEET,
    DocumentKind.CERTIFICATE: MICROMETER,
    DocumentKind.INVOICE: INVOICE,
    DocumentKind.DELIVERY_NOTE: DELIVERY,
    DocumentKind.VALIDATION: VALIDATION,
}
