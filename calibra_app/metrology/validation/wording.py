"""How the worked examples read: what their figures and input quantities are called."""

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

MINUS: Final = "\N{MINUS SIGN}"
_RAISED: Final = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?(e[-+]?[0-9]+)?")
_MINUS_OF_NUMBER: Final = re.compile(r"(?<![^\s,(])-(?=[0-9.])")
_SMALL, _LARGE = 1e-3, 1e5

_FIGURES: Final[Mapping[str, str]] = {
    "y": "y",
    "u_c": "u_c, combined standard uncertainty",
    "nu_eff": "ν_eff, effective degrees of freedom",
    "k": "k, coverage factor",
    "U": "U, expanded uncertainty",
    "contributions": "contribution of",
    "output_correlations": "correlation of",
    "p_conform": "probability of conformity",
    "p_nonconform": "probability of non-conformity",
    "w": "w, guard band",
    "accept_lower": "lower acceptance limit",
    "accept_upper": "upper acceptance limit",
    "u_intercept": "u(intercept)",
    "u_slope": "u(slope)",
    "u_predicted": "u(predicted)",
    "u_new_observation": "u(new observation)",
    "u_mean": "u(mean)",
    "u_mean_pooled": "u(mean), pooled",
    "s_means": "s of the means",
    "s_within": "s within groups",
    "s_between": "s between groups",
    "F_crit": "F, critical value",
    "dof": "degrees of freedom",
    "r": "r, correlation",
    "std": "standard deviation",
    "symmetric": "symmetric interval",
    "shortest": "shortest interval",
    "pfa": "probability of false acceptance",
    "pfr": "probability of false rejection",
    "cpfa": "conditional false acceptance",
    "p_in_tolerance": "in-tolerance probability",
    "U_reported": "U, reported",
    "En": "E_n",
    "En_verdict": "verdict of E_n",
    "chi2": "chi-squared",
    "birge": "Birge ratio",
}
_PAIRS: Final = frozenset({"symmetric", "shortest", "reliability_interval", "limits", "warning"})


def figure_title(path: str) -> str:
    """Return what a figure is called, from its place in the answer.

    Example:
        >>> figure_title("contributions.V"), figure_title("symmetric.1"), figure_title("ewma.0")
        ('contribution of V', 'symmetric interval, upper end', 'ewma 1')
    """
    base, _, rest = path.partition(".")
    title = _FIGURES.get(base, base.replace("_", " "))
    if not rest:
        return title
    if not rest.isdecimal():
        return f"{title} {rest}" if title.endswith(" of") else f"{title} of {rest}"
    if base in _PAIRS:
        return f"{title}, {('lower', 'upper')[int(rest) % 2]} end"
    return f"{title} {int(rest) + 1}"


def stated(quantity: Mapping[str, Any]) -> str:
    """Return what is known of an input quantity's uncertainty.

    Example:
        >>> stated({"name": "V", "value": 0.1, "dist": "normal", "u": 5e-5})
        'u = 5·10⁻⁵'
    """
    names = ("u", "U", "k", "a", "beta", "d", "scale", "rel_u_of_u", "pooled_s", "pooled_dof")
    told = [f"{name} = {shown(quantity[name])}" for name in names if name in quantity]
    readings = cast("list[object]", quantity.get("readings", []))
    if readings:
        told.append(f"{len(readings)} readings: {', '.join(shown(one) for one in readings)}")
    return ", ".join(told)


def shown(value: object) -> str:
    """Return a given value as text, the numbers with the digits that they were given with."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        named = cast("Mapping[str, object]", value)
        return ", ".join(f"{name} {shown(item)}" for name, item in named.items())
    if isinstance(value, list):
        return ", ".join(shown(item) for item in cast("list[object]", value))
    if isinstance(value, float):
        return digits(f"{value:.12g}")
    return str(value)


def model_words(model: object) -> str:
    """Return a measurement model as text: one formula, or each output with its own.

    Example:
        >>> model_words({"P": "V*I", "S": "l_S*d_t"})
        'P = V*I; S = l_S*d_t'
    """
    if isinstance(model, Mapping):
        named = cast("Mapping[str, object]", model)
        return "; ".join(f"{name} = {formula}" for name, formula in named.items())
    return str(model)


def digits(text: str) -> str:
    """Return a number as people write it: a true minus, and a power of ten in place of an e.

    Example:
        >>> digits("-0.0123"), digits("2.3e-07"), digits("inf"), digits("conditional_pass")
        ('−0.0123', '2.3·10⁻⁷', '∞', 'conditional pass')
    """
    if text == "inf":
        return "∞"
    if not _NUMBER.fullmatch(text):
        return _MINUS_OF_NUMBER.sub(MINUS, text.replace("_", " "))
    mantissa, _, power = text.partition("e")
    raised = f"·10{str(int(power)).translate(_RAISED)}" if power else ""
    return f"{mantissa}".replace("-", MINUS) + raised


def coverage_words(coverage: Mapping[str, Any]) -> str:
    """Return how a coverage factor is found, in words.

    Example:
        >>> coverage_words({"method": "t", "p": 0.95, "dof": "truncate"})
        't distribution, p = 0.95, ν_eff truncated to a whole number'
    """
    method, p = coverage.get("method", ""), coverage.get("p", 0.95)
    if method == "fixed":
        return f"k = {shown(coverage.get('k', 2))}"
    if method == "t":
        cut = ", ν_eff truncated to a whole number" if coverage.get("dof") == "truncate" else ""
        return f"t distribution, p = {shown(p)}{cut}"
    shape = {
        "normal": "normal, ",
        "rectangular": "one dominant rectangle, ",
        "trapezoidal": f"two dominant rectangles {shown(coverage.get('a1', ''))} and "
        f"{shown(coverage.get('a2', ''))}, ",
    }.get(str(method), "")
    return f"{shape}p = {shown(p)}"


def origin(source: str, *, is_published: bool) -> str:
    """Return where an example comes from.

    Example:
        >>> origin("JCGM 100:2008 4.4.3", is_published=True)
        'JCGM 100:2008 4.4.3'
        >>> origin("own, after EURAMET practice", is_published=False)
        'Own example, after EURAMET practice'
    """
    if is_published:
        return source
    if source == "analytic":
        return "Own example with an exact solution"
    return f"Own example{source[3:]}" if source.startswith("own") else f"After {source}"


def computed_with(tools: Sequence[str]) -> str:
    """Return what the expected figures were computed with.

    Example:
        >>> computed_with(["mpmath 1.3", "GTC 1.5"]), computed_with([])
        ('mpmath 1.3 and GTC 1.5', 'at least two other tools')
    """
    return " and ".join(tools) if tools else "at least two other tools"


def short(value: float | None) -> str:
    """Return a deviation or tolerance with two digits, very small and large ones with a power.

    Example:
        >>> short(-3.32e-12), short(0.0002), short(0.16), short(0.0), short(None)
        ('−3.3·10⁻¹²', '2.0·10⁻⁴', '0.16', '0', '')
    """
    if value is None:
        return ""
    if value == 0:
        return "0"
    if math.isinf(value):
        return "∞"
    if _SMALL <= abs(value) < _LARGE:
        return f"{value:.2g}".replace("-", MINUS)
    return digits(f"{value:.1e}")


def share_text(share: float | None) -> str:
    """Return a deviation in parts of its tolerance; what cannot be told from nothing as < 0.001.

    Example:
        >>> share_text(-0.3271), share_text(2e-9), share_text(0.0), share_text(1.4)
        ('−0.327', '< 0.001', '0', '1.400')
    """
    if share is None:
        return ""
    if share == 0:
        return "0"
    if math.isinf(share):
        return "∞"
    if abs(share) < _SMALL:
        return "< 0.001"
    return f"{share:.3f}".replace("-", MINUS)
