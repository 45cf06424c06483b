"""The customers' instruments and the laboratory's rooms."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from calibra_app.core.access import Role
from calibra_app.core.errors import Conflict, Forbidden, Invalid, NotFound
from calibra_app.demo.instruments import instrument
from calibra_app.services.customers import CustomerDraft, add_customer
from calibra_app.services.equipment import (
    InstrumentDraft,
    RoomDraft,
    RoomLimit,
    TagTaken,
    add_instrument,
    add_room,
    archive_instrument,
    archive_room,
    change_instrument,
    change_room,
    find_by_tag,
    get_instrument,
    get_room,
    list_instruments,
    list_rooms,
    planned_points,
    room_for,
    same_serial,
)
from calibra_app.services.scope import (
    ProcedureDraft,
    VersionDraft,
    add_procedure,
    approve_version,
    draft_version,
    put_in_effect,
    submit_version,
)

SAMPLE = instrument(5)


@pytest.fixture
def customers(work_in):
    with work_in() as work:
        procedure_id = add_procedure(
            work, ProcedureDraft("MP-DIM-02", "Micrometers", "dimensional", "MP-DIM-02")
        )
        version_id = draft_version(work, procedure_id, VersionDraft("4", 4))
        submit_version(work, version_id)
        approve_version(work, version_id)
        put_in_effect(work, version_id)
        return {
            code: add_customer(work, CustomerDraft(code, f"Customer {code}"))
            for code in ("K1", "K2")
        }


@pytest.fixture
def draft(customers):
    return InstrumentDraft(
        customers["K2"], SAMPLE.tag, SAMPLE.description, SAMPLE.manufacturer, SAMPLE.model,
        SAMPLE.serial, procedure_code="MP-DIM-02", parameters=SAMPLE.parameters,
        due_on=date(2026, 12, 9), interval_months=12,
    )  # fmt: skip


@pytest.fixture
def instrument_id(work_in, draft):
    with work_in() as work:
        return add_instrument(work, draft)


def test_an_instrument_comes_back_as_entered_and_can_be_planned(work_in, draft, instrument_id):
    with work_in() as work:
        found = get_instrument(work, instrument_id)
        points = planned_points(work, "MP-DIM-02", found.draft.parameters)
    assert (found.draft.tag, found.draft.discipline) == ("KA-MIC-0007", "dimensional")
    assert (found.customer_code, found.missing) == ("K2", "")
    assert len(points) == 6


def test_what_the_procedure_still_asks_is_named(work_in, draft):
    with work_in() as work:
        bare = add_instrument(work, replace(draft, parameters={}))
        undecided = add_instrument(work, replace(draft, tag="KA-2", procedure_code=""))
        assert "expected" in get_instrument(work, bare).missing
        assert get_instrument(work, undecided).missing == "Choose a procedure."


@pytest.mark.parametrize("search", ["ka-mic", "0007", "M5521", "mituro micro", "0–25"])
def test_an_instrument_is_found_by_tag_serial_and_description(work_in, instrument_id, search):
    with work_in() as work:
        assert [row.tag for row in list_instruments(work, search).rows] == ["KA-MIC-0007"]


def test_instruments_are_listed_by_customer_and_by_what_is_due(work_in, draft, instrument_id):
    with work_in() as work:
        add_instrument(work, replace(draft, tag="A-1", due_on=date(2026, 12, 1)))
        add_instrument(work, replace(draft, tag="B-1", due_on=None))
        assert [row.tag for row in list_instruments(work).rows] == ["A-1", "B-1", "KA-MIC-0007"]
        due = list_instruments(work, due_by=date(2026, 12, 9)).rows
        assert [row.tag for row in due] == ["A-1", "KA-MIC-0007"]
        other = list_instruments(work, customer_id=draft.customer_id).rows
        assert len(other) == 3


def test_a_scanned_tag_finds_its_instrument(work_in, customers, draft, instrument_id):
    with work_in() as work:
        assert find_by_tag(work, " KA-MIC-0007 ") == instrument_id
        assert find_by_tag(work, "KA-MIC-0007", customers["K1"]) is None
        add_instrument(work, replace(draft, customer_id=customers["K1"]))
        assert find_by_tag(work, "KA-MIC-0007") is None


def test_a_tag_is_taken_once_for_each_customer(work_in, draft, instrument_id):
    with pytest.raises(TagTaken) as refused, work_in() as work:
        add_instrument(work, draft)
    assert refused.value.field == "tag"


def test_the_same_serial_number_elsewhere_is_told(work_in, customers, draft, instrument_id):
    with work_in() as work:
        add_instrument(work, replace(draft, customer_id=customers["K1"], tag="NB-1"))
        assert {row.tag for row in same_serial(work, "M5521")} == {"KA-MIC-0007", "NB-1"}
        assert same_serial(work, " ") == ()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"tag": ""}, "tag"),
        ({"description": ""}, "description"),
        ({"procedure_code": "MP-XXX-01"}, "procedure_code"),
        ({"interval_months": 0}, "interval_months"),
        ({"interval_months": 241}, "interval_months"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(work_in, draft, change, field):
    with pytest.raises(Invalid) as refused, work_in() as work:
        add_instrument(work, replace(draft, **change))
    assert refused.value.field == field


def test_an_instrument_does_not_change_its_owner(work_in, customers, draft, instrument_id):
    with work_in() as work:
        change_instrument(
            work, instrument_id, 1, replace(draft, customer_id=customers["K1"], tag="KA-MIC-8")
        )
        found = get_instrument(work, instrument_id)
    assert (found.customer_code, found.draft.tag) == ("K2", "KA-MIC-8")


def test_an_instrument_put_away_leaves_the_list(work_in, instrument_id):
    with work_in() as work:
        archive_instrument(work, instrument_id, 1)
        assert list_instruments(work).rows == ()
        assert len(list_instruments(work, archived=True).rows) == 1


def test_a_customer_sees_and_changes_the_own_instruments_alone(
    work_in, customers, draft, instrument_id
):
    with work_in(roles={Role.CU}, customer=customers["K2"]) as work:
        assert len(list_instruments(work).rows) == 1
        add_instrument(work, replace(draft, tag="KA-3"))
    with work_in(roles={Role.CU}, customer=customers["K1"]) as work:
        assert list_instruments(work).rows == ()
        assert list_instruments(work, customer_id=customers["K2"]).rows == ()
        assert same_serial(work, "M5521") == ()
        with pytest.raises(NotFound):
            get_instrument(work, instrument_id)
        with pytest.raises(NotFound):
            change_instrument(work, instrument_id, 1, draft)


def test_a_technician_reads_the_registry_and_does_not_change_it(work_in, draft, instrument_id):
    with work_in(roles={Role.TE}) as work:
        assert len(list_instruments(work).rows) == 1
        with pytest.raises(Forbidden):
            change_instrument(work, instrument_id, 1, draft)


def test_another_laboratory_sees_no_instrument_of_ours(work_in, instrument_id):
    with work_in(laboratory=2) as work:
        assert list_instruments(work).rows == ()
        assert find_by_tag(work, "KA-MIC-0007") is None
        with pytest.raises(NotFound):
            get_instrument(work, instrument_id)


E1 = RoomDraft(
    "E1", "Electrical", "electrical", "TH-E1",
    (
        RoomLimit("temperature", Decimal("22.0"), Decimal(24), "°C"),
        RoomLimit("gradient", None, Decimal("0.3"), "K/h"),
    ),
)  # fmt: skip


def test_a_room_keeps_its_limits_as_typed(work_in):
    with work_in() as work:
        room = get_room(work, add_room(work, E1))
    limits = {limit.quantity: limit for limit in room.limits}
    assert str(limits["temperature"].low) == "22.0"
    assert [limits["temperature"].admits(Decimal(v)) for v in ("21.9", "22", "24", "24.1")] == [
        False, True, True, False,
    ]  # fmt: skip
    assert limits["gradient"].admits(Decimal(-5))


def test_a_discipline_has_its_room(work_in):
    with work_in() as work:
        add_room(work, E1)
        add_room(work, RoomDraft("P1", "Pressure", "pressure, torque"))
        assert room_for(work, "Torque").code == "P1"
        assert room_for(work, "mass") is None


def test_limits_the_wrong_way_round_are_refused(work_in):
    wrong = replace(E1, limits=(RoomLimit("temperature", Decimal(24), Decimal(22), "°C"),))
    with pytest.raises(Invalid) as refused, work_in() as work:
        add_room(work, wrong)
    assert refused.value.field == "temperature_low"


def test_rooms_are_changed_and_put_away_by_who_may(work_in):
    with work_in() as work:
        room_id = add_room(work, E1)
        change_room(work, room_id, 1, replace(E1, name="Electrical laboratory"))
        with pytest.raises(Conflict):
            add_room(work, E1)
        archive_room(work, room_id, 2)
        assert list_rooms(work) == ()
        assert len(list_rooms(work, archived=True)) == 1
    with pytest.raises(Forbidden), work_in(roles={Role.TE}) as work:
        add_room(work, replace(E1, code="X"))
    with work_in(laboratory=2) as work:
        assert list_rooms(work, archived=True) == ()
