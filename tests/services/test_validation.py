"""Software validation as a record: who may run it, and that what is kept was computed here."""

import hashlib
from io import BytesIO

import pytest
from pypdf import PdfReader

from calibra_app.core.access import Role
from calibra_app.core.errors import Forbidden, NotFound
from calibra_app.core.ids import DocumentId, new_id
from calibra_app.metrology.budget import ENGINE_VERSION
from calibra_app.metrology.validation.examples import worked_examples
from calibra_app.models.document import Document, DocumentState
from calibra_app.rendering.html import DocumentKind
from calibra_app.rendering.pdf import to_pdf
from calibra_app.rendering.validation import ValidationContent
from calibra_app.services import validation
from calibra_app.services.documents import attach_file, open_document, take_print_order
from calibra_app.services.validation import (
    compute_example,
    print_validation,
    print_validation_again,
    run_validation,
    validation_overview,
)

READERS = (Role.AS, Role.TR, Role.ST, Role.TE, Role.VA)
RUNNERS = (Role.TA, Role.LM, Role.QM)
STRANGERS = (Role.DI, Role.FD, Role.FI, Role.CU)


def test_before_anything_is_on_record_the_examples_stand_without_a_verdict(work_in):
    with work_in() as work:
        found = validation_overview(work)
    assert (found.last, found.reports, found.is_current) == (None, (), False)
    listed = [example for group in found.examples for example in group.examples]
    assert len(listed) == len(worked_examples())
    assert not any(example.agrees or example.worst or example.figures for example in listed)


def test_a_run_computes_every_example_and_keeps_nothing(work_in):
    with work_in(name="Jonas Weber") as work:
        run = run_validation(work)
        assert (run.run_at, run.run_by, run.agrees) == (work.now, "Jonas Weber", True)
    assert run.platform.engine_version == ENGINE_VERSION
    assert sum(len(group.examples) for group in run.groups) == len(worked_examples())
    with work_in() as work:
        assert validation_overview(work).reports == ()


def test_one_example_opens_with_its_question_and_its_figures(work_in):
    with work_in() as work:
        first = compute_example(work, worked_examples()[0].name)
        found = compute_example(work, "X-ohm")
        after = compute_example(work, found.after)
        with pytest.raises(NotFound, match="no such example"):
            compute_example(work, "X-nothing")
    ohm = found.example
    assert (found.group, first.before, after.before) == ("Uncertainty budgets", "", "X-ohm")
    assert (ohm.computed_with, first.example.computed_with) == (
        "at least two other tools", "mpmath 1.3 and GTC 1.5",
    )  # fmt: skip
    assert [(each.name, each.stated) for each in ohm.inputs] == [
        ("V", "u = 0.001"), ("I", "u = 0.0005"),
    ]  # fmt: skip
    assert [(each.name, each.value) for each in ohm.asked] == [
        ("Measurement model", "V/I"), ("Coverage", "k = 2"),
    ]  # fmt: skip
    y = ohm.figures[0]
    assert (y.title, y.printed, y.computed) == ("y", "6.67", "6.66666666667")


def test_a_printed_report_is_what_was_computed_and_stands_on_record(work_in):
    with work_in(name="Jonas Weber") as work:
        document_id = print_validation(work)
    with work_in() as work:
        print_validation(work)
        found = validation_overview(work)
        kept = ValidationContent.from_json(work.peek(Document, document_id).content)
    newest, first = found.reports
    assert (first.id, first.state, first.run_by) == (
        document_id, DocumentState.QUEUED, "Jonas Weber",
    )  # fmt: skip
    year = first.run_at.year
    assert (first.number, newest.number) == (f"SV-{year}-0001", f"SV-{year}-0002")
    assert found.last.number == newest.number
    assert found.is_current
    with work_in() as work:
        assert kept.groups == run_validation(work).groups


def test_another_engine_or_library_asks_for_a_new_validation(work_in, monkeypatch):
    with work_in() as work:
        print_validation(work)
    monkeypatch.setattr(validation, "ENGINE_VERSION", "9.0.0")
    with work_in() as work:
        found = validation_overview(work)
    assert found.here.engine_version == "9.0.0"
    assert found.last.platform.engine_version == ENGINE_VERSION
    assert not found.is_current


@pytest.mark.parametrize("role", RUNNERS)
def test_who_answers_for_software_and_methods_runs_it(work_in, role):
    with work_in(roles={role}) as work:
        assert run_validation(work).agrees
        assert print_validation(work)


@pytest.mark.parametrize("role", READERS)
def test_who_works_by_the_engine_or_assesses_it_sees_and_computes_but_keeps_no_report(
    work_in, role
):
    with work_in(roles={role}) as work:
        validation_overview(work)
        assert compute_example(work, "X-ohm").example.agrees
    with pytest.raises(Forbidden, match="validate the software"), work_in(roles={role}) as work:
        print_validation(work)


@pytest.mark.parametrize("role", STRANGERS)
def test_everybody_else_is_refused(work_in, role):
    for service in (validation_overview, run_validation, print_validation):
        with pytest.raises(Forbidden), work_in(roles={role}) as work:
            service(work)


def test_no_laboratory_sees_the_reports_of_another(work_in):
    with work_in(laboratory=1) as work:
        document_id = print_validation(work)
    with work_in(laboratory=2) as work:
        assert validation_overview(work).reports == ()
        with pytest.raises(NotFound):
            print_validation_again(work, document_id)


def test_it_is_printed_and_only_those_who_may_see_it_download_it(work_in):
    with work_in() as work:
        document_id = print_validation(work)
    with work_in() as work:
        order = take_print_order(work, document_id)
    printed = to_pdf(order.kind, order.content, order.mark)
    assert len(PdfReader(BytesIO(printed)).pages) > 5
    with work_in() as work:
        attach_file(work, document_id, hashlib.sha256(printed).hexdigest(), len(printed))
    with work_in(roles={Role.VA}) as work:
        assert open_document(work, document_id).size == len(printed)
    with pytest.raises(Forbidden), work_in(roles={Role.FD}) as work:
        open_document(work, document_id)


def test_a_failed_print_is_repeated_and_another_paper_is_not(work_in):
    with work_in() as work:
        document_id = print_validation(work)
    with work_in() as work:
        row = work.get(Document, document_id)
        row.state, row.error = DocumentState.FAILED, "no paper"
        other = Document(
            kind=DocumentKind.SHEET, number="S", title="S", subject_kind="s", subject_id=new_id(),
            content_sha256="0",
        )  # fmt: skip
        work.add(other)
    with work_in() as work:
        print_validation_again(work, document_id)
        assert validation_overview(work).reports[0].state is DocumentState.QUEUED
        with pytest.raises(NotFound):
            print_validation_again(work, DocumentId(other.id))
