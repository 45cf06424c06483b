"""The door: what it binds, what it refuses, what it tells after the commit."""

import time
from datetime import UTC, datetime

import orjson
import pytest
from sqlalchemy import text
from sqlmodel import select

from calibra_app.config import settings
from calibra_app.core import clock
from calibra_app.core.access import Actor
from calibra_app.core.errors import Conflict, NotFound, Unavailable
from calibra_app.core.ids import new_id
from calibra_app.models.equipment import Room
from calibra_app.models.journal import DeadLetter, OutboxJob
from calibra_app.models.tenant import PublicCode, Tenant
from calibra_app.persistence import engine, outbox
from calibra_app.persistence.outbox import Job
from calibra_app.persistence.unit_of_work import lobby, unit_of_work


def a_letter():
    return DeadLetter(job="x", subject_id=new_id(), failures=1, why="y")


@pytest.mark.parametrize("number", [None, 0, -1, True, "1"])
def test_without_a_laboratorys_number_the_door_stays_shut(database, number):
    with pytest.raises(TypeError), unit_of_work(Actor(number, new_id(), "Ada")):
        pass


def test_a_record_that_is_not_there_is_not_found(work_in):
    with pytest.raises(NotFound, match="There is no such dead letter"), work_in() as work:
        work.peek(DeadLetter, new_id())


def test_many_rows_go_in_few_statements(work_in, application):
    statements = []

    def count(_connection, _cursor, statement, *_):
        statements.append(statement)

    engine.event.listen(application, "before_cursor_execute", count)
    try:
        with work_in() as work:
            work.add_all([a_letter() for _ in range(200)])
    finally:
        engine.event.remove(application, "before_cursor_execute", count)
    # The engine is this process's only one: what another test left running may write beside us.
    assert sum(statement.startswith("INSERT INTO dead_letter ") for statement in statements) == 1


def test_patches_are_told_after_the_commit_and_not_before(work_in, laboratory, bus):
    topic = f"t:{laboratory}:board"
    ears = bus.pubsub(ignore_subscribe_messages=True)
    ears.subscribe(topic)
    ears.get_message(timeout=1)
    with work_in() as work:
        work.publish(topic, {"id": "7", "state": "received"})
        assert ears.get_message(timeout=0.1) is None
    message = ears.get_message(timeout=30) or ears.get_message(timeout=30)
    assert orjson.loads(message["data"]) == {"id": "7", "state": "received"}
    ears.close()


def run(work, *statements):
    for statement in statements:
        work.exec(text(statement))


def publish_then_fail(work, topic):
    work.publish(topic, {"id": "7"})
    work.get(DeadLetter, new_id())


def test_a_rolled_back_deed_tells_nothing(work_in, laboratory, bus):
    topic = f"t:{laboratory}:board"
    ears = bus.pubsub(ignore_subscribe_messages=True)
    ears.subscribe(topic)
    ears.get_message(timeout=1)
    with pytest.raises(NotFound), work_in() as work:
        publish_then_fail(work, topic)
    assert ears.get_message(timeout=0.2) is None
    ears.close()


def test_another_laboratorys_topic_is_refused(work_in, laboratories):
    with pytest.raises(ValueError, match="no topic"), work_in(1) as work:
        work.publish(f"t:{laboratories[2]}:board", {})


def test_a_live_bus_that_is_away_is_not_the_deeds_fault(work_in, laboratory, monkeypatch):
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1")
    settings.cache_clear()
    outbox.redis_client.cache_clear()
    begun = time.monotonic()
    try:
        with work_in() as work:
            work.hand_over(Job.SEND_MAIL, new_id())
            work.publish(f"t:{laboratory}:board", {"id": "7"})
    finally:
        monkeypatch.undo()
        settings.cache_clear()
        outbox.redis_client.cache_clear()
    # The library alone would try for ten seconds, with the deed waiting.
    assert time.monotonic() - begun < 8
    with work_in() as work:
        assert len(work.exec(select(OutboxJob)).all()) == 1


def test_two_changes_of_one_record_at_once_are_a_conflict(work_in, actor_in):
    actor = actor_in()
    with work_in(actor=actor) as work:
        letter = a_letter()
        work.add(letter)
    with work_in(actor=actor) as holder:
        holder.get(DeadLetter, letter.id)
        locked = f"SELECT 1 FROM dead_letter WHERE id = '{letter.id}' FOR UPDATE"
        with pytest.raises(Conflict), work_in(actor=actor) as other:
            run(other, "SET LOCAL lock_timeout = '50ms'", locked)


def change_name_seen_before(work, room):
    seen = work.peek(Room, room.id)
    work.exec(text("UPDATE room SET name = 'other', version = version + 1"))
    seen.name = "mine"
    work.session.flush()


def test_what_somebody_has_changed_in_the_meantime_is_not_overwritten(work_in):
    with work_in() as work:
        room = Room(code="R1", name="mass")
        work.add(room)
        assert room.version == 1
    with pytest.raises(Conflict, match="in the meantime"), work_in() as work:
        change_name_seen_before(work, room)
    with work_in() as work:
        assert (work.peek(Room, room.id).name, work.peek(Room, room.id).version) == ("mass", 1)


def test_the_second_of_two_equal_records_is_a_conflict(work_in):
    with work_in() as work:
        work.add(Room(code="R1", name="mass"))
    with pytest.raises(Conflict, match="already"), work_in() as work:
        work.add(Room(code="R1", name="mass"))


def test_each_change_counts_the_version_up(work_in):
    with work_in() as work:
        room = Room(code="R1", name="mass")
        work.add(room)
    with work_in() as work:
        seen = work.get(Room, room.id)
        seen.name = "temperature"
        work.session.flush()
        assert seen.version == 2


def test_a_statement_without_end_is_told_as_taking_too_long(work_in):
    with pytest.raises(Unavailable, match="too long"), work_in() as work:
        run(work, "SET LOCAL statement_timeout = '50ms'", "SELECT pg_sleep(5)")


def test_a_database_that_is_away_is_told_as_such(work_in, actor_in, monkeypatch):
    actor = actor_in()
    away = engine.guarded_engine("postgresql://x:y@127.0.0.1:1/none")
    monkeypatch.setattr("calibra_app.persistence.unit_of_work.engine", lambda: away)
    with pytest.raises(Unavailable, match="does not answer"), work_in(actor=actor):
        pass


def test_a_long_transaction_signs_itself_anew(work_in, monkeypatch):
    monkeypatch.setattr(engine, "SIGNATURE_SECONDS", 2)
    with work_in() as work:
        work.add(a_letter())
        for _ in range(4):
            time.sleep(0.8)
            assert len(work.exec(select(DeadLetter)).all()) == 1


def test_an_old_signature_opens_nothing(work_in, monkeypatch):
    monkeypatch.setattr(engine, "SIGNATURE_SECONDS", 0)
    monkeypatch.setattr(engine, "_refresh_when_half_gone", lambda *_: None)
    with work_in() as work:
        assert work.exec(select(Tenant)).all() == []


def test_the_databases_clock_follows_a_fixed_clock_in_a_test_database(work_in):
    clock.fix_clock("2027-01-04T08:00:00+01:00")
    try:
        with work_in() as work:
            letter = a_letter()
            work.add(letter)
            assert letter.created_at == work.now == datetime(2027, 1, 4, 7, tzinfo=UTC)
    finally:
        clock.fix_clock("")


def test_the_databases_clock_follows_the_clock_of_one_transaction(work_in):
    monday = datetime(2027, 1, 4, 7, tzinfo=UTC)
    with work_in(clock=lambda: monday) as work:
        letter = a_letter()
        work.add(letter)
        assert letter.created_at == work.now == monday


def test_a_database_that_is_not_a_tests_ignores_a_fixed_clock(work_in, owner):
    marker = "calibra_private.test_database"
    with owner.begin() as connection:
        connection.execute(text(f"DELETE FROM {marker}"))
    clock.fix_clock("2027-01-04T08:00:00+01:00")
    try:
        with work_in() as work:
            letter = a_letter()
            work.add(letter)
            assert letter.created_at.year != 2027
    finally:
        clock.fix_clock("")
        with owner.begin() as connection:
            connection.execute(text(f"INSERT INTO {marker} VALUES (true)"))


def test_the_lobby_knows_numbers_and_nothing_else(work_in, laboratories):
    with work_in(1) as work:
        slug = work.exec(select(Tenant.slug)).one()
        work.add(PublicCode(code=slug, kind="certificate", subject_id=new_id()))
    with lobby() as desk:
        assert desk.tenant_by_slug(slug) == laboratories[1]
        assert desk.tenant_of_code(slug) == laboratories[1]
        assert desk.tenant_by_slug("nobody") is None
        assert desk.tenant_by_host("nobody.example.com") is None
        assert desk.tenant_of_code("nothing") is None
        assert desk.connection.execute(text("SELECT count(*) FROM tenant")).scalar_one() == 0


def test_a_code_given_out_twice_leads_nowhere(work_in):
    code = new_id().hex
    for laboratory in (1, 2):
        with work_in(laboratory) as work:
            work.add(PublicCode(code=code, kind="certificate", subject_id=new_id()))
    with lobby() as desk:
        assert desk.tenant_of_code(code) is None


def test_the_connections_of_a_process_are_few(database):
    assert engine.engine().pool.size() == 10
    assert settings().test
