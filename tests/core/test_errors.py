"""The six kinds of refusal."""

import pytest

from calibra_app.core.errors import (
    CalibraError,
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    Unauthenticated,
    Unavailable,
)

KINDS = (Unauthenticated, Forbidden, NotFound, Conflict, Invalid, Unavailable)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_carries_its_sentence(kind):
    error = kind("Item 2 is missing.")
    assert isinstance(error, CalibraError)
    assert (str(error), error.message, error.field) == (
        "Item 2 is missing.",
        "Item 2 is missing.",
        "",
    )


def test_each_kind_has_a_code_of_its_own():
    assert len({kind.code for kind in KINDS}) == len(KINDS)


def test_a_refusal_names_the_field_it_belongs_beside():
    assert Invalid("Letters are no number.", field="price").field == "price"
