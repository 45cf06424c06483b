"""A laboratory whose sample customers bring their own instruments."""

import pytest

from tests.builders import a_house


@pytest.fixture
def house(work_in):
    """The people of the sample week and customer K2, without instruments yet."""
    return a_house(work_in, instruments=())
