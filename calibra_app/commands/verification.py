"""Say of a file whether it is an issued certificate, unaltered, and whether it still holds."""

import hashlib
from pathlib import Path

from calibra_app.commands.console import say
from calibra_app.commands.installation import prepare
from calibra_app.core.access import visitor
from calibra_app.core.errors import Invalid, NotFound
from calibra_app.persistence.unit_of_work import unit_of_work
from calibra_app.services import tenants
from calibra_app.services.certificates import PublicStatus, status_of_file

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
