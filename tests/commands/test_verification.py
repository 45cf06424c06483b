"""Verifying a laboratory's trail and records from the command line, and the file it writes."""

import hashlib
import json

import pytest
from sqlalchemy import text

from calibra_app.commands.verification import verify_audit_trail
from calibra_app.core.errors import Conflict, Invalid, NotFound
from calibra_app.models.customer import Customer
from calibra_app.models.srf import Srf
from calibra_app.services.srf.drafts import Heading, create_srf, discard_srf
from tests.builders import a_house

START = b"\0" * 32


@pytest.fixture
def house(work_in):
    """A staffed laboratory."""
    return a_house(work_in)


@pytest.fixture
def srf_id(house):
    """Its only request, which was discarded."""
    with house.work("Asha Rao") as work:
        srf_id = create_srf(work, Heading(house.customer_id, house.contact_id))
    with house.work("Asha Rao") as work:
        discard_srf(work, srf_id, work.peek(Srf, srf_id).version, "Entered twice by mistake")
    return srf_id


@pytest.fixture
def slug(house, srf_id, owner):
    """The short name of the laboratory, which has that request."""
    del srf_id
    with owner.connect() as connection:
        return connection.execute(
            text("SELECT slug FROM tenant WHERE id = :t"), {"t": house.tenant_id}
        ).scalar_one()


def forge(owner, statement, **values):
    with owner.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text(statement), values)


def follow(file):
    """Return the sequence of the first link that does not follow, or None."""
    chain, expected = START, 1
    for line in map(json.loads, file.read_text().splitlines()):
        if "entry" not in line:
            continue
        leaf = hashlib.sha256(line["entry"].encode()).digest()
        chain = hashlib.sha256(chain + leaf).digest()
        if (line["sequence"], line["leaf"], line["chain"]) != (expected, leaf.hex(), chain.hex()):
            return expected
        expected += 1
    return None


def test_an_untouched_laboratory_is_complete_and_unaltered(slug, capsys):
    verify_audit_trail(slug)
    printed = capsys.readouterr().out
    assert "2 of 1 requests, 0 broken chains" in printed
    assert printed.splitlines()[-1] == "Complete and unaltered."


def test_the_first_altered_entry_of_the_trail_is_named(house, slug, owner):
    verify_audit_trail(slug)
    forge(
        owner,
        "UPDATE audit_event SET reason = 'forged' WHERE tenant_id = :t AND id ="
        " (SELECT event_id FROM audit_link WHERE tenant_id = :t AND sequence = 5)",
        t=house.tenant_id,
    )
    with pytest.raises(Conflict, match="entry 5: the entry was altered"):
        verify_audit_trail(slug)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (
            """UPDATE srf_record SET body = jsonb_build_object('canonical',
            replace(body ->> 'canonical', 'Asha Rao', 'Mei Lin')) WHERE srf_id = :s
            AND sequence = 1""",
            "record 1: its content is not what was recorded",
        ),
        (
            "DELETE FROM srf_record WHERE srf_id = :s AND sequence = 1",
            "record 1: record 1 is missing",
        ),
        (
            "DELETE FROM srf_record WHERE srf_id = :s AND sequence = 2",
            "record 2: it stands at cancelled, its last record at draft",
        ),
        ("DELETE FROM srf_record WHERE srf_id = :s", "record 1: it has no record"),
        (
            "UPDATE srf SET state = 'closed' WHERE id = :s",
            "record 3: it stands at closed, its last record at cancelled",
        ),
    ],
)
def test_the_first_broken_record_of_a_request_is_named(srf_id, slug, owner, statement, said):
    forge(owner, statement, s=srf_id)
    with pytest.raises(Conflict, match=said):
        verify_audit_trail(slug)


def test_the_file_can_be_followed_without_us_and_shows_what_is_missing(house, slug, tmp_path):
    file = tmp_path / "trail.jsonl"
    verify_audit_trail(slug, file)
    assert json.loads(file.read_text().splitlines()[0]) == {"form": "calibra-audit-trail/1"}
    assert file.stat().st_mode & 0o077 == 0
    assert follow(file) is None
    lines = file.read_text().splitlines()
    file.write_text("\n".join(lines[:7] + lines[8:]))
    assert follow(file) == 7


def test_a_change_made_since_is_linked_and_verified_too(house, slug, capsys, tmp_path):
    verify_audit_trail(slug)
    with house.work("Asha Rao", reason="They married") as work:
        work.get(Customer, house.customer_id).name = "New name"
    file = tmp_path / "trail.jsonl"
    verify_audit_trail(slug, file)
    assert "They married" in file.read_text()


def test_a_file_that_cannot_be_written_is_refused_with_a_sentence(slug, tmp_path):
    with pytest.raises(Invalid, match="cannot be written: No such file"):
        verify_audit_trail(slug, tmp_path / "nowhere" / "trail.jsonl")


def test_a_laboratory_that_is_not_there_is_refused():
    with pytest.raises(NotFound, match="no such laboratory"):
        verify_audit_trail("nobody")
