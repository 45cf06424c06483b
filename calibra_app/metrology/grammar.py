"""The closed grammar of measurement functions: what may be typed, and nothing else.

Only numbers, names, + - * / **, the constant pi and a dozen functions exist in it; there is no
attribute, no index, no other call, so a typed model can compute and do nothing else.
"""

import ast
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from calibra_app.metrology.quantity import MetrologyError

LONGEST: Final = 1000
MOST_NODES: Final = 200
DEEPEST: Final = 30
_CHARACTERS: Final = re.compile(r"[A-Za-z0-9_+\-*/(). ,\t\r\n]*")
# Hexadecimal, imaginary and underscored numbers belong to programs, not to formulas.
_NO_NUMBER: Final = re.compile(
    r"(?<![A-Za-z0-9_.])(?>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)[A-Za-z_]\w*"
)
LONGEST_SHOWN: Final = 40
_BLANKS: Final = {ord(blank): " " for blank in "\t\r\n"}


class FormulaError(MetrologyError):
    """A formula is refused: the message says why and where.

    `start` and `end` enclose the place in the text, counted from 0.
    """

    def __init__(self, message: str, text: str, start: int, end: int) -> None:
        """Point at a place of a text."""
        self.start = min(max(start, 0), len(text))
        self.end = min(max(end, self.start), len(text))
        part = text[self.start : self.end].strip()
        if len(part) > LONGEST_SHOWN:
            part = f"{part[:LONGEST_SHOWN]}…"
        place = f"at position {self.start + 1}" if self.start < len(text) else "at its end"
        super().__init__(f"model: {message}, {place}" + (f" “{part}”" if part else ""))


@dataclass(frozen=True, slots=True, eq=False)
class Number:
    """A number."""

    value: float


@dataclass(frozen=True, slots=True, eq=False)
class Name:
    """An input quantity by its name."""

    name: str


@dataclass(frozen=True, slots=True, eq=False)
class Operation:
    """Two terms and one of + - * / **."""

    operator: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """A function of one or two terms."""

    function: str
    arguments: tuple["Node", ...]


Node: TypeAlias = Number | Name | Operation | Call

ZERO: Final = Number(0.0)
ONE: Final = Number(1.0)

_ARITY: Final[Mapping[str, int]] = {
    "sqrt": 1, "exp": 1, "log": 1, "log10": 1, "sin": 1, "cos": 1, "tan": 1,
    "asin": 1, "acos": 1, "atan": 1, "atan2": 2, "abs": 1,
}  # fmt: skip

RESERVED: Final = frozenset(_ARITY) | {"pi"}

_OPERATORS: Final[Mapping[type[ast.operator], str]] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**",
}  # fmt: skip


def read_formula(text: str) -> tuple[Node, frozenset[str]]:
    """Return the tree of a measurement function and the names of its quantities.

    Raises:
        FormulaError: The text is not in the grammar; the message says what and where.

    Example:
        >>> sorted(read_formula("V/I")[1])
        ['I', 'V']
    """
    if len(text) > LONGEST:
        raise FormulaError(f"at most {LONGEST} characters", text, LONGEST, LONGEST + 1)
    fitting = _CHARACTERS.match(text)
    end = fitting.end() if fitting else 0
    if end != len(text):
        raise FormulaError("this character is not allowed", text, end, end + 1)
    if wrong := _NO_NUMBER.search(text):
        raise FormulaError("not a number", text, *wrong.span())
    names: set[str] = set()
    root = _Reader(text, names).read(syntax_of(text), 0)
    return root, frozenset(names)


def syntax_of(text: str) -> ast.expr:
    """Return the syntax tree of a text; its columns count in the text as it was given.

    Raises:
        FormulaError: It is no formula at all.
    """
    flat = text.translate(_BLANKS)
    lead = len(flat) - len(flat.lstrip())
    try:
        tree = ast.parse(flat.strip(), mode="eval").body
    except SyntaxError as error:
        # Where the text breaks off, there is no column: the place is its end.
        start = lead + error.offset - 1 if error.offset else len(text)
        raise FormulaError("not a formula", text, start, start + 1) from None
    except (ValueError, RecursionError, MemoryError):
        raise FormulaError("not a formula", text, lead, lead) from None
    if lead:
        for node in ast.walk(tree):
            if isinstance(node, ast.expr):
                node.col_offset += lead
                node.end_col_offset = (node.end_col_offset or 0) + lead
    return tree


class _Reader:
    """Turns a syntax tree into nodes, refusing all that is not in the grammar."""

    def __init__(self, text: str, names: set[str]) -> None:
        self.text = text
        self.names = names
        self.nodes = 0

    def read(self, tree: ast.expr, depth: int) -> Node:
        self.nodes += 1
        if depth > DEEPEST or self.nodes > MOST_NODES:
            raise self._refusal("too long or too deeply nested", tree)
        if isinstance(tree, ast.BinOp) and type(tree.op) in _OPERATORS:
            return Operation(
                _OPERATORS[type(tree.op)],
                # A long sum leans to the left; it is no nesting.
                self.read(tree.left, depth),
                self.read(tree.right, depth + 1),
            )
        if isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.USub | ast.UAdd):
            term = self.read(tree.operand, depth + 1)
            return negative(term) if isinstance(tree.op, ast.USub) else term
        if isinstance(tree, ast.Constant):
            return self._number(tree)
        if isinstance(tree, ast.Name):
            return self._name(tree)
        if isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name):
            return self._call(tree, tree.func.id, depth)
        raise self._refusal("this is not allowed in a formula", tree)

    def _refusal(self, message: str, tree: ast.expr) -> FormulaError:
        end = tree.end_col_offset or tree.col_offset
        return FormulaError(message, self.text, tree.col_offset, end)

    def _number(self, tree: ast.Constant) -> Number:
        value: object = tree.value
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self._refusal("not a number", tree)
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if math.isinf(number):
            raise self._refusal("a number is too large", tree)
        return Number(number)

    def _name(self, tree: ast.Name) -> Node:
        if tree.id == "pi":
            return Number(math.pi)
        if tree.id in _ARITY:
            raise self._refusal(f"{tree.id} needs its argument in parentheses", tree)
        if tree.id.startswith("__"):
            raise self._refusal("this is not a name for a quantity", tree)
        self.names.add(tree.id)
        return Name(tree.id)

    def _call(self, tree: ast.Call, function: str, depth: int) -> Node:
        arity = _ARITY.get(function)
        if arity is None:
            raise self._refusal(f"there is no function {function}", tree)
        if tree.keywords or len(tree.args) != arity:
            raise self._refusal(f"{function} takes {arity} argument{'s' * (arity > 1)}", tree)
        return Call(function, tuple(self.read(argument, depth + 1) for argument in tree.args))


def negative(node: Node) -> Node:
    """Return a term with its sign turned."""
    return Number(-node.value) if isinstance(node, Number) else Operation("-", ZERO, node)
