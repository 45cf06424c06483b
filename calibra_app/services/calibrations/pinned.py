"""What a sheet keeps of the moment it began: procedure, parameters, rule, scope, room.

Why a copy: a procedure is revised, a customer agrees on another rule, a scope is cut. What was
measured before stays to be judged by what held when it was measured.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any, Self, cast

from calibra_app.metrology import conformity
from calibra_app.metrology.cmc import Cmc, Combination
from calibra_app.procedures.registry import hold_design


@dataclass(frozen=True, slots=True)
class ClimateLimit:
    """Between which values one quantity of the room has to stay, and who says so."""

    quantity: str
    low: Decimal | None
    high: Decimal | None
    unit: str
    source: str

    def admits(self, value: Decimal) -> bool:
        """Say whether a reading lies within; both ends belong to it."""
        return (self.low is None or self.low <= value) and (self.high is None or value <= self.high)

    @property
    def words(self) -> str:
        """Return the limit as text: "22 to 24 °C"."""
        if self.low is not None and self.high is not None:
            return f"{self.low:f} to {self.high:f} {self.unit}"
        end = self.low if self.low is not None else self.high
        return (
            "" if end is None else f"{'from' if self.low is not None else 'to'} {end:f} {self.unit}"
        )


@dataclass(frozen=True, slots=True)
class Pinned:
    """Everything that a sheet was begun with."""

    procedure_code: str
    procedure_title: str
    revision: int
    model_key: str
    model_version: str
    discipline: str
    rule: conformity.DecisionRule
    rule_name: str
    budget_name: str = ""
    method: str = ""
    warm_up_minutes: int = 0
    accredited: bool = True
    room: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])
    cmc: tuple[Cmc, ...] = ()
    limits: tuple[ClimateLimit, ...] = ()
    # The laboratory's own design, where the procedure is one: a sheet is evaluated by it for ever.
    design: Mapping[str, object] = field(default_factory=dict[str, object])

    def limits_of(self, quantity: str) -> tuple[ClimateLimit, ...]:
        """Return the limits for one quantity."""
        return tuple(limit for limit in self.limits if limit.quantity == quantity)

    @property
    def quantities(self) -> tuple[str, ...]:
        """Return the quantities that have to be read, each once."""
        return tuple(dict.fromkeys(limit.quantity for limit in self.limits))

    def as_json(self) -> dict[str, object]:
        """Return it as plain data; decimals as text."""
        plain: dict[str, object] = {
            name: getattr(self, name)
            for name in self.__dataclass_fields__
            if name not in {"rule", "cmc", "limits", "parameters", "design"}
        }
        if self.design:
            plain["design"] = dict(self.design)
        return plain | {
            "rule": self.rule.as_json(),
            "parameters": dict(self.parameters),
            "cmc": [asdict(row) for row in self.cmc],
            "limits": [
                {
                    "quantity": limit.quantity,
                    "low": None if limit.low is None else str(limit.low),
                    "high": None if limit.high is None else str(limit.high),
                    "unit": limit.unit,
                    "source": limit.source,
                }
                for limit in self.limits
            ],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> Self:
        """Read it back from what the sheet keeps."""
        kept = cast("dict[str, Any]", dict(data))
        kept["rule"] = conformity.DecisionRule.from_json(kept["rule"])
        kept["cmc"] = tuple(_cmc(row) for row in cast("Sequence[dict[str, Any]]", kept["cmc"]))
        kept["limits"] = tuple(
            _limit(row) for row in cast("Sequence[dict[str, str]]", kept["limits"])
        )
        pinned = cls(**kept)
        if pinned.design:
            hold_design(pinned.design, pinned.model_version)
        return pinned


def _cmc(row: dict[str, Any]) -> Cmc:
    row["combine"] = Combination(row["combine"])
    return Cmc(**row)


def _limit(row: Mapping[str, str | None]) -> ClimateLimit:
    low, high = row["low"], row["high"]
    return ClimateLimit(
        str(row["quantity"]),
        None if low is None else Decimal(low),
        None if high is None else Decimal(high),
        str(row["unit"]),
        str(row["source"]),
    )
