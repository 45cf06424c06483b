"""The figures of the explorer as they are typed: read with their faults, or from an address."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from urllib.parse import urlencode

from calibra_app.core.errors import Invalid
from calibra_app.metrology.conformity import (
    LEAST_TUR,
    NO_STATEMENT,
    DecisionRule,
    Limits,
    RuleName,
)
from calibra_app.metrology.exploration import Figures
from calibra_app.metrology.risk import Population, item_uncertainty
from calibra_app.ui import typed
from calibra_app.ui.agreements import rule_query
from calibra_app.ui.words import say

# The fields by their names in an address, with the example that the page begins with.
EXAMPLE: Final[Mapping[str, str]] = {
    "y": "0.80",
    "U": "0.25",
    "u": "0.125",
    "k": "2",
    "lower": "\N{MINUS SIGN}1",
    "upper": "1",
    "r": "1",
    "p": "2.5",
    "tur": "3",
    "itp": "95",
    "u0": "0.5",
    "y0": "",
    "tol": "",
}
FIELDS: Final = tuple(EXAMPLE)
RULES: Final = (
    ("simple", say("Simple acceptance")),
    ("tur", say("Simple from a least TUR on")),
    ("guard_band", say("Guard band w = r·U")),
    ("four_outcomes", say("Four outcomes (non-binary)")),
    ("specific_pfa", say("Guard band for a risk (PFA)")),
    ("rss", say("Acceptance limit √(T² − U²)")),
    ("dobbert_m2", say("Managed guard band M2")),
    ("no_statement", say("No statement of conformity")),
)
GIVEN: Final = (("U", say("U and k")), ("u", say("u and k")))
KNOWN: Final = (
    ("", say("Not known")),
    ("itp", say("Rate")),
    ("u0", say("Spread u₀")),
)
VIEWS: Final = (
    ("truth", say("True value")),
    ("guard", say("Guard band")),
    ("tur", "TUR"),
)
CHOICES: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "rule": RULES,
    "given": GIVEN,
    "known": KNOWN,
    "view": VIEWS,
}
# What is shown inside a picture is not to be read as markup.
_UNIT = re.compile(r"[^\W_\d]?[\w°Ωµμ%·/²³⁻¹^ .-]{0,15}")
MOST_GUARD, MOST_TUR, MOST_PERCENT = Decimal(10), Decimal(100), Decimal(50)
RATES = Decimal(1), Decimal("99.9999")
LONGEST = 40


@dataclass(frozen=True, slots=True)
class Entered:
    """Figures that were understood, and the rule that is looked at."""

    figures: Figures
    rule: DecisionRule


def choices_of(params: Mapping[str, object]) -> dict[str, str]:
    """Return what an address chooses from each list; the first entry where it is unknown."""
    return {
        name: chosen
        if (chosen := str(params.get(name, ""))) in {value for value, _ in listed}
        else listed[0][0]
        for name, listed in CHOICES.items()
    }


def texts_of(params: Mapping[str, object]) -> dict[str, str]:
    """Return the texts of the fields as an address gives them; all of the example if none is."""
    if not any(name in params for name in FIELDS):
        return dict(EXAMPLE)
    blank = {"y0": "", "tol": "", "lower": "", "upper": ""}
    return {
        name: str(params.get(name, blank.get(name, EXAMPLE[name])))[:LONGEST] for name in FIELDS
    }


def unit_of(params: Mapping[str, object]) -> str:
    """Return the unit that an address names; none where it is no unit."""
    written = str(params.get("unit", "")).strip()
    return written if _UNIT.fullmatch(written) else ""


def query_of(texts: Mapping[str, str], choices: Mapping[str, str], more: Mapping[str, str]) -> str:
    """Return the figures as the query of an address, in the order of the page."""
    unused = {"u"} if choices["given"] == "U" else {"U"}
    unused |= {"itp", "u0", "y0"} - ({choices["known"], "y0"} if choices["known"] else set())
    unused |= {"r", "p", "tur"} - set(PARAMETER.get(choices["rule"], ()))
    kept = {
        name: texts[name].replace("\N{MINUS SIGN}", "-").strip()
        for name in FIELDS
        if name not in unused
    }
    chosen = {name: value for name, value in choices.items() if value != CHOICES[name][0][0]}
    told = {name: value for name, value in {**kept, **chosen, **more}.items() if value}
    return urlencode({**told, "rule": choices["rule"]})


# Which figure of its own each rule asks for.
PARAMETER: Final[Mapping[str, tuple[str, ...]]] = {
    "tur": ("tur",),
    "guard_band": ("r",),
    "four_outcomes": ("r",),
    "specific_pfa": ("p",),
}


def read(
    texts: Mapping[str, str], choices: Mapping[str, str]
) -> tuple[Entered | None, dict[str, str]]:
    """Return the figures and the rule, or None with a sentence for each field at fault."""
    fields = _Reader(texts)
    value = fields.number("y")
    factor = fields.above_zero("k")
    name = "u" if choices["given"] == "u" else "U"
    spread = fields.above_zero(name)
    limits = _limits(fields)
    rule = _rule(fields, choices["rule"])
    tolerance = fields.above_zero("tol", optional=True)
    population = None
    if value is None or factor is None or spread is None or limits is None:
        _population(fields, choices["known"], Limits(), 1.0)
        return None, fields.faults
    standard = float(spread) if name == "u" else float(spread) / float(factor)
    expanded = float(spread) * float(factor) if name == "u" else float(spread)
    population = _population(fields, choices["known"], limits, standard)
    if fields.faults or rule is None:
        return None, fields.faults
    return (
        Entered(
            Figures(
                value,
                limits,
                expanded,
                standard,
                population,
                None if tolerance is None else float(tolerance),
            ),
            rule,
        ),
        {},
    )


class _Reader:
    """Reads field by field and keeps a sentence for each one that it does not understand."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._form: typed.Form = dict(texts)
        self.faults: dict[str, str] = {}

    def number(self, name: str, *, optional: bool = False) -> Decimal | None:
        """Return the number in a field; None where there is none, or it is at fault."""
        try:
            return (typed.maybe_number if optional else typed.number)(self._form, name)
        except Invalid as error:
            self.faults[name] = error.message
            return None

    def above_zero(self, name: str, *, optional: bool = False) -> Decimal | None:
        """Return a number that is greater than zero."""
        value = self.number(name, optional=optional)
        if value is not None and value <= 0:
            self.faults[name] = say("This is greater than zero.")
            return None
        return value

    def between(self, name: str, low: Decimal, high: Decimal, words: str) -> Decimal | None:
        """Return a number within two ends; `words` say what they are."""
        value = self.number(name)
        if value is not None and not low <= value <= high:
            self.faults[name] = words
            return None
        return value


def _limits(fields: _Reader) -> Limits | None:
    lower, upper = fields.number("lower", optional=True), fields.number("upper", optional=True)
    if fields.faults.keys() & {"lower", "upper"}:
        return None
    if lower is None and upper is None:
        fields.faults["upper"] = say("Give a lower or an upper limit.")
        return None
    if lower is not None and upper is not None and lower >= upper:
        fields.faults["upper"] = say("The upper limit lies above the lower one.")
        return None
    return Limits(lower, upper)


def _rule(fields: _Reader, name: str) -> DecisionRule | None:
    match name:
        case "no_statement":
            return NO_STATEMENT
        case "tur":
            least = fields.between("tur", Decimal(1), MOST_TUR, say("A TUR from 1 to 100."))
            return (
                None
                if least is None
                else DecisionRule(RuleName.SIMPLE, minimum_tur=float(least), least_tur=LEAST_TUR)
            )
        case "guard_band" | "four_outcomes":
            part = fields.between("r", Decimal(0), MOST_GUARD, say("A factor from 0 to 10."))
            return (
                None
                if part is None
                else DecisionRule(
                    RuleName.GUARD_BAND,
                    float(part),
                    non_binary=name == "four_outcomes",
                    least_tur=LEAST_TUR,
                )
            )
        case "specific_pfa":
            risk = fields.above_zero("p")
            if risk is not None and risk > MOST_PERCENT:
                fields.faults["p"] = say("A probability up to 50 %.")
                return None
            return (
                None
                if risk is None
                else DecisionRule(
                    RuleName.SPECIFIC_PFA,
                    probability_of_false_acceptance=float(risk / 100),
                    least_tur=LEAST_TUR,
                )
            )
        case _:
            return DecisionRule(RuleName(name), least_tur=LEAST_TUR)


def _population(
    fields: _Reader, known: str, limits: Limits, measurement_uncertainty: float
) -> Population | None:
    if not known:
        return None
    half = limits.half_width
    mean = fields.number("y0", optional=True)
    if mean is None and half is None and not limits.open and "y0" not in fields.faults:
        fields.faults["y0"] = say("With one limit, give the mean of the items.")
    if known == "itp":
        rate = fields.between("itp", *RATES, say("A rate from 1 to 99.9999 %."))
        if half is None and not limits.open:
            fields.faults["itp"] = say("An in-tolerance rate needs both limits.")
        spread = None if rate is None or half is None else item_uncertainty(float(rate / 100), half)
    else:
        given = fields.above_zero("u0")
        spread = None if given is None else float(given)
    if spread is None or fields.faults:
        return None
    centre = float(mean) if mean is not None else _centre(limits)
    lower = None if limits.lower is None else float(limits.lower)
    upper = None if limits.upper is None else float(limits.upper)
    return Population(centre, spread, measurement_uncertainty, lower, upper)


def _centre(limits: Limits) -> float:
    if limits.lower is None or limits.upper is None:
        return 0.0
    return float(limits.lower + limits.upper) / 2


def choice_of(rule: DecisionRule) -> tuple[str, dict[str, str]]:
    """Return the entry of the list that is a rule, with the texts of its own figures."""
    told = rule_query(rule)
    return told.pop("rule"), told
