"""Typing into a sheet: slips, clashes, corrections, blocks, and who may write at all."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from sqlmodel import func, select

from calibra_app.core.errors import Conflict, Forbidden, Invalid, NotFound
from calibra_app.demo.instruments import instrument
from calibra_app.demo.sheets import prepare_sheet
from calibra_app.models.calibration import Observation, ObservationChange
from calibra_app.models.journal import AuditEvent
from calibra_app.models.srf import HoldKind
from calibra_app.services.calibrations import (
    Phase,
    Typed,
    enter_indication,
    get_point,
    get_sheet,
    paste_block,
    row_of,
    sheet_topic,
)
from calibra_app.services.calibrations.reading import read_indication
from calibra_app.services.srf.planning import hold_line

TEN = "dc-voltage-200-v-10"
HUNDRED = "outside-100-mm"


def typed(raw, *, key=TEN, repeat=1, base=0, phase=Phase.AS_FOUND):
    return Typed(key, phase, repeat, raw, base)


@pytest.fixture
def meter(bench):
    """The multimeter on Daniel's bench, with its sheet."""
    made = bench(8)
    return made, made.started(8)


@pytest.fixture
def caliper(bench):
    """The caliper on Mei's bench, for which Ruth is competent as well."""
    made = bench(6)
    return made, made.started(6)


def raw_of(made, sheet_id, key, repeat=1):
    with made.house.work("Priya Menon") as work:
        cells = {(cell.row, cell.repeat): cell for cell in get_sheet(work, sheet_id).cells}
        return cells[row_of(Phase.AS_FOUND, key), repeat]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("10,00", "10.00"),
        (" 10.010 ", "10.010"),
        ("−0.5", "-0.5"),
        ("1 000", "1000"),
        (".5", "0.5"),
    ],
)
def test_comma_point_and_trailing_zeros_are_read(text, value):
    assert str(read_indication(text)) == str(Decimal(value))


@pytest.mark.parametrize("text", ["ten", "10.0.1", "1e5", "10 V", "", "nan", "1,000.5"])
def test_what_is_no_number_is_refused_with_a_sentence(text):
    with pytest.raises(ValueError, match="is not a number"):
        read_indication(text)


def test_letters_are_refused_beside_the_cell_and_nothing_is_stored(meter):
    made, sheet_id = meter
    with pytest.raises(Invalid) as refused, made.work(8) as work:
        enter_indication(work, sheet_id, typed("1O.01"))
    assert refused.value.field == "indication"
    with made.work(8) as work:
        assert get_sheet(work, sheet_id).cells == ()


def test_a_value_ten_times_off_is_asked_about_and_kept_only_when_confirmed(meter):
    made, sheet_id = meter
    with made.work(8) as work:
        entered = enter_indication(work, sheet_id, typed("100.1"))
        assert not entered.stored
        assert (entered.questions[0].text, entered.questions[0].meant) == ("×10?", "10.01")
    with made.work(8) as work:
        assert get_sheet(work, sheet_id).cells == ()
    with made.work(8) as work:
        assert enter_indication(work, sheet_id, typed("100.1"), confirmed=True).stored
    with made.work(8) as work:
        row = work.exec(select(Observation)).one()
        assert row.confirmed_unusual


def test_a_correction_needs_a_reason_and_keeps_the_old_value(meter):
    made, sheet_id = meter
    with made.work(8) as work:
        enter_indication(work, sheet_id, typed("10,00"))
    with pytest.raises(Invalid) as refused, made.work(8) as work:
        enter_indication(work, sheet_id, typed("10.01", base=1))
    assert refused.value.field == "reason"
    with made.work(8) as work:
        enter_indication(work, sheet_id, typed("10.01", base=1), reason="Typed wrongly")
    cell = raw_of(made, sheet_id, TEN)
    assert (cell.raw, cell.version, cell.corrected) == ("10.01", 2, True)
    with made.work(8) as work:
        event = get_point(work, sheet_id, TEN, Phase.AS_FOUND).history[0]
        assert (event.old_raw, event.raw, event.reason, event.by) == (
            "10,00",
            "10.01",
            "Typed wrongly",
            "Daniel Ortiz",
        )
        entry = work.exec(
            select(AuditEvent).where(
                AuditEvent.table_name == "observation", AuditEvent.reason == "Typed wrongly"
            )
        ).one()
        assert "10,00" in json.dumps(entry.before, ensure_ascii=False)


def test_the_same_text_again_is_a_repetition_and_harms_nothing(meter):
    made, sheet_id = meter
    for _ in range(2):
        with made.work(8) as work:
            entered = enter_indication(work, sheet_id, typed("10.00"))
            assert entered.stored == ((row_of(Phase.AS_FOUND, TEN), 1, 1),)
    with made.work(8) as work:
        assert work.exec(select(func.count()).select_from(ObservationChange)).one() == 0


def test_of_two_who_type_the_same_cell_the_second_is_asked_and_both_stay_on_record(caliper):
    made, sheet_id = caliper
    with made.house.work("Mei Lin") as work:
        enter_indication(work, sheet_id, typed("100.01", key=HUNDRED))
    with made.house.work("Ruth Okoye") as work:
        entered = enter_indication(work, sheet_id, typed("100.02", key=HUNDRED))
        (clash,) = entered.clashes
        assert (clash.by, clash.theirs, clash.typed.raw, clash.version) == (
            "Mei Lin",
            "100.01",
            "100.02",
            1,
        )
    assert raw_of(made, sheet_id, HUNDRED).raw == "100.01"
    with made.house.work("Ruth Okoye") as work:
        over = typed("100.02", key=HUNDRED, base=clash.version)
        assert enter_indication(work, sheet_id, over, reason="Read again").stored
    with made.house.work("Mei Lin") as work:
        event = get_point(work, sheet_id, HUNDRED, Phase.AS_FOUND).history[0]
        assert (event.old_raw, event.raw, event.by) == ("100.01", "100.02", "Ruth Okoye")


def test_who_types_again_before_the_answer_came_corrects_the_own_value(caliper):
    made, sheet_id = caliper
    with made.house.work("Mei Lin") as work:
        enter_indication(work, sheet_id, typed("100.01", key=HUNDRED))
    with (
        pytest.raises(Invalid, match=r"Say why 100\.01 changes"),
        made.house.work("Mei Lin") as work,
    ):
        enter_indication(work, sheet_id, typed("100.02", key=HUNDRED))
    with made.house.work("Mei Lin") as work:
        again = typed("100.02", key=HUNDRED)
        assert enter_indication(work, sheet_id, again, reason="Typed too early").stored
    assert raw_of(made, sheet_id, HUNDRED).raw == "100.02"


def test_two_technicians_and_four_hundred_edits_lose_nothing(caliper):
    made, sheet_id = caliper
    with made.work(6) as work:
        prepare_sheet(work, sheet_id)
    points = {point.key: point for point in instrument(6).points}
    mine = {
        "Mei Lin": [key for key in points if key.startswith("outside")],
        "Ruth Okoye": [key for key in points if key.startswith("inside")],
    }
    failures = []

    def edit(name):
        versions, count = {}, 0
        while count < 200:
            for key in mine[name]:
                for repeat in range(1, points[key].repeats + 1):
                    if count == 200:
                        return versions
                    base = versions.get((key, repeat), (0, ""))[0]
                    raw = f"{points[key].nominal + Decimal(count % 3) / 100:.2f}"
                    with made.house.work(name) as work:
                        cell = typed(raw, key=key, repeat=repeat, base=base)
                        entered = enter_indication(work, sheet_id, cell, reason="Read again")
                    if not entered.stored:
                        failures.append((name, cell, entered))
                        return versions
                    versions[key, repeat] = (entered.stored[0][2], raw)
                    count += 1
        return versions

    with ThreadPoolExecutor(2) as pool:
        kept = [each.result() for each in [pool.submit(edit, name) for name in mine]]
    assert failures == []
    with made.work(6) as work:
        detail = get_sheet(work, sheet_id)
        there = {(cell.row, cell.repeat): (cell.version, cell.raw) for cell in detail.cells}
    expected = {
        (row_of(Phase.AS_FOUND, key), repeat): found
        for edits in kept
        for (key, repeat), found in edits.items()
    }
    assert there == expected
    with made.work(6) as work:
        for key in points:
            rows = work.exec(
                select(Observation.indication).where(Observation.sheet_id == sheet_id)
            ).all()
            assert len(rows) == len(expected)
            point = get_point(work, sheet_id, key, Phase.AS_FOUND)
            cells = [
                Decimal(raw)
                for (row, _), (_, raw) in there.items()
                if row == row_of(Phase.AS_FOUND, key)
            ]
            # The result belongs to what stands there at the end, whoever wrote last.
            assert point.result["mean"] == pytest.approx(float(sum(cells) / len(cells)))


def test_a_block_is_stored_whole_or_not_at_all(meter):
    made, sheet_id = meter
    good = [typed(raw, repeat=at) for at, raw in enumerate(("10,00", "10,01", "10,00"), 1)]
    with pytest.raises(Invalid), made.work(8) as work:
        paste_block(work, sheet_id, [*good, typed("x", repeat=4)])
    with made.work(8) as work:
        assert get_sheet(work, sheet_id).cells == ()
        assert len(paste_block(work, sheet_id, good).stored) == 3
    assert raw_of(made, sheet_id, TEN, 2).raw == "10,01"


def test_the_news_of_a_cell_and_of_its_result_come_in_one_patch(meter, bus):
    made, sheet_id = meter
    with made.work(8) as work:
        topic = sheet_topic(work, sheet_id)
    subscriber = bus.pubsub()
    subscriber.subscribe(topic)
    subscriber.get_message(timeout=30)
    with made.work(8) as work:
        enter_indication(work, sheet_id, typed("10.00"))
    message = None
    until = time.monotonic() + 60
    while message is None and time.monotonic() < until:
        message = subscriber.get_message(ignore_subscribe_messages=True, timeout=30)
    news = json.loads(message["data"])["news"]
    cell, result = news
    assert (cell["row"], cell["column"], cell["value"], cell["version"], cell["by_name"]) == (
        row_of(Phase.AS_FOUND, TEN),
        "1",
        "10.00",
        1,
        "Daniel Ortiz",
    )
    assert (result["row"], result["result"]["remaining"]) == (cell["row"], 4)
    subscriber.close()


def test_a_technician_of_another_field_may_neither_see_nor_write(meter):
    made, sheet_id = meter
    with pytest.raises(Forbidden, match="not yours"), made.house.work("Mei Lin") as work:
        get_sheet(work, sheet_id)
    told = pytest.raises(Forbidden, match="No valid authorization")
    with told, made.house.work("Mei Lin") as work:
        enter_indication(work, sheet_id, typed("10.00"))


def test_who_holds_no_right_to_enter_is_refused(meter):
    made, sheet_id = meter
    with pytest.raises(Forbidden), made.house.work("Jonas Weber") as work:
        enter_indication(work, sheet_id, typed("10.00"))
    with pytest.raises(Forbidden), made.house.work("Yara Haddad") as work:
        get_sheet(work, sheet_id)


def test_another_laboratory_finds_no_such_sheet(meter, work_in):
    _, sheet_id = meter
    with pytest.raises(NotFound), work_in(laboratory=2) as work:
        get_sheet(work, sheet_id)
    with pytest.raises(NotFound), work_in(laboratory=2) as work:
        enter_indication(work, sheet_id, typed("10.00"))


def test_a_cell_outside_the_plan_does_not_exist(meter):
    made, sheet_id = meter
    for cell in (typed("10.00", repeat=6), typed("10.00", repeat=0), typed("1", key="nowhere")):
        with pytest.raises(NotFound), made.work(8) as work:
            enter_indication(work, sheet_id, cell)


def test_nothing_is_written_while_the_line_is_on_hold(meter, line_of):
    made, sheet_id = meter
    with made.work(8) as work:
        hold_line(work, made.lines[8], line_of(made, 8).version, HoldKind.EQUIPMENT, "Lead broken")
    with pytest.raises(Conflict, match="on hold"), made.work(8) as work:
        enter_indication(work, sheet_id, typed("10.00"))


def test_as_left_waits_for_the_adjustment(meter):
    made, sheet_id = meter
    with pytest.raises(Conflict, match="Record the adjustment first"), made.work(8) as work:
        enter_indication(work, sheet_id, typed("10.00", phase=Phase.AS_LEFT))


def test_two_at_the_very_same_moment_get_one_stored_and_one_clash(caliper):
    made, sheet_id = caliper
    barrier = threading.Barrier(2)

    def save(name, raw):
        with made.house.work(name) as work:
            barrier.wait(timeout=60)
            return enter_indication(work, sheet_id, typed(raw, key=HUNDRED))

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(save, "Mei Lin", "100.01")
        second = pool.submit(save, "Ruth Okoye", "100.02")
        outcomes = [first.result(), second.result()]
    assert sorted(len(each.stored) for each in outcomes) == [0, 1]
    assert sorted(len(each.clashes) for each in outcomes) == [0, 1]
