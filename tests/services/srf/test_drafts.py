"""Writing a request: lines from the customer's registry, completeness, handing it in."""

from dataclasses import replace

import pytest
from sqlmodel import select

from calibra_app.core.errors import Forbidden, Invalid
from calibra_app.models.document import Document
from calibra_app.models.srf import HeaderState, LineState, Srf, SrfRecord
from calibra_app.services.srf.agreement import Adjustment, Agreement, completeness
from calibra_app.services.srf.drafts import (
    Heading,
    add_instruments,
    change_agreement,
    create_srf,
    discard_srf,
    remove_line,
    submit_srf,
)
from calibra_app.services.srf.guards import GuardFailed
from calibra_app.services.srf.moves import Stale, lines_of
from calibra_app.services.srf.snapshot import check_chain
from tests.builders import a_customer, an_instrument


def a_draft(house):
    with house.work() as work:
        return create_srf(work, Heading(house.customer_id, house.contact_id), house.instrument_ids)


def version_of(house, srf_id):
    with house.work() as work:
        return work.peek(Srf, srf_id).version


def test_a_request_begins_as_a_draft_without_a_number(house):
    srf_id = a_draft(house)
    with house.work() as work:
        srf = work.peek(Srf, srf_id)
        assert (srf.state, srf.number) == (HeaderState.DRAFT, "")
        assert [line.position for line in lines_of(work, srf_id)] == [1, 2]


def test_a_line_takes_over_what_was_last_agreed_for_its_instrument(house):
    srf_id = a_draft(house)
    with house.work() as work:
        line = lines_of(work, srf_id)[0]
        assert completeness(Agreement.of_line(line), "4").percent in {86, 100}
        assert Agreement.of_line(line).adjustment is Adjustment.ASK


def test_submitting_draws_the_number_and_prints_the_form(house):
    srf_id = a_draft(house)
    with house.work() as work:
        number = submit_srf(work, srf_id, work.peek(Srf, srf_id).version)
    with house.work() as work:
        assert number.startswith("SRF-")
        assert work.peek(Srf, srf_id).state is HeaderState.SUBMITTED
        (paper,) = work.exec(select(Document).where(Document.subject_id == srf_id)).all()
        assert (paper.kind, paper.number) == ("srf", number)


def test_a_request_without_items_is_not_submitted(house):
    with house.work() as work:
        srf_id = create_srf(work, Heading(house.customer_id, house.contact_id))
    with pytest.raises(GuardFailed, match="Add an instrument"), house.work() as work:
        submit_srf(work, srf_id, work.peek(Srf, srf_id).version)


def test_a_request_without_a_contact_is_not_submitted_and_draws_no_number(house):
    with house.work() as work:
        srf_id = create_srf(work, Heading(house.customer_id), house.instrument_ids)
    with pytest.raises(GuardFailed, match="contact"), house.work() as work:
        submit_srf(work, srf_id, work.peek(Srf, srf_id).version)
    other = a_draft(house)
    with house.work() as work:
        assert submit_srf(work, other, work.peek(Srf, other).version).endswith("-0001")


def test_who_saw_an_older_version_is_told_who_changed_it(house):
    srf_id = a_draft(house)
    seen = version_of(house, srf_id)
    with house.work() as work:
        submit_srf(work, srf_id, seen)
    with pytest.raises(Stale, match="Asha Rao"), house.work() as work:
        submit_srf(work, srf_id, seen)


def test_every_transition_leaves_a_record_that_names_the_one_before(house):
    srf_id = a_draft(house)
    with house.work() as work:
        submit_srf(work, srf_id, work.peek(Srf, srf_id).version)
    with house.work() as work:
        records = work.exec(
            select(SrfRecord).where(SrfRecord.srf_id == srf_id).order_by(SrfRecord.sequence)
        ).all()
        assert [record.transition for record in records] == ["T01", "T02"]
        assert records[1].previous_sha256 == records[0].sha256
        assert check_chain(work, srf_id) is None


def test_an_instrument_stands_once_on_a_request(house):
    srf_id = a_draft(house)
    with pytest.raises(Invalid, match="already"), house.work() as work:
        add_instruments(work, srf_id, house.instrument_ids[:1])


def test_another_customers_instrument_is_refused(house):
    srf_id = a_draft(house)
    with house.work("Priya Menon") as work:
        stranger, _ = a_customer(work, "K3")
        theirs = an_instrument(work, stranger.id, 9).id
    with pytest.raises(Invalid, match="another customer"), house.work() as work:
        add_instruments(work, srf_id, [theirs])


def test_a_line_taken_off_stays_in_the_record(house):
    srf_id = a_draft(house)
    with house.work() as work:
        line = lines_of(work, srf_id)[0]
        remove_line(work, line.id, line.version)
    with house.work() as work:
        assert [line.state for line in lines_of(work, srf_id)] == [
            LineState.CANCELLED,
            LineState.PENDING,
        ]


def test_a_promise_in_the_past_is_refused_beside_its_field(house):
    srf_id = a_draft(house)
    with house.work() as work:
        line = lines_of(work, srf_id)[0]
        past = replace(Agreement.of_line(line), promised_on=work.now.date().replace(year=2001))
    with pytest.raises(Invalid) as refusal, house.work() as work:
        change_agreement(work, line.id, line.version, past)
    assert refusal.value.field == "promised_on"


def test_a_customer_writes_requests_for_the_own_company_only(house):
    with house.work("Priya Menon") as work:
        stranger, contact = a_customer(work, "K9")
        ids = stranger.id, contact.id
    with pytest.raises(Forbidden), house.work("Yara Haddad") as work:
        create_srf(work, Heading(*ids))


def test_a_dispatcher_may_not_write_requests(house):
    with pytest.raises(Forbidden), house.work("Marco Bellini") as work:
        create_srf(work, Heading(house.customer_id, house.contact_id))


def test_a_discarded_draft_gives_its_reason(house):
    srf_id = a_draft(house)
    with pytest.raises(GuardFailed, match="reason"), house.work() as work:
        discard_srf(work, srf_id, work.peek(Srf, srf_id).version, "no")
    with house.work() as work:
        discard_srf(work, srf_id, work.peek(Srf, srf_id).version, "Entered twice by mistake")
    with house.work() as work:
        assert work.peek(Srf, srf_id).state is HeaderState.CANCELLED
