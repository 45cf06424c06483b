"""Fills an observation sheet with what is read in the sample week, as its technician would."""

from decimal import Decimal

from calibra_app.core.ids import SheetId
from calibra_app.demo.instruments import EARLIER, INSTRUMENTS, SampleInstrument
from calibra_app.demo.readings import SampleObservation, observation
from calibra_app.jobs.runner import UnitOfWork
from calibra_app.services.calibrations import (
    AdjustmentDraft,
    ConditionDraft,
    Phase,
    SheetDetail,
    Typed,
    declare_no_adjustment,
    get_sheet,
    paste_block,
    pick_standard,
    record_adjustment,
    record_condition,
    row_of,
    tick_warm_up,
)

# The instrument that shows the room's climate, where the sample does not name one.
THERMO_HYGROMETER = "TH-{room}"


def prepare_sheet(work: UnitOfWork, sheet_id: SheetId) -> None:
    """Pick the standards, read the room at its lowest and highest, confirm the warm-up."""
    detail = get_sheet(work, sheet_id)
    sample, seen = sample_of(detail)
    there = {each.code for each in detail.standards}
    for code in sample.standards:
        if code not in there:
            pick_standard(work, sheet_id, code)
    source = THERMO_HYGROMETER.format(room=detail.place if " " not in detail.place else "V1")
    for quantity, ends in seen.environment.items():
        for value in ends:
            draft = ConditionDraft(quantity, Decimal(str(value)), source)
            record_condition(work, sheet_id, draft)
    if detail.warm_up_minutes:
        tick_warm_up(work, sheet_id)


def fill_sheet(
    work: UnitOfWork, sheet_id: SheetId, phase: Phase = Phase.AS_FOUND, points: int | None = None
) -> None:
    """Enter every indication of one series that is not there yet; of its first points alone."""
    detail = get_sheet(work, sheet_id)
    _, seen = sample_of(detail)
    lines = seen.as_found
    if phase is Phase.AS_LEFT and seen.as_left is not None:
        lines = seen.as_left
    saved = {(cell.row, cell.repeat): cell for cell in detail.cells if cell.raw}
    cells = [
        Typed(key, phase, repeat, raw)
        for key, line in list(lines.items())[:points]
        for repeat, raw in enumerate(line.split(), 1)
        if (row_of(phase, key), repeat) not in saved
    ]
    if cells:
        paste_block(work, sheet_id, cells, confirmed=True)


def complete_sheet(work: UnitOfWork, sheet_id: SheetId) -> None:
    """Bring a sheet to where it can be signed: standards, room, both series, declaration."""
    prepare_sheet(work, sheet_id)
    fill_sheet(work, sheet_id)
    _, seen = sample_of(get_sheet(work, sheet_id))
    if seen.as_left is None:
        declare_no_adjustment(work, sheet_id)
        return
    record_adjustment(work, sheet_id, AdjustmentDraft(seen.adjustment, "Found outside its limits"))
    fill_sheet(work, sheet_id, Phase.AS_LEFT)


def sample_of(detail: SheetDetail) -> tuple[SampleInstrument, SampleObservation]:
    """Return the instrument of the sample that a sheet is about, and what is read on it."""
    sample = next(each for each in (*INSTRUMENTS, *EARLIER) if each.tag == detail.tag)
    return sample, observation(sample.number)
