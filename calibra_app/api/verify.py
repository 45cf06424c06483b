"""The public page of one certificate: valid, superseded, withdrawn or unknown.

It shows neither the customer nor a result, sets no cookie and answers an unknown code on the same
page in the same time. A file that is dropped on it stays in the browser: its fingerprint is made
there and compared with the one on the page.
"""

from collections.abc import Callable
from html import escape

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from calibra_app.adapters.pace import Pace
from calibra_app.api.dependencies import address_of, ask, laboratory_of_code
from calibra_app.api.plain_page import page, sentence
from calibra_app.core.access import visitor
from calibra_app.services.certificates import PublicStatus, public_status

router = APIRouter()

LONGEST_CODE = 80
# No laboratory has this number: an unknown code costs the same questions.
NO_LABORATORY = 2**31 - 1
_pace = Pace(per_second=1.0, at_once=30)

VerdictOf = Callable[[str], PublicStatus | None]

_WORDS = {
    "valid": ("✓", "This certificate is valid", "good"),
    "superseded": ("➜", "This certificate has been replaced by a newer one", "old"),
    "withdrawn": ("⛔", "This certificate has been withdrawn", "bad"),
    "unknown": ("?", "No certificate with this number", "none"),
}
_STYLE = """<style>
.status b{flex:none;width:44px;height:44px;border-radius:50%;display:grid;place-items:center;
font-size:22px;color:#fff}
.good b{background:#1d7a46}.old b{background:#895f06}.bad b{background:#a3211b}
.none b{background:#5a6472}
dl{overflow-wrap:anywhere;margin-bottom:18px}
#drop{display:block;border:2px dashed #7d8796;border-radius:12px;padding:18px;text-align:center;
font-weight:400;cursor:pointer}
#drop.over{border-style:solid}#drop input{position:absolute;opacity:0;width:1px;height:1px;
min-height:0}
#drop:focus-within{outline:3px solid var(--go);outline-offset:2px}
#told{min-height:24px;margin-top:12px;font-weight:600}
#told.same{color:#1d7a46}#told.other{color:var(--bad)}
@media (prefers-color-scheme:dark){#told.same{color:#6fd39b}}
</style>"""
# In one file of its own, so that the page works under a policy without inline scripts.
SCRIPT = """"use strict";
const drop = document.getElementById("drop");
const told = document.getElementById("told");
const say = (text, kind) => { told.textContent = text; told.className = kind; };
const compare = async (file) => {
  if (!file) return;
  say("Looking at " + file.name + "…", "");
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
  const found = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const wanted = drop.dataset.sha256;
  if (wanted && found === wanted) say("✓ This file is identical with the issued one.", "same");
  else say("✗ This file differs from the issued one. Trust the issued one alone.", "other");
};
if (drop) {
  if (!window.crypto || !crypto.subtle) {
    say("This browser compares files over a secure connection only.", "");
  }
  drop.querySelector("input").addEventListener("change", (event) => compare(event.target.files[0]));
  drop.addEventListener("dragover", (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    compare(event.dataTransfer.files[0]);
  });
}
"""


def verdict_of_code(code: str) -> PublicStatus | None:
    """Return what may be said in public of the certificate with a code; None: unknown.

    An unknown code opens the second transaction as well, in no laboratory, and finds nothing.
    """
    tenant_id = laboratory_of_code(code)
    return ask(visitor(tenant_id or NO_LABORATORY), public_status, code)


@router.get("/api/v1/verify.js", include_in_schema=False)
def get_script() -> Response:
    """Hand out what compares a dropped file with the issued one."""
    headers = {"cache-control": "public, max-age=3600"}
    return Response(SCRIPT, media_type="text/javascript", headers=headers)


@router.get("/verify/{code}", response_class=HTMLResponse)
def get_verify(code: str, request: Request) -> HTMLResponse:
    """Say whether a certificate is valid, by the code printed on it."""
    if not _pace.allows(address_of(request)):
        return sentence("Please wait", "Too many numbers were asked from here.", status=429)
    verdict_of: VerdictOf = request.app.state.verdict_of
    verdict = verdict_of(code) if len(code) <= LONGEST_CODE else None
    return _unknown() if verdict is None else _shown(verdict)


def _unknown() -> HTMLResponse:
    text = "Check the number on the paper, or ask the laboratory named there."
    return page(_WORDS["unknown"][1], _STYLE, status=404, head=_status("unknown", text))


def _shown(verdict: PublicStatus) -> HTMLResponse:
    _, said, _ = _WORDS[verdict.status]
    facts = {
        "Certificate": verdict.number,
        "Laboratory": verdict.laboratory,
        "Accreditation": verdict.accreditation,
        "Item": verdict.item,
        "Issued": verdict.issued_on.isoformat(),
    }
    if verdict.ended_on:
        facts["Replaced" if verdict.status == "superseded" else "Withdrawn"] = (
            verdict.ended_on.isoformat()
        )
    facts["Reason"] = verdict.reason
    facts["SHA-256 of the file"] = verdict.sha256
    rows = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in facts.items() if value
    )
    follow = (
        f'<p><a class="button" href="/verify/{escape(verdict.successor_code)}">'
        f"See {escape(verdict.successor_number)}</a></p>"
        if verdict.successor_code
        else ""
    )
    body = f"{_STYLE}<dl>{rows}</dl>{follow}{_drop(verdict)}"
    return page(said, body, head=_status(verdict.status, verdict.laboratory))


def _status(status: str, text: str) -> str:
    mark, said, kind = _WORDS[status]
    return (
        f'<header class="status {kind}"><b aria-hidden="true">{mark}</b>'
        f"<div><h1>{escape(said)}</h1><p>{escape(text)}</p></div></header>"
    )


def _drop(verdict: PublicStatus) -> str:
    return (
        f'<label id="drop" data-sha256="{escape(verdict.sha256)}">Drop the PDF here, or choose it, '
        'to compare it with the issued one. It does not leave your computer.<input type="file" '
        'accept="application/pdf"></label><p id="told" role="status"></p>'
        '<script src="/api/v1/verify.js" defer></script>'
    )
