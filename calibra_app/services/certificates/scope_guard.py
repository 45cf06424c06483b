"""The scope guard: may the accreditation symbol stand on a certificate (17025, 7.8.1; ILAC-P8)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from calibra_app.core.access import within_deed
from calibra_app.models.calibration import Sheet, SheetStandard
from calibra_app.models.person import Deed, Person
from calibra_app.models.srf import SrfLine
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.rendering.certificate import ScopeContent
from calibra_app.services.calibrations.pinned import Pinned
from calibra_app.services.certificates.results import PointOutcome
from calibra_app.services.people.competence import is_competent
from calibra_app.services.scope import ScopePoint, scope_check


@dataclass(frozen=True, slots=True)
class ScopeFinding:
    """What the guard found: the decision, and the keys of the points outside the scope."""

    decision: ScopeContent
    outside: frozenset[str] = frozenset()


@within_deed
def guard_scope(  # noqa: PLR0917 - what was measured, with what and when
    work: UnitOfWork,
    line: SrfLine,
    sheet: Sheet,
    outcomes: Sequence[PointOutcome],
    standards: Sequence[SheetStandard],
    performed_on: date,
) -> ScopeFinding:
    """Decide on the symbol of a certificate from what was measured, with what and by whom.

    A result outside the scope does not refuse the symbol: it is marked in a table of its own. What
    does is what takes the whole work out of the scope.
    """
    outside = _outside(work, line.procedure_code, outcomes, performed_on)
    if not line.accredited:
        return ScopeFinding(ScopeContent(), outside)
    refusals = [
        f"{standard.code} was used after the last day of its calibration, "
        f"{standard.due_on.day} {standard.due_on:%b %Y}; the symbol may not be shown."
        for standard in standards
        if standard.due_on < performed_on
    ]
    pinned = Pinned.from_json(sheet.parameters)
    if not is_competent(
        work,
        sheet.performer_id,
        Deed.PERFORM,
        pinned.procedure_code,
        pinned.discipline,
        on=performed_on,
    ):
        name = work.peek(Person, sheet.performer_id).name
        refusals.append(f"{name} was not authorized to perform {pinned.procedure_code} that day.")
    return ScopeFinding(ScopeContent(wants_symbol=True, refusals=tuple(refusals)), outside)


def _outside(
    work: UnitOfWork, procedure_code: str, outcomes: Sequence[PointOutcome], on: date
) -> frozenset[str]:
    asked: dict[str, ScopePoint] = {}
    for outcome in outcomes:
        planned = outcome.planned
        # The key stands for the name, so that the answer can be told apart by point.
        asked[outcome.point.key] = ScopePoint(
            planned.nominal, planned.nominal_unit, planned.function, outcome.point.key
        )
    found = frozenset(scope_check(work, procedure_code, asked.values(), on).outside)
    unfounded = {
        outcome.point.key for outcome in outcomes if not outcome.result.get("in_scope", False)
    }
    return found | unfounded
