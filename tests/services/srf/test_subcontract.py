"""Work by an external provider: approval and consent before, a second pair of eyes after."""

from datetime import timedelta
from decimal import Decimal

import pytest

from calibra_app.core.errors import Forbidden, Invalid
from calibra_app.models.document import StoredFile
from calibra_app.models.srf import ContractReview, LineState, SrfLine
from calibra_app.services.scope.providers import Approval, ProviderDraft, add_provider
from calibra_app.services.srf.custody import custody_of
from calibra_app.services.srf.guards import GuardFailed
from calibra_app.services.srf.subcontract import (
    ProviderPoint,
    ResultDraft,
    note_provider_failed,
    record_result,
    result_of_provider,
    send_to_provider,
    take_result_in,
)
from calibra_app.services.srf.whereabouts import places_of
from tests import stages
from tests.board_stages import a_request, change

POINT = ProviderPoint("25 mm", "25", "mm", "25.0014", "0.0014", "0.0008", "2.00")


@pytest.fixture
def line_id(house):
    return a_request(house)[0]


@pytest.fixture
def provider_id(house):
    with house.work("Samuel Okafor") as work:
        return add_provider(
            work,
            ProviderDraft(
                "PowerCal B.V.",
                "RvA K 099",
                (Approval("MP-DIM-02", Decimal(1), "m"),),
                work.now.date() + timedelta(days=90),
            ),
        )


def agree(house, line_id, answer="yes"):
    with house.work() as work:
        work.add(
            ContractReview(
                line_id=line_id, answers={"subcontract": {"answer": answer, "note": "phone"}}
            )
        )


def send(house, line_id, provider_id, by="Marco Bellini"):
    version = stages.seen(house, SrfLine, line_id)
    with house.work(by) as work:
        send_to_provider(work, line_id, version, provider_id)


def a_file(house, line_id):
    with house.work() as work:
        row = StoredFile(
            purpose="attachment",
            subject_kind="srf_line",
            subject_id=line_id,
            name="certificate.pdf",
            media_type="application/pdf",
            size=1000,
            sha256="c" * 64,
            uploaded_by=work.actor.person_id,
        )
        work.add(row)
        return row.id


def draft(house, **more):
    with house.work() as work:
        return ResultDraft(
            **{
                "certificate_number": "PC-1",
                "issued_on": work.now.date(),
                "points": (POINT,),
                **more,
            }
        )


def record(house, line_id, given, by="Marco Bellini"):
    version = stages.seen(house, SrfLine, line_id)
    with house.work(by) as work:
        record_result(work, line_id, version, given)


def take_in(house, line_id, by):
    version = stages.seen(house, SrfLine, line_id)
    with house.work(by) as work:
        take_result_in(work, line_id, version)


def state(house, line_id):
    with house.work() as work:
        return work.peek(SrfLine, line_id).state


def test_an_item_goes_out_with_approval_and_consent(house, line_id, provider_id):
    agree(house, line_id)
    send(house, line_id, provider_id)
    assert state(house, line_id) is LineState.SUBCONTRACTED
    with house.work() as work:
        assert custody_of(work, line_id)[-1].place == "PowerCal B.V."


def test_the_customer_hears_where_the_item_goes_and_a_paper_says_so(house, line_id, provider_id):
    agree(house, line_id)
    send(house, line_id, provider_id)
    with house.work() as work:
        assert "subcontracted" in stages.letters(work)
        papers = stages.papers(work, work.peek(SrfLine, line_id).srf_id)
    assert papers[-1] == "srf"


def test_without_the_customers_consent_it_stays(house, line_id, provider_id):
    with pytest.raises(GuardFailed, match="has not agreed") as refusal:
        send(house, line_id, provider_id)
    assert refusal.value.guard == "G31"


def test_a_provider_that_is_not_approved_for_the_procedure_is_refused_by_name(house, line_id):
    agree(house, line_id)
    with house.work("Samuel Okafor") as work:
        other = add_provider(
            work,
            ProviderDraft(
                "Elsewhere Ltd", approvals=(), approved_until=work.now.date() + timedelta(days=9)
            ),
        )
    with pytest.raises(GuardFailed, match="Elsewhere Ltd is not approved") as refusal:
        send(house, line_id, other)
    assert refusal.value.guard == "G31"


@pytest.fixture
def out(house, line_id, provider_id):
    agree(house, line_id)
    send(house, line_id, provider_id)
    return line_id


def test_the_values_are_compared_by_somebody_else(house, out):
    record(house, out, draft(house, file_id=a_file(house, out)))
    with pytest.raises(Forbidden, match="somebody else"):
        take_in(house, out, "Marco Bellini")
    take_in(house, out, "Ruth Okoye")
    assert state(house, out) is LineState.QC
    with house.work("Jonas Weber") as work:
        kept = result_of_provider(work, out)
    assert (kept.draft.points, kept.entered_by, kept.checked_by) == (
        (POINT,),
        "Marco Bellini",
        "Ruth Okoye",
    )


def test_without_the_certificate_itself_nothing_is_taken_in(house, out):
    with pytest.raises(GuardFailed, match="certificate is missing"):
        take_in(house, out, "Ruth Okoye")
    record(house, out, draft(house))
    with pytest.raises(GuardFailed, match="certificate is missing") as refusal:
        take_in(house, out, "Ruth Okoye")
    assert refusal.value.guard == "G32"


def test_one_of_the_two_knows_the_methods(house, out):
    record(house, out, draft(house, file_id=a_file(house, out)))
    with pytest.raises(GuardFailed, match="not reviewed"):
        take_in(house, out, "Asha Rao")


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"certificate_number": " "}, "certificate_number"),
        ({"points": ()}, "points"),
        ({"points": (ProviderPoint("25 mm", "25", "mm", "", "", "0.1", "2"),)}, "points"),
    ],
)
def test_what_is_missing_in_the_result_is_named(house, out, more, field):
    with pytest.raises(Invalid) as refusal:
        record(house, out, draft(house, **more))
    assert refusal.value.field == field


def test_a_file_of_another_item_is_refused(house, out, line_id):
    other = a_file(house, house.customer_id)
    with pytest.raises(Invalid) as refusal:
        record(house, out, draft(house, file_id=other))
    assert refusal.value.field == "file_id"


def test_a_failed_provider_gives_the_item_back_with_a_reason(house, out):
    version = stages.seen(house, SrfLine, out)
    with house.work("Marco Bellini") as work:
        note_provider_failed(work, out, version, "Their bath is out of order.")
    assert state(house, out) is LineState.ASSIGNED


def test_what_is_back_from_a_provider_lies_there_no_more(house, out):
    with house.work() as work:
        assert places_of(work, [out]) == {out: "PowerCal B.V."}
    version = stages.seen(house, SrfLine, out)
    with house.work("Marco Bellini") as work:
        note_provider_failed(work, out, version, "Their bath is out of order.")
    with house.work() as work:
        assert places_of(work, [out]) == {}


def test_a_technician_does_not_send_items_out(house, line_id, provider_id):
    change(house, line_id, assignee_id=house.people["Mei Lin"])
    with pytest.raises(Forbidden):
        send(house, line_id, provider_id, by="Mei Lin")
