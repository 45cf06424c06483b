"""Procedures: a revision goes from draft to effect in four hands, and the old one is superseded."""

from dataclasses import replace
from datetime import date

import pytest

from calibra_app.core.access import Role
from calibra_app.core.errors import Conflict, Forbidden, Invalid, NotFound
from calibra_app.services.scope import (
    NoEffectiveVersion,
    ProcedureDraft,
    ProcedureStatus,
    VersionDraft,
    add_procedure,
    approve_version,
    change_procedure,
    draft_version,
    effective_procedure,
    get_procedure,
    list_procedures,
    put_in_effect,
    send_back_version,
    submit_version,
)

DRAFT = ProcedureDraft("MP-ELE-04", "Digital multimeters", "Electrical", "MP-ELE-04")


@pytest.fixture
def procedure_id(work_in):
    with work_in() as work:
        return add_procedure(work, DRAFT)


def effective(work, procedure_id, revision=None):
    version_id = draft_version(work, procedure_id, VersionDraft("7", revision))
    submit_version(work, version_id)
    approve_version(work, version_id)
    put_in_effect(work, version_id)
    return version_id


def test_work_begins_by_the_revision_in_effect(work_in, procedure_id):
    with work_in() as work:
        version_id = effective(work, procedure_id, 7)
        found = effective_procedure(work, "MP-ELE-04")
    assert (found.version_id, found.revision, found.model_version) == (version_id, 7, "7")
    assert found.discipline == "electrical"


def test_a_new_revision_supersedes_the_old_one(work_in, procedure_id):
    with work_in() as work:
        effective(work, procedure_id, 7)
        effective(work, procedure_id)
        detail = get_procedure(work, procedure_id)
        (row,) = list_procedures(work).rows
    told = [(version.revision, version.status) for version in detail.versions]
    assert told == [(8, ProcedureStatus.EFFECTIVE), (7, ProcedureStatus.SUPERSEDED)]
    assert row.effective_revision == 8


def test_without_a_revision_in_effect_no_work_begins(work_in, procedure_id):
    with work_in() as work:
        draft_version(work, procedure_id, VersionDraft("7"))
        with pytest.raises(NoEffectiveVersion):
            effective_procedure(work, "MP-ELE-04")
        with pytest.raises(NotFound):
            effective_procedure(work, "MP-ELE-99")


def test_steps_are_taken_in_their_order(work_in, procedure_id):
    with work_in() as work:
        version_id = draft_version(work, procedure_id, VersionDraft("7"))
        for step in (approve_version, put_in_effect, send_back_version):
            with pytest.raises(Conflict, match="is draft"):
                step(work, version_id)
        submit_version(work, version_id)
        send_back_version(work, version_id)
        submit_version(work, version_id)
        with pytest.raises(Conflict, match="in review; finish that one first"):
            draft_version(work, procedure_id, VersionDraft("7"))


def test_the_owner_does_not_approve_the_own_procedure(work_in):
    with work_in() as work:
        owned = add_procedure(work, replace(DRAFT, owner_id=work.actor.person_id))
    with pytest.raises(Forbidden, match="owner"), work_in() as work:
        effective(work, owned)


def test_a_technician_reads_procedures_and_a_senior_technician_does_not_approve(
    work_in, procedure_id
):
    with work_in(roles={Role.ST}) as work:
        version_id = draft_version(work, procedure_id, VersionDraft("7"))
        submit_version(work, version_id)
        with pytest.raises(Forbidden):
            approve_version(work, version_id)
    with work_in(roles={Role.TE}) as work:
        assert len(list_procedures(work, "multi").rows) == 1
        with pytest.raises(Forbidden):
            draft_version(work, procedure_id, VersionDraft("7"))


@pytest.mark.parametrize(
    ("change", "field"),
    [({"model_key": "MP-XXX"}, "model_key"), ({"title": ""}, "title"), ({"code": " "}, "code")],
)
def test_what_cannot_be_is_refused_beside_its_field(work_in, change, field):
    with pytest.raises(Invalid) as refused, work_in() as work:
        add_procedure(work, replace(DRAFT, **change))
    assert refused.value.field == field


def test_a_version_that_the_engine_does_not_know_is_refused(work_in, procedure_id):
    with pytest.raises(Invalid) as refused, work_in() as work:
        draft_version(work, procedure_id, VersionDraft("99"))
    assert refused.value.field == "model_version"


def test_code_and_model_stay_when_a_procedure_is_changed(work_in, procedure_id):
    with work_in() as work:
        change_procedure(
            work, procedure_id, 1, replace(DRAFT, code="MP-ELE-05", title="Handheld multimeters")
        )
        assert get_procedure(work, procedure_id).draft.code == "MP-ELE-04"
        assert len(list_procedures(work, "handheld").rows) == 1


def test_nothing_comes_into_effect_in_the_future(work_in, procedure_id):
    with work_in() as work:
        version_id = draft_version(work, procedure_id, VersionDraft("7"))
        submit_version(work, version_id)
        approve_version(work, version_id)
        with pytest.raises(Invalid):
            put_in_effect(work, version_id, date(2999, 1, 1))


def test_another_laboratory_has_none_of_it(work_in, procedure_id):
    with work_in(laboratory=2) as work:
        assert list_procedures(work).rows == ()
        with pytest.raises(NotFound):
            get_procedure(work, procedure_id)
