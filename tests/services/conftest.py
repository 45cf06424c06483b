"""A staffed laboratory for the tests of what a laboratory does."""

import pytest

from tests.builders import a_house


@pytest.fixture
def house(work_in):
    """The people of the sample week, customer K2 and its micrometer and caliper."""
    return a_house(work_in)
