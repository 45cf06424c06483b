"""The twelve instruments of the sample week with their parameters and permissible errors."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final

from calibra_app.metrology.conformity import (
    GUARDED_ACCEPTANCE,
    SIMPLE_ACCEPTANCE,
    SIMPLE_ACCEPTANCE_TUR_3,
    DecisionRule,
)
from calibra_app.procedures.base import PlannedPoint
from calibra_app.procedures.registry import plan_points

RULES: Final[Mapping[str, DecisionRule]] = {
    "K1": GUARDED_ACCEPTANCE,
    "K2": SIMPLE_ACCEPTANCE_TUR_3,
    "K3": SIMPLE_ACCEPTANCE,
}


@dataclass(frozen=True, slots=True)
class SampleInstrument:
    """One instrument of a customer. `number` is the one by which the sample week speaks of it."""

    number: int
    tag: str
    customer: str
    description: str
    manufacturer: str
    model: str
    serial: str
    discipline: str
    procedure: str
    version: str
    standards: tuple[str, ...]
    parameters: Mapping[str, object] = field(repr=False)
    on_site: bool = False
    subcontracted: bool = False
    # The day of the sample week on which its next calibration is due; else by its number.
    due_day: int | None = None

    @property
    def rule(self) -> DecisionRule:
        """Return the decision rule agreed with the customer."""
        return RULES[self.customer]

    @property
    def points(self) -> tuple[PlannedPoint, ...]:
        """Return the points that the procedure plans for it."""
        return plan_points(self.procedure, self.version, self.parameters)

    def point(self, key: str) -> PlannedPoint:
        """Return one planned point by its key."""
        return next(point for point in self.points if point.key == key)


def _range(
    function: str, name: str, unit: str, resolution: str, *points: str, frequency: str = ""
) -> Mapping[str, object]:
    record: dict[str, object] = {
        "function": function,
        "range": name,
        "unit": unit,
        "resolution": resolution,
        "points": points,
    }
    return record | {"frequency": frequency} if frequency else record


_MULTIMETER_RANGES: Final = (
    _range("DC voltage", "200 mV", "mV", "0.01", "100", "190"),
    _range("DC voltage", "2 V", "V", "0.0001", "1", "1.9"),
    _range("DC voltage", "20 V", "V", "0.001", "5", "19"),
    _range("DC voltage", "200 V", "V", "0.01", "10", "100", "190", "-190"),
    _range("DC voltage", "1000 V", "V", "0.1", "900"),
    _range("AC voltage", "2 V", "V", "0.0001", "1.9", frequency="1 kHz"),
    _range("AC voltage", "20 V", "V", "0.001", "19", frequency="1 kHz"),
    _range("AC voltage", "200 V", "V", "0.01", "100", "190", frequency="1 kHz"),
    _range("AC voltage", "750 V", "V", "0.1", "700", frequency="50 Hz"),
    _range("DC current", "2 mA", "mA", "0.0001", "1.9"),
    _range("DC current", "20 mA", "mA", "0.001", "19"),
    _range("DC current", "200 mA", "mA", "0.01", "190"),
    _range("DC current", "10 A", "A", "0.001", "9"),
    _range("AC current", "200 mA", "mA", "0.01", "190", frequency="50 Hz"),
    _range("AC current", "10 A", "A", "0.001", "9", frequency="50 Hz"),
    _range("resistance", "200 Ω", "Ω", "0.01", "190"),
    _range("resistance", "2 kΩ", "kΩ", "0.0001", "1.9"),
    _range("resistance", "20 kΩ", "kΩ", "0.001", "19"),
    _range("resistance", "200 kΩ", "kΩ", "0.01", "190"),
    _range("resistance", "2 MΩ", "MΩ", "0.0001", "1.9"),
    _range("resistance", "20 MΩ", "MΩ", "0.001", "19"),
)

_MULTIMETER_ERRORS: Final = (
    {"function": "DC voltage", "percent_of_value": "0.05", "counts": "1", "source": "maker"},
    {"function": "AC voltage", "percent_of_value": "0.5", "counts": "10", "source": "maker"},
    {"function": "DC current", "percent_of_value": "0.3", "counts": "5", "source": "maker"},
    {"function": "AC current", "percent_of_value": "0.8", "counts": "10", "source": "maker"},
    {"function": "resistance", "percent_of_value": "0.2", "counts": "3", "source": "maker"},
)

INSTRUMENTS: Final = (
    SampleInstrument(
        1, "NB-BAL-014", "K1", "Analytical balance 220 g, d = 0.1 mg", "Sarto", "AX-224", "B7731",
        "mass", "MP-MAS-01", "6", ("STD-M-002",),
        {
            "range_low": "0", "range_high": "220", "unit": "g", "indication_unit": "mg",
            "resolution": "0.1", "repeatability_load": "200", "eccentricity_load": "100",
            "eccentricity_allowance": "0.1", "points": ("10", "20", "50", "100", "150", "200"),
            "maximum_permissible_error": (
                {"up_to": "50", "absolute": "0.5", "source": "class I, e = 1 mg"},
                {"absolute": "1.0", "source": "class I, e = 1 mg"},
            ),
        },
        on_site=True,
    ),
    SampleInstrument(
        2, "NB-RTD-203", "K1", "Thermometer with Pt100, 0.01 °C", "Thermora", "T-500", "R20355",
        "temperature", "MP-TEM-02", "6", ("STD-T-001",),
        {
            "range_low": "-50", "range_high": "200", "unit": "°C", "resolution": "0.01",
            "points": ("0", "50", "100", "150"),
            "maximum_permissible_error": ({"absolute": "0.3", "source": "customer"},),
        },
    ),
    SampleInstrument(
        3, "NB-HYG-031", "K1", "Thermo-hygrometer", "Rotona", "HP-30", "H0931",
        "humidity", "MP-TEM-05", "3", ("STD-T-004",),
        {
            "range_low": "0", "range_high": "100", "unit": "%RH", "resolution": "0.1",
            "points": ("33", "50", "75"),
            "maximum_permissible_error": ({"absolute": "2.0", "source": "maker"},),
        },
    ),
    SampleInstrument(
        4, "NB-PIT-118", "K1", "Pressure transmitter 0–10 bar, 4–20 mA", "Wikana", "S-20",
        "P11822", "pressure", "MP-PRE-03", "3", ("STD-P-002",),
        {
            "range_low": "0", "range_high": "10", "unit": "bar", "resolution": "0.001",
            "output_low": "4", "output_high": "20", "points": ("0", "2.5", "5", "7.5", "10"),
            "maximum_permissible_error": ({"percent_of_span": "0.25", "source": "class 0.25"},),
        },
    ),
    SampleInstrument(
        5, "KA-MIC-0007", "K2", "Micrometer 0–25 mm, 1 µm", "Mituro", "293-25", "M5521",
        "dimensional", "MP-DIM-02", "4", ("STD-D-003",),
        {
            "range_low": "0", "range_high": "25", "unit": "mm", "resolution": "1",
            "points": ("0", "5.1", "10.3", "15", "20.2", "25"),
            "maximum_permissible_error": ({"absolute": "2", "source": "maker, 0 to 25 mm"},),
        },
    ),
    SampleInstrument(
        6, "KA-CAL-0044", "K2", "Caliper 0–150 mm, 0.01 mm", "Mituro", "500-150", "C9013",
        "dimensional", "MP-DIM-01", "5", ("STD-D-003",),
        {
            "range_low": "0", "range_high": "150", "unit": "mm", "resolution": "0.01",
            "points": ("0", "41.3", "100", "131.4", "150"), "inside_points": ("41.3", "100"),
            "maximum_permissible_error": (
                {"up_to": "100", "absolute": "0.02", "source": "ISO 13385-1, step table"},
                {"absolute": "0.03", "source": "ISO 13385-1, step table"},
            ),
        },
    ),
    SampleInstrument(
        7, "KA-TRQ-012", "K2", "Torque wrench 20–200 N·m", "Stahlmann", "730-20", "T3310",
        "torque", "MP-TOR-01", "4", ("STD-Q-001",),
        {
            "range_low": "20", "range_high": "200", "unit": "N·m", "resolution": "0.1",
            "points": ("20", "60", "100", "200"),
            "maximum_permissible_error": (
                {"percent_of_value": "4", "source": "ISO 6789-1, above 10 N·m"},
            ),
        },
    ),
    SampleInstrument(
        8, "KA-DMM-031", "K2", "Digital multimeter 4½ digits", "Voltera", "VM-45", "D87731",
        "electrical", "MP-ELE-04", "7", ("STD-E-001",),
        {"ranges": _MULTIMETER_RANGES, "maximum_permissible_error": _MULTIMETER_ERRORS},
    ),
    SampleInstrument(
        9, "BF-PG-009", "K3", "Pressure gauge 0–16 bar, class 1.0", "Wikana", "232-16", "G0091",
        "pressure", "MP-PRE-01", "4", ("STD-P-002",),
        {
            "range_low": "0", "range_high": "16", "unit": "bar", "scale_interval": "0.2",
            "resolution": "0.02", "reading_resolution": "0.01", "hysteresis_allowance": "0.02",
            "points": ("0", "4", "8", "10", "16"), "repeated_point": "10",
            "maximum_permissible_error": (
                {"percent_of_span": "1.0", "source": "EN 837-1, class 1.0"},
            ),
        },
    ),
    SampleInstrument(
        10, "BF-SCL-002", "K3", "Platform scale 60 kg, d = 10 g", "Bizera", "PL-60", "S6002",
        "mass", "MP-MAS-04", "3", ("STD-MW-01",),
        {
            "range_low": "0", "range_high": "60", "unit": "kg", "indication_unit": "g",
            "resolution": "10", "repeatability_load": "30", "eccentricity_load": "20",
            "eccentricity_allowance": "0", "points": ("10", "20", "30", "45", "60"),
            "maximum_permissible_error": (
                {"up_to": "20", "absolute": "20", "source": "class III, e = 10 g, in service"},
                {"absolute": "30", "source": "class III, e = 10 g, in service"},
            ),
        },
        on_site=True,
    ),
    SampleInstrument(
        11, "BF-THM-055", "K3", "Probe thermometer −20…120 °C, 0.1 °C", "Testora", "T-108", "TH55",
        "temperature", "MP-TEM-01", "5", ("STD-T-001",),
        {
            "range_low": "-20", "range_high": "120", "unit": "°C", "resolution": "0.1",
            "points": ("-18", "4", "75"),
            "maximum_permissible_error": ({"absolute": "0.5", "source": "EN 13485, class 0.5"},),
        },
    ),
    SampleInstrument(
        12, "BF-CLP-003", "K3", "AC clamp meter 600 A", "Voltera", "CM-600", "CL-3",
        "electrical", "MP-ELE-09", "2", ("NPL-C-117",),
        {
            "ranges": (
                _range("AC current by clamp", "600 A", "A", "0.1", "50", "200", "400", "600",
                       frequency="50 Hz"),
            ),
            "maximum_permissible_error": (
                {"percent_of_value": "2", "counts": "5", "source": "maker"},
            ),
        },
        subcontracted=True,
    ),
)  # fmt: skip


# What came in the weeks before: each resembles an instrument of the week, and reads like it.
_ALIKE: Final = (
    (11, "BF-THM-061", "TH61"),
    (6, "KA-CAL-0051", "C9188"),
    (2, "NB-RTD-207", "R20371"),
    (7, "KA-TRQ-018", "T3344"),
    (11, "BF-THM-062", "TH62"),
    (3, "NB-HYG-036", "H0981"),
    (5, "KA-MIC-0015", "M5718"),
    (2, "NB-RTD-211", "R20390"),
    (11, "BF-THM-064", "TH64"),
)
EARLIER: Final = tuple(
    replace(next(each for each in INSTRUMENTS if each.number == number), tag=tag, serial=serial)
    for number, tag, serial in _ALIKE
)


def instrument(number: int) -> SampleInstrument:
    """Return an instrument by the number that the sample week knows it by."""
    return next(item for item in INSTRUMENTS if item.number == number)


def decimals(text: str) -> tuple[Decimal, ...]:
    """Return the decimals that a line of text holds, trailing zeros kept."""
    return tuple(Decimal(word) for word in text.split())
