"""The second picture: how a rule treats true values, by guard band, by uncertainty."""

from collections.abc import Sequence
from typing import Final

from calibra_app.metrology.conformity import Conformity, DecisionRule, RuleName, decide
from calibra_app.metrology.exploration import (
    Figures,
    RuleAnswer,
    acceptance_curve,
    ends_of,
    risks_at,
    worst_risk,
)
from calibra_app.metrology.quantity import MetrologyError
from calibra_app.metrology.risk import Population
from calibra_app.ui.components.chart import Drawing
from calibra_app.ui.pages.explorer.shapes import (
    ACCEPTANCE,
    CURVE,
    LIMIT,
    OTHER,
    PASS_FILL,
    REACH,
    band,
    curve,
    drawing,
    short,
    steps,
    upright,
)
from calibra_app.ui.pages.explorer.telling import probability
from calibra_app.ui.words import say

CURVE_STEPS, RATIO_STEPS = 120, 28
MOST_RATIO = 10.0
DECADES: Final = (0.0001, 0.001, 0.01, 0.1, 1, 10, 100)


def second_figure(
    view: str, figures: Figures, answer: RuleAnswer, unit: str
) -> tuple[Drawing, str]:
    """Return the picture of the chosen view with its sentence.

    Args:
        view: `truth` (over true values), `guard` (over guard bands) or `tur` (over ratios).
        figures: The figures.
        answer: What the chosen rule says of them.
        unit: The unit of the value.
    """
    if answer.decided is None or answer.rule.name is RuleName.NO_STATEMENT:
        return drawing(), say("This rule accepts and rejects nothing.")
    match view:
        case "guard":
            return _over_guard_bands(figures, answer.decided, unit)
        case "tur":
            return _over_ratios(figures, answer.rule)
        case _:
            return _over_true_values(figures, answer.decided, unit)


def _over_true_values(figures: Figures, decided: Conformity, unit: str) -> tuple[Drawing, str]:
    lower, upper = ends_of(figures.limits)
    reach = 1.5 * REACH * figures.standard_uncertainty
    ends = [end for end in (lower, upper) if end is not None]
    half = figures.limits.half_width or 0.0
    low, high = min(ends) - max(reach, half / 4), max(ends) + max(reach, half / 4)
    if lower is None or upper is None:
        low, high = low - reach, high + reach
    places = steps(low, high, CURVE_STEPS)
    chosen = acceptance_curve(places, decided.acceptance, figures.standard_uncertainty)
    simple = acceptance_curve(places, figures.limits, figures.standard_uncertainty)
    lines = [
        (say("simple acceptance"), simple, OTHER, "dash"),
        (say("this rule"), chosen, CURVE, "solid"),
    ]
    figure = _curves(
        places,
        lines if float(decided.guard_band) else lines[1:],
        title=say("true value ({unit})", unit=unit) if unit else say("true value"),
        scale=say("accepted, %"),
    )
    inside = low if lower is None else lower, high if upper is None else upper
    figure["layout"]["shapes"] = [
        band(*inside, PASS_FILL),
        *(upright(end, LIMIT, "solid") for end in ends),
    ]
    figure["layout"]["yaxis"]["range"] = [-3, 103]
    at_limit = max(
        acceptance_curve(ends, decided.acceptance, figures.standard_uncertainty), default=0.0
    )
    return figure, say(
        "How often an item is accepted, by its true value; exactly on a limit in {share} of all"
        " cases.",
        share=probability(at_limit),
    )


def _over_guard_bands(figures: Figures, decided: Conformity, unit: str) -> tuple[Drawing, str]:
    half = figures.limits.half_width
    now = float(decided.guard_band)
    most = max(2 * figures.expanded_uncertainty, 1.15 * now)
    if half is not None:
        most = max(min(most, half), 1.02 * now)
    widths = steps(0.0, most, CURVE_STEPS // 2)
    if figures.population is not None:
        found = risks_at(figures.population, widths)
        lines = [
            (say("false acceptance"), [each.false_acceptance for each in found], LIMIT, "solid"),
            (say("false rejection"), [each.false_rejection for each in found], OTHER, "dash"),
        ]
        sentence = say("A wider guard band accepts fewer bad items and rejects more good ones.")
    else:
        ends = ends_of(figures.limits)
        lines = [
            (say("risk at the acceptance limit"), _risks_of(figures, widths, ends), LIMIT, "solid")
        ]
        sentence = say(
            "The greatest risk of a false acceptance falls with the guard band. With the history"
            " of the items, the risks of all decisions are drawn here."
        )
    title = say("guard band w ({unit})", unit=unit) if unit else say("guard band w")
    figure = _curves(
        widths, lines, title=title, scale="%", logarithmic=figures.population is not None
    )
    figure["layout"]["shapes"] = [upright(now, ACCEPTANCE, "dash")]
    return figure, sentence


def _risks_of(
    figures: Figures, widths: Sequence[float], ends: tuple[float | None, float | None]
) -> list[float]:
    lower, upper = ends
    return [
        max(
            1 - figures.probability_at(place)
            for place in (
                None if lower is None else lower + width,
                None if upper is None else upper - width,
            )
            if place is not None
        )
        for width in widths
    ]


def _over_ratios(figures: Figures, rule: DecisionRule) -> tuple[Drawing, str]:
    half = figures.limits.half_width
    if half is None or figures.tur is None:
        return drawing(), say("A test uncertainty ratio needs a lower and an upper limit.")
    ratios = steps(1.0, max(MOST_RATIO, 1.1 * min(figures.tur, 10 * MOST_RATIO)), RATIO_STEPS)
    accepted: list[float | None] = []
    rejected: list[float | None] = []
    for ratio in ratios:
        pair = _risk_at_ratio(figures, rule, half / ratio)
        accepted.append(pair[0])
        rejected.append(pair[1])
    if figures.population is None:
        lines = [(say("risk at the acceptance limit"), accepted, LIMIT, "solid")]
        sentence = say("The greatest risk that the rule lets anybody take, by the ratio T/U.")
    else:
        lines = [
            (say("false acceptance"), accepted, LIMIT, "solid"),
            (say("false rejection"), rejected, OTHER, "dash"),
        ]
        sentence = say("A smaller uncertainty (a larger TUR) lowers both risks.")
    figure = _curves(
        ratios, lines, title="TUR = T/U", scale="%", logarithmic=figures.population is not None
    )
    if figures.tur <= ratios[-1]:
        figure["layout"]["shapes"] = [upright(figures.tur, ACCEPTANCE, "dash")]
    return figure, sentence


def _risk_at_ratio(
    figures: Figures, rule: DecisionRule, expanded: float
) -> tuple[float | None, float | None]:
    """Return both risks at another uncertainty, with the same coverage factor."""
    standard = expanded * figures.standard_uncertainty / figures.expanded_uncertainty
    other = Figures(figures.value, figures.limits, expanded, standard)
    try:
        decided = decide(
            figures.value,
            figures.limits,
            rule,
            expanded_uncertainty=expanded,
            standard_uncertainty=standard,
        )
    except MetrologyError:
        return None, None
    items = figures.population
    if items is None:
        return worst_risk(other, decided), None
    known = Population(items.mean, items.item_uncertainty, standard, items.lower, items.upper)
    (risk,) = risks_at(known, [float(decided.guard_band)])
    return risk.false_acceptance, risk.false_rejection


def _curves(
    places: Sequence[float],
    lines: Sequence[tuple[str, Sequence[float | None], str, str]],
    *,
    title: str,
    scale: str,
    logarithmic: bool = False,
) -> Drawing:
    """Return lines of probabilities in percent.

    A logarithmic scale shows a rare false acceptance beside a frequent false rejection.
    """
    upright_scale: dict[str, object] = (
        {
            "type": "log",
            "range": [-4, 2],
            "tickvals": DECADES,
            "ticktext": [f"{each:g}" for each in DECADES],
        }
        if logarithmic
        else {"rangemode": "tozero"}
    )
    return drawing(
        [
            curve(
                places,
                [_share(share, logarithmic=logarithmic) for share in shares],
                line={"color": colour, "width": 2, "dash": dash},
                name=name,
                hovertemplate="%{y:.3g} %",
            )
            for name, shares, colour, dash in lines
        ],
        xaxis={"title": {"text": title}, "range": [places[0], places[-1]]},
        yaxis={"title": {"text": scale}, **upright_scale},
        showlegend=True,
    )


def _share(share: float | None, *, logarithmic: bool) -> float | None:
    if share is None:
        return None
    return short(max(100 * share, DECADES[0]) if logarithmic else 100 * share)
