"""A customer who guesses identifiers: every record of somebody else reads as not there (C4)."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from sqlmodel import select

from calibra_app.core.access import Role
from calibra_app.core.errors import CalibraError, Conflict, Forbidden, Invalid, NotFound
from calibra_app.core.ids import SheetId, SrfId, new_id
from calibra_app.models.certificate import Certificate
from calibra_app.models.dispatch import Shipment
from calibra_app.models.document import Document
from calibra_app.models.person import PortalProfile
from calibra_app.models.quotation import Quotation, QuotationRevision
from calibra_app.models.srf import CustomerDecision, Srf
from calibra_app.persistence.unit_of_work import unit_of_work
from calibra_app.services.calibrations import accept_conditions, except_standard
from calibra_app.services.customers import get_customer
from calibra_app.services.dispatch.packing import open_shipment, scan_item
from calibra_app.services.dispatch.shipping import (
    Parcel,
    Proof,
    confirm_delivery,
    hand_over,
    ship,
)
from calibra_app.services.documents import list_documents, open_document
from calibra_app.services.invoices.issuing import issue_invoice, preview_invoice
from calibra_app.services.invoices.register import get_invoice, list_invoices, list_ready
from calibra_app.services.portal.home import (
    list_portal_requests,
    portal_home,
    portal_request,
    request_calibration,
)
from calibra_app.services.portal.library import (
    list_portal_certificates,
)
from calibra_app.services.quotations.answers import Reaction, accept_offer, decide_with_price
from calibra_app.services.quotations.queries import get_quotation
from calibra_app.services.srf.decisions import Decision, Reply
from calibra_app.services.srf.drafts import Heading, add_instruments, create_srf, submit_srf
from calibra_app.services.srf.inquiry import answer_question
from calibra_app.services.srf.moves import lines_of
from calibra_app.services.srf.on_site import arrive_on_site
from calibra_app.services.srf.promises import outlooks
from calibra_app.services.srf.queries import get_srf
from calibra_app.services.srf.receipt import Arrival
from calibra_app.services.srf.register import SrfFilter, find_by_label, list_srfs
from calibra_app.services.srf.reopening import take_items_back
from calibra_app.services.srf.splitting import split_lines
from calibra_app.services.uploads import open_upload
from tests.builders import PASSWORD, a_customer, a_house, a_person
from tests.services.approved import approved


@pytest.fixture
def house(work_in):
    """The people of the sample week and customer K2, without instruments yet."""
    return a_house(work_in, instruments=())


@pytest.fixture
def loot(house):
    """All that K2 has in the laboratory, and Olaf of K3 who has nothing there."""
    srf_id = approved(house, "K2", (5,))
    with house.work("Grace Liu") as work:
        invoice_id = issue_invoice(work, srf_id, work.peek(Srf, srf_id).version)
    with house.work() as work:
        shipment_id = open_shipment(work, srf_id)
        scan_item(work, shipment_id, "KA-MIC-0007")
    with house.work() as work:
        ship(work, shipment_id, work.peek(Shipment, shipment_id).version, Parcel("Courier"))
    with house.work("Priya Menon") as work:
        line = lines_of(work, srf_id)[0]
        question = CustomerDecision(
            line_id=line.id,
            kind="adjustment",
            question="Adjust?",
            asked_by=work.actor.person_id,
            asked_at=work.now,
        )
        work.add(question)
        quotation = work.exec(select(Quotation).where(Quotation.srf_id == srf_id)).one()
        revision = work.exec(
            select(QuotationRevision).where(QuotationRevision.quotation_id == quotation.id)
        ).one()
        certificate = work.exec(select(Certificate)).one()
        other, contact = a_customer(work, "K3")
        olaf = a_person(
            work, "Olaf Berg", Role.CU, customer_id=other.id, profile=PortalProfile.APPROVER
        )
        found = SimpleNamespace(
            srf_id=srf_id,
            line_id=line.id,
            instrument_id=line.instrument_id,
            invoice_id=invoice_id,
            shipment_id=shipment_id,
            decision_id=question.id,
            quotation_id=quotation.id,
            revision_id=revision.id,
            certificate_paper=certificate.document_id,
            certificate_id=certificate.id,
            customer_id=house.customer_id,
            papers=[row.id for row in work.exec(select(Document)).all()],
            contact_id=contact.id,
            olafs_customer=other.id,
        )
    house.people["Olaf Berg"], house.roles["Olaf Berg"] = olaf.id, frozenset({Role.CU})
    return found


@pytest.fixture
def olaf(house, loot):
    """Open a unit of work as the approver of another customer."""
    actor = replace(house.actor("Olaf Berg"), customer_id=loot.olafs_customer)
    return lambda: unit_of_work(actor)


READS = {
    "request": lambda work, loot: portal_request(work, loot.srf_id),
    "request, by the staff's service": lambda work, loot: get_srf(work, loot.srf_id),
    "quotation": lambda work, loot: get_quotation(work, loot.quotation_id),
    "invoice": lambda work, loot: get_invoice(work, loot.invoice_id),
    "certificate": lambda work, loot: open_document(work, loot.certificate_paper),
    "customer": lambda work, loot: get_customer(work, loot.customer_id),
}
DEEDS = {
    "request for an instrument of somebody else": lambda work, loot: request_calibration(
        work, [loot.instrument_id]
    ),
    "request in the name of somebody else": lambda work, loot: create_srf(
        work, Heading(loot.customer_id), ()
    ),
    "instrument on a request of somebody else": lambda work, loot: add_instruments(
        work, loot.srf_id, [loot.instrument_id]
    ),
    "request handed in": lambda work, loot: submit_srf(work, loot.srf_id, 1),
    "decision": lambda work, loot: decide_with_price(
        work, loot.decision_id, Reply(Decision.PROCEED, password=PASSWORD)
    ),
    "offer accepted": lambda work, loot: accept_offer(
        work, loot.revision_id, Reaction(password=PASSWORD)
    ),
    "delivery confirmed": lambda work, loot: confirm_delivery(
        work, loot.shipment_id, None, Proof("Olaf Berg", "I have it")
    ),
    "invoice issued": lambda work, loot: issue_invoice(work, loot.srf_id, 1),
    "box opened": lambda work, loot: open_shipment(work, loot.srf_id),
    "question answered": lambda work, loot: answer_question(work, loot.srf_id, 1, "It is ours"),
    "items handed over": lambda work, loot: hand_over(
        work, loot.srf_id, 1, Proof("Olaf Berg", "I have it")
    ),
    "promised days looked at": lambda work, loot: outlooks(work, loot.srf_id),
    "item taken in hand on site": lambda work, loot: arrive_on_site(work, 1, Arrival(loot.line_id)),
    "items taken back": lambda work, loot: take_items_back(work, loot.srf_id, [loot.line_id]),
    "request split": lambda work, loot: split_lines(
        work, loot.srf_id, 1, [loot.line_id], "It is mine now"
    ),
    "standard excepted": lambda work, loot: except_standard(
        work, SheetId(loot.line_id), "STD-P-001", "It will be good enough", PASSWORD
    ),
    "room accepted": lambda work, loot: accept_conditions(
        work, SheetId(loot.line_id), "It will be good enough", PASSWORD
    ),
    "item scanned": lambda work, loot: scan_item(work, loot.shipment_id, "KA-MIC-0007"),
}


@pytest.mark.parametrize("what", READS)
def test_a_guessed_identifier_reads_as_not_there(olaf, loot, what):
    with pytest.raises(NotFound) as refused, olaf() as work:
        READS[what](work, loot)
    assert "K2" not in refused.value.message


@pytest.mark.parametrize("what", READS)
def test_a_guess_that_hits_tells_no_more_than_one_that_misses(olaf, loot, what):
    missed = SimpleNamespace(**dict.fromkeys(vars(loot), new_id()))
    sentences = []
    for target in (loot, missed):
        with pytest.raises(NotFound) as refused, olaf() as work:
            READS[what](work, target)
        sentences.append(_without_ids(refused.value.message, target))
    assert sentences[0] == sentences[1]


def _without_ids(sentence, target):
    for value in vars(target).values():
        sentence = sentence.replace(str(value), "…")
    return sentence


@pytest.mark.parametrize("what", DEEDS)
def test_nothing_of_somebody_else_is_changed(house, olaf, loot, what):
    before = picture(house, loot)
    with pytest.raises(CalibraError) as refused, olaf() as work:
        DEEDS[what](work, loot)
    assert isinstance(refused.value, NotFound | Forbidden | Invalid | Conflict)
    assert picture(house, loot) == before


def test_who_may_confirm_alone_learns_nothing_by_handing_over(olaf, loot):
    for srf_id in (loot.srf_id, SrfId(new_id())):
        with pytest.raises(Forbidden, match="may not pack or ship"), olaf() as work:
            hand_over(work, srf_id, 1, Proof("Olaf Berg", "I have it"))


def picture(house, loot):
    """Return what of the loot would have changed."""
    with house.work("Priya Menon") as work:
        srf, shipment = work.peek(Srf, loot.srf_id), work.peek(Shipment, loot.shipment_id)
        question = work.peek(CustomerDecision, loot.decision_id)
        lines = [(line.version, line.state) for line in lines_of(work, loot.srf_id)]
        return srf.version, srf.state, shipment.version, question.decided_at, lines


def test_every_paper_of_somebody_else_is_closed(olaf, loot):
    assert len(loot.papers) > 3
    for paper in loot.papers:
        with pytest.raises(NotFound), olaf() as work:
            open_document(work, paper)
    with olaf() as work:
        assert list_documents(work, "srf", loot.srf_id) == ()


def test_lists_and_searches_show_nothing_of_somebody_else(olaf, loot):
    with olaf() as work:
        assert list_srfs(work, SrfFilter(customer_id=loot.customer_id)).rows == ()
        assert list_srfs(work, SrfFilter(words="KA-MIC")).rows == ()
        assert list_portal_requests(work).rows == ()
        assert list_portal_certificates(work).rows == ()
        assert list_portal_certificates(work, "KA-MIC").rows == ()
        assert list_invoices(work).rows == ()
        seen = portal_home(work)
        assert (seen.questions, seen.offers, seen.requests, seen.due) == ((), (), (), ())


def test_what_is_the_laboratorys_own_is_closed_to_every_customer(house, loot):
    for deed in (
        lambda work: find_by_label(work, "KA-MIC-0007"),
        lambda work: preview_invoice(work, loot.srf_id),
        list_ready,
        lambda work: open_upload(work, loot.certificate_paper),
    ):
        with pytest.raises((Forbidden, NotFound)), house.work("Yara Haddad") as work:
            deed(work)


def test_an_unreleased_certificate_is_closed_even_to_its_own_customer(house, loot):
    with house.work("Priya Menon") as work:
        work.get(Document, loot.certificate_paper).released_at = None
    with pytest.raises(NotFound), house.work("Yara Haddad") as work:
        open_document(work, loot.certificate_paper)


def test_a_customer_of_another_laboratory_finds_nothing_at_all(house, olaf, loot):
    stranger = replace(house.actor("Yara Haddad"), tenant_id=house.tenant_id + 10_000)
    for read in READS.values():
        with pytest.raises((NotFound, Forbidden)), unit_of_work(stranger) as work:
            read(work, loot)
