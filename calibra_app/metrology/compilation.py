"""Measurement functions made ready for whole columns: steps of array arithmetic, laid out once.

No text is generated and nothing is evaluated as code: a step is one function of numpy and the
places of its operands, made from the nodes of the closed grammar. What is equal in a function and
in its derivatives is computed once; a column that is not needed any more lends its memory.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from calibra_app.metrology.expression import Array, Expression
from calibra_app.metrology.grammar import Name, Node, Number, Operation
from calibra_app.metrology.quantity import MetrologyError

Function: TypeAlias = Callable[..., Array]
Mask: TypeAlias = NDArray[np.bool_]

_FUNCTIONS: Final[Mapping[str, Function]] = {
    "+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide, "**": np.power,
    "sqrt": np.sqrt, "exp": np.exp, "log": np.log, "log10": np.log10, "sin": np.sin,
    "cos": np.cos, "tan": np.tan, "asin": np.arcsin, "acos": np.arccos, "atan": np.arctan,
    "atan2": np.arctan2, "abs": np.abs, "sign": np.sign, "square": np.square,
}  # fmt: skip
_COMMUTATIVE: Final = frozenset("+*")
_NO_OPERAND: Final = -1
_SQUARE, _ROOT, _INVERSE = 2.0, 0.5, -1.0


@dataclass(frozen=True, slots=True)
class _Step:
    """One operation: a function and the places of its operands and of its result."""

    function: Function
    one: int
    other: int
    result: int

    @property
    def operands(self) -> tuple[int, ...]:
        """Return the places of the operands."""
        return (self.one,) if self.other == _NO_OPERAND else (self.one, self.other)


@dataclass(frozen=True, slots=True)
class _Layout:
    """The steps where some inputs are constants: first those of numbers, then of columns.

    A step of columns has its row of memory behind it; the rows of the outputs follow the others.
    """

    numbers: tuple[_Step, ...]
    columns: tuple[tuple[Function, int, int, int, int], ...]
    rows: int


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """Several functions of the same input quantities, ready to be computed together."""

    names: tuple[tuple[str, int], ...]
    constants: tuple[Array, ...]
    steps: tuple[_Step, ...]
    outputs: tuple[int, ...]
    _layouts: dict[tuple[int, ...], _Layout] = field(
        default_factory=dict[tuple[int, ...], _Layout], repr=False
    )

    def fill(self, columns: Mapping[str, Array], into: Array, suspects: Mask | None = None) -> None:
        """Compute all functions for all points.

        Args:
            columns: The values by name: as many as `into` has columns, or one for all points.
            into: One row for each function; filled.
            suspects: Where given, each point is marked at which any step is not finite. Without
                it, the caller decides by `np.errstate` what happens at such a step.
        """
        places = [*self.constants]
        for name, place in self.names:
            places[place] = columns[name]
        layout = self._layout(tuple(places[place].ndim for _, place in self.names))
        for step in layout.numbers:
            column = np.asarray(step.function(*(places[place] for place in step.operands)))
            places[step.result] = column
            if suspects is not None:
                suspects |= ~np.isfinite(column)
        results = list(into)
        rows = [*np.empty((layout.rows, into.shape[1])), *results]
        for function, one, other, result, row in layout.columns:
            if other < 0:
                column = function(places[one], rows[row])
            else:
                column = function(places[one], places[other], rows[row])
            places[result] = column
            if suspects is not None:
                suspects |= ~np.isfinite(column)
        for row, place in zip(results, self.outputs, strict=True):
            if places[place] is not row:
                row[...] = places[place]

    def _layout(self, dimensions: tuple[int, ...]) -> _Layout:
        found = self._layouts.get(dimensions)
        if found is None:
            found = self._layouts[dimensions] = _lay_out(self, dimensions)
        return found


def _lay_out(ready: Steps, dimensions: tuple[int, ...]) -> _Layout:
    columns = {place for (_, place), size in zip(ready.names, dimensions, strict=True) if size}
    numbers: list[_Step] = []
    steps: list[_Step] = []
    for step in ready.steps:
        if columns.isdisjoint(step.operands):
            numbers.append(step)
        else:
            columns.add(step.result)
            steps.append(step)
    last = {place: index for index, step in enumerate(steps) for place in step.operands}
    own = {place: number for number, place in reversed([*enumerate(ready.outputs)])}
    row_of: dict[int, int] = {}
    free: list[int] = []
    rows = 0
    for index, step in enumerate(steps):
        # An operand that is used here for the last time may be overwritten by the result.
        free.extend(
            row_of[place] for place in {*step.operands} & row_of.keys() if last[place] == index
        )
        if step.result in own:
            continue
        if not free:
            free.append(rows)
            rows += 1
        row_of[step.result] = free.pop()
    return _Layout(
        tuple(numbers),
        tuple(
            (
                step.function,
                step.one,
                step.other,
                step.result,
                rows + own[step.result] if step.result in own else row_of[step.result],
            )
            for step in steps
        ),
        rows,
    )


def compile_functions(functions: Sequence[Expression]) -> Steps:
    """Return the steps that compute several functions together.

    Example:
        >>> from calibra_app.metrology.expression import parse
        >>> model = parse("a*b")
        >>> into = np.empty((2, 2))
        >>> ready = compile_functions([model, model.derivative("a")])
        >>> ready.fill({"a": np.array([1.0, 2.0]), "b": np.array([3.0, 4.0])}, into)
        >>> into.tolist()
        [[3.0, 8.0], [3.0, 4.0]]
    """
    numbering = _Numbering()
    outputs = tuple(numbering.place_of(function.root) for function in functions)
    return Steps(
        tuple(numbering.names.items()),
        tuple(numbering.constants),
        tuple(numbering.steps),
        outputs,
    )


class _Numbering:
    """Gives equal terms one place."""

    def __init__(self) -> None:
        self.names: dict[str, int] = {}
        self.constants: list[Array] = []
        self.steps: list[_Step] = []
        self._numbers: dict[str, int] = {}
        self._values: dict[int, float] = {}
        self._terms: dict[tuple[str, int, int], int] = {}
        self._nodes: dict[int, int] = {}

    def place_of(self, node: Node) -> int:
        found = self._nodes.get(id(node))
        if found is None:
            found = self._nodes[id(node)] = self._new_place(node)
        return found

    def _new_place(self, node: Node) -> int:
        if isinstance(node, Number):
            return self._number(node.value)
        if isinstance(node, Name):
            if node.name not in self.names:
                self.names[node.name] = self._place()
            return self.names[node.name]
        if isinstance(node, Operation):
            one, other = self.place_of(node.left), self.place_of(node.right)
            operator = node.operator
        else:
            operator = node.function
            one, *rest = (self.place_of(argument) for argument in node.arguments)
            other = rest[0] if rest else _NO_OPERAND
        if one in self._values and (other == _NO_OPERAND or other in self._values):
            try:
                return self._number(Expression(node, frozenset())({}))
            except MetrologyError:
                pass  # 1/0 stays a step: the evaluation says that it is not defined
        return self._term(operator, one, other)

    def _term(self, operator: str, one: int, other: int) -> int:
        exponent = self._values.get(other) if operator == "**" else None
        if exponent == _SQUARE:
            operator, other = "square", _NO_OPERAND
        elif exponent == _ROOT:
            operator, other = "sqrt", _NO_OPERAND
        elif exponent == _INVERSE:
            operator, one, other = "/", self._number(1.0), one
        if operator in _COMMUTATIVE and other < one:
            one, other = other, one
        found = self._terms.get((operator, one, other))
        if found is None:
            found = self._terms[operator, one, other] = self._place()
            self.steps.append(_Step(_FUNCTIONS[operator], one, other, found))
        return found

    def _number(self, value: float) -> int:
        # By all its digits: 0.0 and -0.0 are equal, yet not the same.
        digits = value.hex()
        if digits not in self._numbers:
            place = self._numbers[digits] = self._place()
            self.constants[place] = np.array(value)
            self._values[place] = value
        return self._numbers[digits]

    def _place(self) -> int:
        self.constants.append(_EMPTY)
        return len(self.constants) - 1


_EMPTY: Final = np.array(np.nan)
