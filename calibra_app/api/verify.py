"""The public page of one certificate: valid, superseded, withdrawn or unknown.

It shows neither the customer nor a result, sets no cookie and answers an unknown number on the
same page in the same time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Literal

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from calibra_app.adapters.pace import Pace
from calibra_app.api.dependencies import address_of
from calibra_app.api.plain_page import page, sentence

router = APIRouter()

LONGEST_CODE = 80
_pace = Pace(per_second=1.0, at_once=30)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What may be said in public of one certificate."""

    status: Literal["valid", "superseded", "withdrawn"]
    number: str
    laboratory: str
    item: str
    issued_on: date
    sha256: str
    ended_on: date | None = None
    reason: str = ""
    successor_code: str = ""


VerdictOf = Callable[[str], Verdict | None]

_WORDS = {
    "valid": ("✓", "This certificate is valid"),
    "superseded": ("➜", "This certificate has been replaced by a newer one"),
    "withdrawn": ("⛔", "This certificate has been withdrawn"),
}


@router.get("/verify/{code}", response_class=HTMLResponse)
def get_verify(code: str, request: Request) -> HTMLResponse:
    """Say whether a certificate is valid, by the code printed on it."""
    if not _pace.allows(address_of(request)):
        return sentence("Please wait", "Too many numbers were asked from here.", status=429)
    verdict_of: VerdictOf = request.app.state.verdict_of
    verdict = verdict_of(code) if len(code) <= LONGEST_CODE else None
    if verdict is None:
        text = "Check the number on the paper, or ask the laboratory named there."
        return sentence("No certificate with this number", text, status=404)
    return _shown(verdict)


def _shown(verdict: Verdict) -> HTMLResponse:
    mark, said = _WORDS[verdict.status]
    facts = {
        "Certificate": verdict.number,
        "Laboratory": verdict.laboratory,
        "Item": verdict.item,
        "Issued": verdict.issued_on.isoformat(),
    }
    if verdict.ended_on:
        facts["Replaced" if verdict.status == "superseded" else "Withdrawn"] = (
            verdict.ended_on.isoformat()
        )
    if verdict.reason:
        facts["Reason"] = verdict.reason
    facts["SHA-256 of the file"] = verdict.sha256
    rows = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in facts.items()
    )
    follow = (
        f'<p><a class="button" href="/verify/{escape(verdict.successor_code)}">'
        "See the newer certificate</a></p>"
        if verdict.successor_code
        else ""
    )
    return page(f"{mark} {said}", f'<dl style="overflow-wrap:anywhere">{rows}</dl>{follow}')
