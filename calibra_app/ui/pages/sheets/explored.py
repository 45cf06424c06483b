"""A point's figures as the decision-rule explorer takes them in its address."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from calibra_app.metrology.conformity import DecisionRule
from calibra_app.ui.agreements import rule_query


def rule_of(rule: DecisionRule) -> str:
    """Return the rule that a sheet was begun with."""
    return urlencode(rule_query(rule))


def figures_of(result: Mapping[str, Any]) -> str:
    """Return value, U, k and limits of an evaluation; empty while nothing can be decided."""
    given = {
        "y": result.get("error_of_indication"),
        "U": result.get("expanded_uncertainty"),
        "k": result.get("coverage_factor"),
        "lower": result.get("lower_limit"),
        "upper": result.get("upper_limit"),
    }
    if given["y"] is None or not given["U"] or (given["lower"] is given["upper"] is None):
        return ""
    told = {
        # Six digits of an uncertainty are more than anybody knows of it.
        name: f"{float(value):.{6 if name in {'U', 'k'} else 12}g}"
        for name, value in given.items()
        if value is not None
    }
    return urlencode({**told, "unit": str(result["result_unit"])})
