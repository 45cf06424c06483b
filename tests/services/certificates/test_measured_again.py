"""A line that is measured again after its request was reopened: a new sheet, a new certificate."""

from sqlmodel import select

from calibra_app.models.calibration import Sheet, SheetState
from calibra_app.models.srf import HeaderState, LineState
from calibra_app.services.certificates import get_certificate
from calibra_app.services.laboratory import today_of
from calibra_app.services.srf.moves import take_line
from calibra_app.services.srf.reopening import (
    Remeasurement,
    measure_again,
    reopen_srf,
)
from tests.builders import PASSWORD

WHY = "The customer doubts the value at 15 mm"


def back_on_the_bench(made, number):
    """Deliver the request, reopen it and give the line back to the bench (T48, T50)."""
    with made.work() as work:
        work.get(type(made.srf()), made.srf().id).state = HeaderState.DELIVERED
        take_line(work, made.lines[number]).state = LineState.RETURNED
    with made.work() as work:
        reopen_srf(work, made.srf().id, made.srf().version, WHY, PASSWORD)
    with made.work() as work:
        again = Remeasurement((made.lines[number],), made.house.people["Mei Lin"], today_of(work))
        measure_again(work, made.srf().id, made.srf().version, again)


def test_a_new_sheet_begins_and_the_certified_one_is_kept(stage):
    made = stage(5)
    made.issued(5)
    with made.work() as work:
        (old_id,) = [sheet.id for sheet in work.exec(select(Sheet)).all()]
    back_on_the_bench(made, 5)
    new_id = made.bench.started(5)
    assert new_id != old_id
    with made.work() as work:
        old, new = work.peek(Sheet, old_id), work.peek(Sheet, new_id)
        assert (old.state, new.state) == (SheetState.VOID, SheetState.OPEN)
        assert old.content_sha256


def test_its_certificate_replaces_the_one_before(stage):
    made = stage(5)
    old_id = made.issued(5)
    back_on_the_bench(made, 5)
    new_id = made.issued(5)
    with made.work() as work:
        old, new = get_certificate(work, old_id), get_certificate(work, new_id)
    assert (old.state, new.state) == ("superseded", "issued")
    assert (new.number, new.replaces.number) == ("MM-26-0414-01/A1", "MM-26-0414-01")
