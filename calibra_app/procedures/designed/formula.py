"""Formulas and texts of a design: read once, evaluated on decimals wherever decimals suffice.

Indications are decimals, and a tie is decided on the decimal text. So sums, differences,
products, quotients and whole powers are computed in decimals of 34 digits; a function such as
exp goes through binary arithmetic and comes back without the noise of its last digits.
"""

import operator
import re
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from decimal import Decimal, DecimalException, localcontext
from functools import lru_cache
from typing import Final

from calibra_app.metrology.expression import Expression, parse
from calibra_app.metrology.grammar import Call, FormulaError, Name, Node, Number, Operation
from calibra_app.metrology.quantity import MetrologyError
from calibra_app.metrology.rounding import exact
from calibra_app.procedures.designed.plain import DesignError

NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")
FUNCTIONS: Final = frozenset(
    {"sqrt", "exp", "log", "log10", "sin", "cos", "tan", "asin", "acos", "atan", "atan2", "abs"}
    | {"pi", "and", "or", "not", "if", "else", "for", "in", "is", "lambda", "await", "None"}
    | {"True", "False", "as", "import", "from", "while", "with", "yield", "def", "class", "del"}
    | {"pass", "try", "return", "raise", "global", "nonlocal", "assert", "async", "break"}
    | {"continue", "elif", "except", "finally"}
)
_LITERAL: Final = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?")
DIGITS: Final = 34
LARGEST_POWER: Final = 64

Values = Mapping[str, Decimal]


@lru_cache(maxsize=4096)
def formula(text: str) -> Expression:
    """Read a formula; the same text is read once."""
    return parse(text)


def value_of(text: str, values: Values, path: str) -> Decimal:
    """Return the value of a formula.

    Raises:
        DesignError: It is no formula, names something unknown, or is not defined there.

    Example:
        >>> value_of("0.15 + 0.002*abs(t)", {"t": Decimal(-100)}, "limits[0]")
        Decimal('0.350')
    """
    if _LITERAL.fullmatch(text):
        # A number alone keeps the zeros with which it was written.
        return Decimal(text)
    try:
        return exact_value(formula(text), values)
    except MetrologyError as error:
        raise refused(path, error) from None


@contextmanager
def computing(what: str) -> Generator[None]:
    """Refuse with a sentence where numbers of a design leave what can be computed.

    Raises:
        MetrologyError: What was refused already, or what is too large, too small, not there.
    """
    try:
        yield
    except MetrologyError:
        raise
    except (ArithmeticError, ValueError, LookupError, StopIteration) as error:
        raise MetrologyError(f"{what} cannot be computed ({type(error).__name__})") from error


def refused(path: str, error: MetrologyError) -> DesignError:
    """Return the refusal of a formula with the place in the design and in the formula."""
    sentence = str(error).removeprefix("model: ")
    if isinstance(error, FormulaError):
        return DesignError(path, sentence, error.start, error.end)
    return DesignError(path, sentence)


def exact_value(expression: Expression, values: Values) -> Decimal:
    """Return the value of a formula on decimals.

    Raises:
        MetrologyError: A name is unknown, or the formula is not defined at the values.
    """
    missing = sorted(expression.names - values.keys())
    if missing:
        raise MetrologyError(f"{', '.join(missing)} is not known here")
    try:
        with localcontext() as context:
            context.prec = DIGITS
            result = _decimal(expression.root, values)
    except (DecimalException, ArithmeticError, ValueError):
        raise MetrologyError("not defined at these values") from None
    if not result.is_finite():
        raise MetrologyError("not defined at these values")
    return result


def _decimal(node: Node, values: Values) -> Decimal:
    if isinstance(node, Number):
        return Decimal(repr(node.value).removesuffix(".0"))
    if isinstance(node, Name):
        return values[node.name]
    if isinstance(node, Call):
        terms = [_decimal(argument, values) for argument in node.arguments]
        return abs(terms[0]) if node.function == "abs" else exact(_by_function(node, terms))
    left, right = _decimal(node.left, values), _decimal(node.right, values)
    if node.operator in _ARITHMETIC:
        return _ARITHMETIC[node.operator](left, right)
    whole = right == right.to_integral_value() and abs(right) <= LARGEST_POWER
    return left ** int(right) if whole else exact(_by_operation(left, right))


_ARITHMETIC: Final[Mapping[str, Callable[[Decimal, Decimal], Decimal]]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": lambda left, right: left / right,
}  # fmt: skip


def _by_function(node: Call, terms: list[Decimal]) -> float:
    names = [f"x{at}" for at in range(len(terms))]
    call = Call(node.function, tuple(Name(name) for name in names))
    return Expression(call, frozenset(names))(
        {name: float(term) for name, term in zip(names, terms, strict=True)}
    )


def _by_operation(left: Decimal, right: Decimal) -> float:
    power = Expression(Operation("**", Name("x"), Name("y")), frozenset({"x", "y"}))
    return power({"x": float(left), "y": float(right)})


_PLACE: Final = re.compile(r"\{([A-Za-z][A-Za-z0-9_]*)\}")


def places_of(text: str) -> list[str]:
    """Return the names that stand in braces in a text."""
    return _PLACE.findall(text)


def filled_in(text: str, words: Mapping[str, str], path: str) -> str:
    """Return a text with its places filled in.

    Raises:
        DesignError: A place names no parameter that is known.
    """
    for name in _PLACE.findall(text):
        if name not in words:
            raise DesignError(path, f"{{{name}}} is not known; enter it for the instrument")
    return _PLACE.sub(lambda place: words[place.group(1)], text)
