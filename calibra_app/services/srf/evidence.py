"""What the laboratory finds out by itself about one line, as contract review keeps it that minute.

Scope, people, standards and procedure are looked up when the review begins and again whenever
what is agreed changes; the record then shows what was known when somebody answered.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from calibra_app.core.access import within_deed
from calibra_app.core.errors import CalibraError
from calibra_app.models.equipment import Instrument
from calibra_app.models.person import Deed
from calibra_app.models.srf import ContractReview, SrfLine
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.procedures.registry import plan_points
from calibra_app.services.equipment.fitness import usable_standards
from calibra_app.services.laboratory import today_of
from calibra_app.services.people.competence import competent_people
from calibra_app.services.scope import (
    CmcDraft,
    EffectiveProcedure,
    ScopeCheck,
    ScopePoint,
    ScopeVerdict,
    effective_procedure,
    scope_check,
    scope_points,
)
from calibra_app.services.srf.agreement import Agreement

# What stands in a row of evidence where a procedure plans nothing yet.
NO_POINTS = "no points to check yet"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was found for one line.

    Attributes:
        verdict: The scope's word on all points; empty where there was nothing to check.
        sentence: The same for the screen: "partly: 200, 400, 600 A outside".
        outside: The values outside the scope, with their unit; empty where none is.
        rows: The rows of the scope that hold the points, in words.
        people: Who may perform the work on that day.
        standards: The reference standards that may be used on that day.
        procedure: Code and revision of the procedure in effect.
    """

    verdict: str = ""
    sentence: str = NO_POINTS
    outside: str = ""
    rows: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    standards: tuple[str, ...] = ()
    procedure: str = ""
    at: str = ""

    @classmethod
    def of_review(cls, review: ContractReview) -> "Evidence":
        """Return what a review's row keeps."""
        kept = review.evidence
        return cls(
            verdict=review.scope_verdict,
            sentence=str(kept.get("sentence", NO_POINTS)),
            outside=str(kept.get("outside", "")),
            rows=_texts(kept.get("rows")),
            people=_texts(kept.get("people")),
            standards=_texts(kept.get("standards")),
            procedure=str(kept.get("procedure", "")),
            at=str(kept.get("at", "")),
        )

    def write_to(self, review: ContractReview) -> None:
        """Put the findings into a review's row."""
        review.scope_verdict = self.verdict
        review.evidence = {
            **review.evidence,
            "sentence": self.sentence,
            "outside": self.outside,
            "rows": list(self.rows),
            "people": list(self.people),
            "standards": list(self.standards),
            "procedure": self.procedure,
            "at": self.at,
        }


@within_deed
def find_evidence(work: UnitOfWork, line: SrfLine) -> Evidence:
    """Look up scope, people, standards and procedure for a line as it is agreed now."""
    instrument = work.peek(Instrument, line.instrument_id)
    try:
        procedure = effective_procedure(work, line.procedure_code)
    except CalibraError as missing:
        return Evidence(sentence=missing.message, at=_instant(work.now))
    points = points_of(line, procedure)
    today = today_of(work)
    check = scope_check(work, line.procedure_code, points) if points else None
    people = competent_people(
        work,
        Deed.PERFORM,
        line.procedure_code,
        instrument.discipline or procedure.discipline,
        today,
    )
    standards = usable_standards(work, today, line.procedure_code, points) if points else ()
    return Evidence(
        verdict=check.verdict.value if check else "",
        sentence=sentence_of(check) if check else NO_POINTS,
        outside=grouped(check.outside) if check else "",
        rows=tuple(row_in_words(row) for row in check.rows) if check else (),
        people=tuple(person.name for person in people if not person.absent),
        standards=tuple(standard.code for standard in standards),
        procedure=f"{procedure.code} rev. {procedure.revision}",
        at=_instant(work.now),
    )


def points_of(line: SrfLine, procedure: EffectiveProcedure) -> tuple[ScopePoint, ...]:
    """Return the values at which a line is to be calibrated; none while parameters are missing."""
    try:
        planned = plan_points(
            procedure.model_key, procedure.model_version, Agreement.of_line(line).parameters
        )
    except ValueError:
        return ()
    return scope_points(planned)


def sentence_of(check: ScopeCheck) -> str:
    """Return the scope's verdict as the screen says it, values of one unit together."""
    if check.verdict is ScopeVerdict.PARTLY:
        return f"partly: {grouped(check.outside)} outside"
    return check.sentence


def grouped(values: Sequence[str]) -> str:
    """Return values with their units, each unit once: "200, 400, 600 A".

    Example:
        >>> grouped(["200 A", "400 A", "10 kHz"])
        '200, 400 A, 10 kHz'
    """
    told: list[str] = []
    for unit, some in groupby(values, key=lambda value: value.rpartition(" ")[2]):
        numbers = ", ".join(value.rpartition(" ")[0] for value in some)
        told.append(f"{numbers} {unit}".strip())
    return ", ".join(told)


def row_in_words(row: CmcDraft) -> str:
    """Return a row of the scope as one line of text."""
    relative = f" + {row.relative:g} · |x|" if row.relative else ""
    conditions = f" ({row.conditions})" if row.conditions else ""
    return (
        f"{row.measurand}, {_plain(row.low)} to {_plain(row.high)} {row.unit}{conditions}:"
        f" U = {_plain(row.absolute)} {row.absolute_unit}{relative}"
    )


def _plain(value: object) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _texts(kept: object) -> tuple[str, ...]:
    return tuple(str(each) for each in kept) if isinstance(kept, list) else ()  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]


def _instant(now: datetime) -> str:
    return now.isoformat(timespec="seconds")
