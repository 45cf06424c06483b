"""The cases that ask for a decision or for figures on paper."""

import math
from decimal import Decimal

from calibra_app.metrology.case_input import Answer, Fields
from calibra_app.metrology.cmc import Cmc, Combination, floor_at_cmc
from calibra_app.metrology.conformity import (
    DecisionRule,
    Limits,
    RuleName,
    decide,
    probability_of_conformity,
)
from calibra_app.metrology.linear_validation import validate
from calibra_app.metrology.probability import normal_quantile, t_probability
from calibra_app.metrology.quantity import MetrologyError, compatible, convert
from calibra_app.metrology.risk import Population, global_risk, guard_band_for, item_uncertainty
from calibra_app.metrology.rounding import (
    MOST_CASE_DIGITS,
    Mode,
    decimal_of,
    plain,
    round_result,
    round_uncertainty,
)


def conformity(case: Fields) -> Answer:
    """Answer probability, guard band, acceptance limits and statement."""
    question = case.record("input")
    answer: Answer = {}
    if question.has("exceed"):
        answer["threshold"] = _threshold(question.record("exceed"))
    if not question.has("y"):
        return answer
    value = question.finite("y")
    u, expanded = _uncertainties(question)
    mean, spread = value, u
    if question.has("prior_u"):
        mean, spread = _posterior(question, value, u)
        answer |= {"posterior_mean": mean, "posterior_u": spread}
    lower, upper = _limits(question)
    if lower is None and upper is None:
        return answer
    degrees = _degrees(question)
    chance = probability_of_conformity(mean, spread, lower, upper, degrees)
    answer |= {"p_conform": chance, "p_nonconform": _outside(mean, spread, lower, upper, degrees)}
    limits = Limits(_decimal(lower), _decimal(upper))
    if limits.half_width is not None and question.has("standard_tolerance"):
        answer["TAR"] = limits.half_width / question.positive("standard_tolerance")
    if limits.half_width is not None and expanded:
        answer["TUR"] = limits.half_width / expanded
    found = decide(
        exact_text(value),
        limits,
        rule_of(question.record("rule")),
        expanded_uncertainty=expanded,
        standard_uncertainty=u,
    )
    return answer | {
        "w": float(found.guard_band),
        "accept_lower": _float(found.acceptance.lower),
        "accept_upper": _float(found.acceptance.upper),
        "statement": found.statement.value,
    }


def _degrees(question: Fields) -> float:
    """Read the degrees of freedom of a t distribution; a normal one has no end of them."""
    dist = question.text("dist", "normal")
    if dist not in ("normal", "t"):
        raise MetrologyError(f"input.dist: expected normal or t, not {dist}")
    return question.positive("dof", math.inf, endless=True) if dist == "t" else math.inf


def _limits(question: Fields) -> tuple[float | None, float | None]:
    """Read the limits; an infinite one is none."""
    lower, upper = question.number("lower", -math.inf), question.number("upper", math.inf)
    if lower == math.inf or upper == -math.inf:
        raise MetrologyError("lower, upper: no value lies within these limits")
    return None if math.isinf(lower) else lower, None if math.isinf(upper) else upper


def _outside(
    mean: float, spread: float, lower: float | None, upper: float | None, degrees: float
) -> float:
    """Return the probability of nonconformity from the tails, without losing small ones."""
    if spread == 0:
        return 1.0 - probability_of_conformity(mean, spread, lower, upper)
    ends = [] if lower is None else [lower - mean]
    ends += [] if upper is None else [mean - upper]
    return math.fsum(t_probability(end / spread, degrees) for end in ends)


def _threshold(fields: Fields) -> float:
    room = 1.0 - normal_quantile(fields.probability("p")) * fields.size("u_rel")
    if room <= 0:
        raise MetrologyError("exceed: the uncertainty is too large for this probability")
    return fields.finite("limit") / room


def _uncertainties(question: Fields) -> tuple[float, float]:
    factor = question.positive("k", 2.0)
    if not question.has("u") and not question.has("U"):
        raise MetrologyError("u or U: expected a number")
    u = question.size("u") if question.has("u") else question.size("U") / factor
    return u, question.size("U") if question.has("U") else factor * u


def _posterior(question: Fields, value: float, u: float) -> tuple[float, float]:
    """Return the normal posterior of a normal prior (JCGM 106:2012, 7.2.2)."""
    prior_mean, prior_u = question.finite("prior_mean"), question.finite("prior_u")
    if not prior_u > 0 or not u > 0:
        raise MetrologyError("prior_u and u: expected positive numbers")
    variance = 1.0 / (prior_u**-2 + u**-2)
    return variance * (prior_mean / prior_u**2 + value / u**2), math.sqrt(variance)


def rule_of(fields: Fields) -> DecisionRule:
    """Read a decision rule; simple acceptance where nothing is said."""
    name = fields.text("name", "simple")
    if name not in set(RuleName):
        raise MetrologyError(f"rule.name: there is no rule {name}")
    given = next((key for key in ("p", "pfa", "risk", "alpha") if fields.has(key)), "p")
    return DecisionRule(
        RuleName(name),
        fields.finite("r", 1.0),
        fields.probability(given, 0.025),
        non_binary=fields.flag("non_binary"),
    )


def exact_text(value: float) -> Decimal:
    """Return a JSON number as the decimal that was written."""
    return Decimal(repr(value))


def _decimal(value: float | None) -> Decimal | None:
    return None if value is None else exact_text(value)


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def risk(case: Fields) -> Answer:
    """Answer global risks, or the guard band for a target."""
    question = case.record("input")
    lower, upper = _limits(question)
    if not question.has("itp") and not question.has("u_0"):
        raise MetrologyError("input.u_0: expected a number, or itp instead of it")
    if question.has("itp"):
        if lower is None or upper is None:
            raise MetrologyError("itp: expected a lower and an upper limit")
        mean = question.finite("y0", (lower + upper) / 2)
        spread = item_uncertainty(question.finite("itp"), (upper - lower) / 2)
    else:
        mean, spread = question.finite("y0", 0.0), question.finite("u_0")
    population = Population(mean, spread, question.finite("u_m"), lower, upper)
    width = question.finite("w", 0.0)
    if question.has("target_pfa"):
        width = guard_band_for(population, question.finite("target_pfa"))
    found = global_risk(population, width)
    return {
        "pfa": found.false_acceptance,
        "pfr": found.false_rejection,
        "cpfa": found.conditional_false_acceptance,
        "p_in_tolerance": found.in_tolerance,
        "u_0": spread,
        "w": width,
    }


def _mode(question: Fields) -> Mode:
    mode = question.text("mode", Mode.HALF_UP)
    if mode not in set(Mode):
        raise MetrologyError(f"mode: there is no mode {mode}")
    return Mode(mode)


def _digits(question: Fields) -> int:
    digits = question.whole("digits", 2)
    if not 1 <= digits <= MOST_CASE_DIGITS:
        raise MetrologyError(f"digits: expected 1 to {MOST_CASE_DIGITS}")
    return digits


def rounding(case: Fields) -> Answer:
    """Answer U and y as texts."""
    question = case.record("input")
    uncertainty = decimal_of(question.text("U"), "U")
    digits, mode = _digits(question), _mode(question)
    if not question.has("y"):
        return {"U": plain(round_uncertainty(uncertainty, digits, mode))}
    found = round_result(decimal_of(question.text("y"), "y"), uncertainty, digits, mode)
    return {"U": plain(found.expanded_uncertainty), "y": plain(found.value)}


def report(case: Fields) -> Answer:
    """Answer the reported line: U = k·u, not below the CMC, rounded."""
    question = case.record("input")
    computed = decimal_of(question.text("u"), "u") * decimal_of(question.text("k", "2"), "k")
    floor = decimal_of(question.text("cmc"), "cmc") if question.has("cmc") else None
    floored = floor is not None and computed < floor
    found = round_result(
        decimal_of(question.text("y"), "y"),
        floor if floor is not None and floored else computed,
        _digits(question),
        _mode(question),
        floor,
    )
    value, uncertainty = plain(found.value), plain(found.expanded_uncertainty)
    line = f"({value} ± {uncertainty}) {question.text('unit', '')}".rstrip()
    return {"U": uncertainty, "y": value, "floored": floored, "text": line}


def guf_validation(case: Fields) -> Answer:
    """Answer whether the linear result agrees with Monte Carlo."""
    question = case.record("input")
    ends: list[tuple[Decimal, Decimal]] = []
    for name in ("guf", "mc"):
        numbers = question.numbers(name)
        if len(numbers) != 2:  # noqa: PLR2004
            raise MetrologyError(f"{name}: expected [low, high]")
        ends.append((exact_text(numbers[0]), exact_text(numbers[1])))
    found = validate(exact_text(question.finite("u")), _digits(question), ends[0], ends[1])
    return {
        "delta": float(found.delta),
        "d_low": float(found.low),
        "d_high": float(found.high),
        "validated": found.validated,
    }


def cmc_floor(case: Fields) -> Answer:
    """Answer the comparison of U with the CMC."""
    question = case.record("input")
    given = question.record("cmc")
    combine = given.text("combine", Combination.SUM)
    if combine not in set(Combination):
        raise MetrologyError("cmc.combine: expected sum or rss")
    row = Cmc(
        given.size("abs", 0.0),
        given.size("rel", 0.0),
        Combination(combine),
        given.number("range_min", -math.inf),
        given.number("range_max", math.inf),
    )
    value = question.finite("value")
    found = floor_at_cmc(question.finite("U"), row, value, "", "")
    return {
        "cmc": found.cmc,
        "U_reported": found.expanded_uncertainty,
        "floored": found.floored,
        "in_scope": row.holds(value, ""),
    }


def units(case: Fields) -> Answer:
    """Answer a conversion of units."""
    question = case.record("input")
    source, target = question.text("from"), question.text("to")
    if not compatible(source, target):
        return {"compatible": False}
    answer: Answer = {"compatible": True}
    if question.has("value"):
        answer["value"] = convert(
            question.finite("value"), source, target, difference=question.flag("difference")
        )
    if question.has("u"):
        answer["u"] = convert(question.finite("u"), source, target, difference=True)
    return answer
