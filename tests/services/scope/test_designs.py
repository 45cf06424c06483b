"""Designed procedures as records: drafted, tried out, approved by another, never edited after."""

import json

import pytest

from calibra_app.core.access import Permission, Role
from calibra_app.core.errors import CalibraError, Conflict, Forbidden, NotFound
from calibra_app.metrology.quantity import MetrologyError
from calibra_app.models.scope import ProcedureVersion
from calibra_app.persistence.versions import Stale
from calibra_app.procedures.templates import templates
from calibra_app.services.scope import (
    DesignRefused,
    ProcedureDraft,
    ProcedureStatus,
    VersionDraft,
    add_procedure,
    approve_version,
    design_file,
    draft_version,
    effective_procedure,
    get_design,
    get_procedure,
    list_models,
    list_templates,
    put_in_effect,
    read_design_file,
    save_design,
    send_back_version,
    submit_version,
    template_design,
    try_design,
)
from calibra_app.services.signatures import signatures_of
from tests.builders import PASSWORD, a_house

TEMPLATE = next(each for each in templates() if each.key == "humidity-chamber")
DESIGN, SAMPLE = TEMPLATE.design.as_json(), TEMPLATE.example.as_json()
OURS = ProcedureDraft("MP-HUM-9", "Our hygrometers", "Humidity", "designed")


@pytest.fixture
def house(work_in):
    return a_house(work_in, instruments=[])


def drafted(house, *, by="Ruth Okoye", draft=None):
    with house.work(by) as work:
        procedure_id = add_procedure(work, OURS)
        return draft_version(
            work, procedure_id, draft or VersionDraft(design=DESIGN, sample=SAMPLE)
        )


def record_of(house, version_id):
    with house.work("Samuel Okafor") as work:
        return get_design(work, version_id)


def in_effect(house, version_id):
    with house.work("Ruth Okoye") as work:
        submit_version(work, version_id)
    with house.work("Samuel Okafor") as work:
        approve_version(work, version_id, PASSWORD)
        put_in_effect(work, version_id)


def changed(path, value, data=DESIGN):
    copy = json.loads(json.dumps(data))
    at = copy
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    return copy


def test_the_laboratorys_own_design_is_among_the_models(work_in):
    with work_in() as work:
        assert list_models(work)[0].key == "designed"


def test_a_draft_bears_the_names_of_its_procedure(house):
    found = record_of(house, drafted(house))
    assert (found.design["key"], found.design.get("version", "1")) == ("MP-HUM-9", "1")
    assert (found.design["title"], found.design["discipline"]) == ("Our hygrometers", "humidity")
    assert found.editable
    assert len(found.digest) == 64


def test_a_revision_without_a_beginning_is_a_blank_to_fill_in(house):
    version_id = drafted(house, draft=VersionDraft())
    found = record_of(house, version_id)
    assert found.design["tables"][0]["key"] == "indication"
    with house.work("Ruth Okoye") as work, pytest.raises(DesignRefused):
        submit_version(work, version_id)


def test_work_begins_by_the_design_in_effect(house):
    version_id = drafted(house)
    in_effect(house, version_id)
    with house.work("Ruth Okoye") as work:
        found = effective_procedure(work, "MP-HUM-9")
    assert (found.model_key, found.model_version) == (
        "designed",
        found.design and found.model_version,
    )
    assert found.design["key"] == "MP-HUM-9"


def test_who_wrote_a_revision_does_not_approve_it(house):
    house.roles["Ruth Okoye"] = frozenset({Role.ST, Role.QM})
    version_id = drafted(house)
    with house.work("Ruth Okoye") as work:
        submit_version(work, version_id)
        with pytest.raises(Forbidden, match="wrote on a revision"):
            approve_version(work, version_id, PASSWORD)


@pytest.mark.parametrize("password", ["", "not the password"])
def test_an_approval_is_signed_with_the_password(house, password):
    version_id = drafted(house)
    with house.work("Ruth Okoye") as work:
        submit_version(work, version_id)
    with house.work("Samuel Okafor") as work, pytest.raises(CalibraError, match=r"[Pp]assword"):
        approve_version(work, version_id, password)
    with house.work("Samuel Okafor") as work:
        approve_version(work, version_id, PASSWORD)
        (signed,) = signatures_of(work, "procedure_version", version_id)
        digest = get_design(work, version_id).digest
    assert (signed.meaning, signed.content_sha256) == ("approved", digest)


def test_what_is_no_draft_any_more_is_not_changed(house):
    version_id = drafted(house)
    seen = record_of(house, version_id).version
    with house.work("Ruth Okoye") as work:
        submit_version(work, version_id)
        with pytest.raises(Conflict, match="is in review; begin a new revision"):
            save_design(work, version_id, seen + 1, DESIGN, SAMPLE)
    with house.work("Samuel Okafor") as work:
        approve_version(work, version_id, PASSWORD)
        put_in_effect(work, version_id)
    with house.work("Ruth Okoye") as work, pytest.raises(Conflict, match="is effective"):
        save_design(work, version_id, seen + 3, DESIGN, SAMPLE)


def test_a_revision_sent_back_is_a_draft_again(house):
    version_id = drafted(house)
    with house.work("Ruth Okoye") as work:
        submit_version(work, version_id)
    with house.work("Samuel Okafor") as work:
        send_back_version(work, version_id)
    found = record_of(house, version_id)
    with house.work("Ruth Okoye") as work:
        assert save_design(work, version_id, found.version, DESIGN, SAMPLE) == ()


def test_the_next_revision_begins_from_the_last_and_leaves_it(house):
    version_id = drafted(house)
    in_effect(house, version_id)
    before = record_of(house, version_id)
    with house.work("Ruth Okoye") as work:
        next_id = draft_version(work, before.procedure_id, VersionDraft(change_note="Wider"))
        other = changed(["tables", 0, "limits", 0, "source"], "Agreed with the customer")
        save_design(work, next_id, get_design(work, next_id).version, other, SAMPLE)
    after = record_of(house, next_id)
    assert (after.revision, after.design["version"]) == (2, "2")
    assert after.design["tables"][0]["limits"][0]["source"] == "Agreed with the customer"
    assert record_of(house, version_id).design == before.design
    assert after.digest != before.digest


def test_a_draft_with_faults_is_kept_and_each_fault_is_told_at_its_place(house):
    version_id = drafted(house)
    bad = changed(["tables", 0, "inputs", 6, "width"], "uniformity")
    with house.work("Ruth Okoye") as work:
        found = save_design(work, version_id, record_of(house, version_id).version, bad, SAMPLE)
    assert [fault.path for fault in found] == ["tables[0].inputs[6].width"]
    assert record_of(house, version_id).design["tables"][0]["inputs"][6]["width"] == "uniformity"
    with house.work("Ruth Okoye") as work, pytest.raises(DesignRefused, match="uniformity"):
        submit_version(work, version_id)


def test_without_sample_readings_that_give_a_result_nothing_is_handed_over(house):
    version_id = drafted(house, draft=VersionDraft(design=DESIGN, sample={
        "parameters": {"resolution": "0.1", "points": ["50"]}}))  # fmt: skip
    with house.work("Ruth Okoye") as work, pytest.raises(DesignRefused, match="sample readings"):
        submit_version(work, version_id)


def test_what_is_no_design_is_refused_and_the_draft_stays(house):
    version_id = drafted(house)
    before = record_of(house, version_id)
    for bad in ({}, {"form": "x"}, changed(["tables"], "all")):
        with house.work("Ruth Okoye") as work, pytest.raises(DesignRefused) as refused:
            save_design(work, version_id, before.version, bad, SAMPLE)
        assert refused.value.faults
    assert record_of(house, version_id) == before


def test_two_authors_do_not_overwrite_each_other(house):
    version_id = drafted(house)
    seen = record_of(house, version_id).version
    other = changed(["note"], "first")
    with house.work("Ruth Okoye") as work:
        save_design(work, version_id, seen, other, SAMPLE)
    with house.work("Ruth Okoye") as work, pytest.raises(Stale):
        save_design(work, version_id, seen, changed(["note"], "second"), SAMPLE)


def test_a_design_altered_behind_the_application_is_not_used(house, work_in):
    version_id = drafted(house)
    in_effect(house, version_id)
    with work_in() as work:
        row = work.get(ProcedureVersion, version_id)
        row.design = {**row.design, "note": "altered"}
        row.model_version = "a" * 64
        work.add(row)
    with house.work("Ruth Okoye") as work, pytest.raises(MetrologyError, match="not the one"):
        effective_procedure(work, "MP-HUM-9")


def test_a_template_tried_out_shows_expected_beside_computed(work_in):
    with work_in() as work:
        found = try_design(work, *template_design(work, "humidity-chamber"))
    assert found.faults == ()
    assert found.comparisons
    assert all(each.agrees for each in found.comparisons)
    assert [row.result["uncertainty_text"] for row in found.rows] == ["0.68", "0.69", "0.72"]


def test_what_cannot_be_tried_comes_back_as_faults(work_in):
    with work_in() as work:
        nothing = try_design(work, {}, {})
        unknown = try_design(work, changed(["tables", 0, "blocks", 0, "repeats"], "x"), SAMPLE)
        typed = try_design(work, DESIGN, changed(["readings", "33-rh"], "wet", SAMPLE))
        bare = try_design(work, DESIGN, changed(["standards"], [], SAMPLE))
    assert nothing.faults[0].path == "form"
    assert any(one.path == "tables[0].blocks[0].repeats" for one in unknown.faults)
    assert any(one.path == "readings.33-rh" for one in typed.faults)
    assert "Choose a reference standard" in bare.rows[0].result["warnings"][0]


def test_a_design_leaves_as_a_file_and_comes_back_the_same(house):
    version_id = drafted(house)
    with house.work("Ruth Okoye") as work:
        name, written = design_file(work, version_id)
        design, sample = read_design_file(work, written)
        found = get_design(work, version_id)
    assert name == "MP-HUM-9-rev1.json"
    assert (design, sample) == (found.design, found.sample)


@pytest.mark.parametrize(
    "content", ["", "{}", "[]", "x" * 500_000, '{"form": "calibra-procedure/1"}']
)
def test_a_file_that_holds_no_design_is_refused(work_in, content):
    with work_in() as work, pytest.raises(DesignRefused):
        read_design_file(work, content)


def test_there_are_templates_to_choose_from(work_in):
    with work_in() as work:
        assert "humidity-chamber" in {each.key for each in list_templates(work)}
        with pytest.raises(NotFound):
            template_design(work, "no-such")


def test_a_coded_revision_has_no_design(work_in):
    with work_in() as work:
        coded = ProcedureDraft("MP-ELE-04", "Digital multimeters", "Electrical", "MP-ELE-04")
        version_id = draft_version(work, add_procedure(work, coded), VersionDraft("7"))
        with pytest.raises(NotFound):
            get_design(work, version_id)
        seen = work.peek(ProcedureVersion, version_id).version
        with pytest.raises(Conflict, match="model of the engine"):
            save_design(work, version_id, seen, DESIGN, SAMPLE)


def test_a_procedure_of_the_engine_goes_over_to_a_design_of_the_laboratory(house, work_in):
    with work_in() as work:
        coded = ProcedureDraft("MP-TEM-05", "Thermo-hygrometers", "Humidity", "MP-TEM-05")
        procedure_id = add_procedure(work, coded)
        first = draft_version(work, procedure_id, VersionDraft("3"))
        submit_version(work, first)
        approve_version(work, first)
        put_in_effect(work, first)
        assert effective_procedure(work, "MP-TEM-05").model_key == "MP-TEM-05"
    with house.work("Ruth Okoye") as work:
        blank = draft_version(work, procedure_id, VersionDraft(designed=True))
        assert get_design(work, blank).design["tables"][0]["key"] == "indication"
        save_design(work, blank, get_design(work, blank).version, DESIGN, SAMPLE)
    in_effect(house, blank)
    with house.work("Ruth Okoye") as work:
        found = effective_procedure(work, "MP-TEM-05")
    assert (found.model_key, found.design["key"]) == ("designed", "MP-TEM-05")


def test_others_neither_see_nor_write_designs(work_in):
    with work_in() as work:
        version_id = draft_version(
            work, add_procedure(work, OURS), VersionDraft(design=DESIGN, sample=SAMPLE)
        )
    with work_in(roles=frozenset({Role.CU})) as work:
        for deed in (get_design, design_file):
            with pytest.raises(Forbidden):
                deed(work, version_id)
        with pytest.raises(Forbidden):
            try_design(work, DESIGN, SAMPLE)
    with work_in(permissions=frozenset({Permission.LABORATORY_SEE})) as work:
        assert get_design(work, version_id).revision == 1
        with pytest.raises(Forbidden):
            save_design(work, version_id, 1, DESIGN, SAMPLE)
        with pytest.raises(Forbidden):
            read_design_file(work, "{}")


def test_another_laboratorys_design_is_not_found(work_in):
    with work_in() as work:
        version_id = draft_version(
            work, add_procedure(work, OURS), VersionDraft(design=DESIGN, sample=SAMPLE)
        )
    with work_in(laboratory=2) as work:
        for deed in (get_design, design_file):
            with pytest.raises(NotFound):
                deed(work, version_id)
        with pytest.raises(NotFound):
            save_design(work, version_id, 1, DESIGN, SAMPLE)


def test_a_procedure_lists_which_of_its_revisions_are_designed(house):
    version_id = drafted(house)
    with house.work("Ruth Okoye") as work:
        (row,) = get_procedure(work, record_of(house, version_id).procedure_id).versions
    assert (row.designed, row.status) == (True, ProcedureStatus.DRAFT)
