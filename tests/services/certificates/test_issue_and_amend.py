"""From signature to paper and on: printing, release, amendment, withdrawal, the public word."""

import hashlib
from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlmodel import select

from calibra_app.adapters import storage
from calibra_app.core.errors import Conflict, Forbidden, Invalid, NotFound
from calibra_app.jobs import certificates as publishing
from calibra_app.models.certificate import Certificate, CertificateState
from calibra_app.models.customer import Customer, ReleaseRule
from calibra_app.models.document import Document, DocumentState
from calibra_app.models.srf import Srf
from calibra_app.persistence.outbox import Job
from calibra_app.services.certificates import (
    AmendmentDraft,
    WithdrawalCause,
    authorize_amendment,
    get_certificate,
    list_certificates,
    prepare_amendment,
    public_status,
    release_certificates,
    status_of_file,
    withdraw_certificate,
)
from calibra_app.services.documents import open_document
from calibra_app.services.srf.guards import GuardFailed
from calibra_app.services.srf.reopening import reopen_srf
from calibra_app.services.srf.states import HeaderState, LineState
from tests.builders import PASSWORD, a_customer, a_person
from tests.stages import letters

WRONG_TAG = AmendmentDraft("The customer told us a wrong tag", {"tag": "KA-MIC-0007-B"})


def text_of(made, certificate_id):
    with made.work() as work:
        row = work.peek(Certificate, certificate_id)
        paper = work.peek(Document, row.document_id)
    content = storage.get(made.house.tenant_id, paper.sha256)
    assert hashlib.sha256(content).hexdigest() == paper.sha256
    pages = [page.extract_text() for page in PdfReader(BytesIO(content)).pages]
    return " ".join(" ".join(pages).replace("\u202f", " ").split())


def verdict_on(made, certificate_id):
    code = made.certificate(certificate_id).code
    with made.stranger() as work:
        return public_status(work, code)


def delivered(made):
    """Put the request behind its delivery, where an amendment begins."""
    with made.work() as work:
        srf = work.get(Srf, made.srf().id)
        srf.state = HeaderState.DELIVERED


def reopened(made):
    delivered(made)
    with made.work() as work:
        reopen_srf(work, made.srf().id, made.srf().version, "The tag text is wrong", PASSWORD)


def amended(made, certificate_id, draft=WRONG_TAG):
    reopened(made)
    with made.work("Asha Rao") as work:
        new_id = prepare_amendment(work, certificate_id, draft)
    with made.work("Kenji Mori") as work:
        version = work.peek(Certificate, new_id).version
        authorize_amendment(work, new_id, version, PASSWORD)
    return new_id


def test_the_paper_carries_the_figures_of_the_screen(stage):
    made = stage(5)
    text = text_of(made, made.issued(5))
    assert "+1.40" in text
    assert "0.84" in text
    assert "Conditional pass" in text
    assert "MM-26-0414-01" in text
    assert all(name in text for name in ("Mei Lin", "Jonas Weber", "Kenji Mori"))


def test_the_paper_of_the_gauge_shows_both_phases_and_the_adjustment(stage):
    made = stage(9)
    text = text_of(made, made.issued(9))
    for figure in ("+0.240", "0.022", "+0.023", "0.018", "Linkage and pointer adjusted"):
        assert figure in text
    assert "■ Fail" in text
    assert "● Pass" in text


def test_a_certificate_is_issued_with_its_file_and_known_in_public_from_then_on(stage):
    made = stage(5)
    certificate_id = made.authorized(5)
    assert verdict_on(made, certificate_id) is None
    assert made.print() == ["done"]
    assert made.certificate(certificate_id).state is CertificateState.ISSUED
    verdict = verdict_on(made, certificate_id)
    assert (verdict.status, verdict.number) == ("valid", "MM-26-0414-01")
    with made.work() as work:
        assert letters(work).count("certificate") == 1


def test_a_worker_that_dies_between_signature_and_file_leaves_one_certificate(stage, monkeypatch):
    made = stage(5)
    certificate_id = made.authorized(5)

    def die(*_args, **_kwargs):
        raise SystemExit(9)

    with monkeypatch.context() as patch:
        patch.setattr(publishing, "publish_issued", die)
        with pytest.raises(SystemExit):
            made.print()
    assert made.certificate(certificate_id).state is CertificateState.AUTHORIZED
    assert verdict_on(made, certificate_id) is None
    # The lease runs out, and the job is offered again; once done, a further offer finds nothing.
    assert made.print() == ["done"]
    assert made.print() == []
    assert [row.state for row in made.certificates()] == [CertificateState.ISSUED]
    with made.work() as work:
        papers = work.exec(select(Document).where(Document.kind == "certificate")).all()
        assert [paper.state for paper in papers] == [DocumentState.DONE]
        assert letters(work).count("certificate") == 1


def test_the_code_cannot_be_guessed_and_only_its_form_is_looked_up(stage):
    made = stage(5)
    certificate_id = made.issued(5)
    code = made.certificate(certificate_id).code
    assert len(code.replace("-", "")) == 12
    with made.stranger() as work:
        for wrong in ("", code.lower(), code[:-1], f"{code}A", "'; --", "%", code.replace("-", "")):
            assert public_status(work, wrong) is None


def test_the_public_word_names_neither_customer_nor_result(stage):
    made = stage(5)
    verdict = verdict_on(made, made.issued(5))
    told = repr(verdict)
    assert "Customer K2" not in told
    assert "1.40" not in told


def test_a_file_is_known_by_its_digest_and_an_altered_one_is_not(stage):
    made = stage(5)
    verdict = verdict_on(made, made.issued(5))
    content = storage.get(made.house.tenant_id, verdict.sha256)
    with made.stranger() as work:
        assert status_of_file(work, hashlib.sha256(content).hexdigest()).status == "valid"
        altered = content[:-1] + bytes([content[-1] ^ 1])
        assert status_of_file(work, hashlib.sha256(altered).hexdigest()) is None


def test_an_amendment_supersedes_and_leaves_every_figure(stage):
    made = stage(5)
    old_id = made.issued(5)
    old_file = verdict_on(made, old_id).sha256
    new_id = amended(made, old_id)
    assert verdict_on(made, old_id).status == "valid"
    made.print()
    with made.work() as work:
        old, new = get_certificate(work, old_id), get_certificate(work, new_id)
    assert (new.number, new.state) == ("MM-26-0414-01/A1", "issued")
    assert new.replaces.number == "MM-26-0414-01"
    assert new.results_sha256 == old.results_sha256
    assert new.content_sha256 != old.content_sha256
    assert new.tag == "KA-MIC-0007-B"
    assert new.changes == ("tag: “KA-MIC-0007” → “KA-MIC-0007-B”",)
    was = verdict_on(made, old_id)
    assert (was.status, was.successor_number) == ("superseded", "MM-26-0414-01/A1")
    assert was.sha256 == old_file
    assert made.srf().state is HeaderState.APPROVED
    assert "replaces MM-26-0414-01" in text_of(made, new_id)


def test_a_superseded_certificate_leaves_the_house_marked(stage):
    made = stage(5)
    old_id = made.issued(5)
    original = made.certificate(old_id).document_id
    amended(made, old_id)
    made.print()
    with pytest.raises(Conflict, match="not printed yet"), made.work("Asha Rao") as work:
        open_document(work, original)
    made.print(Job.RENDER_DOCUMENT)
    with made.work("Asha Rao") as work:
        file = open_document(work, original)
        paper = work.peek(Document, original)
    assert file.sha256 != paper.sha256
    content = storage.get(made.house.tenant_id, file.sha256)
    assert "Superseded" in PdfReader(BytesIO(content)).pages[0].extract_text()
    with made.stranger() as work:
        assert status_of_file(work, file.sha256).is_copy


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (AmendmentDraft("Nothing is different here", {"tag": "KA-MIC-0007"}), "tag"),
        (AmendmentDraft("A better looking result", {"error": "+0.10"}), "error"),
        (AmendmentDraft("The tag disappears now", {"tag": "  "}), "tag"),
    ],
)
def test_only_what_the_customer_told_is_amended(stage, draft, field):
    made = stage(5)
    certificate_id = made.issued(5)
    reopened(made)
    with pytest.raises(Invalid) as refused, made.work("Asha Rao") as work:
        prepare_amendment(work, certificate_id, draft)
    assert refused.value.field == field


def test_an_amendment_needs_a_reopened_request_and_a_reason(stage):
    made = stage(5)
    certificate_id = made.issued(5)
    with pytest.raises(Conflict, match="Reopen"), made.work("Asha Rao") as work:
        prepare_amendment(work, certificate_id, WRONG_TAG)
    reopened(made)
    with pytest.raises(GuardFailed), made.work("Asha Rao") as work:
        prepare_amendment(work, certificate_id, AmendmentDraft("no", WRONG_TAG.changes))


def test_an_amendment_is_authorized_in_the_own_field_alone(stage):
    made = stage(5)
    certificate_id = made.issued(5)
    reopened(made)
    with made.work("Asha Rao") as work:
        new_id = prepare_amendment(work, certificate_id, WRONG_TAG)
    with (
        pytest.raises(GuardFailed, match="Not authorized: dimensional"),
        made.work("Helena Brandt") as work,
    ):
        authorize_amendment(work, new_id, work.peek(Certificate, new_id).version, PASSWORD)
    assert made.certificate(new_id).state is CertificateState.DRAFT


def test_withdrawing_tells_who_has_it_and_says_only_the_cause_in_public(stage):
    made = stage(5)
    certificate_id = made.issued(5)
    row = made.certificate(certificate_id)
    with made.work("Yara Haddad") as work:
        open_document(work, row.document_id)
    with made.work("Samuel Okafor") as work:
        told = withdraw_certificate(
            work,
            certificate_id,
            row.version,
            WithdrawalCause.RESULT,
            "Standard D-003 was damaged at Customer K2",
            PASSWORD,
        )
    assert told == 2
    verdict = verdict_on(made, certificate_id)
    assert (verdict.status, verdict.reason) == ("withdrawn", "A reported result is in doubt.")
    assert made.srf().state is HeaderState.REOPENED
    with made.work() as work:
        assert letters(work).count("withdrawn") == 2


def test_only_quality_withdraws(stage):
    made = stage(5)
    certificate_id = made.issued(5)
    with pytest.raises(Forbidden), made.work("Kenji Mori") as work:
        withdraw_certificate(
            work, certificate_id, 1, WithdrawalCause.RESULT, "A doubt about it", PASSWORD
        )


def rule(made, chosen):
    with made.work() as work:
        work.get(Customer, made.house.customer_id).release_rule = chosen


def test_nothing_is_released_before_the_rule_is_satisfied(stage):
    made = stage(5)
    rule(made, ReleaseRule.ON_INVOICE)
    certificate_id = made.issued(5)
    with made.work("Grace Liu") as work:
        assert release_certificates(work, made.srf().id, because="asked too early") == ()
    assert made.certificate(certificate_id).released_at is None
    rule(made, ReleaseRule.ON_APPROVAL)
    with made.work("Grace Liu") as work:
        released = release_certificates(work, made.srf().id, because="the rule was changed")
        assert released == (certificate_id,)
        assert release_certificates(work, made.srf().id, because="asked twice") == ()
    assert made.line(5).state is LineState.RELEASED


def test_the_customer_sees_and_downloads_the_own_certificate_once_it_is_released(stage):
    made = stage(5)
    rule(made, ReleaseRule.ON_PAYMENT)
    certificate_id = made.issued(5)
    document_id = made.certificate(certificate_id).document_id
    with made.work("Yara Haddad") as work:
        assert list_certificates(work).rows == ()
        with pytest.raises(NotFound):
            get_certificate(work, certificate_id)
        with pytest.raises(NotFound):
            open_document(work, document_id)
    rule(made, ReleaseRule.ON_APPROVAL)
    with made.work("Grace Liu") as work:
        release_certificates(work, made.srf().id, because="the rule was changed")
    with made.work("Yara Haddad") as work:
        assert [row.number for row in list_certificates(work).rows] == ["MM-26-0414-01"]
        assert get_certificate(work, certificate_id).checks == ()
        assert open_document(work, document_id).name == "MM-26-0414-01.pdf"


def test_another_customer_and_another_laboratory_learn_nothing(stage, work_in):
    made = stage(5)
    certificate_id = made.issued(5)
    row = made.certificate(certificate_id)
    with made.work() as work:
        other, _ = a_customer(work, "K9")
        stranger = a_person(work, "Eve Other", customer_id=other.id)
    made.house.people["Eve Other"] = stranger.id
    made.house.roles["Eve Other"] = made.house.roles["Yara Haddad"]
    actor = made.house.actor("Eve Other")
    with work_in(actor=replace(actor, customer_id=other.id)) as work:
        assert list_certificates(work).rows == ()
        for ask in (get_certificate, lambda work, _: open_document(work, row.document_id)):
            with pytest.raises(NotFound):
                ask(work, certificate_id)
    with work_in(laboratory=2) as work:
        assert list_certificates(work).rows == ()
        assert public_status(work, row.code) is None
        for ask in (get_certificate, lambda work, _: open_document(work, row.document_id)):
            with pytest.raises(NotFound):
                ask(work, certificate_id)


def test_a_technician_sees_certificates_of_own_work_alone(stage):
    made = stage(5)
    made.issued(5)
    with made.work("Mei Lin") as work:
        assert len(list_certificates(work).rows) == 1
    with made.work("Daniel Ortiz") as work:
        assert list_certificates(work).rows == ()
