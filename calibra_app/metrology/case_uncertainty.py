"""The cases that ask for an uncertainty: budgets, Monte Carlo, lines, groups, drift."""

import math
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import cast

import numpy as np

from calibra_app.metrology.case_input import Answer, Fields, number_of, quantity_of
from calibra_app.metrology.coverage import (
    Contribution,
    Coverage,
    Method,
    combined_standard_uncertainty,
    coverage_factor,
    effective_degrees_of_freedom,
)
from calibra_app.metrology.expression import Expression, parse
from calibra_app.metrology.grammar import FormulaError
from calibra_app.metrology.monte_carlo import (
    MOST_TRIALS,
    SEED,
    TRIALS,
    JointSimulation,
    Simulation,
    simulate,
    simulate_together,
    simulate_until_stable,
)
from calibra_app.metrology.propagation import (
    Correlations,
    InputQuantity,
    Propagation,
    correlations_of_readings,
    covariance_of,
    propagate,
)
from calibra_app.metrology.quantity import MetrologyError
from calibra_app.metrology.regression import fit_line
from calibra_app.metrology.variance import analyse_variance, weighted_mean

MOST_INPUTS = 100
MOST_OUTPUTS = 30
ROUNDED_COEFFICIENT = 0.005


def coverage_of(fields: Fields) -> Coverage:
    """Read how the coverage factor is to be found; k = 2 where nothing is said."""
    method = fields.text("method", "fixed")
    if method not in set(Method):
        raise MetrologyError(f"coverage.method: there is no method {method}")
    dof = fields.text("dof", "exact")
    if dof not in ("truncate", "exact"):
        raise MetrologyError("coverage.dof: expected truncate or exact")
    widths = (1.0, 1.0)
    if method == Method.TRAPEZOIDAL:
        widths = (fields.size("a1"), fields.size("a2"))
    return Coverage(
        Method(method),
        fields.probability("p", 0.95),
        fields.positive("k", 2.0),
        truncate=dof == "truncate",
        half_widths=widths,
    )


def quantities_of(case: Fields) -> list[InputQuantity]:
    """Read the input quantities of a case."""
    records = case.records("inputs")
    if not 1 <= len(records) <= MOST_INPUTS:
        raise MetrologyError(f"inputs: expected 1 to {MOST_INPUTS} quantities")
    return [quantity_of(record) for record in records]


def correlations_of(case: Fields, quantities: list[InputQuantity]) -> Correlations:
    """Read the correlations: named ones, and those of simultaneous readings."""
    places = {quantity.name: place for place, quantity in enumerate(quantities)}
    named = correlations_of_readings(quantities) if case.flag("correlate_readings") else {}
    rows: Sequence[object] = case.items("correlations") if case.has("correlations") else ()
    given: dict[tuple[str, str], float] = {}
    for row in rows:
        if not isinstance(row, list) or len(cast("list[object]", row)) != 3:  # noqa: PLR2004
            raise MetrologyError("correlations: expected [name, name, r]")
        one, other, r = cast("list[object]", row)
        pair = _pair(one, other, places)
        coefficient = number_of(r, "correlations")
        if given.setdefault(pair, coefficient) != coefficient:
            raise MetrologyError(f"correlations: {pair[0]} and {pair[1]} are given twice")
    named |= given
    found = Correlations(named)
    _check_consistent(found, sorted({name for pair in named for name in pair}))
    return found


def _pair(one: object, other: object, places: Mapping[str, int]) -> tuple[str, str]:
    if not isinstance(one, str) or not isinstance(other, str) or not {one, other} <= set(places):
        raise MetrologyError("correlations: expected the names of two input quantities")
    if one == other:
        raise MetrologyError(f"correlations: {one} is correlated with itself")
    return (one, other) if places[one] < places[other] else (other, one)


def _check_consistent(correlations: Correlations, names: Sequence[str]) -> None:
    """Refuse coefficients that no three quantities can have; rounded to two places they may."""
    if not names:
        return
    matrix = [[correlations.between(one, other) for other in names] for one in names]
    if np.linalg.eigvalsh(np.array(matrix)).min() < -ROUNDED_COEFFICIENT * len(names):
        raise MetrologyError("correlations: the coefficients contradict each other")


def models_of(case: Fields) -> dict[str, Expression]:
    """Read one model under the name "", or several by their names."""
    model = case.values.get("model")
    if isinstance(model, str):
        return {"": parse(model)}
    if not isinstance(model, dict) or not model:
        raise MetrologyError("model: expected a formula or an object of formulas")
    named = cast("Mapping[str, object]", model)
    if len(named) > MOST_OUTPUTS:
        raise MetrologyError(f"model: at most {MOST_OUTPUTS} formulas")
    return {name: _named_model(name, Fields(named, "model").text(name)) for name in named}


def _named_model(name: str, text: str) -> Expression:
    try:
        return parse(text)
    except FormulaError as error:
        raise MetrologyError(str(error).replace("model:", f"model.{name}:", 1)) from None


def budget(case: Fields) -> Answer:
    """Answer a budget by linear propagation."""
    quantities = quantities_of(case)
    correlations = correlations_of(case, quantities)
    coverage = coverage_of(case.record("coverage"))
    models = models_of(case)
    found = {
        name: propagate(
            model,
            quantities,
            correlations,
            second_order=case.flag("second_order"),
            simultaneous=case.flag("correlate_readings"),
        )
        for name, model in models.items()
    }
    if "" in found:
        silent = () if case.flag("second_order") else _silent(models[""], quantities, found[""])
        slopes = {"sensitivities": _sensitivities(models[""], quantities, found[""])}
        return _one_output(found[""], coverage) | slopes | _warning(silent)
    factors = {
        name: coverage_factor(coverage, result.degrees_of_freedom) for name, result in found.items()
    }
    return {
        "y": {name: result.value for name, result in found.items()},
        "u_c": {name: result.combined_standard_uncertainty for name, result in found.items()},
        "nu_eff": {name: result.degrees_of_freedom for name, result in found.items()},
        "k": factors,
        "U": {
            name: factors[name] * result.combined_standard_uncertainty
            for name, result in found.items()
        },
        "contributions": {name: _absolute(result) for name, result in found.items()},
        "sensitivities": {
            name: _sensitivities(models[name], quantities, result) for name, result in found.items()
        },
        "output_correlations": {
            f"{one},{other}": _output_correlation(found[one], found[other], correlations)
            for one, other in combinations(found, 2)
        },
    }


def _one_output(result: Propagation, coverage: Coverage) -> Answer:
    factor = coverage_factor(coverage, result.degrees_of_freedom)
    return {
        "y": result.value,
        "u_c": result.combined_standard_uncertainty,
        "nu_eff": result.degrees_of_freedom,
        "k": factor,
        "U": factor * result.combined_standard_uncertainty,
        "contributions": _absolute(result),
    }


def _sensitivities(
    model: Expression, quantities: Sequence[InputQuantity], result: Propagation
) -> dict[str, float | None]:
    """Return the partial derivatives by name, also by what is exactly known.

    One that is not defined there is None: nothing hangs on it.
    """
    values = {quantity.name: quantity.value for quantity in quantities}
    slopes: dict[str, float | None] = dict(result.sensitivities)
    for quantity in quantities:
        if quantity.standard_uncertainty == 0 and quantity.name in model.names:
            try:
                slopes[quantity.name] = model.derivative(quantity.name)(values)
            except MetrologyError:
                slopes[quantity.name] = None
    return slopes


def _silent(
    model: Expression, quantities: Sequence[InputQuantity], result: Propagation
) -> tuple[str, ...]:
    """Return the uncertain inputs of a model that contribute nothing at first order."""
    return tuple(
        quantity.name
        for quantity in quantities
        if quantity.standard_uncertainty > 0
        and quantity.name in model.names
        and result.contributions[quantity.name] == 0
    )


def _warning(silent: Sequence[str]) -> Answer:
    if not silent:
        return {}
    names = ", ".join(silent)
    return {"warning": f"nothing of {names} at first order: try second order or Monte Carlo"}


def _absolute(result: Propagation) -> dict[str, float]:
    return {name: abs(value) for name, value in result.contributions.items()}


def _output_correlation(one: Propagation, other: Propagation, correlations: Correlations) -> float:
    scale = one.combined_standard_uncertainty * other.combined_standard_uncertainty
    if scale == 0:
        return 0.0
    covariance = covariance_of(one.contributions, other.contributions, correlations)
    return max(-1.0, min(1.0, covariance / scale))


def monte_carlo(case: Fields) -> Answer:
    """Answer by propagation of distributions.

    With `adaptive` the trials go on until `digits` of u stand, and `trials` are the most.
    """
    quantities = quantities_of(case)
    models, correlations = models_of(case), correlations_of(case, quantities)
    seed = case.whole("seed", SEED)
    if "" not in models:
        return _several_by_trials(
            simulate_together(
                models, quantities, correlations, trials=case.whole("trials", TRIALS), seed=seed
            )
        )
    probability = case.record("coverage").finite("p", 0.95)
    if case.flag("adaptive"):
        found = simulate_until_stable(
            models[""],
            quantities,
            correlations,
            digits=case.whole("digits", 2),
            probability=probability,
            most=case.whole("trials", MOST_TRIALS),
            seed=seed,
        )
        stated: Answer = {"stable": found.stable, "tolerance": found.tolerance}
        return {**_by_trials(found.simulation), **stated}
    return _by_trials(
        simulate(
            models[""],
            quantities,
            correlations,
            trials=case.whole("trials", TRIALS),
            probability=probability,
            seed=seed,
        )
    )


def _by_trials(result: Simulation) -> Answer:
    return {
        "mean": result.mean,
        "std": result.standard_deviation,
        "symmetric": list(result.symmetric),
        "shortest": list(result.shortest),
        "trials": result.trials,
        "seed": result.seed,
    }


def _several_by_trials(result: JointSimulation) -> Answer:
    spreads = {name: math.sqrt(result.covariances[name, name]) for name in result.means}
    return {
        "mean": dict(result.means),
        "std": spreads,
        "output_correlations": {
            f"{one},{other}": result.covariances[one, other] / (spreads[one] * spreads[other])
            if spreads[one] and spreads[other]
            else 0.0
            for one, other in combinations(result.means, 2)
        },
        "trials": result.trials,
        "seed": result.seed,
    }


def welch(case: Fields) -> Answer:
    """Answer for components that are given already."""
    question = case.record("input")
    terms = [
        Contribution(record.size("u"), record.positive("dof", math.inf, endless=True))
        for record in question.records("components")
    ]
    degrees = effective_degrees_of_freedom(terms)
    combined = combined_standard_uncertainty(terms)
    factor = coverage_factor(coverage_of(question.record("coverage")), degrees)
    return {"u_c": combined, "nu_eff": degrees, "k": factor, "U": factor * combined}


def line_fit(case: Fields) -> Answer:
    """Answer a straight line."""
    question = case.record("input")
    line = fit_line(question.numbers("x"), question.numbers("y"), question.finite("x0", 0.0))
    answer: Answer = {
        "intercept": line.intercept,
        "slope": line.slope,
        "u_intercept": line.u_intercept,
        "u_slope": line.u_slope,
        "r": line.correlation,
        "s": line.scatter,
        "dof": line.degrees_of_freedom,
    }
    if question.has("predict_at"):
        x = question.finite("predict_at")
        answer["predicted"] = line.at(x)
        answer["u_predicted"] = line.u_at(x)
        answer["u_new_observation"] = line.u_new_observation(x)
    return answer


def anova(case: Fields) -> Answer:
    """Answer a balanced design with one factor."""
    question = case.record("input")
    result = analyse_variance(
        question.numbers("group_means"),
        question.numbers("group_stds"),
        question.whole("n_per_group"),
        question.probability("p", 0.95),
    )
    return {
        "mean": result.mean,
        "s_means": result.s_means,
        "s_within": result.s_within,
        "s_between": result.s_between,
        "F": result.ratio,
        "F_crit": result.critical_ratio,
        "significant": result.significant,
        "dof_a": result.dof_between,
        "dof_b": result.dof_within,
        "u_mean": result.u_mean,
        "dof_mean": result.dof_between,
        "u_mean_pooled": result.u_mean_pooled,
        "dof_pooled": result.dof_pooled,
    }


def drift(case: Fields) -> Answer:
    """Answer what a standard is worth at a later date, from its certificates."""
    question = case.record("input")
    history: list[tuple[float, float]] = []
    for row in question.items("history"):
        if not isinstance(row, list) or len(cast("list[object]", row)) != 2:  # noqa: PLR2004
            raise MetrologyError("history: expected [time, value] pairs")
        time, value = cast("list[object]", row)
        pair = Fields({"history": [time, value]}).numbers("history")
        history.append((pair[0], pair[1]))
    date = question.finite("at")
    # Years like 2024.2 squared would cost digits: the line is laid through its own first date.
    origin = history[0][0] if history else 0.0
    line = fit_line([time - origin for time, _ in history], [value for _, value in history])
    u_line = line.u_at(date - origin)
    return {
        "value": line.at(date - origin),
        "drift_per_unit": line.slope,
        "s": line.scatter,
        "u_line": u_line,
        "u": math.hypot(u_line, question.size("u_cal", 0.0)),
    }


def mean_with_weights(case: Fields) -> Answer:
    """Answer a weighted mean."""
    question = case.record("input")
    result = weighted_mean(question.numbers("x"), question.numbers("u"))
    return {
        "mean": result.mean,
        "u": result.standard_uncertainty,
        "chi2": result.chi_square,
        "dof": result.degrees_of_freedom,
        "birge": result.birge_ratio,
        "consistent": result.consistent,
    }
