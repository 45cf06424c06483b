"""Measurement functions typed by people: evaluated, and differentiated exactly."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from calibra_app.metrology.grammar import (
    ONE,
    ZERO,
    Call,
    Name,
    Node,
    Number,
    Operation,
    negative,
    read_formula,
)
from calibra_app.metrology.quantity import MetrologyError

Array: TypeAlias = NDArray[np.float64]
_SQUARE: Final = 2.0


def _sign(value: float) -> float:
    return math.copysign(1.0, value) if value else 0.0


_SCALAR: Final[Mapping[str, Callable[..., float]]] = {
    "sqrt": math.sqrt, "exp": math.exp, "log": math.log, "log10": math.log10, "sin": math.sin,
    "cos": math.cos, "tan": math.tan, "asin": math.asin, "acos": math.acos, "atan": math.atan,
    "atan2": math.atan2, "abs": math.fabs, "sign": _sign,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Expression:
    """A measurement function, ready to be evaluated and differentiated."""

    root: Node
    names: frozenset[str]

    def __call__(self, values: Mapping[str, float], known: dict[int, float] | None = None) -> float:
        """Return the value of the function.

        Args:
            values: The values by name.
            known: What is known of its terms already, by node; filled. A function and its
                derivatives share many terms: at the same values, one serves all.

        Raises:
            MetrologyError: The function is not defined there, or the result is not finite.
        """
        try:
            result = _scalar(self.root, values, {} if known is None else known)
        except KeyError as error:
            raise MetrologyError(f"model: {error.args[0]} is not an input quantity") from None
        except (ArithmeticError, ValueError):
            raise MetrologyError("model: not defined at these values") from None
        if isinstance(result, complex) or not math.isfinite(result):
            raise MetrologyError("model: not defined at these values")
        return result

    def derivative(self, name: str) -> "Expression":
        """Return the partial derivative, itself a function.

        Example:
            >>> parse("x**2*y").derivative("x")({"x": 3.0, "y": 5.0})
            30.0
        """
        return Expression(_slopes(self.root, {}, name).get(name, ZERO), self.names)

    def derivatives(self) -> dict[str, "Expression"]:
        """Return all partial derivatives by name; one that is zero everywhere is not among them."""
        slopes = _slopes(self.root, {})
        return {name: Expression(slope, self.names) for name, slope in slopes.items()}


@lru_cache(maxsize=256)
def parse(text: str) -> Expression:
    """Read a measurement function; what was read before is remembered.

    Raises:
        FormulaError: The text is not in the grammar; the message says what and where.

    Example:
        >>> parse("V/I")({"V": 0.1, "I": 0.02})
        5.0
    """
    root, names = read_formula(text)
    return Expression(root, names)


def _scalar(node: Node, values: Mapping[str, float], known: dict[int, float]) -> float:
    if isinstance(node, Number):
        return node.value
    if isinstance(node, Name):
        return values[node.name]
    found = known.get(id(node))
    if found is not None:
        return found
    if isinstance(node, Operation):
        left = _scalar(node.left, values, known)
        right = _scalar(node.right, values, known)
        result = _operate(node.operator, left, right)
    else:
        terms = [_scalar(argument, values, known) for argument in node.arguments]
        result = _SCALAR[node.function](*terms)
    known[id(node)] = result
    return result


def _operate(operator: str, left: float, right: float) -> float:
    if operator == "+":
        return left + right
    if operator == "-":
        return left - right
    if operator == "*":
        return left * right
    return left / right if operator == "/" else math.pow(left, right)


def _is(node: Node, value: float) -> bool:
    return isinstance(node, Number) and node.value == value


def _sum(left: Node, right: Node) -> Node:
    if _is(left, 0.0):
        return right
    return left if _is(right, 0.0) else Operation("+", left, right)


def _difference(left: Node, right: Node) -> Node:
    if _is(right, 0.0):
        return left
    return negative(right) if _is(left, 0.0) else Operation("-", left, right)


def _product(left: Node, right: Node) -> Node:
    if _is(left, 0.0) or _is(right, 0.0):
        return ZERO
    if _is(left, 1.0):
        return right
    if _is(right, 1.0):
        return left
    if isinstance(left, Number) and isinstance(right, Number):
        return Number(left.value * right.value)
    return Operation("*", left, right)


def _quotient(left: Node, right: Node) -> Node:
    if _is(left, 0.0):
        return ZERO
    return left if _is(right, 1.0) else Operation("/", left, right)


_Slopes: TypeAlias = dict[str, Node]


def _slopes(node: Node, known: dict[int, _Slopes], only: str | None = None) -> _Slopes:
    """Return all partial derivatives by name, or one, from one walk through the tree."""
    if isinstance(node, Number):
        return {}
    if isinstance(node, Name):
        return {node.name: ONE} if only in {None, node.name} else {}
    found = known.get(id(node))
    if found is None:
        if isinstance(node, Operation):
            left, right = _slopes(node.left, known, only), _slopes(node.right, known, only)
            by_name = _of_operation(node, left, right) if left or right else {}
        else:
            by_name = _of_call(
                node, [_slopes(argument, known, only) for argument in node.arguments]
            )
        found = {name: slope for name, slope in by_name.items() if not _is(slope, 0.0)}
        known[id(node)] = found
    return found


def _of_operation(node: Operation, by_left: _Slopes, by_right: _Slopes) -> _Slopes:
    left, right = node.left, node.right
    pairs = [
        (name, by_left.get(name, ZERO), by_right.get(name, ZERO))
        for name in [*by_left, *(name for name in by_right if name not in by_left)]
    ]
    if node.operator == "+":
        return {name: _sum(one, other) for name, one, other in pairs}
    if node.operator == "-":
        return {name: _difference(one, other) for name, one, other in pairs}
    if node.operator == "*":
        return {
            name: _sum(_product(one, right), _product(left, other)) for name, one, other in pairs
        }
    if node.operator == "/":
        # (l/r)' = (l' − (l/r)·r')/r keeps the quotient, which is known already.
        return {
            name: _quotient(_difference(one, _product(node, other)), right)
            for name, one, other in pairs
        }
    by_base = _product(right, _lowered(left, right)) if by_left else ZERO
    by_exponent = _product(node, Call("log", (left,))) if by_right else ZERO
    return {
        name: _sum(_product(by_base, one), _product(by_exponent, other))
        for name, one, other in pairs
    }


def _lowered(left: Node, right: Node) -> Node:
    """Return the base to the power of one less."""
    if not isinstance(right, Number):
        return Operation("**", left, Operation("-", right, ONE))
    if right.value == 1.0:
        return ONE
    return left if right.value == _SQUARE else Operation("**", left, Number(right.value - 1.0))


def _of_call(node: Call, slopes: list[_Slopes]) -> _Slopes:
    inner = node.arguments[0]
    if node.function == "atan2":
        other = node.arguments[1]
        by_inner, by_other = slopes
        radius = _sum(_product(inner, inner), _product(other, other))
        return {
            name: _quotient(
                _difference(
                    _product(other, by_inner.get(name, ZERO)),
                    _product(inner, by_other.get(name, ZERO)),
                ),
                radius,
            )
            for name in [*by_inner, *(name for name in by_other if name not in by_inner)]
        }
    if not slopes[0]:
        return {}
    outer = _OUTER[node.function](node, inner)
    return {name: _product(outer, slope) for name, slope in slopes[0].items()}


def _semicircle(inner: Node) -> Node:
    return Call("sqrt", (_difference(ONE, _product(inner, inner)),))


# What a function's slope is for its argument; both are at hand as nodes.
_OUTER: Final[Mapping[str, Callable[[Call, Node], Node]]] = {
    "sqrt": lambda node, _: _quotient(Number(0.5), node),
    "exp": lambda node, _: node,
    "log": lambda _, inner: _quotient(ONE, inner),
    "log10": lambda _, inner: _quotient(Number(1.0 / math.log(10.0)), inner),
    "sin": lambda _, inner: Call("cos", (inner,)),
    "cos": lambda _, inner: negative(Call("sin", (inner,))),
    "tan": lambda node, _: _sum(ONE, _product(node, node)),
    "asin": lambda _, inner: _quotient(ONE, _semicircle(inner)),
    "acos": lambda _, inner: _quotient(Number(-1.0), _semicircle(inner)),
    "atan": lambda _, inner: _quotient(ONE, _sum(ONE, _product(inner, inner))),
    "abs": lambda _, inner: Call("sign", (inner,)),
    "sign": lambda _node, _inner: ZERO,
}
