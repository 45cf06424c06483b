"""Say whether what is kept or was handed out is unaltered: the records, the audit trail, a file."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from calibra_app.commands.console import say
from calibra_app.commands.installation import prepare
from calibra_app.core.access import verifier, visitor
from calibra_app.core.errors import Conflict, Invalid, NotFound
from calibra_app.persistence import chain
from calibra_app.persistence.unit_of_work import unit_of_work
from calibra_app.services import audit_trail, tenants
from calibra_app.services.certificates import PublicStatus, status_of_file
from calibra_app.services.srf.snapshot import verify_records

_WORDS = {
    "valid": "is valid",
    "superseded": "has been replaced by a newer one",
    "withdrawn": "has been withdrawn",
}


def verify_certificate(file: Path) -> None:
    """Print what is known of a file.

    Raises:
        Invalid: It cannot be read.
        NotFound: It is no issued certificate, or it was altered.
    """
    prepare()
    status = find_status(file)
    issued = f"{status.number}, issued on {status.issued_on.isoformat()} by {status.laboratory}"
    if status.is_copy:
        say(f"{file.name} is an unaltered marked copy of certificate {issued}.")
    else:
        say(f"{file.name} is identical with certificate {issued}.")
    say(f"The certificate {_WORDS[status.status]}.")
    if status.ended_on:
        say(f"Since {status.ended_on.isoformat()}. {status.reason}".rstrip())
    if status.successor_number:
        say(f"It was replaced by {status.successor_number}.")


def verify_audit_trail(laboratory: str, export: Path | None = None) -> None:
    """Verify the audit chain and the records of all requests; with `export`, write the chain out.

    Raises:
        Conflict: Something was altered or removed; the sentence names the first place.
        Invalid: The file cannot be written.
        NotFound: There is no such laboratory.
    """
    prepare()
    tenant_id = tenants.find_laboratory(laboratory)
    while chain.seal(tenant_id):
        say("Linking what happened since the worker was last here …")
    with unit_of_work(verifier(tenant_id)) as work:
        trail = audit_trail.verify_audit(work)
        records = verify_records(work)
        if export is not None:
            say(f"{_write(export, audit_trail.export_trail(work))} lines are in {export}.")
    say(f"Audit trail: {trail.entries} entries linked, {len(trail.breaks)} breaks.")
    say(
        f"Records: {records.records} of {records.requests} requests,"
        f" {len(records.broken)} broken chains."
    )
    if trail.first is not None:
        raise Conflict(f"Audit trail, entry {trail.first.sequence}: {trail.first.what}.")
    if records.broken:
        number, found = records.broken[0]
        raise Conflict(f"{number}, record {found.number}: {found.reason}.")
    say("Complete and unaltered.")


def _write(file: Path, lines: Iterator[dict[str, Any]]) -> int:
    count = 0
    try:
        # The trail names people and what they changed: it is for whoever writes it out alone.
        file.touch(mode=0o600)
        with file.open("w", encoding="utf-8") as out:
            for line in lines:
                out.write(json.dumps(line, ensure_ascii=False) + "\n")
                count += 1
    except OSError as error:
        raise Invalid(f"{file} cannot be written: {error.strerror}.") from error
    return count


def find_status(file: Path) -> PublicStatus:
    """Return what may be said of a file by its fingerprint, whichever laboratory issued it."""
    try:
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError as error:
        raise Invalid(f"{file} cannot be read: {error.strerror}.") from error
    for laboratory in tenants.list_laboratories():
        with unit_of_work(visitor(laboratory.id)) as work:
            found = status_of_file(work, digest)
        if found is not None:
            return found
    raise NotFound(
        f"{file.name} is no certificate of this installation, or it was altered after its issue."
    )
