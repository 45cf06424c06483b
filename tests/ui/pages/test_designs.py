"""The designer page: a place is changed, taken back, tried out; nothing that is typed is lost."""

import json

import pytest

from calibra_app.core.errors import Invalid
from calibra_app.procedures.designed.design import Design
from calibra_app.procedures.templates import templates
from calibra_app.services.scope import (
    ProcedureDraft,
    VersionDraft,
    add_procedure,
    draft_version,
    get_design,
)
from calibra_app.ui.pages.designs import deeds, editing, state
from calibra_app.ui.pages.designs.deeds import DeedsState
from calibra_app.ui.pages.designs.lines import read_lines, read_list, write_lines, write_list
from calibra_app.ui.pages.designs.page import designer_page
from calibra_app.ui.pages.designs.sample import (
    read_room,
    read_standards,
    write_room,
    write_standards,
)
from calibra_app.ui.pages.designs.shape import PARTS, TABS, Control
from calibra_app.ui.pages.designs.state import DesignerState
from calibra_app.ui.pages.designs.trial import parameter_rows
from calibra_app.ui.pages.designs.trial_state import TrialState

TEMPLATE = next(each for each in templates() if each.key == "humidity-chamber")
DESIGN, SAMPLE = TEMPLATE.design.as_json(), TEMPLATE.example.as_json()
WIDTH = "tables[0].inputs[6].width"


@pytest.fixture
def opened(work_in, monkeypatch):
    """Open the designer at a new draft; its services are asked for real."""
    with work_in() as work:
        procedure_id = add_procedure(
            work, ProcedureDraft("MP-HUM-9", "Our hygrometers", "Humidity", "designed")
        )
        version_id = draft_version(work, procedure_id, VersionDraft(design=DESIGN, sample=SAMPLE))

    async def ask(_state, service, *args, **kwargs):
        with work_in() as work:
            return service(work, *args, **kwargs)

    for module in (state, deeds):
        monkeypatch.setattr(module, "ask", ask)
    monkeypatch.setattr(state.typed, "path_argument", lambda *_: version_id)

    def make(kind=DeedsState):
        made = kind()
        made.permissions = ["procedure:edit", "procedure:approve"]
        return made

    make.version_id = version_id
    return make


def stored(work_in, version_id):
    with work_in() as work:
        return get_design(work, version_id).design


async def test_a_design_opens_with_its_try_out(opened):
    page = opened()
    await DesignerState.load.fn(page)
    assert (page.code, page.revision, page.editable) == ("MP-HUM-9", "1", True)
    assert [row.uncertainty for row in page.trial] == ["0.68", "0.69", "0.72"]
    assert page.agrees
    assert page.point.trace == "2 %RH = ±2 %RH (the maker's specification)"
    assert page.bars[0].name == "Dew-point mirror"
    assert page.faults == []


async def test_a_change_is_tried_and_kept_at_once_and_taken_back(opened, work_in):
    page = opened()
    await DesignerState.load.fn(page)
    await DesignerState.put.fn(page, WIDTH, "4")
    assert (page.trial[1].uncertainty, page.saved, page.can_undo) == ("2.4", "Saved", True)
    assert stored(work_in, opened.version_id)["tables"][0]["inputs"][6]["width"] == "4"
    await DesignerState.undo.fn(page)
    assert page.trial[1].uncertainty == "0.69"
    assert stored(work_in, opened.version_id)["tables"][0]["inputs"][6]["width"] != "4"
    await DesignerState.redo.fn(page)
    assert page.trial[1].uncertainty == "2.4"


async def test_a_fault_is_shown_beside_its_field_and_leads_to_it(opened):
    page = opened()
    await DesignerState.load.fn(page)
    await DesignerState.put.fn(page, WIDTH, "uniformity/2")
    (fault,) = page.faults
    assert (fault.place, fault.bad, fault.after) == (
        "Chamber uniformity: width", "uniformity", "/2",
    )  # fmt: skip
    await DesignerState.go_to.fn(page, fault.path)
    assert (page.tab, page.opened) == ("budget", "tables[0].inputs[6]")
    shown = {row.path: row for row in page.form}
    assert shown[WIDTH].fault == "uniformity is not known here"
    assert shown[WIDTH].value == "uniformity/2"


async def test_what_cannot_be_read_stays_as_it_was_typed(opened):
    page = opened()
    await DesignerState.load.fn(page)
    await DesignerState.go_to.fn(page, "tables[0].limits[0].terms")
    await DesignerState.put.fn(page, "tables[0].limits[0].terms", "two per cent")
    shown = next(row for row in page.form if row.path.endswith(".terms"))
    assert shown.value == "two per cent"
    assert "name: value" in shown.fault
    await DesignerState.put.fn(page, "tables[0].limits[0].terms", "% of value: 2\nconstant: 0.1")
    assert page.trial[1].uncertainty == "0.69"
    assert page.point.trace.startswith("2 % of 33 %RH + 0.1 %RH")


async def test_a_design_that_cannot_be_stored_stays_on_the_page(opened, work_in):
    page = opened()
    await DesignerState.load.fn(page)
    await DesignerState.put.fn(page, "tables[0].limits[0].terms", "two: 3")
    assert page.saved.startswith("Not saved yet")
    assert page.faults[0].path == "tables[0].limits[0].terms[0].kind"
    assert (
        stored(work_in, opened.version_id)["tables"][0]["limits"][0]["terms"]
        == (DESIGN["tables"][0]["limits"][0]["terms"])
    )


async def test_records_are_added_copied_moved_and_taken_out(opened):
    page = opened()
    await DesignerState.load.fn(page)
    await DesignerState.choose_tab.fn(page, "budget")
    names = [row.title for row in page.parts[0].records]
    await DesignerState.add.fn(page, "inputs")
    assert page.parts[0].records[-1].is_open
    assert "d_x is not in the measurement function" in page.faults[0].sentence
    await DesignerState.move.fn(page, "tables[0].inputs", len(names), -1)
    assert [row.title for row in page.parts[0].records][-2] == "New quantity"
    await DesignerState.drop.fn(page, "tables[0].inputs", len(names) - 1)
    assert [row.title for row in page.parts[0].records] == names
    await DesignerState.double.fn(page, "tables[0].inputs", 0)
    assert len(page.parts[0].records) == len(names) + 1


async def test_another_test_of_the_sheet_is_begun_and_taken_out(opened):
    page = opened()
    await DesignerState.load.fn(page)
    await DesignerState.add_table.fn(page)
    assert (page.table, len(page.tables)) == (1, 2)
    await DesignerState.drop_table.fn(page)
    assert (page.table, len(page.tables)) == (0, 1)


async def test_sample_readings_give_their_figures_while_they_are_typed(opened):
    page = opened(TrialState)
    await DesignerState.load.fn(page)
    await TrialState.read.fn(page, "50-rh", "51,1 51,0 51,1 51,0 51,2")
    assert page.trial[1].error == "+1.08"
    assert page.looked_at == "50-rh"
    await TrialState.read.fn(page, "50-rh", "51 wet")
    assert page.faults[0].sentence == "wet is not a number"
    await TrialState.read.fn(page, "50-rh", "51.0 51.2")
    await TrialState.put_parameter.fn(page, "resolution", "2")
    assert float(page.trial[1].uncertainty) > 1
    await TrialState.put_room.fn(page, "temperature: 30; 31")
    assert "Temperature outside 21 to 25 °C." in page.said
    await TrialState.put_standards.fn(page, "no standard")
    assert "Line 1" in page.sample_fault
    await TrialState.put_standards.fn(page, "S-1; relative humidity; 50 %RH; U=0.2; unit=%RH")
    assert page.sample_fault == ""


async def test_the_text_of_the_design_is_taken_or_told(opened):
    page = opened()
    await DesignerState.load.fn(page)
    await DesignerState.put_text.fn(page, "{")
    assert page.text_fault.startswith("Not JSON")
    assert page.text == "{"
    changed = json.loads(json.dumps(DESIGN))
    changed["note"] = "Changed as text"
    await DesignerState.put_text.fn(page, json.dumps(changed))
    assert page.text_fault == ""
    assert "Changed as text" in page.text


async def test_a_template_fills_design_and_try_out_and_goes_back_in_one_step(opened):
    page = opened()
    await DesignerState.load.fn(page)
    await DesignerState.put.fn(page, WIDTH, "4")
    await DeedsState.choose_template.fn(page)
    assert "humidity-chamber" in [row.key for row in page.templates]
    await DeedsState.begin_from.fn(page, "humidity-chamber")
    assert (page.dialog, page.agrees) == ("", True)
    await DesignerState.undo.fn(page)
    assert page.trial[1].uncertainty == "2.4"


async def test_a_file_that_is_no_design_is_refused_in_its_dialog(opened):
    page = opened()
    await DesignerState.load.fn(page)
    await DeedsState.choose_file.fn(page)
    await DeedsState.take_file.fn(page, {"file": "nothing"})
    assert "not JSON" in page.errors["file"]
    assert page.dialog == "import"


async def test_handed_over_it_is_no_longer_changed(opened, work_in):
    page = opened()
    await DesignerState.load.fn(page)
    await DeedsState.hand_over.fn(page)
    assert (page.status, page.editable) == ("in_review", False)
    before = stored(work_in, opened.version_id)
    await DesignerState.put.fn(page, WIDTH, "4")
    assert stored(work_in, opened.version_id) == before


async def test_events_with_places_that_are_none_do_no_harm(opened, work_in):
    page = opened()
    await DesignerState.load.fn(page)
    before = stored(work_in, opened.version_id)
    for path in ("", "x", "tables[9].inputs[0].width", "tables[0].__class__", "..", "key[0].a"):
        await DesignerState.put.fn(page, path, "1")
        await DesignerState.go_to.fn(page, path)
        await DesignerState.open_record.fn(page, path)
        page.opened = ""
    await DesignerState.add.fn(page, "nothing")
    await DesignerState.drop.fn(page, "tables[0].inputs", 99)
    await DesignerState.double.fn(page, "tables[0].inputs", 99)
    await DesignerState.move.fn(page, "tables[0].inputs", 0, -1)
    await DesignerState.choose_table.fn(page, "wide")
    assert stored(work_in, opened.version_id) == before


def test_the_page_builds():
    assert designer_page().render()


def test_every_field_of_every_record_can_be_edited():
    shown = {name for part in PARTS.values() for name in (each.name for each in part.fields)}
    table = Design.from_json(DESIGN).tables[0]
    for records in (table.blocks, table.columns, table.inputs, table.limits):
        assert set(records[0].__dataclass_fields__) <= shown
    assert {name for _, _, lists in TABS for name in lists} == set(PARTS)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("terms", [{"kind": "% of value", "amount": "0.05"},
                   {"kind": "constant", "amount": "2", "unit": "mV"}]),
        ("steps", [{"up_to": "100", "amount": "0.8"}]),
        ("options", [{"text": "water", "value": "0"}]),
        ("when", {"parameter": "class", "equals": ["A", "B"]}),
        ("values", {"f": ["50", "1000"]}),
    ],
)  # fmt: skip
def test_small_lists_read_back_as_they_were_written(name, value):
    assert read_lines(name, write_lines(name, value)) == value


def test_lists_and_records_read_back_as_they_were_written():
    assert read_list(write_list(["20", "50"])) == ["20", "50"]
    records = [{"function": "DC voltage", "points": ["10", "19"], "unit": "V"}]
    assert read_list(write_list(records)) == records
    assert read_list("0.1", one=True) == "0.1"


def test_the_sample_reads_back_as_it_was_written():
    standards = read_standards("S-1; mass; 100 g; U=0.1; k=2; unit=mg")
    assert read_standards(write_standards(standards)) == standards
    room = read_room("temperature: 22,8; 23.3")
    assert room == {"temperature": ["22.8", "23.3"]}
    assert read_room(write_room(room)) == room


@pytest.mark.parametrize("text", ["mass; 100 g", "S; mass; 100 g; k=2", "S; mass; 1 g; W=1"])
def test_a_standard_without_its_figures_is_refused(text):
    with pytest.raises(Invalid, match="Line 1"):
        read_standards(text)


def test_a_change_leaves_the_design_before_it():
    before = json.dumps(DESIGN)
    editing.put(DESIGN, WIDTH, "9")
    editing.add(DESIGN, "tables[0].limits", {"terms": []})
    editing.drop(DESIGN, "tables[0].inputs", 0)
    assert json.dumps(DESIGN) == before
    assert editing.field_at(DESIGN, WIDTH).control is Control.FORMULA


def test_a_parameter_of_the_sample_is_asked_for_in_the_unit_of_the_instrument():
    torque = next(each for each in templates() if each.key == "torque-hand-tools").design.as_json()
    units = {row.name: row.unit for row in parameter_rows(torque, {})}
    assert units["range_max"] == "N·m"
    assert units["device_error"] == "%"
    other = {row.name: row.unit for row in parameter_rows(torque, {"unit": "kN·m"})}
    assert other["range_max"] == "kN·m"
