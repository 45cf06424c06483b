"""Failed work: what the worker gave up, told in words, and offered to it once more.

Why here and not on each record's page alone: a letter or a nightly job has no page, and a letter
that nobody knows to be missing is not asked for. What a letter says stays closed: it may hold a
link that signs its reader in.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from calibra_app.core.access import Permission, permitted
from calibra_app.core.entry import filled
from calibra_app.core.errors import Conflict
from calibra_app.core.paging import Page
from calibra_app.models.certificate import Certificate
from calibra_app.models.customer import Customer
from calibra_app.models.dispatch import Shipment
from calibra_app.models.document import Document
from calibra_app.models.invoice import Invoice
from calibra_app.models.journal import DeadLetter
from calibra_app.models.person import Person
from calibra_app.models.quotation import Quotation
from calibra_app.models.srf import Srf
from calibra_app.persistence import dead_letters
from calibra_app.persistence.listing import Key, page_of
from calibra_app.persistence.outbox import Job
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.documents import queue_again

LONGEST_WHY = 200
LONGEST_REASON = 1000

# Every kind of letter that `jobs/notices.py` can write.
LETTERS: Mapping[str, str] = {
    "welcome": "your access",
    "password": "new password",
    "quotation": "quotation",
    "offer_accepted": "quotation accepted",
    "offer_rejected": "quotation rejected",
    "offer_change": "another offer asked for",
    "uncharged": "amount not charged",
    "decision": "your decision",
    "question": "question on the request",
    "split": "request goes on in two parts",
    "subcontracted": "item goes to a partner laboratory",
    "returned": "request needs a change",
    "confirmed": "order confirmed",
    "declined": "request declined",
    "cancelled": "request cancelled",
    "receipt": "items have arrived",
    "certificate": "certificate ready",
    "withdrawn": "certificate withdrawn",
    "invoice": "invoice",
    "credited": "invoice taken back",
    "delivered": "items delivered",
    "undelivered": "items not delivered",
    "due": "calibration falls due",
    "shipment": "items on their way",
}
_UPKEEP: Mapping[str, str] = {
    Job.EXPIRE_QUOTATIONS: "Hourly upkeep: let quotations expire",
    Job.REMIND_DUE: "Daily upkeep: remind of calibrations that fall due",
    Job.CLOSE_DELIVERED: "Daily upkeep: close delivered requests",
    Job.LAPSE_QUESTIONS: "Daily upkeep: let unanswered questions lapse",
}
_PRINTS = frozenset({Job.RENDER_DOCUMENT, Job.PUBLISH_CERTIFICATE})

# What a job or its paper may be about: whose page, who may open it, and how to find it by id.
_RECORDS: tuple[tuple[str, Permission, Any], ...] = (
    ("srf", Permission.SRF_SEE, select(Srf.id, col(Srf.id), Srf.number)),
    (
        "srf",
        Permission.SRF_SEE,
        select(Shipment.id, col(Srf.id), Srf.number).join(Srf, col(Srf.id) == Shipment.srf_id),
    ),
    (
        "quotation",
        Permission.QUOTATION_SEE,
        select(Quotation.id, col(Quotation.id), Quotation.number),
    ),
    (
        "certificate",
        Permission.CERTIFICATE_DOWNLOAD,
        select(Certificate.id, col(Certificate.id), Certificate.number),
    ),
    ("invoice", Permission.INVOICE_ISSUE, select(Invoice.id, col(Invoice.id), Invoice.number)),
    ("customer", Permission.CUSTOMER_SEE, select(Customer.id, col(Customer.id), Customer.name)),
    ("person", Permission.LABORATORY_SEE, select(Person.id, col(Person.id), Person.name)),
)


@dataclass(frozen=True, slots=True)
class Record:
    """The record that a job is about, if the actor may open it.

    Attributes:
        kind: Whose page it has: srf, quotation, certificate, invoice, customer or person.
    """

    kind: str
    id: UUID
    label: str


@dataclass(frozen=True, slots=True)
class FailedWork:
    """One job that was given up.

    Attributes:
        what: The job in words.
        since: When it was given up.
        tries: How often it failed.
        why: One sentence.
        record: What it is about.
        repeatable: This version knows the job, and its paper is there.
    """

    id: UUID
    what: str
    since: datetime
    tries: int
    why: str
    record: Record | None
    repeatable: bool


@permitted(Permission.JOB_RETRY, reading=True)
def list_failed_work(work: UnitOfWork, cursor: str = "") -> Page[FailedWork]:
    """List what was given up, neither offered again nor set aside, the newest first."""
    page: Page[DeadLetter] = page_of(
        work,
        select(DeadLetter).where(*dead_letters.still_open()),
        _same,
        Key(DeadLetter.created_at, descending=True),
        Key(DeadLetter.id, descending=True),
        cursor=cursor,
    )
    papers = _papers(work, page.rows)
    about = {
        letter.id: papers[letter.subject_id].subject_id
        if letter.subject_id in papers
        else letter.subject_id
        for letter in page.rows
    }
    records = _records(work, about.values())
    return page.of(
        lambda letter: FailedWork(
            letter.id,
            _in_words(letter, papers.get(letter.subject_id)),
            letter.created_at,
            letter.failures,
            _one_sentence(letter.why),
            records.get(about[letter.id]),
            _known(letter.job) and (letter.job not in _PRINTS or letter.subject_id in papers),
        )
    )


@permitted(Permission.JOB_RETRY)
def try_again(work: UnitOfWork, letter_id: UUID) -> str:
    """Hand a job that was given up over to the worker once more; return the job in words.

    Raises:
        NotFound: No such job was given up here.
        Conflict: Somebody offered it again or set it aside before, or this version knows no such
            job.
    """
    found = work.peek(DeadLetter, letter_id)
    # The paper is locked before the letter, as where its own page asks for the print again.
    paper = work.get(Document, found.subject_id) if found.job in _PRINTS else None
    letter = work.get(DeadLetter, letter_id)
    if not _known(letter.job):
        raise Conflict(f"This version of Calibra knows no job {letter.job}; it cannot be repeated.")
    dead_letters.close_letter(work, letter)
    if paper is None:
        work.hand_over(Job(letter.job), letter.subject_id, letter.payload)
    else:
        queue_again(work, paper, str(letter.payload.get("topic", "")))
    return _in_words(letter, paper)


@permitted(Permission.JOB_RETRY)
def set_aside(work: UnitOfWork, letter_id: UUID, reason: str) -> str:
    """Take a job that was given up from the list for good; return the job in words.

    What it should have done stays undone: a letter unsent, a paper unprinted. Whoever does it
    otherwise says so in the reason, which the audit trail keeps.

    Raises:
        Invalid: No reason is given.
        NotFound: No such job was given up here.
        Conflict: Somebody offered it again or set it aside before.
    """
    work.give_reason(filled(reason, "reason", "the reason", most=LONGEST_REASON))
    letter = work.get(DeadLetter, letter_id)
    dead_letters.put_aside(work, letter)
    return _in_words(letter, _papers(work, (letter,)).get(letter.subject_id))


def _same(letter: DeadLetter) -> DeadLetter:
    return letter


def _known(job: str) -> bool:
    return job in {str(each) for each in Job}


def _papers(work: UnitOfWork, letters: Iterable[DeadLetter]) -> dict[UUID, Document]:
    wanted = [letter.subject_id for letter in letters if letter.job in _PRINTS]
    if not wanted:
        return {}
    rows = work.exec(select(Document).where(col(Document.id).in_(wanted))).all()
    return {row.id: row for row in rows}


def _records(work: UnitOfWork, ids: Iterable[UUID]) -> dict[UUID, Record]:
    """Return what the ids stand for, as far as the actor may open it."""
    missing = {*ids}
    found: dict[UUID, Record] = {}
    for kind, permission, statement in _RECORDS:
        if not missing or not work.actor.may(permission, reading=True):
            continue
        looked_for = statement.selected_columns[0]
        for subject_id, record_id, label in work.exec(statement.where(looked_for.in_(missing))):
            found[subject_id] = Record(kind, record_id, label or "(draft)")
        missing -= found.keys()
    return found


def _in_words(letter: DeadLetter, paper: Document | None) -> str:
    if paper is not None:
        named = paper.number in paper.title
        return paper.title if named else f"{paper.title}, {paper.number}"
    if letter.job in _PRINTS:
        return "A paper that is no longer there"
    if letter.job == Job.SEND_MAIL:
        kind = str(letter.payload.get("kind", ""))
        called = f"Letter “{LETTERS[kind]}”" if kind in LETTERS else "Letter of an unknown kind"
        name = letter.payload.get("name")
        return f"{called} to {name}" if name else called
    return _UPKEEP.get(letter.job, f"Job {letter.job} of another version")


def _one_sentence(why: str) -> str:
    """Return the first line: what follows in a message of the database may quote whole rows."""
    first = why.strip().partition("\n")[0].strip()
    return first if len(first) <= LONGEST_WHY else f"{first[:LONGEST_WHY]}…"
