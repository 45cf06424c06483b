"""Particulars, limits, numbers and options of the workflow."""

from dataclasses import replace
from decimal import Decimal

import pytest

from calibra_app.core.errors import Conflict, Forbidden, Invalid
from calibra_app.models.srf import HeaderState, Srf
from calibra_app.persistence.versions import Stale
from calibra_app.services.settings.options import (
    Particulars,
    change_limits,
    change_particulars,
    change_patterns,
    change_workflow,
    get_settings,
    preview_numbers,
)
from calibra_app.services.srf.drafts import Heading, create_srf
from calibra_app.services.srf.moves import switched_off

OURS = Particulars("Meridian Metrology GmbH", "Hafenstraße 12\n20457 Hamburg", email="A@B.example")


def known(house):
    with house.work("Victor Hale") as work:
        return get_settings(work)


def do(house, change, *given, name="Victor Hale"):
    with house.work(name) as work:
        return change(work, known(house).version, *given)


def test_particulars_are_kept_and_read_back(house):
    do(house, change_particulars, OURS)
    assert known(house).particulars == replace(OURS, email="a@b.example")


def test_who_saw_older_settings_is_told_the_difference(house):
    do(house, change_particulars, OURS)
    seen = known(house).version
    with house.work("Victor Hale") as work:
        change_particulars(work, seen, replace(OURS, phone="1"))
    told = "phone is now “1”, you have “2”"
    with pytest.raises(Stale, match=told), house.work("Victor Hale") as work:
        change_particulars(work, seen, replace(OURS, phone="2"))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("legal_name", " "),
        ("address", ""),
        ("email", "nobody"),
        ("phone", "1" * 201),
        ("accreditation_number", "D-K-1"),
    ],
)
def test_particulars_are_refused_beside_their_field(house, field, value):
    with pytest.raises(Invalid) as refusal:
        do(house, change_particulars, replace(OURS, **{field: value}))
    missing = "accreditation_body" if field == "accreditation_number" else field
    assert refusal.value.field == missing


def test_limits_are_numbers_within_reason(house):
    limits = replace(known(house).limits, net_limit=Decimal("7500.00"), payment_days=14)
    do(house, change_limits, limits)
    assert known(house).limits == limits
    with pytest.raises(Invalid) as refusal:
        do(house, change_limits, replace(limits, discount_limit_percent=Decimal(101)))
    assert refusal.value.field == "discount_limit_percent"


def test_the_next_number_follows_the_new_pattern(house):
    patterns = {**known(house).patterns, "srf": "M-{year}-{number:05}"}
    do(house, change_patterns, patterns)
    with house.work("Victor Hale") as work:
        assert preview_numbers(work, "srf", patterns["srf"])[0].endswith("-00001")
        assert preview_numbers(work, "certificate", "MM-{yy}-{srf}-{line:02}")[0].endswith(
            "-00001-01"
        )


def test_an_optional_state_is_switched_off_with_a_reason(house):
    chosen = replace(known(house).workflow, states={HeaderState.QUOTED: False})
    with pytest.raises(Invalid) as refusal:
        do(house, change_workflow, chosen, " ")
    assert refusal.value.field == "reason"
    do(house, change_workflow, chosen, "Prices are agreed by contract", name="Priya Menon")
    with house.work("Priya Menon") as work:
        assert switched_off(work) == {HeaderState.QUOTED}


def test_a_state_in_which_something_stands_stays_on(house):
    with house.work() as work:
        srf_id = create_srf(
            work, Heading(house.customer_id, house.contact_id), house.instrument_ids
        )
        work.get(Srf, srf_id).state = HeaderState.QUOTED
    chosen = replace(known(house).workflow, states={HeaderState.QUOTED: False})
    with pytest.raises(Conflict, match="1 still stand"):
        do(house, change_workflow, chosen, "Simpler")


def test_a_state_of_every_workflow_cannot_be_switched_off(house):
    chosen = replace(known(house).workflow, states={HeaderState.QC: False})
    with pytest.raises(Invalid, match="every workflow"):
        do(house, change_workflow, chosen, "Faster")


def test_the_laboratory_manager_sets_the_workflow_alone(house):
    with pytest.raises(Forbidden):
        do(house, change_particulars, OURS, name="Priya Menon")
    with pytest.raises(Forbidden):
        do(house, change_limits, known(house).limits, name="Priya Menon")


def test_the_quality_manager_approves_and_does_not_set(house):
    with pytest.raises(Forbidden):
        do(house, change_workflow, known(house).workflow, "Because", name="Samuel Okafor")
