"""Sample certificates: a micrometer, a gauge that failed as found, a clamp done in part outside."""

from datetime import date

from calibra_app.rendering.blocks import ItemContent, Verdict
from calibra_app.rendering.certificate import (
    AdjustmentContent,
    AmendmentContent,
    CertificateContent,
    ConformityContent,
    ExternalContent,
    MethodContent,
    Phase,
    ResultRow,
    ResultTable,
    ScopeContent,
    StandardContent,
    StatementContent,
)
from tests.rendering.parts import BLUEWATER, BRANDING, KESTREL, D, climate, row, signatures

MICROMETER = CertificateContent(
    branding=BRANDING,
    number="MM-26-0413-01",
    customer=KESTREL,
    srf_number="SRF-2026-0413",
    order_reference="PO 77-2041",
    place="Meridian Metrology, room D1 (permanent laboratory)",
    item=ItemContent(
        description="External micrometer 0–25 mm",
        manufacturer="Tessen",
        model="EM-25D",
        serial="M5521",
        tag="KA-MIC-0007",
        measuring_range="0–25 mm",
        resolution="1 µm",
        accessories="Case, setting key",
        condition="Clean; faces without damage; ratchet works",
        customer_supplied=("tag",),
    ),
    method=MethodContent(
        code="MP-DIM-02",
        revision="5",
        title="calibration of external micrometers with gauge blocks",
        follows="ISO 3611:2023",
        description="Five indications at each point, after eight hours at room temperature.",
    ),
    received_on=date(2026, 12, 1),
    performed_from=date(2026, 12, 2),
    performed_to=date(2026, 12, 2),
    issued_on=date(2026, 12, 3),
    conditions=climate(("19.9", "20.1", "20.2"), ("44", "46", "49"), "TH-D1"),
    standards=(
        StandardContent(
            code="STD-D-003",
            description="Gauge block set, grade 0, steel",
            serial="GB-3117",
            certificate="NMI-D 26-0588",
            provider="National metrology institute",
            calibrated_on=date(2026, 5, 1),
            due_on=date(2027, 5, 1),
        ),
        StandardContent(
            code="STD-T-011",
            description="Thermometer for materials",
            serial="MT-204",
            certificate="CL-0218 26-1190",
            provider="Nordkal, accredited CL-0218",
            calibrated_on=date(2026, 3, 12),
            due_on=date(2027, 3, 12),
        ),
    ),
    results=(
        ResultTable(
            title="Error of indication, external",
            phase=Phase.BOTH,
            unit="mm",
            error_unit="µm",
            rows=(
                row("0.0", "0.0002", "0.20", "2.00", "0.83", "2.11", Verdict.PASS),
                row("5.1", "5.1004", "0.40", "2.00", "0.83", "2.11", Verdict.PASS),
                row("10.3", "10.2996", "-0.40", "2.00", "0.83", "2.10", Verdict.PASS),
                row("15.0", "15.0008", "0.80", "2.00", "0.84", "2.10", Verdict.PASS),
                row("20.2", "20.2010", "1.00", "2.00", "0.84", "2.09", Verdict.PASS),
                row("25.0", "25.0014", "1.40", "2.00", "0.84", "2.09", Verdict.CONDITIONAL_PASS),
            ),
            note="The item was not adjusted: results as left are those as found.",
        ),
    ),
    conformity=ConformityContent(
        specification="Manufacturer's specification EM-25D, limits of error of indication ±2 µm "
        "(ISO 3611:2023).",
        rule="Simple acceptance where the test uncertainty ratio is 3 or more, else four outcomes "
        "with a guard band w = U (ILAC-G8:09/2019, 4.2.2): conditional pass means that the error "
        "is inside its limits by less than U.",
        risk="Specific risk of false acceptance at the conditional point: 6.8 %; at points that "
        "pass, at most 2.5 %.",
        agreed_in="contract review of SRF-2026-0413",
        statements=(
            StatementContent(
                phase=Phase.BOTH,
                verdict=Verdict.CONDITIONAL_PASS,
                covers="all 6 points",
                sentence="5 points pass, 1 point passes conditionally.",
            ),
        ),
    ),
    signatures=signatures("Mei Lin", "Jonas Weber", "Kenji Mori"),
    scope=ScopeContent(wants_symbol=True),
    verification_url="https://meridian.example/verify/7FQ2-K9XD-M4TB",
)


def _gauge_rows(found: bool) -> tuple[ResultRow, ...]:
    errors = (
        ("0.020", "0.093", "0.180", "0.240", "0.267")
        if found
        else ("0.000", "0.010", "0.017", "0.023", "0.033")
    )
    rows = []
    for nominal, error in zip(("0.00", "4.00", "8.00", "10.00", "16.00"), errors, strict=True):
        verdict = Verdict.FAIL if D(error) > D("0.160") else Verdict.PASS
        u, k = ("0.022", "2.05") if found else ("0.018", "2.02")
        rows.append(row(nominal, str(D(nominal) + D(error)), error, "0.160", u, k, verdict))
    return tuple(rows)


GAUGE = CertificateContent(
    branding=BRANDING,
    number="MM-26-0414-01",
    customer=BLUEWATER,
    srf_number="SRF-2026-0414",
    place="Meridian Metrology, room P1 (permanent laboratory)",
    item=ItemContent(
        description="Pressure gauge 0–16 bar, class 1.0",
        manufacturer="Armatek",
        model="RG-100",
        serial="G0091",
        tag="BF-PG-009",
        measuring_range="0–16 bar",
        resolution="0.05 bar",
        condition="Glass scratched; pointer free; connection clean",
        customer_supplied=("tag",),
    ),
    method=MethodContent(
        code="MP-PRE-01",
        revision="4",
        title="calibration of pressure gauges by comparison",
        follows="EURAMET cg-17",
    ),
    received_on=date(2026, 12, 1),
    performed_from=date(2026, 12, 2),
    performed_to=date(2026, 12, 2),
    issued_on=date(2026, 12, 4),
    conditions=climate(("20.8", "21.1", "21.4"), ("41", "43", "45"), "TH-P1"),
    standards=(
        StandardContent(
            code="STD-P-002",
            description="Digital pressure standard 0–20 bar",
            serial="DP-7730",
            certificate="NMI-P 26-0213",
            provider="National metrology institute",
            calibrated_on=date(2026, 6, 20),
            due_on=date(2027, 6, 20),
        ),
    ),
    results=(
        ResultTable(
            title="Gauge pressure, rising",
            phase=Phase.AS_FOUND,
            unit="bar",
            error_unit="bar",
            rows=_gauge_rows(found=True),
        ),
        ResultTable(
            title="Gauge pressure, rising",
            phase=Phase.AS_LEFT,
            unit="bar",
            error_unit="bar",
            rows=_gauge_rows(found=False),
        ),
    ),
    adjustment=AdjustmentContent(
        description="Pointer reset and span adjusted at 10 bar, agreed with the customer in "
        "quotation Q-2026-0307 R1.",
        adjusted_on=date(2026, 12, 2),
        adjusted_by="Tomasz Nowak",
    ),
    conformity=ConformityContent(
        specification="EN 837-1, class 1.0: limits of error ±0.16 bar.",
        rule="Simple acceptance (ILAC-G8:09/2019, 4.2.1): the error is inside its limits.",
        risk="Specific risk of false acceptance at most 50 %, for an error at its limit.",
        agreed_in="quotation Q-2026-0307",
        statements=(
            StatementContent(
                phase=Phase.AS_FOUND,
                verdict=Verdict.FAIL,
                covers="all 5 points",
                sentence="3 of 5 points do not meet the specification.",
            ),
            StatementContent(
                phase=Phase.AS_LEFT,
                verdict=Verdict.PASS,
                covers="all 5 points",
                sentence="every point meets the specification.",
            ),
        ),
    ),
    signatures=signatures("Tomasz Nowak", "Jonas Weber", "Helena Brandt"),
    due_on=date(2027, 12, 2),
    due_agreed_in="quotation Q-2026-0307",
    scope=ScopeContent(wants_symbol=True),
    verification_url="https://meridian.example/verify/2LPC-88VN-R6WA",
)

CLAMP = CertificateContent(
    branding=BRANDING,
    number="MM-26-0414-04",
    customer=BLUEWATER,
    srf_number="SRF-2026-0414",
    place="Meridian Metrology, room E1; points above 100 A at the external provider",
    item=ItemContent(
        description="AC clamp meter 600 A",
        manufacturer="Voltra",
        model="CM-600",
        serial="CL-3",
        tag="BF-CLP-003",
        measuring_range="0–600 A",
        resolution="0.1 A",
        condition="Good",
        customer_supplied=("tag",),
    ),
    method=MethodContent(
        code="MP-ELE-09",
        revision="2",
        title="calibration of clamp meters with a current coil",
        follows="EURAMET cg-15",
    ),
    received_on=date(2026, 12, 1),
    performed_from=date(2026, 12, 2),
    performed_to=date(2026, 12, 4),
    issued_on=date(2026, 12, 4),
    conditions=climate(("22.7", "23.0", "23.4"), ("44", "46", "47"), "TH-E1"),
    standards=(
        StandardContent(
            code="STD-E-001",
            description="Multifunction calibrator with coil",
            serial="MC-5502",
            certificate="NMI-E 26-0107",
            provider="National metrology institute",
            calibrated_on=date(2026, 2, 10),
            due_on=date(2027, 2, 10),
        ),
    ),
    results=(
        ResultTable(
            title="AC current 50 Hz, up to 100 A",
            phase=Phase.BOTH,
            unit="A",
            error_unit="A",
            rows=(row("50.0", "50.3", "0.3", "1.5", "0.2", "2.00", Verdict.PASS),),
        ),
        ResultTable(
            title="AC current 50 Hz, above 100 A",
            phase=Phase.BOTH,
            unit="A",
            error_unit="A",
            is_accredited=False,
            provider="Nordic Power Lab",
            rows=(
                row("200.0", "200.9", "0.9", "4.5", "0.8", "2.00", Verdict.PASS),
                row("400.0", "402.2", "2.2", "8.5", "1.6", "2.00", Verdict.PASS),
                row("600.0", "603.8", "3.8", "12.5", "2.4", "2.00", Verdict.PASS),
            ),
        ),
    ),
    conformity=ConformityContent(
        specification="Manufacturer's specification: ±(2 % of reading + 5 digits).",
        rule="Simple acceptance (ILAC-G8:09/2019, 4.2.1).",
        risk="Specific risk of false acceptance at most 50 %, for an error at its limit.",
        statements=(
            StatementContent(phase=Phase.BOTH, verdict=Verdict.PASS, covers="all 4 points"),
        ),
    ),
    external=(
        ExternalContent(
            provider="Nordic Power Lab",
            scope="Points above 100 A were",
            certificate="NPL-26-7731",
            accreditation="accredited CL-0550",
        ),
    ),
    signatures=signatures("Daniel Ortiz", "Jonas Weber", "Helena Brandt"),
    scope=ScopeContent(wants_symbol=True),
    verification_url="https://meridian.example/verify/9QAA-1CDE-77XZ",
)

AMENDED = CertificateContent.from_json(
    {
        **MICROMETER.to_json(),
        "number": "MM-26-0413-01/A1",
        "issued_on": "2026-12-04",
        "amendment": AmendmentContent(
            replaces="MM-26-0413-01",
            reason="The customer reported a wrong tag.",
            changes=("tag of the item",),
            replaced_issued_on=date(2026, 12, 3),
        ).to_json(),
    }
)
