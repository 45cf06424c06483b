"""The scope of the sample laboratory: its calibration and measurement capabilities."""

from dataclasses import dataclass
from typing import Final

from calibra_app.metrology.cmc import Cmc


@dataclass(frozen=True, slots=True)
class SampleCmc:
    """One row of the scope: U = absolute + relative · value, in its unit, for k = 2.

    `uncertainty_unit` holds for the absolute part and for the sum.
    """

    procedure: str
    discipline: str
    quantity: str
    range_min: float
    range_max: float
    unit: str
    absolute: float
    uncertainty_unit: str
    relative: float = 0.0

    def as_row(self) -> Cmc:
        """Return what the engine reads of it."""
        return Cmc(
            absolute=self.absolute,
            relative=self.relative,
            range_min=self.range_min,
            range_max=self.range_max,
            unit=self.unit,
            uncertainty_unit=self.uncertainty_unit,
            function=self.quantity,
        )


CMC_ROWS: Final = (
    SampleCmc("MP-MAS-01", "mass", "mass", 0.0, 220.0, "g", 0.05, "mg", 1.5e-6),
    SampleCmc("MP-MAS-04", "mass", "mass", 0.0, 300.0, "kg", 2.0, "g", 5e-5),
    SampleCmc("MP-TEM-01", "temperature", "temperature", -40.0, 160.0, "°C", 0.05, "K"),
    SampleCmc("MP-TEM-02", "temperature", "temperature", -40.0, 160.0, "°C", 0.02, "K"),
    SampleCmc("MP-TEM-05", "humidity", "relative humidity", 10.0, 95.0, "%RH", 0.6, "%RH"),
    SampleCmc("MP-PRE-01", "pressure", "gauge pressure", 0.0, 20.0, "bar", 2.0, "mbar", 5e-4),
    SampleCmc("MP-PRE-03", "pressure", "gauge pressure", 0.0, 20.0, "bar", 0.003, "mA"),
    SampleCmc("MP-DIM-01", "dimensional", "length", 0.0, 300.0, "mm", 8.0, "µm", 1e-5),
    SampleCmc("MP-DIM-02", "dimensional", "length", 0.0, 25.0, "mm", 0.5, "µm", 4e-6),
    SampleCmc("MP-TOR-01", "torque", "torque", 5.0, 1000.0, "N·m", 0.02, "N·m", 2.5e-3),
    SampleCmc("MP-ELE-04", "electrical", "DC voltage", -1000.0, 1000.0, "V", 0.003, "mV", 1.5e-5),
    SampleCmc("MP-ELE-04", "electrical", "AC voltage", 0.01, 1000.0, "V", 0.02, "mV", 2.4e-4),
    SampleCmc("MP-ELE-04", "electrical", "DC current", 0.0, 10.0, "A", 0.00002, "mA", 1e-4),
    SampleCmc("MP-ELE-04", "electrical", "AC current", 0.001, 10.0, "A", 0.0005, "mA", 6.2e-4),
    SampleCmc("MP-ELE-04", "electrical", "resistance", 0.0, 1e8, "Ω", 0.001, "Ω", 3e-5),
    SampleCmc("MP-ELE-09", "electrical", "AC current by clamp", 1.0, 100.0, "A", 0.02, "A", 4e-3),
)


def cmc_of(procedure: str) -> tuple[Cmc, ...]:
    """Return the rows of the scope for one procedure, as the engine reads them."""
    return tuple(row.as_row() for row in CMC_ROWS if row.procedure == procedure)
