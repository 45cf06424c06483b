"""The hash chain over the audit trail: who tampers is found at the exact entry."""

import threading

import pytest
from sqlalchemy import text

from calibra_app.core.ids import new_id
from calibra_app.models.journal import DeadLetter
from calibra_app.persistence.chain import root_of, seal, verify_chain

TAMPER = "SET LOCAL session_replication_role = replica"


@pytest.fixture
def chained(work_in, laboratory):
    """A laboratory with ten sealed entries, five to a checkpoint."""
    for half in range(2):
        with work_in() as work:
            work.add_all(
                [
                    DeadLetter(job="x", subject_id=new_id(), failures=1, why=f"{half}{n}")
                    for n in range(5)
                ]
            )
        sealed = seal(laboratory)
        while sealed < 5:
            sealed += seal(laboratory)
    return laboratory


def tamper(owner, statement, laboratory, **values):
    with owner.begin() as connection:
        connection.execute(text(TAMPER))
        connection.execute(text(statement), {"t": laboratory, **values})


def places(laboratory):
    return {(each.sequence, each.what) for each in verify_chain(laboratory)[1]}


def test_an_untouched_chain_holds(chained):
    assert verify_chain(chained) == (10, ())


def test_sealing_again_links_nothing_twice(chained):
    assert seal(chained) == 0


def test_an_altered_entry_is_named(owner, chained):
    tamper(
        owner,
        "UPDATE audit_event SET reason = 'forged' WHERE tenant_id = :t AND id ="
        " (SELECT event_id FROM audit_link WHERE tenant_id = :t AND sequence = 4)",
        chained,
    )
    assert places(chained) == {(4, "the entry was altered")}


def test_a_removed_entry_is_named(owner, chained):
    tamper(
        owner,
        "DELETE FROM audit_event WHERE tenant_id = :t AND id ="
        " (SELECT event_id FROM audit_link WHERE tenant_id = :t AND sequence = 7)",
        chained,
    )
    assert places(chained) == {(7, "the entry was removed")}


def test_a_removed_link_is_named(owner, chained):
    tamper(owner, "DELETE FROM audit_link WHERE tenant_id = :t AND sequence = 3", chained)
    assert (3, "links are missing") in places(chained)


def test_a_chain_cut_off_at_its_end_is_noticed(owner, chained):
    tamper(owner, "DELETE FROM audit_link WHERE tenant_id = :t AND sequence > 5", chained)
    assert places(chained) == {(10, "the chain was cut off before this")}


def test_a_chain_made_anew_has_no_signature(owner, chained):
    tamper(
        owner,
        "UPDATE audit_checkpoint SET signature = sha256(chain) WHERE tenant_id = :t"
        " AND sequence = 10",
        chained,
    )
    assert places(chained) == {(10, "the checkpoint's signature does not fit")}


def test_an_entry_of_a_running_transaction_waits(work_in, laboratory):
    written, goes_on = threading.Event(), threading.Event()

    def slow():
        with work_in() as work:
            work.add(DeadLetter(job="x", subject_id=new_id(), failures=1, why="slow"))
            written.set()
            goes_on.wait(60)

    thread = threading.Thread(target=slow)
    thread.start()
    assert written.wait(60)
    with work_in() as work:
        work.add(DeadLetter(job="x", subject_id=new_id(), failures=1, why="quick"))
    assert seal(laboratory) == 0
    goes_on.set()
    thread.join()
    assert seal(laboratory) == 2
    assert verify_chain(laboratory) == (2, ())


def test_the_root_depends_on_every_leaf_and_its_place():
    leaves = [bytes([number]) * 32 for number in range(5)]
    swapped = [leaves[1], leaves[0], *leaves[2:]]
    assert len({root_of(leaves), root_of(swapped), root_of(leaves[:4])}) == 3
