"""The nine reference standards of the sample laboratory, point by point as certified."""

import math
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from calibra_app.metrology.reference_standard import CertificatePoint, ReferenceStandard

# All days count from the Monday of the sample week, which is day 0.


@dataclass(frozen=True, slots=True)
class SampleStandard:
    """One reference standard with its certificate; days count from the sample's Monday."""

    asset: str
    description: str
    manufacturer: str
    model: str
    serial: str
    discipline: str
    room: str
    provider: str
    certificate_number: str
    calibrated_day: int
    due_day: int
    points: tuple[CertificatePoint, ...] = field(repr=False)

    def as_reference(self) -> ReferenceStandard:
        """Return what the engine reads of it, as frozen at use."""
        return ReferenceStandard(self.asset, self.description, self.certificate_number, self.points)


Row: TypeAlias = tuple[float, float, float, float]


def _points(
    function: str, unit: str, small_unit: str, rows: tuple[Row, ...]
) -> tuple[CertificatePoint, ...]:
    """Return points from rows of nominal, correction, U (k = 2), drift half-width."""
    return tuple(
        CertificatePoint(function, nominal, unit, correction, expanded, 2.0, drift, small_unit)
        for nominal, correction, expanded, drift in rows
    )


def _weights(
    unit: str, small_unit: str, rows: tuple[tuple[float, float], ...]
) -> tuple[CertificatePoint, ...]:
    """Return weights of which only the class is used: load and half-width of its limits."""
    return tuple(
        CertificatePoint(
            "mass", load, unit, 0.0, half_width, math.sqrt(3.0), 0.0, small_unit, "rectangular"
        )
        for load, half_width in rows
    )


_CALIBRATOR_POINTS: Final = (
    *_points(
        "DC voltage",
        "V",
        "mV",
        (
            (-1000, 2.0, 18.0, 9.0),
            (-190, -0.4, 3.2, 1.9),
            (-10, 0.0, 0.12, 0.10),
            (0, 0.0, 0.001, 0.001),
            (0.1, 0.0004, 0.0032, 0.002),
            (0.19, 0.0006, 0.0043, 0.003),
            (1, 0.002, 0.014, 0.01),
            (1.9, 0.003, 0.025, 0.019),
            (5, 0.0, 0.062, 0.05),
            (10, 0.0, 0.12, 0.10),
            (19, 0.02, 0.24, 0.19),
            (100, 0.2, 1.5, 1.0),
            (190, 0.4, 3.2, 1.9),
            (900, 1.8, 16.0, 9.0),
            (1000, 2.0, 18.0, 10.0),
        ),
    ),
    *_points(
        "AC voltage",
        "V",
        "mV",
        (
            (0.1, 0.002, 0.04, 0.02),
            (1.9, 0.05, 0.45, 0.2),
            (19, 0.4, 4.5, 2.0),
            (100, 2.0, 25.0, 10.0),
            (190, 4.0, 48.0, 20.0),
            (700, 20.0, 190.0, 80.0),
        ),
    ),
    *_points(
        "DC current",
        "mA",
        "µA",
        (
            (1.9, 0.02, 0.20, 0.10),
            (19, 0.1, 1.9, 1.0),
            (190, 1.0, 22.0, 10.0),
            (9000, 100.0, 1200.0, 500.0),
        ),
    ),
    *_points("AC current", "mA", "µA", ((190, 5.0, 120.0, 50.0), (9000, 200.0, 6000.0, 2000.0))),
    *_points(
        "resistance",
        "Ω",
        "Ω",
        (
            (190, 0.001, 0.006, 0.002),
            (1.9e3, 0.005, 0.05, 0.02),
            (19e3, 0.1, 0.5, 0.2),
            (190e3, 1.0, 6.0, 2.0),
            (1.9e6, 20.0, 90.0, 40.0),
            (19e6, 500.0, 3000.0, 1000.0),
        ),
    ),
    *_points(
        "AC current by clamp",
        "A",
        "A",
        ((10, 0.0, 0.03, 0.0), (50, 0.0, 0.15, 0.0), (100, 0.0, 0.30, 0.0)),
    ),
)

_GAUGE_BLOCKS: Final = _points(
    "length",
    "mm",
    "µm",
    (
        (1, 0.02, 0.10, 0),
        (2, -0.01, 0.10, 0),
        (2.5, 0.03, 0.10, 0),
        (5, 0.01, 0.10, 0),
        (5.1, -0.04, 0.10, 0),
        (7.7, 0.02, 0.11, 0),
        (10, 0.0, 0.11, 0),
        (10.3, 0.05, 0.11, 0),
        (12.9, -0.02, 0.11, 0),
        (15, 0.04, 0.11, 0),
        (17.6, 0.01, 0.12, 0),
        (20, -0.03, 0.12, 0),
        (20.2, -0.05, 0.12, 0),
        (22.8, 0.02, 0.12, 0),
        (25, 0.0, 0.12, 0),
        (41.3, 0.06, 0.15, 0),
        (50, -0.05, 0.16, 0),
        (100, 0.10, 0.24, 0),
        (131.4, -0.12, 0.30, 0),
        (150, 0.15, 0.33, 0),
    ),
)

_LOOP_CURRENT: Final = _points(
    "loop current",
    "mA",
    "mA",
    (
        (4, 0.0000, 0.0012, 0),
        (8, 0.0002, 0.0013, 0),
        (12, 0.0002, 0.0014, 0),
        (16, 0.0003, 0.0015, 0),
        (20, 0.0004, 0.0016, 0),
    ),
)

STANDARDS: Final = (
    SampleStandard(
        "STD-E-001", "Multifunction calibrator", "Halvorsen", "HX-5522", "5522-2291",
        "electrical", "E1", "National Metrology Institute", "NMI-2026-11873", -293, 72,
        _CALIBRATOR_POINTS,
    ),
    SampleStandard(
        "STD-D-003", "Gauge block set, grade 0, 20 pieces", "Kolb", "KB-20/0", "GB-4471",
        "dimensional", "D1", "Lengths Laboratory Ulm", "LLU-26-0417", -213, 152,
        _GAUGE_BLOCKS,
    ),
    SampleStandard(
        "STD-M-002", "Weight set E2, 1 g to 200 g", "Haefner", "E2-200", "W-7102",
        "mass", "M1", "National Metrology Institute", "NMI-2025-20144", -350, 15,
        _weights("g", "mg", (
            (1, 0.03), (2, 0.04), (5, 0.05), (10, 0.06), (20, 0.08), (50, 0.10), (100, 0.16),
            (150, 0.26), (200, 0.30),
        )),
    ),
    SampleStandard(
        "STD-P-001", "Pressure calibrator 0 to 10 bar", "Druva", "DPI-10", "P10-0815",
        "pressure", "P1", "Pressure Laboratory Bremen", "PLB-25-3391", -365, 0,
        (
            *_points("gauge pressure", "bar", "mbar", (
                (0, 0.0, 0.3, 0.1), (2.5, 0.1, 0.5, 0.2), (5, 0.1, 0.8, 0.3),
                (7.5, 0.2, 1.1, 0.4), (10, 0.2, 1.4, 0.5),
            )),
            *_LOOP_CURRENT,
        ),
    ),
    SampleStandard(
        "STD-P-002", "Pressure calibrator 0 to 20 bar", "Druva", "DPI-20", "P20-0327",
        "pressure", "P1", "Pressure Laboratory Bremen", "PLB-26-1702", -163, 202,
        (
            *_points("gauge pressure", "bar", "mbar", (
                (0, 0.0, 1.0, 0), (2, 0.2, 1.6, 0), (4, 0.4, 2.2, 0), (8, 0.6, 3.4, 0),
                (10, 0.0, 4.0, 0), (16, -0.8, 5.8, 0), (20, -1.0, 7.0, 0),
            )),
            *_LOOP_CURRENT,
        ),
    ),
    SampleStandard(
        "STD-T-001", "Reference thermometer, Pt100 with bridge", "Isolde", "RT-100", "RT-5583",
        "temperature", "T1", "Thermometry Centre Wertheim", "TCW-26-0088", -272, 93,
        _points("temperature", "°C", "K", (
            (-20, 0.002, 0.010, 0.006), (-18, 0.002, 0.010, 0.006), (0, 0.000, 0.010, 0.006),
            (4, 0.001, 0.010, 0.006), (50, -0.002, 0.010, 0.006), (75, -0.001, 0.010, 0.006),
            (100, 0.000, 0.010, 0.006), (150, 0.003, 0.012, 0.008),
        )),
    ),
    SampleStandard(
        "STD-T-004", "Dew-point mirror", "Michaela", "S-473", "DM-1190",
        "humidity", "T1", "Thermometry Centre Wertheim", "TCW-26-0311", -316, 49,
        _points("relative humidity", "%RH", "%RH", (
            (10, 0.0, 0.4, 0.1), (33, 0.1, 0.5, 0.1), (50, 0.0, 0.5, 0.2), (75, -0.1, 0.6, 0.2),
            (95, -0.2, 0.8, 0.3),
        )),
    ),
    SampleStandard(
        "STD-Q-001", "Torque transducer 200 N·m with tester", "Gedor", "TT-200", "TQ-3004",
        "torque", "P1", "Torque Laboratory Remscheid", "TLR-26-0552", -82, 283,
        _points("torque", "N·m", "N·m", (
            (20, 0.0, 0.06, 0), (60, 0.05, 0.16, 0), (100, 0.0, 0.25, 0), (200, -0.1, 0.48, 0),
        )),
    ),
    SampleStandard(
        "STD-MW-01", "Weights F1, 5 kg to 20 kg, 60 kg in all", "Haefner", "F1-60", "W-8840",
        "mass", "M1", "National Metrology Institute", "NMI-2026-04410", -222, 143,
        _weights("kg", "g", (
            (5, 0.025), (10, 0.05), (20, 0.10), (30, 0.15), (45, 0.225), (60, 0.30),
        )),
    ),
)  # fmt: skip

# What the approved provider used for the clamp meter; it is no standard of the laboratory.
PROVIDER_STANDARD: Final = SampleStandard(
    "NPL-C-117", "Current source with coil, 1000 A", "Nordlys", "CS-1000", "CS-0117",
    "electrical", "", "Nordic Power Lab", "NPL-26-7730", -120, 245,
    _points("AC current by clamp", "A", "A", (
        (50, 0.0, 0.12, 0), (200, 0.1, 0.5, 0), (400, 0.1, 1.0, 0), (600, 0.2, 1.5, 0),
    )),
)  # fmt: skip

BY_ASSET: Final = {standard.asset: standard for standard in (*STANDARDS, PROVIDER_STANDARD)}
