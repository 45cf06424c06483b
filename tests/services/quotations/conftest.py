"""A laboratory with the sample price book."""

import pytest

from tests.builders import a_house
from tests.services.quotations.offers_of_the_week import enter_prices


@pytest.fixture
def house(work_in):
    """The people of the sample week, customer K2, and the price book."""
    made = a_house(work_in, instruments=())
    enter_prices(made)
    return made
