"""The cases that ask about the validity of results: comparisons, intervals, control charts."""

import math

from calibra_app.metrology import comparison, control_charts, intervals
from calibra_app.metrology.case_input import Answer, Fields
from calibra_app.metrology.quantity import MetrologyError


def score(case: Fields) -> Answer:
    """Answer all scores whose fields are given."""
    question = case.record("input")
    value, reference = question.finite("x"), question.finite("X")
    answer: Answer = {}
    asked = (
        ("En", ("U_lab", "U_ref"), comparison.verdict_of_en),
        ("zeta", ("u_lab", "u_ref"), comparison.verdict_of_z),
        ("z", ("sigma_pt",), comparison.verdict_of_z),
        ("z_prime", ("sigma_pt", "u_ref"), comparison.verdict_of_z),
    )
    for name, needs, verdict in asked:
        if all(map(question.has, needs)):
            number = comparison.score(value, reference, *map(question.finite, needs))
            answer |= {name: number, f"{name}_verdict": verdict(number).value}
    if not answer:
        raise MetrologyError("input: expected U_lab and U_ref, u_lab and u_ref, or sigma_pt")
    return answer


def interval(case: Fields) -> Answer:
    """Answer a proposed calibration interval."""
    question = case.record("input")
    method = question.text("method")
    methods = {
        "A3": _by_test,
        "S2": _by_likelihood,
        "exponential": _exponential,
        "staircase": _staircase,
        "variables": _variables,
    }
    if method not in methods:
        raise MetrologyError(f"method: there is no method {method}")
    return methods[method](question)


def _by_test(question: Fields) -> Answer:
    found = intervals.interval_by_test(
        question.whole("in_tolerance"),
        question.whole("calibrations"),
        question.finite("target"),
        question.finite("interval"),
        question.finite("ci"),
        greatest_change=question.finite("max_change", 2.0),
    )
    return {
        "observed": found.observed,
        "rejection_confidence": found.rejection_confidence,
        "reliability_interval": list(found.reliability_interval),
        "interval": found.interval,
    }


def _by_likelihood(question: Fields) -> Answer:
    rate = intervals.failure_rate(
        question.numbers("t"), question.numbers("n"), question.numbers("in_tolerance")
    )
    target = question.finite("target")
    return {"interval": _of_rate(rate, target), "failure_rate": rate, "lambda": rate}


def _of_rate(rate: float, target: float) -> float:
    return intervals.exponential_interval(rate, 1.0, target)


def _exponential(question: Fields) -> Answer:
    failures, time = question.finite("failures"), question.finite("total_time")
    found = intervals.exponential_interval(failures, time, question.finite("target"))
    rate = failures / time
    mean = 1.0 / rate if rate else math.inf
    return {"interval": found, "failure_rate": rate, "lambda": rate, "mtbf": mean}


def _staircase(question: Fields) -> Answer:
    found = intervals.staircase(
        question.finite("interval"),
        question.numbers("errors"),
        question.finite("mpe"),
        increase_below=question.size("increase_below"),
        increase=question.positive("increase"),
        decrease=question.positive("decrease"),
        shortest=question.finite("min", 0.0),
        longest=question.number("max", math.inf),
    )
    return {"intervals": found, "interval": found[-1] if found else question.finite("interval")}


def _variables(question: Fields) -> Answer:
    found = intervals.interval_by_variables(
        question.numbers("t"),
        question.numbers("delta"),
        question.whole("order", 1),
        question.size("u0"),
        question.positive("u_target"),
    )
    return {
        "interval": found.interval,
        "coefficients": list(found.coefficients),
        "s": found.scatter,
    }


def control_chart(case: Fields) -> Answer:
    """Answer a control chart."""
    question = case.record("input")
    chart = question.text("chart")
    charts = {
        "individuals": _individuals,
        "shewhart": _shewhart,
        "xbar_s": _mean_and_s,
        "ewma": _ewma,
    }
    if chart not in charts:
        raise MetrologyError(f"chart: there is no chart {chart}")
    return charts[chart](question)


def _individuals(question: Fields) -> Answer:
    baseline = question.whole("baseline") if question.has("baseline") else None
    found = control_charts.individuals(question.numbers("x"), baseline)
    mean_range = found.sigma * control_charts.MOVING_RANGE_DIVISOR
    return _chart(found) | {"mean_moving_range": mean_range, "mr_bar": mean_range}


def _chart(found: control_charts.Chart) -> Answer:
    return {
        "center": found.center,
        "sigma": found.sigma,
        "limits": list(found.limits),
        "out_of_control": list(found.out_of_control),
    }


def _shewhart(question: Fields) -> Answer:
    values = question.numbers("x")
    center, sigma = question.finite("center"), question.size("sigma")
    found = control_charts.shewhart(values, center, sigma)
    warning = control_charts.shewhart(values, center, sigma, control_charts.WARNING)
    return _chart(found) | {
        "warning": list(warning.limits),
        "warnings": [
            index for index in warning.out_of_control if index not in found.out_of_control
        ],
    }


def _mean_and_s(question: Fields) -> Answer:
    groups = [
        Fields({"group": group}, f"groups[{index}]").numbers("group")
        for index, group in enumerate(question.items("groups"))
    ]
    means, deviations = control_charts.mean_and_s(groups)
    return _chart(means) | {
        "s_center": deviations.center,
        "s_bar": deviations.center,
        "s_limits": list(deviations.limits),
        "s_out_of_control": list(deviations.out_of_control),
    }


def _ewma(question: Fields) -> Answer:
    kind = question.text("limits", "asymptotic")
    if kind not in ("asymptotic", "exact"):
        raise MetrologyError("limits: expected asymptotic or exact")
    found = control_charts.ewma(
        question.numbers("x"),
        question.finite("lambda"),
        question.finite("target"),
        question.size("sigma"),
        question.positive("L", 3.0),
        asymptotic=kind == "asymptotic",
    )
    limits: object = [list(pair) for pair in found.limits]
    if kind == "asymptotic" and found.limits:
        limits = list(found.limits[0])
    return {
        "ewma": list(found.averages),
        "limits": limits,
        "out_of_control": list(found.out_of_control),
    }
