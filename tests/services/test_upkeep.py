"""Failed work: seen in words, tried again once, and nobody else's."""

import pytest
from sqlmodel import select

from calibra_app.core.access import Role
from calibra_app.core.errors import Conflict, Forbidden, Invalid, NotFound
from calibra_app.core.ids import new_id
from calibra_app.jobs.notices import WORDINGS
from calibra_app.jobs.schedule import TIMETABLE
from calibra_app.models.document import Document, DocumentState
from calibra_app.models.journal import AuditEvent, DeadLetter, OutboxJob
from calibra_app.persistence.outbox import Job
from calibra_app.services.documents import print_again
from calibra_app.services.srf.drafts import Heading, create_srf
from calibra_app.services.upkeep import LETTERS, list_failed_work, set_aside, try_again

LINK = "/welcome/1.a-link-that-signs-in"
LETTER = {"kind": "quotation", "to": "y@k.example", "name": "Yara Haddad", "path": LINK}
ADMIN, MANAGER, FRONT_DESK = "Victor Hale", "Priya Menon", "Asha Rao"


def give_up(house, job=Job.SEND_MAIL, subject_id=None, payload=None, why="It lacks total."):
    with house.work() as work:
        letter = DeadLetter(
            job=job, subject_id=subject_id or new_id(), payload=payload or {}, failures=4, why=why
        )
        work.add(letter)
        return letter.id


def a_failed_print(house, state=DocumentState.FAILED, kind="certificate"):
    with house.work() as work:
        paper = Document(
            kind=kind,
            number="MM-26-0413-01",
            title="Certificate MM-26-0413-01",
            subject_kind="customer",
            subject_id=house.customer_id,
            content_sha256="0" * 64,
            state=state,
            error="No font.",
        )
        work.add(paper)
    letter_id = give_up(house, Job.PUBLISH_CERTIFICATE, paper.id, {"topic": ""})
    return paper.id, letter_id


def failed(house, who=ADMIN, cursor=""):
    with house.work(who) as work:
        return list_failed_work(work, cursor)


def jobs_of(house):
    with house.work() as work:
        return [(row.job, row.subject_id, row.payload) for row in work.exec(select(OutboxJob))]


def test_a_letter_is_named_by_its_kind_and_reader_but_never_shown(house):
    give_up(house, payload=LETTER)
    (row,) = failed(house).rows
    assert (row.what, row.tries) == ("Letter “quotation” to Yara Haddad", 4)
    assert (row.why, row.repeatable) == ("It lacks total.", True)
    assert LINK not in repr(row)
    assert "y@k.example" not in repr(row)


def test_every_letter_and_every_upkeep_has_words(house):
    assert LETTERS.keys() == WORDINGS.keys()
    for due in TIMETABLE:
        give_up(house, due.job)
    assert all("upkeep: " in row.what for row in failed(house).rows)


def test_of_a_message_in_many_lines_the_first_is_told(house):
    give_up(house, why=f"IntegrityError: a value stands twice\n[parameters: {LETTER}]")
    give_up(house, why="x" * 1000)
    longest, lines = failed(house).rows
    assert lines.why == "IntegrityError: a value stands twice"
    assert len(longest.why) < 250


def test_the_record_is_named_to_those_who_may_open_it(house):
    with house.work() as work:
        srf_id = create_srf(work, Heading(customer_id=house.customer_id))
    give_up(house, subject_id=srf_id, payload=LETTER)
    give_up(house, subject_id=house.customer_id)
    give_up(house, Job.EXPIRE_QUOTATIONS)
    a_failed_print(house)
    found = [(row.record.kind, row.record.id) if row.record else None for row in failed(house).rows]
    customer = ("customer", house.customer_id)
    assert found == [customer, None, customer, ("srf", srf_id)]


def test_what_was_tried_again_is_handed_over_and_leaves_the_list(house):
    letter_id = give_up(house, subject_id=house.customer_id, payload=LETTER)
    with house.work(MANAGER) as work:
        assert try_again(work, letter_id) == "Letter “quotation” to Yara Haddad"
        assert [patch.topic for patch in work.patches] == [f"t:{house.tenant_id}:jobs"]
    assert failed(house).rows == ()
    assert jobs_of(house) == [("send_mail", house.customer_id, LETTER)]


def test_a_second_try_of_the_same_failure_is_refused(house):
    letter_id = give_up(house, payload=LETTER)
    with house.work(ADMIN) as work:
        try_again(work, letter_id)
    with pytest.raises(Conflict, match="offered again before"), house.work(MANAGER) as work:
        try_again(work, letter_id)
    assert len(jobs_of(house)) == 1


def test_what_is_set_aside_leaves_the_list_undone_and_says_why_in_the_audit_trail(house):
    letter_id = give_up(house, subject_id=house.customer_id, payload=LETTER)
    with house.work(MANAGER) as work:
        told = set_aside(work, letter_id, "The address is wrong; told by telephone.")
        assert told == "Letter “quotation” to Yara Haddad"
        assert [patch.topic for patch in work.patches] == [f"t:{house.tenant_id}:jobs"]
    assert failed(house).rows == ()
    assert jobs_of(house) == []
    with house.work() as work:
        entries = work.exec(select(AuditEvent).where(AuditEvent.table_name == "dead_letter")).all()
    assert "The address is wrong; told by telephone." in {entry.reason for entry in entries}


def test_nothing_is_set_aside_without_a_reason(house):
    letter_id = give_up(house, payload=LETTER)
    with pytest.raises(Invalid) as refused, house.work(ADMIN) as work:
        set_aside(work, letter_id, "  ")
    assert refused.value.field == "reason"
    assert [row.id for row in failed(house).rows] == [letter_id]


def test_what_was_set_aside_is_neither_tried_again_nor_set_aside_twice(house):
    letter_id = give_up(house, payload=LETTER)
    with house.work(ADMIN) as work:
        set_aside(work, letter_id, "Never again.")
    with pytest.raises(Conflict, match="set this job aside"), house.work(MANAGER) as work:
        try_again(work, letter_id)
    with pytest.raises(Conflict, match="set this job aside"), house.work(MANAGER) as work:
        set_aside(work, letter_id, "Once more.")
    assert jobs_of(house) == []


def test_what_was_tried_again_is_not_set_aside(house):
    letter_id = give_up(house, payload=LETTER)
    with house.work(ADMIN) as work:
        try_again(work, letter_id)
    with pytest.raises(Conflict, match="offered again before"), house.work(MANAGER) as work:
        set_aside(work, letter_id, "Too late.")


def test_a_print_that_was_set_aside_is_still_printed_from_its_own_page(house):
    paper_id, letter_id = a_failed_print(house)
    with house.work(ADMIN) as work:
        assert set_aside(work, letter_id, "Not needed.") == "Certificate MM-26-0413-01"
    with house.work(ADMIN) as work:
        print_again(work, paper_id)
    assert [job for job, *_ in jobs_of(house)] == ["publish_certificate"]


def test_a_print_that_is_tried_again_waits_in_the_queue_on_its_own_page_too(house):
    paper_id, letter_id = a_failed_print(house)
    (row,) = failed(house).rows
    assert row.what == "Certificate MM-26-0413-01"
    with house.work(ADMIN) as work:
        try_again(work, letter_id)
        paper = work.peek(Document, paper_id)
        assert (paper.state, paper.error) == (DocumentState.QUEUED, "")
    assert jobs_of(house) == [("publish_certificate", paper_id, {"topic": ""})]


def test_a_print_whose_worker_died_is_handed_over_as_well(house):
    paper_id, letter_id = a_failed_print(house, DocumentState.PRINTING)
    with house.work(ADMIN) as work:
        try_again(work, letter_id)
    assert [subject for _, subject, _ in jobs_of(house)] == [paper_id]


def test_what_is_printed_by_now_is_not_printed_twice(house):
    _, letter_id = a_failed_print(house, DocumentState.DONE)
    with house.work(ADMIN) as work:
        try_again(work, letter_id)
    assert (jobs_of(house), failed(house).rows) == ([], ())


def test_a_print_repeated_from_its_own_page_is_no_failed_work_any_more(house):
    paper_id, letter_id = a_failed_print(house)
    with house.work(FRONT_DESK) as work:
        print_again(work, paper_id)
    assert failed(house).rows == ()
    with pytest.raises(Conflict), house.work(ADMIN) as work:
        try_again(work, letter_id)
    assert len(jobs_of(house)) == 1


def test_what_this_version_does_not_know_is_shown_but_not_repeated(house):
    letter_id = give_up(house, "weave_carpet")
    a_letter_without_a_paper = give_up(house, Job.RENDER_DOCUMENT)
    assert [row.repeatable for row in failed(house).rows] == [False, False]
    with pytest.raises(Conflict, match="weave_carpet"), house.work(ADMIN) as work:
        try_again(work, letter_id)
    with pytest.raises(NotFound), house.work(ADMIN) as work:
        try_again(work, a_letter_without_a_paper)
    assert len(failed(house).rows) == 2


def test_pages_follow_each_other_newest_first(house):
    for n in range(53):
        give_up(house, why=str(n))
    first = failed(house)
    second = failed(house, cursor=first.next_cursor)
    told = [row.why for row in first.rows + second.rows]
    assert told == [str(n) for n in range(52, -1, -1)]
    assert (len(first.rows), second.next_cursor) == (50, "")


def test_another_laboratory_sees_nothing_and_repeats_nothing(house, work_in):
    letter_id = give_up(house, payload=LETTER)
    with work_in(laboratory=2) as work:
        assert list_failed_work(work).rows == ()
    with pytest.raises(NotFound), work_in(laboratory=2) as work:
        try_again(work, letter_id)
    assert len(failed(house).rows) == 1


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.TA, Role.LM}))
def test_who_does_not_run_the_laboratory_neither_sees_nor_repeats(house, work_in, role):
    letter_id = give_up(house)
    with pytest.raises(Forbidden), work_in(roles=frozenset({role})) as work:
        list_failed_work(work)
    with pytest.raises(Forbidden), work_in(roles=frozenset({role})) as work:
        try_again(work, letter_id)
    with pytest.raises(Forbidden), work_in(roles=frozenset({role})) as work:
        set_aside(work, letter_id, "Away with it.")
