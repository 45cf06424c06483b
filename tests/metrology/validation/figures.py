"""The figures of the engine's worked examples, as they were when its version was last raised.

After a change that is meant to move a figure: raise `ENGINE_VERSION`, mark the entry in the change
log with **[result]**, then keep them anew: `python -m tests.metrology.validation.figures`.
"""

import json
import sys
from pathlib import Path

from calibra_app.metrology.budget import ENGINE_VERSION
from calibra_app.metrology.validation.examples import worked_examples
from calibra_app.metrology.validation.report import validate_engine

KEPT = Path(__file__).with_name("figures.json")
# Trials follow numpy's generator as well, whose streams are not ours to keep.
BY_TRIALS = frozenset({"monte_carlo"})


def computed() -> dict[str, str]:
    """Return every computed figure by example and field, to twelve digits."""
    examples = [each for each in worked_examples() if each.kind not in BY_TRIALS]
    return {
        f"{result.example.name} {row.field}": row.computed
        for result in validate_engine(examples).results
        for row in result.comparisons
    }


def kept() -> dict:
    """Return version and figures that were written down."""
    return json.loads(KEPT.read_text())


if __name__ == "__main__":
    KEPT.write_text(
        json.dumps({"engine_version": ENGINE_VERSION, "figures": computed()}, indent=1) + "\n"
    )
    sys.stdout.write(f"{KEPT.name}: engine {ENGINE_VERSION}\n")
