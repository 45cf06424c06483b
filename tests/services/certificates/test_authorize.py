"""Authorizing: who may, what blocks and is named, what is frozen, when it is released."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from calibra_app.core.clock import system_clock
from calibra_app.core.errors import CalibraError, Conflict, Forbidden
from calibra_app.models.calibration import SheetStandard, SheetState
from calibra_app.models.certificate import CertificateState
from calibra_app.models.customer import Customer, ReleaseRule
from calibra_app.models.document import Document
from calibra_app.models.laboratory import LaboratorySettings
from calibra_app.models.person import Deed
from calibra_app.models.scope import Cmc
from calibra_app.models.srf import SrfLine
from calibra_app.rendering.blocks import Verdict
from calibra_app.rendering.certificate import CertificateContent
from calibra_app.rendering.elements import missing_elements
from calibra_app.services.calibrations.sheets import sheet_of_line
from calibra_app.services.certificates import (
    authorize_certificate,
    get_certificate,
    list_waiting,
    refuse_work,
)
from calibra_app.services.certificates.drafting import draw_draft
from calibra_app.services.signatures import signatures_of
from calibra_app.services.srf.guards import GuardFailed
from calibra_app.services.srf.states import HeaderState, LineState
from tests.builders import PASSWORD, a_competence


def authorize(made, number, name):
    with made.work(name) as work:
        return authorize_certificate(work, made.lines[number], made.line(number).version, PASSWORD)


def draft_of(made, number, name="Kenji Mori"):
    with made.work(name) as work:
        return draw_draft(work, work.peek(SrfLine, made.lines[number]))


def test_a_reviewed_line_has_a_draft_with_every_element(stage):
    made = stage(5)
    made.reviewed(5)
    with made.work("Kenji Mori") as work:
        (waiting,) = list_waiting(work)
        detail = get_certificate(work, waiting.key)
    assert detail.number == "MM-26-0414-01"
    assert (detail.met, len(detail.checks)) == (26, 26)
    assert detail.refusals == ()
    assert detail.accredited
    assert "Draft" in detail.html


def test_the_draft_carries_the_figures_of_the_sheet(stage):
    made = stage(5)
    made.reviewed(5)
    content = draft_of(made, 5).content
    rows = {row.nominal: row for table in content.results for row in table.rows}
    row = rows[25]
    assert (str(row.error), str(row.uncertainty), str(row.coverage_factor)) == (
        "1.40",
        "0.84",
        "2.09",
    )
    assert row.verdict is Verdict.CONDITIONAL_PASS
    assert "6.8 %" in content.conformity.risk
    assert content.conformity.statements[0].verdict is Verdict.CONDITIONAL_PASS


def test_a_signatory_of_another_field_is_refused_by_name_of_the_field(stage):
    made = stage(5)
    made.reviewed(5)
    with pytest.raises(GuardFailed, match="Not authorized: dimensional"):
        authorize(made, 5, "Helena Brandt")
    assert made.certificates() == []
    assert made.line(5).state is LineState.QC


def test_a_reviewer_may_not_authorize_at_all(stage):
    made = stage(5)
    made.reviewed(5)
    with pytest.raises(Forbidden):
        authorize(made, 5, "Jonas Weber")


@pytest.mark.parametrize(
    ("name", "sentence"), [("Mei Lin", "You performed"), ("Jonas Weber", "You reviewed")]
)
def test_nobody_authorizes_what_they_performed_or_reviewed(stage, name, sentence):
    made = stage(5)
    made.reviewed(5)
    with made.work() as work:
        a_competence(work, made.house.people[name], "dimensional", Deed.AUTHORIZE)
    made.house.roles[name] = made.house.roles["Kenji Mori"]
    with pytest.raises(GuardFailed, match=sentence):
        authorize(made, 5, name)


def test_the_laboratory_may_let_the_reviewer_authorize(stage):
    made = stage(5)
    made.reviewed(5)
    with made.work("Victor Hale") as work:
        a_competence(work, made.house.people["Jonas Weber"], "dimensional", Deed.AUTHORIZE)
        work.exec(select(LaboratorySettings)).one().workflow = {"reviewer_may_authorize": True}
    made.house.roles["Jonas Weber"] = made.house.roles["Kenji Mori"]
    assert authorize(made, 5, "Jonas Weber")


def test_a_line_that_is_not_reviewed_is_not_authorized(stage):
    made = stage(5)
    made.in_review(5)
    with pytest.raises(Conflict):
        authorize(made, 5, "Kenji Mori")


def test_signing_asks_for_the_password_again(stage):
    made = stage(5)
    made.reviewed(5)
    for password in ("", "wrong"):
        with pytest.raises(CalibraError) as refused, made.work("Kenji Mori") as work:
            authorize_certificate(work, made.lines[5], made.line(5).version, password)
        assert refused.value.field == "password"
    assert made.certificates() == []


def test_a_version_that_is_not_the_newest_is_not_signed(stage):
    made = stage(5)
    made.reviewed(5)
    with pytest.raises(Conflict), made.work("Kenji Mori") as work:
        authorize_certificate(work, made.lines[5], made.line(5).version - 1, PASSWORD)


def with_settings(work, **fields):
    row = work.exec(select(LaboratorySettings)).one()
    for name, value in fields.items():
        setattr(row, name, value)


def end_scope(work):
    yesterday = system_clock().date() - timedelta(days=1)
    for row in work.exec(select(Cmc).where(Cmc.procedure_code == "MP-DIM-02")).all():
        row.valid_to = yesterday


def expire_standard(work):
    for row in work.exec(select(SheetStandard)).all():
        row.due_on = system_clock().date() - timedelta(days=1)


@pytest.mark.parametrize(
    ("break_it", "sentence"),
    [
        (lambda work: with_settings(work, address=""), "laboratory's address is missing"),
        (lambda work: with_settings(work, accreditation_number=""), "no accreditation number"),
        (end_scope, "no result is inside the scope"),
        (expire_standard, "after the last day of its calibration"),
    ],
)
def test_what_is_missing_blocks_and_is_named(stage, break_it, sentence):
    made = stage(5)
    made.reviewed(5)
    with made.work() as work:
        break_it(work)
    with pytest.raises(GuardFailed, match=sentence) as refused:
        authorize(made, 5, "Kenji Mori")
    assert refused.value.guard == "G21"
    assert made.certificates() == []


def test_a_line_that_was_not_agreed_as_accredited_shows_no_symbol(stage):
    made = stage(5)
    with made.work() as work:
        work.get(SrfLine, made.lines[5]).accredited = False
    made.reviewed(5)
    content = draft_of(made, 5).content
    assert not content.shows_symbol
    assert not content.scope.wants_symbol


def test_results_outside_the_scope_stand_in_a_table_of_their_own(stage):
    made = stage(5)
    with made.work() as work:
        for row in work.exec(select(Cmc).where(Cmc.procedure_code == "MP-DIM-02")).all():
            row.high = 20
    made.reviewed(5)
    content = draft_of(made, 5).content
    assert [(len(t.rows), t.is_accredited) for t in content.results] == [(4, True), (2, False)]
    assert content.shows_symbol


def test_authorizing_freezes_signs_and_moves_the_line(stage):
    made = stage(5)
    certificate_id = made.authorized(5)
    row = made.certificate(certificate_id)
    with made.work() as work:
        signed = signatures_of(work, "srf_line", made.lines[5])[-1]
        sheet = sheet_of_line(work, made.lines[5])
    assert (signed.meaning, signed.name) == ("authorized", "Kenji Mori")
    assert signed.content_sha256 == row.content_sha256
    assert (row.state, row.accredited) == (CertificateState.AUTHORIZED, True)
    assert sheet.state is SheetState.LOCKED
    assert made.srf().state is HeaderState.APPROVED
    names = [each.name for each in CertificateContent.from_json(row.content).signatures]
    assert names == ["Mei Lin", "Jonas Weber", "Kenji Mori"]


def test_with_release_on_approval_the_line_is_released_at_once(stage):
    made = stage(5)
    row = made.certificate(made.authorized(5))
    assert row.released_at is not None
    assert made.line(5).state is LineState.RELEASED


def test_with_release_on_payment_nothing_is_seen_before_it(stage):
    made = stage(5)
    with made.work() as work:
        work.get(Customer, made.house.customer_id).release_rule = ReleaseRule.ON_PAYMENT
    row = made.certificate(made.authorized(5))
    with made.work() as work:
        paper = work.peek(Document, row.document_id)
    assert row.released_at is None
    assert paper.released_at is None
    assert made.line(5).state is LineState.APPROVED


def test_changing_the_laboratory_afterwards_leaves_the_certificate_as_it_was(stage):
    made = stage(5)
    certificate_id = made.issued(5)
    before = made.certificate(certificate_id).content
    with made.work() as work:
        work.exec(select(LaboratorySettings)).one().legal_name = "Another Name"
    with made.work() as work:
        detail = get_certificate(work, certificate_id)
    assert made.certificate(certificate_id).content == before
    assert "Another Name" not in detail.html


def test_refused_work_goes_back_as_a_whole_with_its_reason(stage):
    made = stage(5)
    made.reviewed(5)
    with made.work("Kenji Mori") as work:
        refuse_work(work, made.lines[5], made.line(5).version, "The zero was not checked")
    line = made.line(5)
    assert (line.state, line.reviewed) == (LineState.REWORK, False)
    with made.work() as work:
        assert sheet_of_line(work, made.lines[5]).state is SheetState.RETURNED


def test_refused_work_can_be_held_as_nonconforming(stage):
    made = stage(5)
    made.reviewed(5)
    with made.work("Samuel Okafor") as work:
        refuse_work(
            work,
            made.lines[5],
            made.line(5).version,
            "The standard is in doubt",
            LineState.ON_HOLD,
        )
    assert made.line(5).state is LineState.ON_HOLD


def test_refusing_without_a_reason_is_refused(stage):
    made = stage(5)
    made.reviewed(5)
    with pytest.raises(GuardFailed, match="reason"), made.work("Kenji Mori") as work:
        refuse_work(work, made.lines[5], made.line(5).version, "no")


def test_every_single_element_that_is_taken_away_is_named(stage):
    made = stage(5)
    made.reviewed(5)
    content = draft_of(made, 5).content
    broken = {
        "7.8.2.1-a": replace(content, title=""),
        "7.8.2.1-c": replace(content, place=""),
        "7.8.2.1-d": replace(content, number=""),
        "7.8.2.1-h": replace(content, received_on=None),
        "7.8.2.1-j": replace(content, issued_on=None),
        "7.8.2.1-l": replace(content, relates_only=""),
        "7.8.2.1-m": replace(content, results=()),
        "7.8.2.1-o": replace(content, signatures=()),
        "7.8.4.1-a": replace(content, uncertainty=""),
        "7.8.4.1-b": replace(content, conditions=()),
        "7.8.4.1-c": replace(content, traceability=""),
        "7.8.6.2": replace(content, conformity=None),
    }
    for code, without in broken.items():
        assert code in {each.code for each in missing_elements(without)}, code
