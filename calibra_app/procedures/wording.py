"""What an evaluation says in words and figures on paper."""

import math
from decimal import Decimal

from calibra_app.metrology.budget import UncertaintyBudget
from calibra_app.metrology.cmc import FlooredUncertainty
from calibra_app.metrology.conformity import Conformity, Statement
from calibra_app.metrology.rounding import RoundedResult, exact, plain, round_uncertainty
from calibra_app.procedures.base import MaximumPermissibleError, Run


def limit_text(limit: MaximumPermissibleError) -> str:
    """Return the limits as they stand on a sheet."""
    lower, upper = limit.limits.lower, limit.limits.upper
    if limit.limits.open:
        return ""
    if lower is not None and upper is not None and lower == -upper:
        return f"±{plain(upper)} {limit.unit}"
    ends = ("…" if end is None else signed_plain(end) for end in (lower, upper))
    return f"{' … '.join(ends)} {limit.unit}"


def explanations(
    run: Run,
    budget: UncertaintyBudget,
    floored: FlooredUncertainty,
    conformity: Conformity,
    paper: RoundedResult,
) -> tuple[str, ...]:
    """Return the sentences that explain a result beside its budget."""
    unit = run.point.result_unit
    biggest = budget.biggest
    lines = [
        f"Biggest contribution: {biggest.title}, {100 * budget.share(biggest):.0f} %.",
        (
            f"u_c = {budget.combined_standard_uncertainty:.4g} {unit}, "
            f"ν_eff = {degrees_text(budget.degrees_of_freedom)}, "
            f"k = {budget.coverage_factor:.2f} for {100 * budget.coverage_probability:.2f} %: "
            f"U = {budget.expanded_uncertainty:.4g} {unit}."
        ),
    ]
    if floored.cmc is not None and floored.floored:
        lines.append(
            f"The computed U = {budget.expanded_uncertainty:.2g} {unit} lies below the CMC; "
            f"U = {plain(paper.expanded_uncertainty)} {unit} is reported instead."
        )
    if conformity.statement is not Statement.NO_STATEMENT:
        tur = "" if conformity.tur is None else f", TUR = {conformity.tur:.2f}"
        lines.append(
            f"Rule: {run.rule.text}{tur}; accepted within {_acceptance_text(conformity)} {unit}; "
            f"probability of conformity {probability_text(conformity.probability_of_conformity)}."
        )
    return tuple(lines)


def footnotes(conformity: Conformity, paper: RoundedResult) -> tuple[str, ...]:
    """Return what the printed digits alone would get wrong."""
    # The statement is made on unrounded numbers; where the printed digits alone would say
    # otherwise, the reader is told.
    inside = conformity.limits.hold(paper.value)
    passed = conformity.statement in (Statement.PASS, Statement.CONDITIONAL_PASS)
    failed = conformity.statement in (Statement.FAIL, Statement.CONDITIONAL_FAIL)
    if passed and not inside:
        return ("Before rounding the value lies inside the limit.",)
    if failed and inside and conformity.guard_band == 0:
        return ("Before rounding the value lies outside the limit.",)
    if conformity.statement is Statement.UNDECIDED:
        return ("U is greater than the maximum permissible error: the method cannot decide.",)
    return ()


def signed_plain(value: Decimal) -> str:
    """Return a decimal as text with a true minus sign."""
    return plain(value).replace("-", "−")


def scatter_text(scatter: float) -> str:
    """Return a standard deviation to two significant digits."""
    return plain(round_uncertainty(exact(scatter)))


def degrees_text(degrees_of_freedom: float) -> str:
    """Return effective degrees of freedom, cut to the integer below."""
    return "∞" if math.isinf(degrees_of_freedom) else str(math.floor(degrees_of_freedom + 1e-9))


def probability_text(probability: float | None) -> str:
    """Return a probability in per cent, without pretending to certainty."""
    if probability is None:
        return ""
    percent = 100 * probability
    if percent > 99.95:  # noqa: PLR2004
        return "> 99.9 %"
    return "< 0.1 %" if percent < 0.05 else f"{percent:.1f} %"  # noqa: PLR2004


def _acceptance_text(conformity: Conformity) -> str:
    lower, upper = conformity.acceptance.lower, conformity.acceptance.upper
    ends = (
        "…" if end is None else f"{float(end):+.4g}".replace("-", "−") for end in (lower, upper)
    )
    return " to ".join(ends)
