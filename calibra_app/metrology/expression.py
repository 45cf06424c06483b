"""Measurement functions typed by people: evaluated, and differentiated exactly."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
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


def _sign(value: float) -> float:
    return math.copysign(1.0, value) if value else 0.0


_SCALAR: Final[Mapping[str, Callable[..., float]]] = {
    "sqrt": math.sqrt, "exp": math.exp, "log": math.log, "log10": math.log10, "sin": math.sin,
    "cos": math.cos, "tan": math.tan, "asin": math.asin, "acos": math.acos, "atan": math.atan,
    "atan2": math.atan2, "abs": math.fabs, "sign": _sign,
}  # fmt: skip

_VECTOR: Final[Mapping[str, Callable[..., Array]]] = {
    "sqrt": np.sqrt, "exp": np.exp, "log": np.log, "log10": np.log10, "sin": np.sin,
    "cos": np.cos, "tan": np.tan, "asin": np.arcsin, "acos": np.arccos, "atan": np.arctan,
    "atan2": np.arctan2, "abs": np.abs, "sign": np.sign,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Expression:
    """A measurement function, ready to be evaluated and differentiated."""

    root: Node
    names: frozenset[str]

    def __call__(self, values: Mapping[str, float]) -> float:
        """Return the value of the function.

        Raises:
            MetrologyError: The function is not defined there, or the result is not finite.
        """
        try:
            result = _scalar(self.root, values, {})
        except KeyError as error:
            raise MetrologyError(f"model: {error.args[0]} is not an input quantity") from None
        except (ArithmeticError, ValueError):
            raise MetrologyError("model: not defined at these values") from None
        if isinstance(result, complex) or not math.isfinite(result):
            raise MetrologyError("model: not defined at these values")
        return result

    def of_many(self, values: Mapping[str, Array]) -> Array:
        """Return the values of the function for many sets of input quantities at once."""
        with np.errstate(all="ignore"):
            result = _vector(self.root, values, {})
        if not np.all(np.isfinite(result)):
            raise MetrologyError("model: not defined at some of the drawn values")
        return result

    def derivative(self, name: str) -> "Expression":
        """Return the partial derivative, itself a function.

        Example:
            >>> parse("x**2*y").derivative("x")({"x": 3.0, "y": 5.0})
            30.0
        """
        return Expression(_derivative(self.root, name, {}), self.names)


def parse(text: str) -> Expression:
    """Read a measurement function.

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


def _vector(node: Node, values: Mapping[str, Array], known: dict[int, Array]) -> Array:
    if isinstance(node, Number):
        return np.float64(node.value)  # type: ignore[return-value]
    if isinstance(node, Name):
        return values[node.name]
    found = known.get(id(node))
    if found is not None:
        return found
    if isinstance(node, Operation):
        left = _vector(node.left, values, known)
        right = _vector(node.right, values, known)
        result = _VECTOR_OPERATORS[node.operator](left, right)
    else:
        terms = [_vector(argument, values, known) for argument in node.arguments]
        result = _VECTOR[node.function](*terms)
    known[id(node)] = result
    return result


_VECTOR_OPERATORS: Final[Mapping[str, Callable[[Array, Array], Array]]] = {
    "+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide, "**": np.power,
}  # fmt: skip


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


def _derivative(node: Node, name: str, known: dict[int, Node]) -> Node:
    if isinstance(node, Number):
        return ZERO
    if isinstance(node, Name):
        return ONE if node.name == name else ZERO
    found = known.get(id(node))
    if found is None:
        found = (
            _of_operation(node, name, known)
            if isinstance(node, Operation)
            else _of_call(node, name, known)
        )
        known[id(node)] = found
    return found


def _of_operation(node: Operation, name: str, known: dict[int, Node]) -> Node:
    left, right = node.left, node.right
    slope_left = _derivative(left, name, known)
    slope_right = _derivative(right, name, known)
    if node.operator == "+":
        return _sum(slope_left, slope_right)
    if node.operator == "-":
        return _difference(slope_left, slope_right)
    if node.operator == "*":
        return _sum(_product(slope_left, right), _product(left, slope_right))
    if node.operator == "/":
        # (l/r)' = (l' − (l/r)·r')/r keeps the quotient, which is known already.
        return _quotient(_difference(slope_left, _product(node, slope_right)), right)
    by_base: Node = ZERO
    if not _is(slope_left, 0.0):
        if isinstance(right, Number):
            lower: Node = (
                ONE
                if right.value == 1.0
                else left
                if right.value == 2.0  # noqa: PLR2004
                else Operation("**", left, Number(right.value - 1.0))
            )
        else:
            lower = Operation("**", left, Operation("-", right, ONE))
        by_base = _product(_product(right, lower), slope_left)
    if _is(slope_right, 0.0):
        return by_base
    return _sum(by_base, _product(_product(node, Call("log", (left,))), slope_right))


def _of_call(node: Call, name: str, known: dict[int, Node]) -> Node:
    inner = node.arguments[0]
    slope = _derivative(inner, name, known)
    if node.function == "atan2":
        other = node.arguments[1]
        slope_other = _derivative(other, name, known)
        radius = _sum(_product(inner, inner), _product(other, other))
        top = _difference(_product(other, slope), _product(inner, slope_other))
        return _quotient(top, radius)
    if _is(slope, 0.0):
        return ZERO
    return _product(_outer(node, inner), slope)


def _outer(node: Call, inner: Node) -> Node:
    square = _product(inner, inner)
    outer: dict[str, Callable[[], Node]] = {
        "sqrt": lambda: _quotient(Number(0.5), node),
        "exp": lambda: node,
        "log": lambda: _quotient(ONE, inner),
        "log10": lambda: _quotient(Number(1.0 / math.log(10.0)), inner),
        "sin": lambda: Call("cos", (inner,)),
        "cos": lambda: negative(Call("sin", (inner,))),
        "tan": lambda: _sum(ONE, _product(node, node)),
        "asin": lambda: _quotient(ONE, Call("sqrt", (_difference(ONE, square),))),
        "acos": lambda: _quotient(Number(-1.0), Call("sqrt", (_difference(ONE, square),))),
        "atan": lambda: _quotient(ONE, _sum(ONE, square)),
        "abs": lambda: Call("sign", (inner,)),
        "sign": lambda: ZERO,
    }
    return outer[node.function]()
