"""Certificates as text: lines of the lists, checks, signatures, steps."""

from dataclasses import dataclass
from datetime import date
from typing import Self

from calibra_app.rendering.blocks import SignatureContent
from calibra_app.rendering.elements import CheckResult
from calibra_app.services.certificates import CertificateDetail, CertificateRow
from calibra_app.ui import format as shown
from calibra_app.ui import routes
from calibra_app.ui.components.status import UNKNOWN, Look
from calibra_app.ui.words import say

LOOKS = {
    "to_authorize": Look("teal", "signature", say("To authorize"), ""),
    "draft": Look("gray", "pencil-line", say("Draft"), ""),
    "authorized": Look("blue", "printer", say("Being printed"), ""),
    "issued": Look("green", "badge-check", say("Issued"), ""),
    "superseded": Look("amber", "arrow-right", say("Superseded"), ""),
    "withdrawn": Look("red", "octagon-x", say("Withdrawn"), ""),
}
# Where somebody can put right what a check misses.
PLACES = {
    "branding": routes.SETTINGS,
    "customer": routes.CUSTOMERS,
    "item": routes.INSTRUMENTS,
    "standards": routes.STANDARDS,
    "scope": routes.SCOPE,
}
FIELD_WORDS = {
    "tag": say("Tag"),
    "serial": say("Serial number"),
    "description": say("Description of the item"),
    "accessories": say("Accessories"),
    "customer_name": say("Customer"),
    "customer_address": say("Customer's address"),
    "order_reference": say("Order reference"),
}


@dataclass(frozen=True, slots=True)
class ListRow:
    """One line of a list."""

    path: str
    number: str
    customer: str
    item: str
    tag: str
    discipline: str
    srf_number: str
    issued: str
    tone: str
    symbol: str
    state: str
    accredited: bool
    released: bool

    @classmethod
    def of(cls, row: CertificateRow, region: shown.Region) -> Self:
        """Return the line of one certificate."""
        look = LOOKS.get(row.state, UNKNOWN)
        return cls(
            routes.certificate(row.key),
            row.number or row.srf_number,
            row.customer,
            row.description,
            row.tag,
            row.discipline.capitalize(),
            row.srf_number,
            shown.day(row.issued_on, region=region) if row.issued_on else "",
            look.tone,
            look.icon,
            look.words,
            row.accredited,
            row.released,
        )


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One check with what it misses."""

    code: str
    title: str
    met: bool
    sentence: str
    path: str

    @classmethod
    def of(cls, check: CheckResult, srf_path: str) -> Self:
        """Return the row of one check; what is missing leads to where it is put right."""
        path = "" if check.is_met else PLACES.get(check.place, srf_path)
        return cls(check.code, check.title, check.is_met, " ".join(check.sentences), path)


@dataclass(frozen=True, slots=True)
class SignatureRow:
    """One signature of the chain."""

    meaning: str
    name: str
    when: str
    given: bool

    @classmethod
    def of(cls, signature: SignatureContent, region: shown.Region) -> Self:
        """Return the row of one signature."""
        when = signature.signed_at
        return cls(
            signature.meaning,
            signature.name if when else say("Your turn, or another signatory's"),
            shown.signed_at(when, region=region) if when else "",
            when is not None,
        )


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step from the signature to the issued file."""

    words: str
    tone: str
    symbol: str


@dataclass(frozen=True, slots=True)
class Paper:
    """One certificate as its page shows it, without the paper itself."""

    number: str = ""
    state: str = ""
    tone: str = "gray"
    symbol: str = "circle-dashed"
    state_words: str = ""
    waiting: bool = False
    amendment: bool = False
    customer: str = ""
    item: str = ""
    tag: str = ""
    discipline: str = ""
    srf_number: str = ""
    srf_path: str = ""
    accredited: bool = False
    symbol_words: str = ""
    checks: str = ""
    complete: bool = False
    refusal: str = ""
    release_words: str = ""
    released: str = ""
    issued: str = ""
    file_path: str = ""
    file_sha256: str = ""
    results_sha256: str = ""
    results_short: str = ""
    verification_url: str = ""
    verification_path: str = ""
    reason: str = ""
    changes: str = ""
    replaces: str = ""
    replaces_path: str = ""
    successor: str = ""
    successor_path: str = ""
    failed: str = ""
    srf_state: str = ""
    # Where the result behind it is handed out, to be computed again.
    result_path: str = ""

    @classmethod
    def of(cls, detail: CertificateDetail, region: shown.Region, today: date) -> Self:
        """Return the texts of one certificate."""
        name = "to_authorize" if detail.certificate_id is None else detail.state
        look = LOOKS.get(name, UNKNOWN)
        url = detail.verification_url
        old, new = detail.replaces, detail.successor
        done = detail.document_state == "done"
        return cls(
            number=detail.number,
            state=detail.state,
            tone=look.tone,
            symbol=look.icon,
            state_words=look.words,
            waiting=detail.waiting,
            amendment=detail.waiting and detail.certificate_id is not None,
            customer=detail.customer,
            item=detail.description,
            tag=detail.tag,
            discipline=detail.discipline,
            srf_number=detail.srf_number,
            srf_path=routes.srf(detail.srf_id),
            accredited=detail.accredited,
            symbol_words=" ".join(detail.symbol_refusals)
            or (
                say("Accredited: the symbol is shown.")
                if detail.accredited
                else say("Not accredited: no symbol is shown.")
            ),
            checks=say("{met} of {all}", met=detail.met, all=len(detail.checks)),
            complete=detail.met == len(detail.checks),
            refusal=" ".join(detail.refusals),
            release_words=detail.release_words,
            released=shown.day(detail.released_at, region=region, today=today)
            if detail.released_at
            else "",
            issued=shown.day(detail.issued_on, region=region, today=today)
            if detail.issued_on
            else "",
            file_path=f"/api/v1/documents/{detail.document_id}" if done else "",
            file_sha256=detail.file_sha256,
            results_sha256=detail.results_sha256,
            results_short=detail.results_sha256[:16],
            verification_url=url,
            verification_path=f"/verify/{url.rpartition('/')[2]}" if url else "",
            reason=detail.amendment_reason or detail.withdrawn_reason,
            changes="; ".join(detail.changes),
            replaces=old.number if old else "",
            replaces_path=routes.certificate(old.key) if old else "",
            successor=new.number if new else "",
            successor_path=routes.certificate(new.key) if new else "",
            failed=detail.document_error if detail.document_state == "failed" else "",
            srf_state=detail.srf_state.value,
            result_path=f"/api/v1/certificates/{detail.certificate_id}/result"
            if detail.measured_here and not detail.waiting
            else "",
        )


def steps_of(detail: CertificateDetail) -> list[StepRow]:
    """Return the steps from signature to issue, each done, going on, failed or still to come."""
    if detail.waiting:
        return []
    printed, failed = detail.document_state == "done", detail.document_state == "failed"
    issued = detail.state != "authorized"
    done = (True, True, printed, printed, issued)
    words = (
        say("Signed"),
        say("Content frozen"),
        say("Printed as PDF/A-3"),
        say("Stored under its digest"),
        say("Published"),
    )
    rows: list[StepRow] = []
    for name, is_done in zip(words, done, strict=True):
        if is_done:
            rows.append(StepRow(name, "green", "check"))
        elif failed:
            rows.append(StepRow(name, "red", "octagon-x"))
        else:
            rows.append(StepRow(name, "gray", "hourglass"))
    return rows
