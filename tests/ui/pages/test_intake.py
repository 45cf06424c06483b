"""The guided intake says beside the field what a request lacks, and answers the rest as usual."""

import pytest

from calibra_app.core.errors import Conflict, Invalid
from calibra_app.services.srf.agreement import Adjustment, Agreement, Choice, Urgency
from calibra_app.ui.components.choice import Option
from calibra_app.ui.pages.requests.intake import IntakeState
from calibra_app.ui.pages.requests.intake_rows import as_usual, beside_line, lacking
from calibra_app.ui.pages.requests.rows import LineRow

LINES = [LineRow(tag="KA-MIC-0007")]


@pytest.mark.parametrize(
    ("customer", "contact", "lines", "field"),
    [
        ("", "", [], "customer"),
        ("kestrel", "", LINES, "contact"),
        ("kestrel", "yara", [], "label"),
    ],
)
def test_what_a_request_lacks_is_said_beside_its_field(customer, contact, lines, field):
    lack = lacking(customer, contact, lines)
    assert lack is not None
    assert lack.field == field


def test_a_request_with_customer_contact_and_item_may_be_handed_in():
    assert lacking("kestrel", "yara", LINES) is None


def test_a_refused_day_appears_beside_the_day_of_its_line():
    told = beside_line(Invalid("The promise date has passed already.", field="promised_on"), 3)
    assert told.field == "promised-3"


def test_another_refusal_of_a_line_stays_where_it_belongs():
    assert beside_line(Conflict("Somebody changed it."), 3).field == ""


def test_what_is_answered_already_stays_when_the_rest_is_filled_as_usual():
    filled = as_usual(Agreement(procedure_code="MP-DIM-01", urgency=Urgency.URGENT))
    assert (filled.urgency, filled.adjustment) == (Urgency.URGENT, Adjustment.ASK)
    assert (filled.as_found, filled.due_on_label) == (Choice.YES, Choice.NO)


async def test_what_was_found_for_somebody_quicker_than_the_page_stays_on_offer():
    state = IntakeState()
    kestrel = Option(value="k", words="Kestrel Aero Components")
    state.customer_options, state.customer = [kestrel], "Kestrel"
    await IntakeState.load.fn(state)
    assert (state.customer_options, state.customer) == ([kestrel], "")
