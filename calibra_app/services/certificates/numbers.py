"""A certificate's number, made of its request and line, and the code of its public page."""

import re
import secrets
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from calibra_app.core.access import within_deed
from calibra_app.core.errors import Conflict
from calibra_app.models.srf import Srf, SrfLine
from calibra_app.models.tenant import PublicCode
from calibra_app.persistence.addresses import origin_of
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.laboratory import own_tenant, pattern_of

# Without letters and digits that look alike when somebody types them from paper.
_SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_PARTS, _LENGTH = 3, 4
PENDING_CODE = "not-issued-yet"


@within_deed
def base_number(work: UnitOfWork, srf: Srf, line: SrfLine) -> str:
    """Return the number of a line's first certificate, such as MM-26-0413-01.

    The year is the request's own, so that the number cannot meet that of another year's request.

    Raises:
        Conflict: The laboratory's pattern asks for something that a certificate does not have.
    """
    zone = ZoneInfo(own_tenant(work).time_zone)
    year = (srf.submitted_at or srf.created_at).astimezone(zone).year
    running = re.findall(r"\d+", srf.number)
    pattern = pattern_of(work, "certificate")
    last = running[-1] if running else ""
    try:
        return pattern.format(
            yy=f"{year % 100:02}",
            yyyy=year,
            year=year,
            srf=last,
            number=int(last or 0),
            n=int(last or 0),
            line=line.position,
        )
    except (KeyError, IndexError, ValueError) as error:
        raise Conflict(
            f"The pattern of certificate numbers, {pattern}, cannot be used. Settings has it."
        ) from error


@within_deed
def amended_number(number: str, amendment: int) -> str:
    """Return the number of an amendment: that of the first certificate with /A1, /A2 and so on."""
    return f"{number.partition('/A')[0]}/A{amendment}"


@within_deed
def new_code() -> str:
    """Return a code that nobody can guess, such as 7FQ2-K9XD-M4TB."""
    parts = ("".join(secrets.choice(_SIGNS) for _ in range(_LENGTH)) for _ in range(_PARTS))
    return "-".join(parts)


@within_deed
def publish_code(work: UnitOfWork, code: str, certificate_id: object) -> None:
    """Let the public page of a code lead to this laboratory."""
    work.add(PublicCode(code=code, kind="certificate", subject_id=certificate_id))  # pyright: ignore[reportArgumentType]


@within_deed
def address_of_code(work: UnitOfWork, code: str) -> str:
    """Return what the QR code on paper holds."""
    return f"{origin_of(work)}/verify/{code}"


@within_deed
def is_code(text: str) -> bool:
    """Say whether a text has the form of a code."""
    parts = text.split("-")
    return len(parts) == _PARTS and all(_fits(part) for part in parts)


def _fits(part: Iterable[str]) -> bool:
    signs = list(part)
    return len(signs) == _LENGTH and all(sign in _SIGNS for sign in signs)
