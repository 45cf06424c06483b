"""The pages of certificates: what is missing, who may sign, the steps, and what is sent on."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from calibra_app.core.errors import Invalid
from calibra_app.core.paging import Page
from calibra_app.models.srf import HeaderState
from calibra_app.rendering.blocks import SignatureContent
from calibra_app.rendering.elements import CheckResult
from calibra_app.services.certificates import CertificateDetail, CertificateRow, WithdrawalCause
from calibra_app.ui.pages.certificates.page import PAGES
from calibra_app.ui.pages.certificates.state import CertificatesState, CertificateState

LINE, CERTIFICATE, SRF, DOCUMENT = (UUID(int=at) for at in range(1, 5))
NOW = datetime(2026, 12, 3, 10, tzinfo=UTC)
SIGNED = SignatureContent(meaning="Performed", name="Mei Lin", signed_at=NOW)
OPEN = SignatureContent(meaning="Authorized", name="–", authorizing=True)
TITLE = CheckResult("7.8.2.1-a", "Title", "title", ())
ADDRESS = CheckResult("7.8.2.1-b", "Laboratory", "branding", ("The address is missing.",))

DRAFT = CertificateDetail(
    line_id=LINE,
    line_version=7,
    srf_id=SRF,
    srf_version=3,
    srf_state=HeaderState.QC,
    certificate_id=None,
    version=0,
    number="MM-26-0413-01",
    state="draft",
    waiting=True,
    customer="Kestrel",
    srf_number="SRF-2026-0413",
    tag="KA-MIC-0007",
    description="Micrometer",
    discipline="dimensional",
    accredited=True,
    html="<p>paper</p>",
    checks=(TITLE,),
    signatures=(SIGNED, OPEN),
    refusals=(),
    symbol_refusals=(),
    content_sha256="",
    results_sha256="ab" * 32,
    file_sha256="",
    document_id=None,
    document_state="",
    document_error="",
    verification_url="",
    issued_on=None,
    released_at=None,
    release_words="The customer gets it with the invoice.",
    amendment_reason="",
    changes=(),
    withdrawn_reason="",
    replaces=None,
    successor=None,
    amendable={},
)
ISSUED = replace(
    DRAFT,
    certificate_id=CERTIFICATE,
    version=4,
    state="issued",
    waiting=False,
    srf_state=HeaderState.REOPENED,
    document_id=DOCUMENT,
    document_state="done",
    verification_url="https://lab.example/verify/7FQ2-K9XD-M4TB",
    issued_on=date(2026, 12, 3),
    amendable={"tag": "KA-MIC-0007", "serial": "M5521"},
)


@pytest.fixture
def opened(answering):
    """Open the page with a certificate: `opened(ISSUED, withdraw_certificate=2)`."""

    async def make(detail=DRAFT, **answers):
        state = CertificateState()
        state.key = str(LINE)
        calls = answering(CertificateState, get_certificate=detail, **answers)
        await CertificateState.again.fn(state)
        return state, calls

    return make


async def test_a_complete_draft_can_be_signed(opened):
    state, _ = await opened()
    assert (state.paper.checks, state.paper.complete, state.paper.refusal) == ("1 of 1", True, "")
    assert [row.given for row in state.signatures] == [True, False]
    assert state.steps == []


async def test_what_is_missing_is_named_and_leads_to_where_it_is_put_right(opened):
    detail = replace(
        DRAFT, checks=(TITLE, ADDRESS), refusals=("The address is missing.",), accredited=False
    )
    state, _ = await opened(detail)
    assert (state.paper.checks, state.paper.complete) == ("1 of 2", False)
    (missing,) = state.missing
    assert (missing.sentence, missing.path) == ("The address is missing.", "/settings/")
    assert state.paper.refusal == "The address is missing."


async def test_the_wrong_field_is_said_in_words(opened):
    state, _ = await opened(replace(DRAFT, refusals=("Not authorized: dimensional.",)))
    assert state.paper.refusal == "Not authorized: dimensional."


async def test_signing_sends_the_version_that_was_seen_and_follows_the_new_certificate(opened):
    state, calls = await opened(authorize_certificate=CERTIFICATE)
    await CertificateState.sign.fn(state, {"password": "secret"})
    assert ("authorize_certificate", (LINE, 7, "secret"), {}) in calls
    assert state.key == str(CERTIFICATE)


async def test_a_wrong_password_leaves_the_dialog_open(opened):
    refusal = Invalid("This is not your password.", field="password")
    state, _ = await opened(authorize_certificate=refusal)
    await CertificateState.open_form.fn(state, "sign")
    await CertificateState.sign.fn(state, {"password": "wrong"})
    assert (state.form, state.errors["password"]) == ("sign", "This is not your password.")


@pytest.mark.parametrize(
    ("state_name", "document", "tones"),
    [
        ("authorized", "printing", ["green", "green", "gray", "gray", "gray"]),
        ("authorized", "failed", ["green", "green", "red", "red", "red"]),
        ("issued", "done", ["green"] * 5),
    ],
)
async def test_the_steps_show_how_far_the_printing_is(opened, state_name, document, tones):
    detail = replace(ISSUED, state=state_name, document_state=document, document_error="no ink")
    state, _ = await opened(detail)
    assert [step.tone for step in state.steps] == tones
    assert state.paper.failed == ("no ink" if document == "failed" else "")
    assert bool(state.paper.file_path) == (document == "done")


async def test_only_changed_fields_are_amended(opened):
    state, calls = await opened(ISSUED, prepare_amendment=CERTIFICATE)
    form = {"tag": "KA-MIC-0007-B", "serial": "M5521", "reason": "The tag was wrong"}
    await CertificateState.amend.fn(state, form)
    draft = next(args for name, args, _ in calls if name == "prepare_amendment")[1]
    assert (draft.reason, draft.changes) == ("The tag was wrong", {"tag": "KA-MIC-0007-B"})


async def test_withdrawing_says_how_many_are_told(opened):
    state, calls = await opened(ISSUED, withdraw_certificate=2)
    form = {"cause": "result", "reason": "The standard is in doubt", "password": "secret"}
    await CertificateState.withdraw.fn(state, form)
    args = next(args for name, args, _ in calls if name == "withdraw_certificate")
    assert args == (CERTIFICATE, 4, WithdrawalCause.RESULT, "The standard is in doubt", "secret")


async def test_the_lists_read_page_by_page(answering):
    row = CertificateRow(
        CERTIFICATE, "MM-26-0413-01", "issued", "Kestrel", "KA-MIC-0007", "Micrometer",
        "dimensional", "SRF-2026-0413", date(2026, 12, 3), True, False, True, DOCUMENT,
    )  # fmt: skip
    waiting = replace(row, key=LINE, number="", state="to_authorize", srf_number="SRF-2026-0413/1")
    calls = answering(
        CertificatesState, list_certificates=Page((row,), "next"), list_waiting=(waiting,)
    )
    state = CertificatesState()
    await CertificatesState.again.fn(state)
    await CertificatesState.more.fn(state)
    assert [each.number for each in state.rows] == ["MM-26-0413-01"] * 2
    assert state.rows[0].released is False
    assert state.waiting[0].number == "SRF-2026-0413/1"
    assert calls[2][2]["cursor"] == "next"


def test_the_pages_can_be_drawn():
    assert [path for path, *_ in PAGES] == ["/certificates/", "/certificates/[certificate_id]"]
    assert all(component().render() for _, component, _ in PAGES)


async def test_the_result_behind_a_certificate_is_offered_once_it_is_issued(opened):
    state, _ = await opened(replace(ISSUED, measured_here=True))
    assert state.paper.result_path == f"/api/v1/certificates/{CERTIFICATE}/result"
    for other in (ISSUED, replace(DRAFT, measured_here=True)):
        state, _ = await opened(other)
        assert state.paper.result_path == ""
