"""Choosing the decision rule of a line with its figures in view, and agreeing on it (7.1.3).

The explorer begins with what a line's points will be decided by: their limits, and the smallest U
that the scope promises there. What is chosen goes to the line while its request is open for
writing; once something was measured, the rule that it was measured by stays (G8).
"""

from dataclasses import dataclass, replace
from typing import ClassVar

from sqlmodel import col, select

from calibra_app.core.access import Permission, permitted
from calibra_app.core.entry import LONGEST_TEXT, filled, limited
from calibra_app.core.errors import CalibraError, Conflict, Forbidden, NotFound
from calibra_app.core.ids import LineId, SrfId
from calibra_app.metrology.cmc import Cmc, find_cmc
from calibra_app.metrology.conformity import Limits
from calibra_app.metrology.quantity import MetrologyError
from calibra_app.models.customer import Customer
from calibra_app.models.equipment import Instrument
from calibra_app.models.srf import Srf, SrfLine
from calibra_app.persistence.search import found_by
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.procedures.base import PlannedPoint
from calibra_app.procedures.parameters import Parameters
from calibra_app.procedures.registry import plan_points, procedure_of
from calibra_app.services.laboratory import today_of
from calibra_app.services.scope import EffectiveProcedure, capability_rows, effective_procedure
from calibra_app.services.srf.agreement import Agreement
from calibra_app.services.srf.drafts import NotOpenForWriting
from calibra_app.services.srf.lookups import instruments_of
from calibra_app.services.srf.moves import Stale, announce, lines_of
from calibra_app.services.srf.register import names_of, visible
from calibra_app.services.srf.review import reopen_questions
from calibra_app.services.srf.rules import ChosenRule, entry_of
from calibra_app.services.srf.states import ENDED, OPEN_FOR_WRITING

MOST_REQUESTS = 20
LONGEST_ADDRESS = 1_000


class RuleIsFixed(Conflict):
    """Something was measured by the rule that was agreed before."""

    code: ClassVar[str] = "rule_is_fixed"


@dataclass(frozen=True, slots=True)
class RuleTarget:
    """One line whose rule may still be agreed."""

    line_id: LineId
    version: int
    srf_id: SrfId
    srf_number: str
    customer: str
    position: int
    tag: str
    description: str
    rule: str


@dataclass(frozen=True, slots=True)
class PointFigures:
    """What a point will be decided by: its limits, and U as the scope promises it.

    `expanded_uncertainty` is None outside the scope.
    """

    label: str
    unit: str
    limits: Limits
    expanded_uncertainty: float | None
    trace: str


@dataclass(frozen=True, slots=True)
class LineFigures:
    """One line as the explorer begins with it; `open` while its rule may still be agreed."""

    target: RuleTarget
    agreement: Agreement
    points: tuple[PointFigures, ...]
    open: bool


@permitted(Permission.CONTRACT_REVIEW_TECHNICAL, Permission.SRF_DRAFT)
def list_rule_targets(work: UnitOfWork, words: str = "") -> tuple[RuleTarget, ...]:
    """List the lines whose rule may still be agreed, those of the newest requests first.

    Args:
        work: The transaction.
        words: Number, customer or item; all open requests if empty.
    """
    _require_personnel(work)
    statement = select(Srf).where(col(Srf.state).in_([*OPEN_FOR_WRITING]))
    if words.strip():
        statement = statement.where(col(Srf.id).in_(found_by("srf", words)))
    newest = visible(work, statement).order_by(col(Srf.created_at).desc(), col(Srf.id))
    requests: list[Srf] = list(work.exec(newest.limit(MOST_REQUESTS)).all())
    names = names_of(work, Customer, {srf.customer_id for srf in requests})
    found: list[RuleTarget] = []
    for srf in requests:
        lines = [line for line in lines_of(work, srf.id) if line.state not in ENDED]
        items = instruments_of(work, lines)
        found += [
            _target(srf, line, items[line.instrument_id], names[srf.customer_id]) for line in lines
        ]
    return tuple(found)


@permitted(Permission.SRF_SEE, reading=True)
def figures_of_line(work: UnitOfWork, line_id: LineId) -> LineFigures:
    """Return the limits and the promised U of each point of a line.

    Raises:
        NotFound: There is no such line for the actor.
    """
    line = work.peek(SrfLine, line_id)
    srf = work.exec(visible(work, select(Srf).where(Srf.id == line.srf_id))).first()
    if srf is None:
        raise NotFound("There is no such item.")
    agreement = Agreement.of_line(line)
    customer = work.peek(Customer, srf.customer_id).name
    return LineFigures(
        target=_target(srf, line, work.peek(Instrument, line.instrument_id), customer),
        agreement=agreement,
        points=_points(work, agreement),
        open=srf.state in OPEN_FOR_WRITING and line.state not in ENDED,
    )


@permitted(Permission.CONTRACT_REVIEW_TECHNICAL, Permission.SRF_DRAFT)
def agree_rule(work: UnitOfWork, line_id: LineId, seen: int, chosen: ChosenRule) -> None:
    """Put a rule on a line, with what was said of it; the review of the line opens again.

    Args:
        work: The transaction.
        line_id: The line.
        seen: The version of the line that the actor saw.
        chosen: The rule, the note for the customer, and the figures that were looked at.

    Raises:
        RuleIsFixed: Something was measured by the rule agreed before (G8).
        NotOpenForWriting: The request is past its review.
        Invalid: There is no note that says what the rule means.
    """
    _require_personnel(work)
    note = filled(chosen.note, "note", "the note that explains the rule", most=LONGEST_TEXT)
    figures = limited(chosen.figures, "figures", most=LONGEST_ADDRESS)
    srf = work.get(Srf, work.peek(SrfLine, line_id).srf_id)
    line = work.get(SrfLine, line_id)
    if line.started:
        raise RuleIsFixed(
            "This item was measured by the rule agreed before; another rule now is a deviation"
            " that needs the customer's consent (G8)."
        )
    if srf.state not in OPEN_FOR_WRITING or line.state in ENDED:
        raise NotOpenForWriting("This request is past its review; ask for a change order instead.")
    if seen != line.version:
        raise Stale("Somebody changed this line in the meantime. Look at it again.")
    known = Agreement.of_line(line)
    agreement = replace(
        known,
        decision_rule=entry_of(chosen.rule),
        chosen_rule=ChosenRule(chosen.rule, note, figures),
    )
    work.give_reason(f"Decision rule chosen with its figures in view: {agreement.rule_words}")
    agreement.write_to(line)
    work.session.flush()
    if agreement.differs_in_work(known):
        reopen_questions(work, line)
    announce(work, srf, (line,))


def _require_personnel(work: UnitOfWork) -> None:
    if work.actor.customer_id is not None:
        raise Forbidden("The laboratory enters the rule that it agrees on with you.")


def _target(srf: Srf, line: SrfLine, item: Instrument, customer: str) -> RuleTarget:
    return RuleTarget(
        line_id=LineId(line.id),
        version=line.version,
        srf_id=SrfId(srf.id),
        srf_number=srf.number,
        customer=customer,
        position=line.position,
        tag=item.tag,
        description=item.description,
        rule=Agreement.of_line(line).rule_words,
    )


def _points(work: UnitOfWork, agreement: Agreement) -> tuple[PointFigures, ...]:
    """Return the points that a line's procedure plans; none while something is missing."""
    try:
        procedure = effective_procedure(work, agreement.procedure_code)
        planned = plan_points(procedure.model_key, procedure.model_version, agreement.parameters)
        rows = capability_rows(work, procedure.code, today_of(work))
        figures = [_figures(procedure, point, agreement, rows) for point in planned]
    except (CalibraError, MetrologyError):
        return ()
    return tuple(each for each in figures if each is not None)


def _figures(
    procedure: EffectiveProcedure, point: PlannedPoint, agreement: Agreement, rows: tuple[Cmc, ...]
) -> PointFigures | None:
    model = procedure_of(procedure.model_key, procedure.model_version)
    limit = model.limit(point, Parameters(agreement.parameters))
    if limit.limits.open:
        return None
    value = float(point.nominal)
    row = find_cmc(rows, value, point.nominal_unit, point.function)
    spread = (
        None if row is None else row.uncertainty_at(value, point.nominal_unit, point.result_unit)
    )
    return PointFigures(point.label, point.result_unit, limit.limits, spread, limit.trace)
