"""The guard against typing errors: ten times off, wrong sign, far from all others."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from calibra_app.metrology.type_a import mean_of

_FACTORS: Final = (Decimal(10), Decimal("0.1"), Decimal(100), Decimal("0.01"), Decimal(1000))


class Doubt(StrEnum):
    """What a typed value looks like."""

    TEN_TIMES = "x10"
    A_TENTH = "/10"
    HUNDRED_TIMES = "x100"
    A_HUNDREDTH = "/100"
    THOUSAND_TIMES = "x1000"
    SIGN = "sign"
    FAR_OFF = "far off"


_DOUBTS: Final = dict(
    zip(
        _FACTORS,
        (
            Doubt.TEN_TIMES,
            Doubt.A_TENTH,
            Doubt.HUNDRED_TIMES,
            Doubt.A_HUNDREDTH,
            Doubt.THOUSAND_TIMES,
        ),
        strict=True,
    )
)


@dataclass(frozen=True, slots=True)
class Question:
    """What the technician is asked before the value is kept, and what was perhaps meant."""

    doubt: Doubt
    text: str
    meant: Decimal | None


def question_of(
    typed: Decimal, expected: Decimal, band: Decimal, others: Sequence[Decimal] = ()
) -> Question | None:
    """Return what to ask about a typed value, or None if it is plausible.

    A value is plausible within the band around what is expected: the mean of the other
    indications of the point where there are some, else the nominal value. Outside it, the
    value that one slip of the finger away lies inside is offered.

    Args:
        typed: The indication as typed.
        expected: The nominal indication.
        band: How far from it a true indication may well lie; a few times the maximum
            permissible error. Positive.
        others: The other indications of the same point.

    Example:
        >>> question_of(Decimal("100.1"), Decimal("10"), Decimal("0.15")).doubt
        <Doubt.TEN_TIMES: 'x10'>
        >>> question_of(Decimal("10.01"), Decimal("10"), Decimal("0.15")) is None
        True
    """
    centres = [expected]
    if others:
        centres.insert(0, mean_of(others))
    if any(abs(typed - centre) <= band for centre in centres):
        return None
    for factor in _FACTORS:
        meant = typed / factor
        if any(_near(meant, centre, band) for centre in centres):
            doubt = _DOUBTS[factor]
            return Question(doubt, f"{doubt.replace('x', '×').replace('/', '÷')}?", meant)
    if typed != 0 and any(_near(-typed, centre, band) for centre in centres):
        return Question(Doubt.SIGN, "sign?", -typed)
    return Question(Doubt.FAR_OFF, f"far from {centres[0]:.6g}?", None)


def _near(value: Decimal, centre: Decimal, band: Decimal) -> bool:
    # A slip is only suspected where the nominal is not within the band of zero: there every
    # tenth of a value would look meant.
    return abs(centre) > band and abs(value - centre) <= band
