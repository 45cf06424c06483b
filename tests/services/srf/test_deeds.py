"""Dropping cards: what happens at once, what asks first, what is refused and by which guard."""

from datetime import timedelta

import pytest
from sqlmodel import select

from calibra_app.core.errors import CalibraError, Conflict, Forbidden, Invalid, NotFound
from calibra_app.models.person import Signature
from calibra_app.models.srf import CustomerDecision, HeaderState, HoldKind, LineState, Srf, SrfLine
from calibra_app.services.srf.deed_forms import DeedForm, do_deed
from calibra_app.services.srf.deeds import Asks, CardKind, NotThere, drop_card, open_deed
from calibra_app.services.srf.guards import GuardFailed
from calibra_app.services.srf.moves import Stale
from calibra_app.services.srf.snapshot import last_record
from tests import stages
from tests.board_stages import a_request, change
from tests.builders import PASSWORD


@pytest.fixture
def here(house):
    """A request whose two items are here; the ids of its lines."""
    return a_request(house)


def seen(house, line_id):
    return stages.seen(house, SrfLine, line_id)


def drop(house, line_id, column, by="Marco Bellini", version=None):
    version = version or seen(house, line_id)
    with house.work(by) as work:
        return drop_card(work, CardKind.LINE, line_id, version, column)


def fill_in(house, number, *line_ids, by="Marco Bellini", **more):
    lines = tuple((line_id, seen(house, line_id)) for line_id in line_ids)
    with house.work(by) as work:
        return do_deed(work, DeedForm(number, lines, **more))


def tomorrow(house):
    with house.work() as work:
        return work.now.date() + timedelta(days=1)


def state(house, line_id):
    with house.work() as work:
        return work.peek(SrfLine, line_id).state


def test_dropping_on_assigned_asks_for_person_and_day(house, here):
    deed = drop(house, here[0], "assigned").deed
    assert (deed.asks, deed.number, [line.id for line in deed.lines]) == (
        Asks.ASSIGN,
        "T21",
        [here[0]],
    )
    person = {"person_id": house.people["Mei Lin"], "day": tomorrow(house)}
    assert fill_in(house, "T21", here[0], **person) == "Assign: KA-MIC-0007."
    assert state(house, here[0]) is LineState.ASSIGNED


def test_the_refusal_of_a_person_without_authorization_names_its_guard(house, here):
    with pytest.raises(GuardFailed, match="No valid authorization MP-DIM-02") as refusal:
        fill_in(house, "T21", here[0], person_id=house.people["Tomasz Nowak"], day=tomorrow(house))
    assert refusal.value.guard == "G11"
    assert state(house, here[0]) is LineState.RECEIVED


@pytest.mark.parametrize(("given", "field"), [({}, "person"), ({"person_id": "mei"}, "day")])
def test_what_is_missing_is_named_beside_its_field(house, here, given, field):
    given = dict.fromkeys(given, house.people["Mei Lin"])
    with pytest.raises(Invalid) as refusal:
        fill_in(house, "T21", here[0], **given)
    assert refusal.value.field == field


def test_a_technician_takes_a_line_by_the_drop_alone(house, here):
    assert drop(house, here[0], "assigned", "Mei Lin").done == "Assign: KA-MIC-0007."
    with house.work() as work:
        assert work.peek(SrfLine, here[0]).assignee_id == house.people["Mei Lin"]


def test_of_two_drops_one_is_late(house, here):
    version = seen(house, here[0])
    drop(house, here[0], "assigned", "Mei Lin", version)
    with pytest.raises(Stale):
        drop(house, here[0], "assigned", "Ruth Okoye", version)


def test_a_line_goes_back_into_the_queue_by_the_drop_alone(house, here):
    drop(house, here[0], "assigned", "Mei Lin")
    assert drop(house, here[0], "received").done
    assert state(house, here[0]) is LineState.RECEIVED


def test_an_assigned_line_is_given_to_somebody_else_from_its_own_column(house, here):
    drop(house, here[0], "assigned", "Mei Lin")
    deed = drop(house, here[0], "assigned").deed
    assert (deed.asks, deed.number) == (Asks.ASSIGN, "T22")
    fill_in(house, "T22", here[0], person_id=house.people["Ruth Okoye"], day=tomorrow(house))
    with house.work() as work:
        line = work.peek(SrfLine, here[0])
        assert (line.state, line.assignee_id) == (LineState.ASSIGNED, house.people["Ruth Okoye"])


def test_a_drop_where_nothing_leads_is_refused_with_the_reason(house, here):
    with pytest.raises(NotThere, match="goes to"):
        drop(house, here[0], "qc")
    with pytest.raises(NotThere, match="Your roles do not include"):
        drop(house, here[0], "assigned", "Asha Rao")


def test_waiting_asks_for_which_reason_and_then_for_its_words(house, here):
    change(house, here[0], state=LineState.IN_PROGRESS, assignee_id=house.people["Mei Lin"])
    deed = drop(house, here[0], "waiting", "Mei Lin").deed
    assert deed.asks is Asks.CHOICE
    assert [number for number, _ in deed.choices] == ["T25", "T27", "T30"]
    with house.work("Mei Lin") as work:
        assert open_deed(work, "T25", [here[0]]).asks is Asks.HOLD
    with pytest.raises(GuardFailed) as refusal:
        fill_in(house, "T25", here[0], by="Mei Lin", hold=HoldKind.EQUIPMENT, reason="x")
    assert refusal.value.guard == "G30"
    fill_in(
        house,
        "T25",
        here[0],
        by="Mei Lin",
        hold=HoldKind.EQUIPMENT,
        reason="The comparator drifts.",
    )
    assert state(house, here[0]) is LineState.ON_HOLD


def test_parts_wait_for_the_customers_consent(house, here):
    change(house, here[0], state=LineState.IN_PROGRESS, assignee_id=house.people["Mei Lin"])
    with pytest.raises(GuardFailed) as refusal:
        fill_in(house, "T30", here[0], by="Mei Lin", reason="A new spindle")
    assert refusal.value.guard == "G07"
    with house.work("Mei Lin") as work:
        work.add(
            CustomerDecision(
                line_id=here[0],
                kind="repair",
                question="Repair?",
                asked_by=work.actor.person_id,
                asked_at=work.now,
                decided_at=work.now,
                decision="proceed",
            )
        )
    fill_in(house, "T30", here[0], by="Mei Lin", reason="A new spindle")
    assert state(house, here[0]) is LineState.AWAITING_PARTS
    assert drop(house, here[0], "in_progress", "Mei Lin").done
    assert state(house, here[0]) is LineState.IN_PROGRESS


def test_a_hold_for_a_nonconformity_is_released_by_a_signature(house, here):
    change(
        house,
        here[0],
        state=LineState.ON_HOLD,
        hold_kind=HoldKind.NONCONFORMITY,
        assignee_id=house.people["Mei Lin"],
    )
    deed = drop(house, here[0], "in_progress", "Samuel Okafor").deed
    assert (deed.asks, deed.signed) == (Asks.RESUME, True)
    with pytest.raises(NotThere):
        drop(house, here[0], "in_progress", "Marco Bellini")


def test_a_signature_covers_the_record_as_it_stood(house, here):
    mei = house.people["Mei Lin"]
    change(house, here[0], state=LineState.IN_PROGRESS, started=True, assignee_id=mei)
    fill_in(
        house,
        "T25",
        here[0],
        by="Samuel Okafor",
        hold=HoldKind.NONCONFORMITY,
        reason="Fell on the floor",
    )
    with house.work() as work:
        srf_id = work.peek(SrfLine, here[0]).srf_id
        stood = last_record(work, srf_id)
    fill_in(
        house, "T26", here[0], by="Samuel Okafor", reason="Checked and unharmed", password=PASSWORD
    )
    with house.work() as work:
        signed = work.exec(select(Signature).where(Signature.subject_id == here[0])).one()
        assert signed.content_sha256 == stood.sha256
        assert last_record(work, srf_id).sequence == stood.sequence + 1


def test_a_dropped_request_asks_which_of_its_items(house, here):
    with house.work("Marco Bellini") as work:
        srf = work.peek(Srf, work.peek(SrfLine, here[0]).srf_id)
        deed = drop_card(work, CardKind.SRF, srf.id, srf.version, "assigned").deed
    assert [line.id for line in deed.lines] == here
    fill_in(house, "T21", *here, person_id=house.people["Mei Lin"], day=tomorrow(house))
    with house.work() as work:
        assert work.peek(Srf, srf.id).state is HeaderState.ASSIGNED


def test_a_deed_for_several_items_is_done_for_all_or_for_none(house, here):
    change(house, here[1], state=LineState.ASSIGNED, assignee_id=house.people["Ruth Okoye"])
    lines = ((here[0], seen(house, here[0])), (here[1], 1))
    form = DeedForm("T21", lines, person_id=house.people["Mei Lin"], day=tomorrow(house))
    with pytest.raises(Conflict), house.work("Marco Bellini") as work:
        do_deed(work, form)
    assert state(house, here[0]) is LineState.RECEIVED


def test_a_submitted_request_is_reviewed_on_its_page_since_it_stays_in_its_column(house):
    srf_id = stages.submitted(house)
    with house.work("Ruth Okoye") as work:
        version = work.peek(Srf, srf_id).version
        with pytest.raises(NotThere, match="there already"):
            drop_card(work, CardKind.SRF, srf_id, version, "intake")


def test_a_reviewed_request_is_accepted_by_the_drop_under_an_agreement(house):
    srf_id = stages.reviewed(house)
    with house.work() as work:
        version = work.peek(Srf, srf_id).version
    with pytest.raises(GuardFailed) as refusal, house.work() as work:
        drop_card(work, CardKind.SRF, srf_id, version, "expected")
    assert refusal.value.guard == "G07"


def test_expected_items_are_received_from_the_board(house):
    srf_id = stages.accepted(house)
    lines = stages.line_ids(house, srf_id)
    with house.work() as work:
        version = work.peek(Srf, srf_id).version
        deed = drop_card(work, CardKind.SRF, srf_id, version, "received").deed
    assert deed.asks is Asks.RECEIVE
    fill_in(house, "T18", *lines, by="Asha Rao", place="Shelf 3")
    assert stages.state_of(house, srf_id) is HeaderState.RECEIVED


def test_another_laboratory_cannot_drop_a_card(house, here, work_in):
    with pytest.raises(NotFound), work_in(laboratory=2) as work:
        drop_card(work, CardKind.LINE, here[0], 1, "assigned")


def test_who_only_looks_cannot_drop(house, here):
    for name in ("Ingrid Solberg", "Yara Haddad", "Victor Hale"):
        with pytest.raises((Forbidden, CalibraError)):
            drop(house, here[0], "assigned", name)
