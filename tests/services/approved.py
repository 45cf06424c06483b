"""Requests with an accepted offer whose work is approved: where invoices and dispatch begin."""

from sqlmodel import select

from calibra_app.core.ids import new_secret
from calibra_app.models.certificate import Certificate, CertificateState
from calibra_app.models.customer import Customer, ReleaseRule
from calibra_app.models.document import Document, DocumentState
from calibra_app.models.srf import HeaderState, LineState, Srf, SrfLine
from calibra_app.services.quotations.answers import Reaction, accept_offer
from calibra_app.services.quotations.queries import get_quotation
from calibra_app.services.srf.moves import lines_of
from calibra_app.services.srf.receipt import Arrival, receive_items
from tests.services.quotations.offers_of_the_week import enter_prices, sent

RULES = {
    "K1": ReleaseRule.ON_APPROVAL,
    "K2": ReleaseRule.ON_INVOICE,
    "K3": ReleaseRule.ON_PAYMENT,
}


def ordered(house, code="K2", items=None, **customer):
    """Bring the request of a sample customer to Received, by an accepted offer."""
    enter_prices(house)
    terms = {"release_rule": RULES[code], **customer}
    quotation_id = sent(house, code, items, **terms)
    with house.work() as work:
        detail = get_quotation(work, quotation_id)
        accept_offer(work, detail.revision_id, Reaction(evidence="phone, Olaf Berg, 14:10"))
    srf_id = detail.srf_id
    with house.work() as work:
        receive_items(work, srf_id, [Arrival(line.id) for line in lines_of(work, srf_id)])
    return srf_id


def approved(house, code="K2", items=None, **customer):
    """Bring the request to Approved, with an issued certificate for each item."""
    srf_id = ordered(house, code, items, **customer)
    approve(house, srf_id)
    return srf_id


def approve(house, srf_id):
    """Let every line of a request be approved as the bench and the signatory leave it.

    The sheets and signatures on the way there are tried in the tests of sheets and certificates.
    """
    with house.work("Priya Menon") as work:
        srf = work.get(Srf, srf_id)
        rule = rule_of(work, srf)
        for line in lines_of(work, srf_id):
            row = work.get(SrfLine, line.id)
            if row.state in {LineState.CANCELLED, LineState.REJECTED}:
                continue
            row.started, row.reviewed, row.approved_at = True, True, work.now
            at_once = rule is ReleaseRule.ON_APPROVAL
            row.state = LineState.RELEASED if at_once else LineState.APPROVED
            _certificate(work, srf, row, released=at_once)
        srf.state, srf.approved_at, srf.state_since = HeaderState.APPROVED, work.now, work.now


def rule_of(work, srf):
    """Return the release rule of a request's customer."""
    return work.peek(Customer, srf.customer_id).release_rule


def _certificate(work, srf, line, *, released):
    number = f"CC-{srf.number}-{line.position:02}"
    paper = Document(
        kind="certificate",
        number=number,
        title=f"Certificate {number}",
        subject_kind="certificate",
        subject_id=line.id,
        customer_id=srf.customer_id,
        content={},
        content_sha256="c" * 64,
        state=DocumentState.DONE,
        sha256="d" * 64,
        size=1000,
        released_at=work.now if released else None,
    )
    work.add(paper)
    work.add(
        Certificate(
            line_id=line.id,
            number=number,
            code=new_secret(),
            state=CertificateState.ISSUED,
            issued_on=work.now.date(),
            document_id=paper.id,
            released_at=work.now if released else None,
        )
    )


def version(house, table, row_id):
    """Return the version that a page would show."""
    with house.work("Priya Menon") as work:
        return work.peek(table, row_id).version


def line_states(house, srf_id):
    """Return the states of the lines in their order."""
    with house.work("Priya Menon") as work:
        return [line.state for line in lines_of(work, srf_id)]


def released(house, srf_id):
    """Return which of the certificates of a request the customer may have."""
    with house.work("Priya Menon") as work:
        ids = [line.id for line in lines_of(work, srf_id)]
        rows = work.exec(select(Certificate).where(Certificate.line_id.in_(ids))).all()
        papers = [work.peek(Document, row.document_id) for row in rows]
        assert [row.released_at is None for row in rows] == [
            paper.released_at is None for paper in papers
        ]
        return [row.number for row in rows if row.released_at is not None]
