"""The price book and the external providers."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from calibra_app.core.access import Role
from calibra_app.core.errors import Conflict, Forbidden, Invalid, NotFound
from calibra_app.core.money import Money
from calibra_app.services.scope import (
    Approval,
    NoPrice,
    PriceDraft,
    PriceKind,
    ProviderDraft,
    ProviderNotApproved,
    ScopePoint,
    add_price,
    add_provider,
    archive_price,
    change_price,
    get_price,
    list_prices,
    list_providers,
    price_by_code,
    price_of,
    require_approved,
)

MICROMETER = PriceDraft(
    "CAL-DIM-02", "Micrometer", PriceKind.CALIBRATION, Decimal("48.00"), procedure_code="MP-DIM-02"
)
URGENT = PriceDraft("URGENT", "Urgency", PriceKind.SURCHARGE, Decimal(25), is_percentage=True)


@pytest.fixture
def price_id(work_in):
    with work_in() as work:
        add_price(work, URGENT)
        return add_price(work, MICROMETER)


def test_a_procedure_has_its_price_to_the_cent(work_in, price_id):
    with work_in() as work:
        assert price_of(work, "MP-DIM-02").money == Money(Decimal("48.00"), "EUR")
        with pytest.raises(NoPrice):
            price_of(work, "MP-DIM-02", PriceKind.ADJUSTMENT)


def test_a_percentage_is_no_money(work_in, price_id):
    with work_in() as work:
        urgency = price_by_code(work, "URGENT")
        assert (urgency.amount, urgency.is_percentage) == (Decimal(25), True)
        with pytest.raises(NoPrice):
            _ = urgency.money


def test_a_price_put_away_is_not_offered(work_in, price_id):
    with work_in() as work:
        archive_price(work, price_id, 1)
        with pytest.raises(NoPrice, match="Enter it first"):
            price_of(work, "MP-DIM-02")
        assert [row.code for row in list_prices(work).rows] == ["URGENT"]
        assert [row.code for row in list_prices(work, archived=True).rows] == ["CAL-DIM-02"]


def test_prices_are_found_by_kind_and_word(work_in, price_id):
    with work_in() as work:
        assert [row.code for row in list_prices(work, kind=PriceKind.SURCHARGE).rows] == ["URGENT"]
        assert [row.code for row in list_prices(work, "micro").rows] == ["CAL-DIM-02"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"amount": Decimal("-0.01")}, "amount"),
        ({"amount": Decimal(10) ** 9}, "amount"),
        ({"currency": "euro"}, "currency"),
        ({"title": ""}, "title"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(work_in, change, field):
    with pytest.raises(Invalid) as refused, work_in() as work:
        add_price(work, replace(MICROMETER, **change))
    assert refused.value.field == field


def test_a_code_is_taken_once(work_in, price_id):
    with pytest.raises(Conflict) as refused, work_in() as work:
        change_price(work, price_id, 1, replace(MICROMETER, code="URGENT"))
    assert refused.value.field == "code"


def test_the_front_desk_reads_prices_and_a_technician_does_not(work_in, price_id):
    with work_in(roles={Role.FD}) as work:
        assert len(list_prices(work).rows) == 2
        with pytest.raises(Forbidden):
            change_price(work, price_id, 1, MICROMETER)
    with pytest.raises(Forbidden), work_in(roles={Role.TE}) as work:
        list_prices(work)


def test_another_laboratory_has_its_own_prices(work_in, price_id):
    with work_in(laboratory=2) as work:
        assert list_prices(work).rows == ()
        with pytest.raises(NotFound):
            get_price(work, price_id)


def amps(value):
    return ScopePoint(Decimal(value), "A", "AC current by clamp")


NORDIC = ProviderDraft(
    "Nordic Power Lab", "NO-417", (Approval("MP-ELE-09", Decimal(400), "A"),), date(2999, 1, 1)
)


def test_a_provider_is_approved_for_a_procedure_up_to_a_value(work_in):
    with work_in() as work:
        provider_id = add_provider(work, NORDIC)
        assert require_approved(work, provider_id, "MP-ELE-09", [amps(400)]) == NORDIC.name
        with pytest.raises(ProviderNotApproved, match="up to 400 A, not for 600 A"):
            require_approved(work, provider_id, "MP-ELE-09", [amps(400), amps(600)])
        with pytest.raises(ProviderNotApproved, match="not approved for MP-MAS-01"):
            require_approved(work, provider_id, "MP-MAS-01", [])


def test_an_approval_ends(work_in):
    with work_in() as work:
        provider_id = add_provider(work, replace(NORDIC, approved_until=date(2020, 1, 1)))
        with pytest.raises(ProviderNotApproved, match="has ended"):
            require_approved(work, provider_id, "MP-ELE-09", [amps(1)])
        assert list_providers(work, "MP-ELE-09") == ()
        assert len(list_providers(work)) == 1
