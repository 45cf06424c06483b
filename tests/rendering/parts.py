"""Parts of the sample contents: the laboratory, its customers, signatures, rows, conditions."""

from base64 import b64encode
from datetime import datetime, timedelta, timezone
from decimal import Decimal

from calibra_app.core.money import Money
from calibra_app.rendering.blocks import BrandingContent, PartyContent, SignatureContent, Verdict
from calibra_app.rendering.certificate import ConditionContent, ResultRow

D = Decimal
BERLIN_WINTER = timezone(timedelta(hours=1))


def data_uri(svg: str) -> str:
    return "data:image/svg+xml;base64," + b64encode(svg.encode()).decode()


SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="{}">{}</svg>'
LOGO = data_uri(
    SVG.format(
        "0 0 64 64",
        '<rect width="64" height="64" rx="14" fill="#0f4c81"/>'
        '<path d="M14 46V20l18 17 18-17v26" fill="none" stroke="#fff" stroke-width="6" '
        'stroke-linejoin="round" stroke-linecap="round"/>'
        '<path d="M32 50v5M20 52v3M44 52v3" stroke="#7cc4ff" stroke-width="3"/>',
    )
)
SYMBOL = data_uri(
    SVG.format(
        "0 0 120 64",
        '<g fill="none" stroke="#181c22"><path d="M1 1h62v62H1z" stroke-width="2"/>'
        '<path d="M14 46c6-26 30-26 36 0M32 46l10-20" stroke-width="3.4"/>'
        '<path d="M74 18h44M74 32h34M74 46h44" stroke-width="3.4"/></g>',
    )
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


def eur(amount: str) -> Money:
    return Money(D(amount), "EUR")
