"""The check of a measurement function against the units of its quantities, before it is kept.

A formula computes with bare numbers. Three mistakes hide in that: quantities of different kind
are added, numbers in different units of one kind are added (mm and µm), and the number of a
temperature in degrees Celsius is taken for its amount. Each is refused at its place.
"""

import ast
import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, NoReturn

from calibra_app.metrology.grammar import FormulaError, read_formula, syntax_of
from calibra_app.metrology.quantity import DIMENSIONS, NO_DIMENSION, MetrologyError, unit

GREATEST_WHOLE: Final = 8
_CLOSE: Final = 1e-9
_RAISED: Final = str.maketrans("0123456789-.", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻·")


@dataclass(frozen=True, slots=True)
class _Kind:
    """What is known of the number that a part of a formula computes.

    `scale` is the size of its unit in the coherent SI unit, None once a plain number such as
    1000 was multiplied in, which may have changed the unit. `zeros` counts the points of zero:
    1 for a temperature in degrees Celsius, 0 for a difference of two. `plain` is the value of
    a part that is made of numbers alone.
    """

    dimension: tuple[float, ...] = NO_DIMENSION
    scale: float | None = 1.0
    zeros: float = 0.0
    plain: float | None = None

    @property
    def dimensionless(self) -> bool:
        return not any(abs(power) > _CLOSE for power in self.dimension)

    @property
    def text(self) -> str:
        """Return the kind in coherent SI units, as a person reads it."""
        symbols = [
            symbol + ("" if power == 1 else f"{power:g}".translate(_RAISED))
            for symbol, power in zip(DIMENSIONS, self.dimension, strict=True)
            if abs(power) > _CLOSE
        ]
        return "·".join(symbols) or "1"

    def fits(self, other: "_Kind") -> bool:
        pairs = zip(self.dimension, other.dimension, strict=True)
        return all(abs(a - b) <= _CLOSE for a, b in pairs)

    def scaled_like(self, other: "_Kind") -> bool:
        if self.scale is None or other.scale is None:
            return True
        return math.isclose(self.scale, other.scale, rel_tol=_CLOSE)


def check_units(model: str, units_by_name: Mapping[str, str], result_unit: str) -> None:
    r"""Check that a measurement function fits the units of its quantities and of its result.

    Added terms have one unit; exp, log, sin and their like take plain numbers (angles in
    radian); an exponent is a plain number; a temperature in degrees Celsius is only compared
    with, or subtracted from, another one. A number written in the formula has no unit, and as a
    factor it may be a conversion: the size of units is then no longer checked, their kind is.

    Args:
        model: The measurement function.
        units_by_name: The unit of each of its quantities, D-SI text or symbol.
        result_unit: The unit of the measurand.

    Raises:
        FormulaError: The function is not in the grammar or does not fit its units; `start` and
            `end` enclose the place in the text.
        MetrologyError: A unit is unknown.

    Source:
        JCGM 200:2012 (VIM), 1.7, 1.20 and 1.22; SI Brochure, 9th edition, 5.4.

    Example:
        >>> check_units("V/I", {"V": r"\volt", "I": r"\ampere"}, r"\ohm")
        >>> try:
        ...     check_units("V + 2*I", {"V": "V", "I": "A"}, "V")
        ... except FormulaError as error:
        ...     "V + 2*I"[error.start : error.end]
        'V + 2*I'
    """
    read_formula(model)
    tree = syntax_of(model)
    checker = _Checker(model, units_by_name)
    found = checker.kind(tree)
    wanted = _kind_of("the result", result_unit)
    checker.compare_result(tree, found, wanted, result_unit)


def _kind_of(name: str, written: str) -> _Kind:
    try:
        known = unit(written)
    except MetrologyError as error:
        raise MetrologyError(f"unit of {name}: {error}") from None
    return _Kind(known.dimension, known.factor, 1.0 if known.offset else 0.0)


class _Checker:
    """Walks a syntax tree that the grammar has accepted."""

    def __init__(self, text: str, units_by_name: Mapping[str, str]) -> None:
        self.text = text
        self.units = units_by_name

    def refuse(self, tree: ast.expr, message: str) -> NoReturn:
        end = tree.end_col_offset or tree.col_offset
        raise FormulaError(message, self.text, tree.col_offset, end)

    def kind(self, tree: ast.expr) -> _Kind:
        if isinstance(tree, ast.Constant):
            return _Kind(plain=float(tree.value))  # type: ignore[arg-type]
        if isinstance(tree, ast.Name):
            return self._of_name(tree)
        if isinstance(tree, ast.UnaryOp):
            inner = self.kind(tree.operand)
            return _times(inner, -1.0) if isinstance(tree.op, ast.USub) else inner
        if isinstance(tree, ast.BinOp):
            if isinstance(tree.op, ast.Add | ast.Sub):
                return self._of_sum(tree)
            return self._of_power(tree) if isinstance(tree.op, ast.Pow) else self._of_product(tree)
        if not isinstance(tree, ast.Call) or not isinstance(tree.func, ast.Name):
            self.refuse(tree, "this is not allowed in a formula")
        return self._of_call(tree, tree.func.id)

    def compare_result(self, tree: ast.expr, found: _Kind, wanted: _Kind, unit_text: str) -> None:
        if found.plain == 0:
            return
        shown = unit_text or "1"
        if not found.fits(wanted):
            self.refuse(tree, f"the formula gives {self._shown(tree, found)}, not {shown}")
        # A difference of two temperatures is stated in °C as well as in K.
        if abs(found.zeros) > _CLOSE and abs(found.zeros - 1) > _CLOSE:
            self.refuse(tree, "the points of zero of these temperatures do not cancel")
        if abs(found.zeros) > _CLOSE and not wanted.zeros:
            self.refuse(tree, f"the formula gives a temperature with its own zero, not {shown}")
        if not found.scaled_like(wanted):
            ratio = (found.scale or 1.0) / (wanted.scale or 1.0)
            self.refuse(
                tree, f"the formula gives {self._shown(tree, found)}, which is {ratio:.6g} {shown}"
            )

    def _shown(self, tree: ast.expr, kind: _Kind) -> str:
        """Return the unit of a part: as given for a quantity, in SI units for what is computed."""
        while isinstance(tree, ast.UnaryOp):
            tree = tree.operand
        if isinstance(tree, ast.Name) and tree.id in self.units:
            return self.units[tree.id] or "a plain number"
        if kind.dimensionless and kind.scale == 1.0:
            return "a plain number"
        if kind.dimensionless:
            return "a plain number" if kind.scale is None else f"units of {kind.scale:.6g}"
        size = "" if kind.scale in (None, 1.0) else f"{kind.scale:.6g} "
        return f"{size}{kind.text}"

    def _of_name(self, tree: ast.Name) -> _Kind:
        if tree.id == "pi":
            return _Kind(plain=math.pi)
        if tree.id not in self.units:
            self.refuse(tree, f"{tree.id} is not an input quantity")
        return _kind_of(tree.id, self.units[tree.id])

    def _of_sum(self, tree: ast.BinOp) -> _Kind:
        left, right = self.kind(tree.left), self.kind(tree.right)
        sign = 1.0 if isinstance(tree.op, ast.Add) else -1.0
        if left.plain is not None and right.plain is not None:
            return _Kind(plain=left.plain + sign * right.plain)
        # Nothing added is nothing in any unit.
        if left.plain == 0:
            return _times(right, sign)
        if right.plain == 0:
            return left
        self._compare(tree, left, right, "added" if sign > 0 else "subtracted")
        scale = right.scale if left.scale is None else left.scale
        zeros = left.zeros + sign * right.zeros
        return _Kind(left.dimension, scale, zeros)

    def _compare(self, tree: ast.BinOp, left: _Kind, right: _Kind, deed: str) -> None:
        if left.fits(right) and left.scaled_like(right):
            return
        units = f"{self._shown(tree.left, left)} and {self._shown(tree.right, right)}"
        if left.fits(right):
            hint = "bring them to one unit first"
        elif left.plain is not None or right.plain is not None:
            hint = "give the number as an input quantity with its unit"
        else:
            hint = "they are different kinds of quantity"
        self.refuse(tree, f"{units} cannot be {deed}: {hint}")

    def _of_product(self, tree: ast.BinOp) -> _Kind:
        left, right = self.kind(tree.left), self.kind(tree.right)
        turned = isinstance(tree.op, ast.Div)
        if right.plain is not None:
            if turned and right.plain == 0:
                self.refuse(tree, "a division by zero")
            return _times(left, 1 / right.plain if turned else right.plain)
        if left.plain is not None and not turned:
            return _times(right, left.plain)
        self._refuse_zeros(tree.left, left)
        self._refuse_zeros(tree.right, right)
        power = -1.0 if turned else 1.0
        pairs = zip(left.dimension, right.dimension, strict=True)
        dimension = tuple(a + power * b for a, b in pairs)
        if left.scale is None or right.scale is None:
            return _Kind(dimension, None)
        return _Kind(dimension, left.scale * right.scale**power)

    def _refuse_zeros(self, tree: ast.expr, kind: _Kind) -> None:
        if abs(kind.zeros) > _CLOSE:
            shown = self._shown(tree, kind)
            self.refuse(
                tree,
                f"a temperature in {shown} is not an amount: take its difference from a constant "
                f"of 0 {shown}, or give it in kelvin"
                if isinstance(tree, ast.Name)
                else "a temperature is not an amount: take a difference, or give it in kelvin",
            )

    def _of_power(self, tree: ast.BinOp) -> _Kind:
        base, exponent = self.kind(tree.left), self.kind(tree.right)
        self._refuse_zeros(tree.left, base)
        self._need_plain(tree.right, exponent, "an exponent is a plain number")
        if exponent.plain is None:
            self._need_plain(tree.left, base, "with a quantity as exponent, the base has no unit")
            return _Kind()
        if base.plain is not None:
            return _Kind(plain=self._computed(tree, base.plain, exponent.plain))
        power = exponent.plain
        if base.scale is None:
            return _Kind(tuple(power * each for each in base.dimension), None)
        scale = self._computed(tree, base.scale, power)
        return _Kind(tuple(power * each for each in base.dimension), scale)

    def _computed(self, tree: ast.expr, base: float, power: float) -> float:
        try:
            return math.pow(base, power)
        except (ArithmeticError, ValueError):
            self.refuse(tree, "not defined")

    def _need_plain(self, tree: ast.expr, kind: _Kind, message: str) -> None:
        self._refuse_zeros(tree, kind)
        if not kind.dimensionless or kind.scale not in (None, 1.0):
            self.refuse(tree, f"{message}, and this is in {self._shown(tree, kind)}")

    def _of_call(self, tree: ast.Call, function: str) -> _Kind:
        kinds = [self.kind(argument) for argument in tree.args]
        first, inner = tree.args[0], kinds[0]
        if function == "atan2":
            for argument, kind in zip(tree.args, kinds, strict=True):
                self._refuse_zeros(argument, kind)
            if not (inner.fits(kinds[1]) and inner.scaled_like(kinds[1])):
                shown = f"{self._shown(first, inner)} and {self._shown(tree.args[1], kinds[1])}"
                self.refuse(tree, f"atan2 compares two quantities of one unit, not {shown}")
            return _Kind()
        if function == "abs":
            self._refuse_zeros(first, inner)
            return _Kind(inner.dimension, inner.scale)
        if function == "sqrt":
            self._refuse_zeros(first, inner)
            root = None if inner.scale is None else math.sqrt(inner.scale)
            return _Kind(tuple(power / 2 for power in inner.dimension), root)
        angle = function in ("sin", "cos", "tan")
        self._need_plain(
            first, inner, f"{function} takes {'an angle in radian' if angle else 'a plain number'}"
        )
        return _Kind()


def _times(kind: _Kind, factor: float) -> _Kind:
    """Return the kind of a part multiplied by a plain number."""
    if kind.plain is not None:
        return _Kind(plain=kind.plain * factor)
    scale = kind.scale if _only_counts(abs(factor)) else None
    return _Kind(kind.dimension, scale, kind.zeros * factor)


def _only_counts(size: float) -> bool:
    """Tell whether a factor converts no unit: 2, 3/4 or 2·pi do not; 1000, 60 or 5/9 may."""
    for part in (size, size / math.pi, size * math.pi):
        if not 1 / GREATEST_WHOLE <= part * (1 + _CLOSE) <= GREATEST_WHOLE * (1 + 2 * _CLOSE):
            continue
        ratio = Fraction(part).limit_denominator(GREATEST_WHOLE)
        if ratio.numerator > GREATEST_WHOLE:
            continue
        if math.isclose(part, ratio, rel_tol=_CLOSE):
            return True
    return False
