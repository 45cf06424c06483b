"""Requests brought to where a test begins, through the services and as the people who do it."""

from dataclasses import replace

from sqlmodel import select

from calibra_app.models.customer import Customer
from calibra_app.models.document import Document, StoredFile
from calibra_app.models.journal import OutboxJob
from calibra_app.models.srf import Srf, SrfLine
from calibra_app.persistence.outbox import Job
from calibra_app.services.srf.acceptance import accept_under_agreement
from calibra_app.services.srf.agreement import Agreement, Urgency
from calibra_app.services.srf.drafts import Heading, create_srf, submit_srf
from calibra_app.services.srf.inquiry import start_review
from calibra_app.services.srf.moves import lines_of
from calibra_app.services.srf.receipt import Arrival, receive_items
from calibra_app.services.srf.review import Answer, Given, answer_review, reviews_of

YES = Given(Answer.YES)
TECHNICAL = dict.fromkeys(("requirements", "capability", "method", "decision_rule"), YES)
COMMERCIAL = {"subcontract": Given(Answer.NOT_APPLICABLE), "differences": YES}


def seen(house, table, row_id):
    """Return the version that the page would have shown."""
    with house.work("Priya Menon") as work:
        return work.peek(table, row_id).version


def state_of(house, srf_id):
    """Return where the request stands."""
    with house.work("Priya Menon") as work:
        return work.peek(Srf, srf_id).state


def line_ids(house, srf_id):
    """Return the ids of the lines in their order."""
    with house.work("Priya Menon") as work:
        return [line.id for line in lines_of(work, srf_id)]


def submitted(house):
    """Write and submit a request with the house's instruments, complete in every line."""
    with house.work() as work:
        srf_id = create_srf(
            work, Heading(house.customer_id, house.contact_id), house.instrument_ids
        )
        for line in lines_of(work, srf_id):
            agreed = Agreement.of_line(line)
            replace(agreed, urgency=Urgency.STANDARD).write_to(line)
        work.session.flush()
        submit_srf(work, srf_id, work.peek(Srf, srf_id).version)
    return srf_id


def under_review(house):
    """Bring a request into contract review."""
    srf_id = submitted(house)
    with house.work("Ruth Okoye") as work:
        start_review(work, srf_id, work.peek(Srf, srf_id).version)
    return srf_id


def reviewed(house, *, outside_is_unaccredited=True):
    """Bring a request to where every question is answered."""
    srf_id = under_review(house)
    if outside_is_unaccredited:
        # The house of these tests has no scope of its own.
        with house.work("Ruth Okoye") as work:
            for line in lines_of(work, srf_id):
                work.get(SrfLine, line.id).accredited = False
    for name, answers in (("Ruth Okoye", TECHNICAL), ("Asha Rao", COMMERCIAL)):
        with house.work(name) as work:
            for review in reviews_of(work, srf_id):
                answer_review(work, review.line_id, review.version, answers)
    return srf_id


def accepted(house):
    """Bring a request to Accepted under a standing agreement."""
    with house.work("Priya Menon") as work:
        work.get(Customer, house.customer_id).standing_agreement = True
    srf_id = reviewed(house)
    with house.work() as work:
        accept_under_agreement(work, srf_id, work.peek(Srf, srf_id).version)
    return srf_id


def received(house):
    """Bring a request to Received: every item here, nothing wrong."""
    srf_id = accepted(house)
    with house.work() as work:
        receive_items(work, srf_id, [Arrival(line.id) for line in lines_of(work, srf_id)])
    return srf_id


def a_photo(work, line_id):
    """Enter a photo of an item, as the upload does after it was checked."""
    row = StoredFile(
        purpose="photo",
        subject_kind="srf_line",
        subject_id=line_id,
        name="dent.jpg",
        media_type="image/jpeg",
        size=1000,
        sha256="a" * 64,
        uploaded_by=work.actor.person_id,
    )
    work.add(row)
    return row.id


def letters(work):
    """Return the kinds of the letters that wait to be posted."""
    rows = work.exec(select(OutboxJob).where(OutboxJob.job == Job.SEND_MAIL)).all()
    return [row.payload["kind"] for row in rows]


def papers(work, srf_id):
    """Return the kinds of the papers of a request, oldest first."""
    rows = work.exec(
        select(Document).where(Document.subject_id == srf_id).order_by(Document.created_at)
    ).all()
    return [row.kind for row in rows]
