"""Splitting lines off a request (T56): they go on under a request of their own.

The accepted offer stays one: it covers both requests, each is charged its own lines. What belongs
to no line, such as travel, is charged with the request that was there first.
"""

from collections.abc import Sequence

from sqlmodel import col, select

from calibra_app.core.access import Permission, permitted
from calibra_app.core.errors import Conflict, Invalid
from calibra_app.core.ids import LineId, SrfId
from calibra_app.models.certificate import Certificate
from calibra_app.models.srf import LineState, Srf, SrfLine
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.laboratory import draw_number
from calibra_app.services.srf.letters import write_to_contact
from calibra_app.services.srf.lookups import instruments_of
from calibra_app.services.srf.moves import Move, lines_of, split_header
from calibra_app.services.srf.printing import print_labels, print_srf_form
from calibra_app.services.srf.register import find_by_words
from calibra_app.services.srf.states import ENDED

_DONE = frozenset({*ENDED, LineState.APPROVED, LineState.RELEASED})


@permitted(Permission.LINE_SPLIT)
def split_lines(
    work: UnitOfWork, srf_id: SrfId, seen: int, line_ids: Sequence[LineId], reason: str
) -> SrfId:
    """Split lines off a request in the laboratory and return the request they go on under (T56).

    Raises:
        Conflict: A line has ended or has its certificate; or somebody changed the request.
        GuardFailed: The reason is too short (G30).
        Invalid: No line is chosen, or none would stay.
    """
    srf = work.get(Srf, srf_id)
    lines = _chosen(work, srf, line_ids)
    into = Srf(
        number=draw_number(work, "srf"),
        customer_id=srf.customer_id,
        contact_id=srf.contact_id,
        channel=srf.channel,
        customer_reference=srf.customer_reference,
        languages=srf.languages,
        remarks=srf.remarks,
        created_by=work.actor.person_id,
        submitted_at=srf.submitted_at,
        received_at=srf.received_at,
        state_since=work.now,
        split_from=srf.split_from or srf.id,
    )
    work.add(into)
    split_header(work, srf, into, lines, Move("T56", seen, reason))
    for each in (srf, into):
        find_by_words(work, each)
    _say_so(work, srf, into, lines, reason)
    return SrfId(into.id)


def _chosen(work: UnitOfWork, srf: Srf, line_ids: Sequence[LineId]) -> list[SrfLine]:
    wanted = frozenset(line_ids)
    active = [line for line in lines_of(work, srf.id) if line.state not in ENDED]
    if not wanted <= {line.id for line in active}:
        raise Conflict("A line belongs to another request, or has ended.", field="lines")
    if not wanted:
        raise Invalid("Choose at least one line.", field="lines")
    if len(wanted) == len(active):
        raise Invalid("At least one line stays on this request.", field="lines")
    lines = [work.get(SrfLine, line.id) for line in active if line.id in wanted]
    certified = set(
        work.exec(select(Certificate.line_id).where(col(Certificate.line_id).in_([*wanted]))).all()
    )
    for line in lines:
        # Its number names this request.
        if line.state in _DONE or line.id in certified:
            raise Conflict(f"Line {line.position} has its certificate; it stays.", field="lines")
    return lines


def _say_so(work: UnitOfWork, srf: Srf, into: Srf, lines: Sequence[SrfLine], reason: str) -> None:
    tags = ", ".join(item.tag for item in instruments_of(work, lines).values())
    print_srf_form(
        work,
        srf,
        lines_of(work, srf.id),
        closing=f"{tags} go on under {into.number}: {reason.strip()}",
    )
    print_srf_form(work, into, lines, closing=f"Split off {srf.number}: {reason.strip()}")
    here = [line for line in lines if line.condition is not None]
    if here:
        print_labels(work, into, here)
    write_to_contact(work, srf, "split", tags=tags, other=into.number, reason=reason.strip())
