"""The pages of quotations: rows as text, cells, sums that follow each key, dialogs."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from uuid import UUID

import pytest

from calibra_app.core.errors import Conflict, Forbidden, Invalid, NotFound
from calibra_app.core.money import Money
from calibra_app.core.paging import Page
from calibra_app.models.customer import TaxTreatment
from calibra_app.models.quotation import QuotationLineKind, QuotationState
from calibra_app.models.srf import HeaderState
from calibra_app.services.quotations.editing import FieldTaken
from calibra_app.services.quotations.pricing import PricedLine, add_up
from calibra_app.services.quotations.queries import (
    LineOfQuotation,
    QuotationDetail,
    RevisionSummary,
)
from calibra_app.services.quotations.register import QuotationSummary
from calibra_app.services.quotations.revisions import DifferenceKind, QuotationDifference
from calibra_app.ui.live import LIVE
from calibra_app.ui.pages.quotations import editor, register
from calibra_app.ui.pages.quotations.deeds import QuotationDeeds
from calibra_app.ui.pages.quotations.page import PAGES
from calibra_app.ui.pages.quotations.register import QuotationsState

ONE, TWO, THREE = UUID(int=1), UUID(int=2), UUID(int=3)
NOW = datetime(2026, 11, 30, 8, tzinfo=UTC)
VERSIONS = {"description": 1, "quantity": 1, "unit_price": 3, "surcharge_percent": 1}


def a_line(key, amount, **more):
    return LineOfQuotation(
        **{
            "id": key,
            "position": key.int,
            "kind": QuotationLineKind.CALIBRATION,
            "description": "Micrometer",
            "detail": "",
            "accredited": True,
            "quantity": Decimal(1),
            "unit_price": Decimal(amount),
            "surcharge_percent": Decimal(0),
            "surcharge_reason": "",
            "net": Decimal(amount),
            "removed": False,
            "versions": VERSIONS,
            "tag": "KA-MIC-0007",
            "procedure": "MP-DIM-02 rev. 1",
            "points": "0, 25 mm",
            **more,
        }
    )


LINES = (a_line(ONE, "48.00"), a_line(TWO, "155.00", surcharge_percent=Decimal(25)))


def a_quotation(lines=LINES, **more):
    sums = add_up(
        [
            PricedLine(
                line.kind,
                Money(line.unit_price, "EUR"),
                line.quantity,
                line.surcharge_percent,
                line.removed,
            )
            for line in lines
        ],
        currency="EUR",
        discount_percent=Decimal(0),
        tax_rate=Decimal(20),
        treatment=TaxTreatment.STANDARD,
    )
    revisions = tuple(
        RevisionSummary(
            ONE, number, state, sums.total, "", "Asha Rao", NOW, None, None, "", "", None, ""
        )
        for number, state in ((0, QuotationState.SUPERSEDED), (1, QuotationState.DRAFT))
    )
    return QuotationDetail(
        **{
            "id": THREE,
            "number": "Q-2026-0306",
            "revision_id": TWO,
            "revision": 1,
            "version": 7,
            "state": QuotationState.DRAFT,
            "newest": True,
            "srf_id": ONE,
            "srf_number": "SRF-2026-0413",
            "srf_version": 4,
            "srf_state": HeaderState.QUOTED,
            "customer_id": ONE,
            "customer": "Kestrel Aero",
            "lines": lines,
            "sums": sums,
            "currency": "EUR",
            "discount_percent": Decimal(0),
            "contract_discount": Decimal(0),
            "tax_rate": Decimal(20),
            "tax_treatment": TaxTreatment.STANDARD,
            "tax_reason": "",
            "valid_until": date(2026, 12, 30),
            "terms": "Payment within 30 days.",
            "reason": "",
            "excess": "",
            "net_limit": Decimal(5000),
            "discount_limit": Decimal(10),
            "approved_by": "",
            "approved_at": None,
            "approvable": False,
            "sent_to": "",
            "problems": (),
            "revisions": revisions,
            **more,
        }
    )


SUMMARY = QuotationSummary(
    THREE, "Q-2026-0306", 1, TWO, QuotationState.SENT, ONE, "SRF-2026-0413", "Kestrel Aero",
    Money(Decimal("352.75"), "EUR"), date(2026, 12, 30), NOW, 3,
)  # fmt: skip


@pytest.fixture(autouse=True)
def quiet_bus(monkeypatch):
    """Stand in for the socket and the session; the bus has tests of its own."""

    async def nothing(*_args, **_named):
        return None

    async def somebody(_state):
        return SimpleNamespace(tenant_id=1, name="Asha Rao", person_id=ONE)

    for name in ("join", "join_presence", "be_present"):
        monkeypatch.setattr(LIVE, name, nothing)
    monkeypatch.setattr(editor, "current_actor", somebody)
    monkeypatch.setattr(register, "current_actor", somebody)


@pytest.fixture
def opened(answering, at_address):
    """Open the editor on a quotation; returns its state and the calls made."""

    async def open_editor(detail=None, **answers):
        at_address(THREE)
        calls = answering(
            QuotationDeeds,
            **{
                "get_quotation": detail or a_quotation(),
                "list_documents": (),
                "differences": (),
                **answers,
            },
        )
        state = QuotationDeeds()
        await QuotationDeeds.load.fn(state)
        return state, calls

    return open_editor


def test_both_pages_build():
    for _, component, _ in PAGES:
        assert component().render()


async def test_the_list_shows_each_quotation_as_text(answering):
    answering(QuotationsState, list_quotations=Page((SUMMARY,)), list_unanswered=(SUMMARY,))
    state = QuotationsState()
    await QuotationsState.load.fn(state)
    (row,) = state.rows
    assert (row.number, row.words, row.age) == ("Q-2026-0306 R1", "With the customer", "3 days")
    assert row.total.startswith("352.75")
    assert state.waiting == "1 offer waits for an answer, the oldest for 3 days."


async def test_a_phase_narrows_the_list_and_widens_it_again(answering):
    calls = answering(QuotationsState, list_quotations=Page(()), list_unanswered=())
    state = QuotationsState()
    await QuotationsState.choose_phase.fn(state, "sent")
    await QuotationsState.choose_phase.fn(state, "sent")
    asked = [args[0].states for name, args, _ in calls if name == "list_quotations"]
    assert asked == [(QuotationState.SENT,), ()]


async def test_a_refused_offer_says_why_in_the_dialog(answering):
    answering(QuotationsState, create_offer=Conflict("Line 1 not reviewed."))
    state = QuotationsState()
    state.srf_key, state.asking = str(ONE), True
    await QuotationsState.make_offer.fn(state)
    assert (state.refusal, state.asking, state.busy) == ("Line 1 not reviewed.", True, False)


async def test_a_made_offer_is_opened(answering):
    answering(QuotationsState, create_offer=THREE)
    state = QuotationsState()
    state.srf_key, state.asking = str(ONE), True
    event = await QuotationsState.make_offer.fn(state)
    assert f"/quotations/{THREE}/" in str(event)


async def test_the_editor_shows_lines_as_cells_and_the_sums(opened):
    state, _ = await opened()
    assert state.cells[f"{ONE}:unit_price"] == {"value": "48.00", "version": 3}
    assert state.cells[f"{TWO}:surcharge_percent"]["value"] == "25"
    assert (state.sums.net, state.sums.tax, state.sums.total) == ("241.75", "48.35", "290.10")
    assert state.results[str(TWO)]["net"] == "193.75"
    assert (state.title, state.locked) == ("Q-2026-0306 R1", "")


async def test_the_sums_follow_each_key_and_nothing_is_stored(opened):
    state, calls = await opened()
    await QuotationDeeds.draft.fn(state, str(ONE), "unit_price", "100")
    assert state.sums.net == "293.75"
    assert state.results[str(ONE)]["net"] == "100.00"
    assert "change_line" not in [name for name, _, _ in calls]


@pytest.mark.parametrize(
    ("column", "text"),
    [("unit_price", "abc"), ("description", "Case"), ("no such", "1")],
)
async def test_what_is_no_number_leaves_the_sums_alone(opened, column, text):
    state, _ = await opened()
    await QuotationDeeds.draft.fn(state, str(ONE), column, text)
    assert state.sums.net == "241.75"


async def test_a_cell_is_stored_with_the_version_that_was_seen(opened):
    state, calls = await opened(change_line=4)
    await QuotationDeeds.commit.fn(state, str(ONE), "unit_price", "49,50", 3, "")
    change = next(args[1] for name, args, _ in calls if name == "change_line")
    assert (change.line_id, change.field, change.value, change.seen) == (
        ONE,
        "unit_price",
        Decimal("49.50"),
        3,
    )


async def test_two_in_one_cell_are_asked_about_and_nothing_typed_is_lost(opened):
    state, _ = await opened(change_line=FieldTaken("50.00", 4, "Grace Liu"))
    await QuotationDeeds.commit.fn(state, str(ONE), "unit_price", "51", 3, "")
    clash = state.clashes[f"{ONE}:unit_price"]
    assert (clash["theirs"], clash["mine"], clash["version"]) == ("50", "51", 4)
    assert clash["by"] == "Grace Liu"
    await QuotationDeeds.resolve.fn(state, str(ONE), "unit_price")
    assert state.clashes == {}


async def test_a_refused_value_is_said_in_its_cell(opened):
    refusal = Invalid("A price has two decimals at most.", field="unit_price")
    state, _ = await opened(change_line=refusal)
    await QuotationDeeds.commit.fn(state, str(ONE), "unit_price", "1.005", 3, "")
    asked = state.asks[f"{ONE}:unit_price"]
    assert (asked["said"], asked["text"]) == ("A price has two decimals at most.", "1.005")


async def test_an_unknown_column_stores_nothing(opened):
    state, calls = await opened(change_line=1)
    await QuotationDeeds.commit.fn(state, str(ONE), "tenant_id", "2", 1, "")
    assert "change_line" not in [name for name, _, _ in calls]


async def test_the_panel_tells_what_stands_behind_the_line(opened):
    state, _ = await opened()
    await QuotationDeeds.focus.fn(state, str(TWO), "quantity")
    assert (state.scope.procedure, state.scope.points) == ("MP-DIM-02 rev. 1", "0, 25 mm")


async def test_a_line_that_was_taken_off_is_locked_and_costs_nothing(opened):
    lines = (LINES[0], replace(LINES[1], removed=True))
    state, _ = await opened(a_quotation(lines))
    assert state.rows[1]["locked"]
    assert state.results[str(TWO)]["net"] == ""
    assert state.sums.net == "48.00"


async def test_what_was_sent_is_shown_but_not_changed(opened):
    state, _ = await opened(a_quotation(state=QuotationState.SENT, sent_to="yara@k2.example"))
    assert state.locked == "R1 stays as it is."
    assert state.sent_words == "Sent to yara@k2.example"


async def test_an_earlier_revision_is_asked_for_by_its_number(opened):
    state, calls = await opened()
    await QuotationDeeds.choose_view.fn(state, "0")
    assert [args[1] for name, args, _ in calls if name == "get_quotation"] == [None, 0]


async def test_differences_stand_with_their_sign(opened):
    added = QuotationDifference(DifferenceKind.ADDED, 5, "Adjustment", "", "", "40.00 EUR")
    state, _ = await opened(differences=(added,))
    await QuotationDeeds.choose_view.fn(state, "differences")
    (row,) = state.differing
    assert (row.sign, row.tone, row.place, row.new) == ("+", "green", "5", "40.00 EUR")
    assert state.differing_words == "R0 → R1"


async def test_sending_says_what_was_seen_and_closes_the_dialog(opened):
    state, calls = await opened(send_offer=None)
    state.dialog = "send"
    await QuotationDeeds.send.fn(state, {"to": " yara@k2.example "})
    args, named = next((args, named) for name, args, named in calls if name == "send_offer")
    assert (args, named) == ((THREE, 7), {"to": "yara@k2.example"})
    assert (state.dialog, state.busy) == ("", False)


async def test_a_refusal_stays_in_its_dialog_beside_its_field(opened):
    state, _ = await opened(send_offer=Invalid("“x” is no email address.", field="to"))
    state.dialog = "send"
    await QuotationDeeds.send.fn(state, {"to": "x"})
    assert (state.dialog, state.busy) == ("send", False)
    assert state.errors == {"to": "“x” is no email address."}


async def test_a_guard_that_objects_is_told(opened):
    state, _ = await opened(send_offer=Conflict("Discount 18 % needs the laboratory manager."))
    event = await QuotationDeeds.send.fn(state, {"to": ""})
    assert "Discount 18 %" in str(event)


async def test_an_answer_by_phone_is_entered_with_its_evidence(opened):
    state, calls = await opened(accept_offer=None)
    form = {"answer": "accept", "evidence": "phone, Yara, 13:10"}
    await QuotationDeeds.enter_answer.fn(state, form)
    args = next(args for name, args, _ in calls if name == "accept_offer")
    assert (args[0], args[1].evidence) == (TWO, "phone, Yara, 13:10")


async def test_an_answer_that_is_none_is_refused(opened):
    state, calls = await opened()
    await QuotationDeeds.enter_answer.fn(state, {"answer": "delete", "evidence": "phone"})
    assert "answer" in state.errors
    assert not {"accept_offer", "reject_offer", "ask_change"} & {name for name, _, _ in calls}


async def test_somebody_elses_quotation_is_not_shown(opened):
    state, _ = await opened(get_quotation=NotFound("There is no such quotation."))
    assert (state.found, state.rows) == (False, [])


async def test_an_unknown_dialog_opens_nothing(opened):
    state, _ = await opened()
    await QuotationDeeds.open.fn(state, "<script>")
    assert state.dialog == ""


async def test_a_forbidden_line_deed_is_told(opened):
    state, _ = await opened(duplicate_line=Forbidden("Yara may not write a quotation."))
    await QuotationDeeds.focus.fn(state, str(ONE), "quantity")
    assert "may not" in str(await QuotationDeeds.duplicate.fn(state))
