"""Identifiers that sort by creation, and secrets."""

from calibra_app.core.ids import new_id, new_secret


def test_ids_are_of_version_7_and_sort_by_creation():
    made = [new_id() for _ in range(500)]
    assert {each.version for each in made} == {7}
    assert made == sorted(made)
    assert len(set(made)) == 500


def test_a_secret_has_256_bits_and_fits_into_an_address():
    one, other = new_secret(), new_secret()
    assert one != other
    assert len(one) == 43
    assert one.replace("-", "").replace("_", "").isalnum()
