"""A figure of the engine moves only together with its version (ISO/IEC 17025:2017, 7.11.2)."""

import math

from calibra_app.metrology.budget import ENGINE_VERSION
from tests.metrology.validation.figures import computed, kept

# Another processor's library may differ in a last digit.
SAME = 1e-10


def is_same(one, other):
    try:
        return math.isclose(float(one), float(other), rel_tol=SAME, abs_tol=1e-300)
    except ValueError:
        return one == other


def test_the_figures_are_those_that_were_kept_for_this_version():
    was, now = kept()["figures"], computed()
    moved = {
        name: (was.get(name), now.get(name))
        for name in sorted(was.keys() | now.keys())
        if not is_same(was.get(name, "none was kept"), now.get(name, "it is gone"))
    }
    assert not moved, "raise ENGINE_VERSION and say so in the change log, or mend the figure"


def test_the_figures_were_kept_for_this_version():
    assert kept()["engine_version"] == ENGINE_VERSION
