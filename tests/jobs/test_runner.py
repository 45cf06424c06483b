"""Jobs: handed over with the commit, done once, and not lost with whoever was doing them."""

import json
import pickle
from datetime import UTC, datetime, timedelta

import pytest
from rq.job import Job as QueuedJob
from sqlalchemy import text
from sqlmodel import col, select

from calibra_app.core.access import system_actor
from calibra_app.core.errors import Conflict
from calibra_app.core.ids import new_id
from calibra_app.jobs import runner
from calibra_app.jobs.schedule import Due, last_due, look_at_clock
from calibra_app.models.journal import DeadLetter, JobDone, OutboxJob
from calibra_app.persistence import relay
from calibra_app.persistence.outbox import LEASE_SECONDS, Job
from calibra_app.persistence.queue import (
    RUN,
    ForgedPayload,
    Lane,
    SignedJson,
    offer,
    queues,
    signature,
)
from calibra_app.services.upkeep import try_again
from tests.jobs.conftest import kill, wait_until

LONGEST_PICK_UP_SECONDS = 30


def hand_over(work_in, job, subject_id=None, payload=None, laboratory=1):
    subject_id = subject_id or new_id()
    with work_in(laboratory) as work:
        job_id = work.hand_over(job, subject_id, payload)
    return job_id, subject_id


def outbox_of(work_in, laboratory=1):
    with work_in(laboratory) as work:
        return work.exec(select(OutboxJob)).all()


def letters_of(work_in, laboratory=1):
    with work_in(laboratory) as work:
        return work.exec(select(DeadLetter).where(col(DeadLetter.offered_again_at).is_(None))).all()


def test_a_job_handed_over_is_done_and_its_row_goes(work_in, work_off, effects):
    job_id, subject = hand_over(work_in, "count")
    assert work_off() == 1
    assert (effects(subject), outbox_of(work_in)) == (1, [])
    with work_in() as work:
        assert work.exec(select(JobDone.job_id)).all() == [job_id]


def test_a_job_of_a_deed_that_failed_is_never_done(work_in, work_off):
    with pytest.raises(ZeroDivisionError), work_in() as work:
        work.hand_over("count", new_id(), {"share": 1 / 0})
    assert work_off() == 0


def test_a_job_is_done_in_its_own_laboratory(work_in, work_off, effects):
    _, subject = hand_over(work_in, "count", laboratory=2)
    work_off()
    assert (effects(subject, 1), effects(subject, 2)) == (0, 1)


def test_a_job_delivered_again_takes_effect_once(work_in, work_off, effects, laboratory):
    job_id, subject = hand_over(work_in, "count")
    work_off()
    for _ in range(5):
        assert runner.run_job(laboratory, str(job_id), 1) == "overtaken"
    assert effects(subject) == 1


def test_the_same_attempt_stands_in_the_queue_once(work_in, empty_queue, laboratory):
    job_id, _ = hand_over(work_in, "count")
    for _ in range(3):
        offer(Lane.PERSON, laboratory, job_id, 1)
    assert empty_queue.count == 1


def test_an_attempt_that_was_overtaken_writes_nothing(work_in, trials, effects, laboratory, owner):
    job_id, subject = hand_over(work_in, "count")
    with owner.begin() as connection:
        connection.execute(text("UPDATE outbox SET attempts = 2 WHERE id = :i"), {"i": job_id})
    assert runner.run_job(laboratory, str(job_id), 1) == "overtaken"
    assert effects(subject) == 0
    assert runner.run_job(laboratory, str(job_id), 2) == "done"


def test_a_lease_lost_while_working_undoes_the_late_effect(
    work_in, work_off, trials, effects, monkeypatch
):
    def overtaken(desk, subject_id):
        with desk.work() as work:
            work.exec(text("UPDATE outbox SET attempts = 2 WHERE id = :i"), {"i": desk.job_id})
        trials.count(desk, subject_id)

    monkeypatch.setitem(runner.job_functions(), "count", overtaken)
    _, subject = hand_over(work_in, "count")
    work_off()
    (row,) = outbox_of(work_in)
    assert (row.attempts, row.failures, effects(subject)) == (2, 0, 0)


def test_a_queue_that_comes_back_empty_loses_no_job(work_in, work_off, effects, bus, owner):
    _, subject = hand_over(work_in, "count")
    assert relay.offer_due(lease_seconds=0) == 1
    bus.flushall()
    assert work_off() == 1
    assert effects(subject) == 1


def test_a_job_that_only_waits_its_turn_is_not_offered_twice(work_in, empty_queue):
    hand_over(work_in, "count")
    assert relay.offer_due(lease_seconds=0) == 1
    assert relay.offer_due() == 0
    (row,) = outbox_of(work_in)
    assert (row.attempts, empty_queue.count) == (1, 1)


def test_laboratories_take_turns(work_in, empty_queue, laboratories):
    for _ in range(40):
        hand_over(work_in, "count", laboratory=1)
    hand_over(work_in, "count", laboratory=2)
    assert relay.offer_due() == relay.WINDOW
    offered = [empty_queue.fetch_job(name).args[0] for name in empty_queue.get_job_ids()]
    assert laboratories[2] in offered


def test_what_a_person_asked_for_is_done_before_the_laboratorys_upkeep(
    work_in, empty_queue, laboratory
):
    for _ in range(2 * relay.WINDOW):
        with work_in(actor=system_actor(laboratory)) as work:
            work.hand_over("count", new_id())
    asked, _ = hand_over(work_in, "count")
    assert relay.offer_due() == relay.WINDOW + 1
    assert [name.split("outbox-")[1] for name in empty_queue.get_job_ids()] == [f"{asked}-1"]
    assert [each.name for each in queues()] == [empty_queue.name, Lane.NOBODY]


def test_a_refusal_becomes_a_dead_letter_at_once(work_in, work_off):
    hand_over(work_in, "refuse", payload={"kind": "certificate"})
    work_off()
    (letter,) = letters_of(work_in)
    assert (letter.job, letter.why) == ("refuse", "The certificate names no customer.")
    assert (letter.payload, outbox_of(work_in)) == ({"kind": "certificate"}, [])


def test_what_is_away_is_tried_three_times_more_and_then_told(work_in, work_off, owner):
    hand_over(work_in, "stumble")
    for failures in range(1, 4):
        work_off()
        (row,) = outbox_of(work_in)
        assert row.failures == failures
        with owner.begin() as connection:
            connection.execute(text("UPDATE outbox SET not_before = clock_timestamp()"))
    work_off()
    (letter,) = letters_of(work_in)
    assert (letter.failures, letter.why) == (4, "The mail server does not answer.")


def test_a_retry_waits_its_pause(work_in, work_off):
    hand_over(work_in, "stumble")
    work_off()
    assert work_off() == 0
    (row,) = outbox_of(work_in)
    pause = row.not_before - row.created_at
    assert timedelta(seconds=9) < pause < timedelta(seconds=60)


def test_a_dead_letter_can_be_offered_again_once(work_in, work_off, trials, monkeypatch):
    monkeypatch.setitem(runner.job_functions(), str(Job.SEND_MAIL), trials.refuse)
    hand_over(work_in, Job.SEND_MAIL)
    work_off()
    (letter,) = letters_of(work_in)
    monkeypatch.setitem(runner.job_functions(), str(Job.SEND_MAIL), trials.count)
    with work_in() as work:
        try_again(work, letter.id)
    assert (work_off(), letters_of(work_in)) == (1, [])
    with pytest.raises(Conflict, match="before"), work_in() as work:
        try_again(work, letter.id)


def test_a_job_of_another_version_is_told_as_such(work_in, work_off):
    hand_over(work_in, "weave_carpet")
    work_off()
    (letter,) = letters_of(work_in)
    assert "knows no job weave_carpet" in letter.why


def test_a_job_tells_the_pages_of_its_own_laboratory_alone(work_in, trials, laboratory):
    actor = runner.system_actor(laboratory)
    desk = runner.Desk(actor, new_id(), 1, "count", new_id())
    desk.tell(f"t:{laboratory}:document:1", {"percent": 40})
    with pytest.raises(ValueError, match="no topic"):
        desk.tell(f"t:{laboratory + 1}:document:1", {"percent": 40})


def test_a_worker_killed_in_the_middle_of_a_job_does_not_lose_it(
    work_in, effects, trial_process, tmp_path
):
    started, hold = tmp_path / "started", tmp_path / "hold"
    hold.touch()
    trial_process("relay")
    first = trial_process("queue")
    _, subject = hand_over(work_in, "linger", payload={"started": str(started), "while": str(hold)})
    assert wait_until(started.exists)
    kill(first)
    hold.unlink()
    started.unlink()
    trial_process("queue")
    # How long that takes is the lease, not the machine.
    assert LEASE_SECONDS + relay.LOOK_SECONDS <= LONGEST_PICK_UP_SECONDS
    assert wait_until(lambda: effects(subject) == 1)
    assert wait_until(lambda: outbox_of(work_in) == [])


def test_a_long_job_keeps_its_lease(work_in, effects, trial_process, tmp_path):
    started, hold = tmp_path / "started", tmp_path / "hold"
    hold.touch()
    trial_process("relay", lease=1.0)
    trial_process("queue", lease=1.0)
    _, subject = hand_over(work_in, "linger", payload={"started": str(started), "while": str(hold)})
    assert wait_until(started.exists)
    started.unlink()
    assert not wait_until(started.exists, 3)
    (row,) = outbox_of(work_in)
    assert row.attempts == 1
    hold.unlink()
    assert wait_until(lambda: effects(subject) == 1)


def test_a_job_that_kills_its_worker_ends_as_a_dead_letter(work_in, trial_process):
    trial_process("relay", lease=0.5)
    trial_process("queue", lease=0.5)
    hand_over(work_in, "crash")
    assert wait_until(lambda: letters_of(work_in))
    assert "died" in letters_of(work_in)[0].why


FORGED = {
    "pickle": pickle.dumps((RUN, None, (1, "x", 1), {})),
    "unsigned JSON": json.dumps([RUN, None, [1, "x", 1], {}]).encode(),
    "a signature of somebody else": b"0" * 64 + b"." + json.dumps([RUN, None, [], {}]).encode(),
    "nothing": b"",
}


@pytest.mark.parametrize("forged", FORGED)
def test_a_payload_without_our_signature_is_not_read(database, forged):
    with pytest.raises(ForgedPayload):
        SignedJson.loads(FORGED[forged])


def test_a_payload_that_was_changed_is_not_read(database):
    signed = SignedJson.dumps([RUN, None, [1, "x", 1], {}])
    with pytest.raises(ForgedPayload):
        SignedJson.loads(signed.replace(b'"x"', b'"y"'))


def test_a_forged_job_in_the_queue_is_not_done(work_off, empty_queue, tmp_path):
    mark = tmp_path / "executed"
    body = json.dumps(["os.system", None, [f"touch {mark}"], {}]).encode()
    for number, data in enumerate((body, signature(body) + b"." + body)):
        job = QueuedJob.create(
            "os.system",
            args=(f"touch {mark}",),
            id=f"evil-{number}",
            connection=empty_queue.connection,
        )
        job.save()
        empty_queue.connection.hset(job.key, "data", data)
        empty_queue.push_job_id(job.id)
    work_off()
    assert not mark.exists()
    assert empty_queue.count == 0


def test_every_job_name_that_has_a_function_runs_only_that():
    names = {str(job) for job in Job}
    assert {name for name in runner.job_functions() if name in names} <= names


@pytest.mark.parametrize(
    ("cron", "now", "due"),
    [
        ("0 5 * * *", (2026, 11, 21, 9), (2026, 11, 21, 5)),
        ("0 5 * * *", (2026, 11, 21, 5), (2026, 11, 21, 5)),
        ("0 5 * * *", (2026, 11, 21, 4), (2026, 11, 20, 5)),
        ("0 5 1 1 *", (2026, 11, 21, 4), None),
    ],
)
def test_the_last_due_instant(cron, now, due):
    found = last_due(cron, datetime(*now, tzinfo=UTC))
    assert found == (datetime(*due, tzinfo=UTC) if due else None)


def test_what_falls_due_is_handed_over_once(work_in, laboratory, trials, monkeypatch, empty_queue):
    monkeypatch.setitem(runner.job_functions(), str(Job.REMIND_DUE), trials.count)
    timetable = (Due(Job.REMIND_DUE, "0 5 * * *"),)
    now = datetime(2026, 11, 21, 9, tzinfo=UTC)
    for _ in range(3):
        look_at_clock(now, timetable)
    assert len(outbox_of(work_in)) == 1
    look_at_clock(now + timedelta(days=1), timetable)
    assert len(outbox_of(work_in)) == 2
