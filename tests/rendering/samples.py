"""Sample contents: a micrometer, a gauge that failed as found, a clamp measured by a provider."""

from base64 import b64encode
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

from calibra_app.core.money import Money
from calibra_app.rendering.blocks import (
    BrandingContent,
    ItemContent,
    PartyContent,
    SignatureContent,
    Verdict,
)
from calibra_app.rendering.certificate import (
    AdjustmentContent,
    AmendmentContent,
    CertificateContent,
    ConditionContent,
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
from calibra_app.rendering.quotation import QuotationContent, QuotationLine, SumLine

D = Decimal
BERLIN_WINTER = timezone(timedelta(hours=1))


def data_uri(svg: str) -> str:
    return "data:image/svg+xml;base64," + b64encode(svg.encode()).decode()


LOGO = data_uri(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">'
    '<rect width="64" height="64" rx="14" fill="#0f4c81"/><path d="M14 46V20l18 17 18-17v26" fill="none" stroke="#fff" stroke-width="6" '
    'stroke-linejoin="round" stroke-linecap="round"/>'
    '<path d="M32 50v5M20 52v3M44 52v3" stroke="#7cc4ff" stroke-width="3" stroke-linecap="round"/></svg>'
)
SYMBOL = data_uri(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 64"><path d="M1 1h62v62H1z" fill="none" '
    'stroke="#181c22" stroke-width="2"/><path d="M14 46c6-26 30-26 36 0M32 46l10-20" fill="none" '
    'stroke="#181c22" stroke-width="3.4"/>'
    '<path d="M74 18h44M74 32h34M74 46h44" stroke="#181c22" stroke-width="3.4"/></svg>'
)
BRANDING = BrandingContent(
    laboratory="Meridian Metrology",
    address=("Kaskadenweg 14", "12459 Berlin", "Germany"),
    phone="+49 30 5550 170",
    email="service@meridian.example",
    website="meridian.example",
    vat_number="DE 000 000 000",
    logo=LOGO,
    brand_colour="#0f4c81",
    certificate_header="Calibration laboratory accredited to ISO/IEC 17025 · CL-0417",
    accreditation_body="National accreditation body",
    accreditation_number="CL-0417",
    accreditation_symbol=SYMBOL,
)
KESTREL = PartyContent(
    name="Kestrel Aero Components",
    address=("Hangar Road 7", "20095 Hamburg", "Germany"),
    contact="Yara Haddad",
    email="yara.haddad@kestrel.example",
    vat_number="DE 111 111 111",
)
BLUEWATER = PartyContent(
    name="Bluewater Foods",
    address=("Am Fischereihafen 3", "27572 Bremerhaven", "Germany"),
    contact="Olaf Berg",
)


def signatures(performer: str, reviewer: str, signatory: str) -> tuple[SignatureContent, ...]:
    def at(day: int, hour: int, minute: int) -> datetime:
        return datetime(2026, 12, day, hour, minute, tzinfo=BERLIN_WINTER)

    return (
        SignatureContent(
            meaning="Performed by", name=performer, function="Technician", signed_at=at(2, 14, 31)
        ),
        SignatureContent(
            meaning="Reviewed by",
            name=reviewer,
            function="Technical reviewer",
            signed_at=at(3, 9, 5),
        ),
        SignatureContent(
            meaning="Authorized by",
            name=signatory,
            function="Authorized signatory",
            signed_at=at(3, 10, 22),
            authorizing=True,
        ),
    )


def row(  # noqa: PLR0917
    nominal: str,
    indication: str,
    error: str,
    limit: str,
    u: str,
    k: str,
    verdict: Verdict,
    label: str = "",
) -> ResultRow:
    return ResultRow(
        nominal=D(nominal),
        indication=D(indication),
        error=D(error),
        lower_limit=-D(limit),
        upper_limit=D(limit),
        uncertainty=D(u),
        coverage_factor=D(k),
        verdict=verdict,
        label=label,
    )


def climate(
    temperature: tuple[str, str, str], humidity: tuple[str, str, str], sensor: str
) -> tuple[ConditionContent, ...]:
    return tuple(
        ConditionContent(
            quantity=name,
            unit=unit,
            minimum=D(low),
            mean=D(mean),
            maximum=D(high),
            source=f"sensor {sensor}" if name == "Air temperature" else "",
        )
        for name, unit, (low, mean, high) in (
            ("Air temperature", "°C", temperature),
            ("Relative humidity", "%", humidity),
        )
    )


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


def eur(amount: str) -> Money:
    return Money(D(amount), "EUR")


QUOTATION = QuotationContent(
    branding=BRANDING,
    number="Q-2026-0307",
    revision=1,
    customer=BLUEWATER,
    srf_number="SRF-2026-0414",
    issued_on=date(2026, 12, 2),
    valid_until=date(2026, 12, 30),
    prepared_by="Asha Rao",
    changes=("adjustment of the pressure gauge, 40.00 EUR",),
    lines=(
        QuotationLine(
            position=1,
            description="Pressure gauge 0–16 bar, class 1.0",
            item=GAUGE.item,
            unit_price=eur("65.00"),
            net=eur("65.00"),
            is_accredited=True,
            cmc="0.012 bar",
            procedure="MP-PRE-01 rev. 4",
            points="0, 4, 8, 10, 16 bar, up and down",
            decision_rule="simple acceptance",
        ),
        QuotationLine(
            position=2,
            description="Platform scale 60 kg",
            unit_price=eur("140.00"),
            net=eur("140.00"),
            is_accredited=True,
            procedure="MP-MAS-04 rev. 3",
            points="repeatability, eccentricity, linearity",
            decision_rule="simple acceptance",
        ),
        QuotationLine(
            position=3,
            description="Probe thermometer −20…120 °C",
            unit_price=eur("55.00"),
            net=eur("55.00"),
            procedure="MP-TEM-01 rev. 6",
            points="−18, 4, 75 °C",
            decision_rule="simple acceptance",
        ),
        QuotationLine(
            position=4,
            description="AC clamp meter 600 A",
            item=CLAMP.item,
            unit_price=eur("90.00"),
            surcharge=eur("13.50"),
            surcharge_reason="Handling 15 %",
            net=eur("103.50"),
            provider="Nordic Power Lab",
            points="50, 200, 400, 600 A",
        ),
        QuotationLine(
            position=5, description="Gauge adjustment", unit_price=eur("40.00"), net=eur("40.00")
        ),
        QuotationLine(position=6, description="Travel", unit_price=eur("80.00"), net=eur("80.00")),
    ),
    net=eur("483.50"),
    tax=eur("96.70"),
    total=eur("580.20"),
    tax_rate=D("20"),
    sums=(SumLine(title="Services", amount=eur("483.50")),),
    terms=(
        "Payment within 14 days of the invoice. Certificates are released on payment.",
        "The laboratory's general terms of 1 January 2026 apply.",
    ),
    answer_url="https://meridian.example/q/7dK2mQ",
)

UTC_NOON = datetime(2026, 12, 3, 12, 0, tzinfo=UTC)
