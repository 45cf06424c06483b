"""The indications of the sample week: as found, as left, with the climate of the room."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from calibra_app.demo.cmc import cmc_of
from calibra_app.demo.instruments import decimals, instrument
from calibra_app.demo.standards import BY_ASSET
from calibra_app.metrology.conformity import DecisionRule
from calibra_app.procedures.base import PointEvaluation
from calibra_app.procedures.registry import evaluate_sheet

# A line holds the indications of one point in their order, as typed.
Lines = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SampleObservation:
    """What is read on one instrument. Without an adjustment, as left is as found."""

    number: int
    as_found: Lines = field(repr=False)
    environment: Mapping[str, tuple[float, float]]
    as_left: Lines | None = field(default=None, repr=False)
    adjustment: str = ""


_BALANCE: Final = {
    "repeatability": "0.2 0.1 0.3 0.2 0.1 0.2 0.3 0.2 0.1 0.2",
    "linearity-10-g": "0.0",
    "linearity-20-g": "0.0",
    "linearity-50-g": "0.1",
    "linearity-100-g": "0.1",
    "linearity-150-g": "0.2",
    "linearity-200-g": "0.2",
    "eccentricity-centre": "0.1",
    "eccentricity-front-left": "0.2",
    "eccentricity-back-left": "0.1",
    "eccentricity-back-right": "0.0",
    "eccentricity-front-right": "0.1",
}

_RESISTANCE_THERMOMETER: Final = {
    "0-c": "-0.03 -0.03 -0.04 -0.04 -0.03",
    "50-c": "49.93 49.92 49.93 49.92 49.92",
    "100-c": "100.12 100.13 100.12 100.11 100.12",
    "150-c": "149.93 149.92 149.92 149.92 149.93",
}

_HYGROMETER: Final = {
    "33-rh": "33.0 32.8 32.9 33.0 32.8",
    "50-rh": "50.1 50.0 50.1 50.0 50.2",
    "75-rh": "75.4 75.5 75.4 75.5 75.4",
}

_TRANSMITTER: Final = {
    "0-bar-up": "4.002 4.002",
    "2p5-bar-up": "7.991 7.990",
    "5-bar-up": "11.998 11.996",
    "7p5-bar-up": "16.002 16.001",
    "10-bar-up": "20.001 20.000",
    "10-bar-down": "20.004 20.004",
    "7p5-bar-down": "16.006 16.006",
    "5-bar-down": "12.001 12.000",
    "2p5-bar-down": "7.994 7.994",
    "0-bar-down": "4.003 4.003",
}

_MICROMETER: Final = {
    "0-mm": "0 0 0 0 0",
    "5p1-mm": "-1 -1 -1 0 0",
    "10p3-mm": "0 0 0 1 -1",
    "15-mm": "0 1 2 1 0",
    "20p2-mm": "0 -1 0 -1 0",
    "25-mm": "1 1 2 1 2",
}

_CALIPER: Final = {
    "outside-0-mm": "0.00 0.00 0.00",
    "outside-41p3-mm": "41.30 41.30 41.31",
    "outside-100-mm": "100.01 100.00 100.01",
    "outside-131p4-mm": "131.40 131.39 131.40",
    "outside-150-mm": "150.01 150.00 150.01",
    "inside-41p3-mm": "41.30 41.30 41.31",
    "inside-100-mm": "100.00 100.00 100.01",
}

_TORQUE_WRENCH: Final = {
    "20-n-m": "19.9 20.0 20.0 20.0 20.0",
    "60-n-m": "60.3 60.3 60.3 60.3 60.2",
    "100-n-m": "101.2 101.0 101.5 101.1 101.3",
    "200-n-m": "201.6 201.7 201.6 201.6 201.6",
}

_MULTIMETER: Final = {
    "dc-voltage-200-mv-100": "100.01 100.00 100.01 100.00 100.00",
    "dc-voltage-200-mv-190": "190.02 190.02 190.02 190.01 190.02",
    "dc-voltage-2-v-1": "0.9999 0.9999 0.9999 0.9999 0.9999",
    "dc-voltage-2-v-1p9": "1.9002 1.9001 1.9002 1.9002 1.9002",
    "dc-voltage-20-v-5": "5.000 5.000 5.001 5.000 5.000",
    "dc-voltage-20-v-19": "19.002 19.002 19.002 19.001 19.002",
    "dc-voltage-200-v-10": "10.00 10.01 10.00 10.01 10.00",
    "dc-voltage-200-v-100": "99.99 99.99 99.99 100.00 99.99",
    "dc-voltage-200-v-190": "189.98 189.99 189.99 190.00 189.99",
    "dc-voltage-200-v-minus-190": "-190.00 -190.00 -189.99 -189.99 -190.00",
    "dc-voltage-1000-v-900": "900.1 900.0 900.0 900.0 900.0",
    "ac-voltage-2-v-1p9-1-khz": "1.8984 1.8983 1.8983 1.8983 1.8983",
    "ac-voltage-20-v-19-1-khz": "18.997 18.997 18.998 18.997 18.997",
    "ac-voltage-200-v-100-1-khz": "99.88 99.89 99.87 99.88 99.89",
    "ac-voltage-200-v-190-1-khz": "189.80 189.81 189.80 189.80 189.80",
    "ac-voltage-750-v-700-50-hz": "700.9 700.8 700.8 700.8 700.8",
    "dc-current-2-ma-1p9": "1.9009 1.9009 1.9009 1.9009 1.9008",
    "dc-current-20-ma-19": "18.991 18.991 18.991 18.991 18.992",
    "dc-current-200-ma-190": "189.89 189.88 189.88 189.89 189.88",
    "dc-current-10-a-9": "9.003 9.003 9.003 9.004 9.003",
    "ac-current-200-ma-190-50-hz": "190.26 190.26 190.27 190.27 190.27",
    "ac-current-10-a-9-50-hz": "8.994 8.995 8.994 8.994 8.995",
    "resistance-200-ohm-190": "190.04 190.04 190.05 190.04 190.04",
    "resistance-2-kohm-1p9": "1.9003 1.9004 1.9004 1.9004 1.9004",
    "resistance-20-kohm-19": "19.003 19.003 19.003 19.003 19.003",
    "resistance-200-kohm-190": "189.95 189.96 189.95 189.95 189.95",
    "resistance-2-mohm-1p9": "1.9000 1.8999 1.9000 1.9000 1.8999",
    "resistance-20-mohm-19": "19.005 19.006 19.005 19.006 19.005",
}

_GAUGE_AS_FOUND: Final = {
    "0-bar-up": "0.00",
    "4-bar-up": "4.10",
    "8-bar-up": "8.18",
    "10-bar-up": "10.24 10.25 10.23",
    "16-bar-up": "16.23",
    "16-bar-down": "16.23",
    "10-bar-down": "10.26",
    "8-bar-down": "8.20",
    "4-bar-down": "4.11",
    "0-bar-down": "0.01",
}

_GAUGE_AS_LEFT: Final = {
    "0-bar-up": "0.00",
    "4-bar-up": "4.00",
    "8-bar-up": "8.01",
    "10-bar-up": "10.02 10.03 10.02",
    "16-bar-up": "16.01",
    "16-bar-down": "16.02",
    "10-bar-down": "10.04",
    "8-bar-down": "8.03",
    "4-bar-down": "4.02",
    "0-bar-down": "0.00",
}

_SCALE: Final = {
    "repeatability": "0 0 10 0 0 0",
    "linearity-10-kg": "0",
    "linearity-20-kg": "0",
    "linearity-30-kg": "0",
    "linearity-45-kg": "10",
    "linearity-60-kg": "10",
    "eccentricity-centre": "0",
    "eccentricity-front-left": "0",
    "eccentricity-back-left": "-20",
    "eccentricity-back-right": "0",
    "eccentricity-front-right": "10",
}

_PROBE: Final = {
    "minus-18-c": "-18.0 -18.1 -18.0",
    "4-c": "4.0 3.9 4.0",
    "75-c": "74.9 75.0 75.0",
}

_CLAMP: Final = {
    "ac-current-by-clamp-600-a-50-50-hz": "50.4 50.4 50.5",
    "ac-current-by-clamp-600-a-200-50-hz": "201.1 201.2 201.2",
    "ac-current-by-clamp-600-a-400-50-hz": "402.4 402.4 402.5",
    "ac-current-by-clamp-600-a-600-50-hz": "600.3 600.3 600.3",
}

_E1: Final = {"temperature": (22.8, 23.2), "humidity": (44.0, 46.0)}
_D1: Final = {"temperature": (19.9, 20.1), "humidity": (47.0, 49.0), "gradient": (0.1, 0.2)}
_P1: Final = {"temperature": (20.8, 21.2), "humidity": (42.0, 45.0), "pressure": (1003.0, 1005.0)}
_T1: Final = {"temperature": (22.7, 23.3), "humidity": (45.0, 48.0)}
_SITE_K1: Final = {
    "temperature": (21.3, 21.5),
    "humidity": (45.0, 47.0),
    "pressure": (1003.0, 1005.0),
}
_SITE_K3: Final = {
    "temperature": (14.8, 15.6),
    "humidity": (52.0, 55.0),
    "pressure": (1003.0, 1005.0),
}

OBSERVATIONS: Final = (
    SampleObservation(1, _BALANCE, _SITE_K1),
    SampleObservation(2, _RESISTANCE_THERMOMETER, _T1),
    SampleObservation(3, _HYGROMETER, _T1),
    SampleObservation(4, _TRANSMITTER, _P1),
    SampleObservation(5, _MICROMETER, _D1),
    SampleObservation(6, _CALIPER, _D1),
    SampleObservation(7, _TORQUE_WRENCH, _P1),
    SampleObservation(8, _MULTIMETER, _E1),
    SampleObservation(
        9,
        _GAUGE_AS_FOUND,
        _P1,
        as_left=_GAUGE_AS_LEFT,
        adjustment="Linkage and pointer adjusted",
    ),
    SampleObservation(10, _SCALE, _SITE_K3),
    SampleObservation(11, _PROBE, _T1),
    SampleObservation(12, _CLAMP, _E1),
)

# What the reviewer returns (micrometer, 15 mm, third series) reads like this the second time.
REMEASURED: Final = (5, "15-mm", 3, "1")


def observation(number: int) -> SampleObservation:
    """Return the observation of an instrument by its number in the sample week."""
    return next(item for item in OBSERVATIONS if item.number == number)


def sheet_of(lines: Lines) -> dict[str, tuple[Decimal, ...]]:
    """Return the indications of a sheet as the engine takes them."""
    return {key: decimals(line) for key, line in lines.items()}


def evaluate_observation(
    number: int, *, as_left: bool = False, rule: DecisionRule | None = None
) -> tuple[PointEvaluation, ...]:
    """Return the evaluations of a whole sheet of the sample week."""
    item, seen = instrument(number), observation(number)
    lines = seen.as_left if as_left and seen.as_left is not None else seen.as_found
    return evaluate_sheet(
        item.procedure,
        item.version,
        sheet_of(lines),
        [BY_ASSET[asset].as_reference() for asset in item.standards],
        dict(seen.environment),
        item.parameters,
        rule or item.rule,
        cmc_of(item.procedure),
    )
