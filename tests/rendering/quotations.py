"""A sample quotation: the second revision of flow A4's Q-2026-0307."""

from datetime import date

from calibra_app.rendering.quotation import QuotationContent, QuotationLine, SumLine
from tests.rendering.certificates import CLAMP, GAUGE
from tests.rendering.parts import BLUEWATER, BRANDING, D, eur

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
