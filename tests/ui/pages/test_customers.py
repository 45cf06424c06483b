"""The pages of customers: rows as text, refusals beside their field, what was typed stays."""

from decimal import Decimal
from uuid import UUID

import pytest

from calibra_app.core.errors import Conflict, Forbidden, Invalid
from calibra_app.core.paging import Page
from calibra_app.services.customers import (
    ContactSummary,
    CustomerDetail,
    CustomerDraft,
    CustomerSummary,
    DecisionRule,
    ReleaseRule,
)
from calibra_app.ui.pages.customers.detail import customer_page
from calibra_app.ui.pages.customers.page import customers_page
from calibra_app.ui.pages.customers.state import CustomersState, CustomerState

ONE, TWO = UUID(int=1), UUID(int=2)
SUMMARY = CustomerSummary(
    ONE, "K2", "Kestrel Aero", "FR", True, DecisionRule.SIMPLE, ReleaseRule.ON_INVOICE, False
)  # fmt: skip
FORM = {
    "code": "K9",
    "name": "Nine",
    "tax_rate": "19,5",
    "discount_percent": "0",
    "decision_rule": "simple",
    "release_rule": "on_payment",
    "tax_treatment": "standard",
    "accredited": True,
}


async def test_the_list_shows_each_customer_as_text(answering):
    answering(CustomersState, list_customers=Page((SUMMARY,)))
    state = CustomersState()
    await CustomersState.load.fn(state)
    (row,) = state.rows
    assert (row.code, row.rule, row.release) == ("K2", "Simple acceptance", "When invoiced")
    assert (state.shown, state.next_cursor, state.loading) == ("1 customer", "", False)


async def test_the_next_page_stands_behind_the_first(answering):
    calls = answering(CustomersState, list_customers=Page((SUMMARY,), "next"))
    state = CustomersState()
    await CustomersState.load.fn(state)
    await CustomersState.more.fn(state)
    assert len(state.rows) == 2
    assert state.shown == "2 customers+"
    assert [named["cursor"] for _, _, named in calls] == ["", "next"]


async def test_a_search_begins_at_the_top(answering):
    calls = answering(CustomersState, list_customers=Page((SUMMARY,), "next"))
    state = CustomersState()
    await CustomersState.load.fn(state)
    await CustomersState.find.fn(state, "kest")
    assert len(state.rows) == 1
    assert calls[-1][1:] == (("kest",), {"archived": False, "cursor": ""})


async def test_a_form_becomes_a_draft_with_exact_numbers(answering):
    calls = answering(CustomersState, add_customer=ONE)
    state = CustomersState()
    await CustomersState.save.fn(state, FORM)
    (_, (draft,), _) = calls[0]
    assert (draft.tax_rate, draft.release_rule) == (Decimal("19.5"), ReleaseRule.ON_PAYMENT)
    assert (draft.accredited, draft.standing_agreement) == (True, False)
    assert not state.adding


async def test_letters_in_a_number_are_refused_before_anything_is_asked(answering):
    calls = answering(CustomersState, add_customer=ONE)
    state = CustomersState()
    state.adding = True
    await CustomersState.save.fn(state, FORM | {"tax_rate": "20,x"})
    assert list(state.errors) == ["tax_rate"]
    assert state.adding
    assert calls == []


@pytest.mark.parametrize(
    "error", [Invalid("Give a code.", field="code"), Conflict("Another has it.", field="code")]
)
async def test_a_refusal_stands_beside_its_field_and_the_form_stays(answering, error):
    answering(CustomersState, add_customer=error)
    state = CustomersState()
    state.adding = True
    await CustomersState.save.fn(state, FORM)
    assert state.errors == {"code": error.message}
    assert state.adding


async def test_a_refusal_without_a_field_becomes_a_notice(answering):
    answering(CustomersState, list_customers=Forbidden("Ada may not see customers."))
    state = CustomersState()
    event = await CustomersState.load.fn(state)
    assert "Ada may not" in str(event)
    assert not state.loading


DETAIL = CustomerDetail(
    ONE, 3, False, CustomerDraft("K2", "Kestrel Aero", tax_rate=Decimal("20.0")),
    (ContactSummary(TWO, 1, "Yara", "yara@k.example", "", "Approver", None, False),),
)  # fmt: skip


@pytest.fixture
async def shown(answering, at_address):
    answering(CustomerState, get_customer=DETAIL)
    at_address(ONE)
    state = CustomerState()
    await CustomerState.load.fn(state)
    return state


async def test_one_customer_is_shown_with_contacts(shown):
    assert (shown.customer.name, shown.customer.tax_rate, shown.version) == (
        "Kestrel Aero", "20.0", 3,
    )  # fmt: skip
    assert [(row.name, row.portal) for row in shown.contacts] == [("Yara", False)]


async def test_a_change_carries_the_version_that_was_seen(answering, shown):
    calls = answering(CustomerState, change_customer=None, get_customer=DETAIL)
    await CustomerState.save.fn(shown, FORM)
    assert calls[0][0] == "change_customer"
    assert calls[0][1][:2] == (ONE, 3)


async def test_a_contact_form_opens_empty_for_a_new_contact(shown):
    await CustomerState.open_contact.fn(shown, str(TWO))
    assert (shown.contact.name, shown.contact_open) == ("Yara", True)
    await CustomerState.open_contact.fn(shown, "")
    assert (shown.contact.name, shown.contact_open) == ("", True)


async def test_an_address_that_names_no_customer_is_told(answering):
    calls = answering(CustomerState, get_customer=DETAIL)
    state = CustomerState()
    event = await CustomerState.load.fn(state)
    assert (event, state.absent) == (None, True)
    assert calls == []


def test_the_pages_build():
    assert customers_page().render()
    assert customer_page().render()
