"""The sample quotations to the cent, and what holds for any prices."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibra_app.core.money import Money
from calibra_app.models.customer import TaxTreatment
from calibra_app.models.quotation import QuotationLineKind as Kind
from calibra_app.services.quotations.pricing import PricedLine, add_up, excess_over_limit


def line(price, kind=Kind.CALIBRATION, surcharge=0):
    return PricedLine(kind, Money.of(price, "EUR"), surcharge_percent=Decimal(surcharge))


K1 = [line(price) for price in ("180.00", "145.00", "160.00", "130.00")]
K2 = [line("48.00"), line("36.00"), line("75.00"), line("155.00", surcharge=25)]
K3 = [line("65.00"), line("140.00"), line("55.00"), line("90.00", surcharge=15)]


@pytest.mark.parametrize(
    ("lines", "discount", "rate", "treatment", "expected"),
    [
        ([*K1, line("120.00", Kind.TRAVEL)], 5, 20, "standard", ("704.25", "140.85", "845.10")),
        (K2, 0, 20, "reverse_charge", ("352.75", "0.00", "352.75")),
        ([*K3, line("80.00", Kind.TRAVEL)], 0, 20, "standard", ("443.50", "88.70", "532.20")),
        (
            [*K3, line("80.00", Kind.TRAVEL), line("40.00", Kind.ADJUSTMENT)],
            0,
            20,
            "standard",
            ("483.50", "96.70", "580.20"),
        ),
    ],
    ids=["Q-2026-0305 R1", "Q-2026-0306 R0", "Q-2026-0307 R0", "Q-2026-0307 R1"],
)
def test_the_four_sample_quotations_come_out_to_the_cent(
    lines, discount, rate, treatment, expected
):
    sums = add_up(
        lines,
        currency="EUR",
        discount_percent=Decimal(discount),
        tax_rate=Decimal(rate),
        treatment=TaxTreatment(treatment),
    )
    assert tuple(f"{part.amount:.2f}" for part in (sums.net, sums.tax, sums.total)) == expected


def test_a_line_that_is_taken_off_costs_nothing():
    removed = PricedLine(Kind.CALIBRATION, Money.of("48.00", "EUR"), removed=True)
    assert removed.net.amount == 0


def test_a_half_cent_is_rounded_away_from_zero():
    assert line("0.10", surcharge=25).surcharge.amount == Decimal("0.03")


prices = st.decimals(0, 10_000, places=2)


@given(st.lists(prices, max_size=20), st.decimals(0, 100, places=1), st.decimals(0, 40, places=1))
def test_net_and_tax_make_the_total_and_a_discount_never_raises_it(amounts, discount, rate):
    lines = [line(str(amount)) for amount in amounts]
    asked = {"currency": "EUR", "tax_rate": rate, "treatment": TaxTreatment.STANDARD}
    full = add_up(lines, discount_percent=Decimal(0), **asked)
    less = add_up(lines, discount_percent=discount, **asked)
    assert less.net + less.tax == less.total
    assert less.net.amount <= full.net.amount == sum(amounts)
    assert less.net.amount == less.net.rounded().amount


def test_what_is_above_the_limit_is_named():
    sums = add_up(
        [line("6000")],
        currency="EUR",
        discount_percent=Decimal(0),
        tax_rate=Decimal(0),
        treatment=TaxTreatment.STANDARD,
    )
    assert excess_over_limit(sums, Decimal(18), Decimal(10), Decimal(5000)) == (
        "Discount 18 % and Net 6000.00 EUR"
    )
    assert excess_over_limit(sums, Decimal(10), Decimal(10), Decimal(6000)) == ""
