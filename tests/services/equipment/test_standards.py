"""Reference standards: due dates, certificates, quarantine, and the refusal with alternatives."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from calibra_app.core.access import Role
from calibra_app.core.errors import Conflict, Forbidden, Invalid, NotFound
from calibra_app.services.equipment import (
    CertificateDraft,
    NoCertificate,
    PointDraft,
    StandardCondition,
    StandardDraft,
    StandardNotFit,
    StandardStatus,
    accept_certificate,
    add_certificate,
    change_standard,
    condition_on,
    freeze_standard,
    get_standard,
    list_certificates,
    list_standards,
    quarantine_standard,
    register_standard,
    require_fit,
    return_standard,
    set_aside,
    standard_refusal,
    usable_standards,
)
from calibra_app.services.scope import ProcedureDraft, ScopePoint, add_procedure

WEDNESDAY = date(2026, 12, 2)
MONDAY = date(2026, 11, 30)


def noon():
    return datetime(2026, 12, 2, 11, tzinfo=UTC)


def point(nominal, correction="0.1"):
    return PointDraft(
        "gauge pressure", Decimal(nominal), "bar", Decimal(correction), Decimal("0.5"),
        drift=Decimal("0.2"), uncertainty_unit="mbar",
    )  # fmt: skip


def certificate(number="C-1", due_on=date(2027, 6, 20), points=(0, 10)):
    return CertificateDraft(
        number, "Pressure Laboratory", date(2026, 6, 20), due_on, tuple(map(point, points))
    )


def a_standard(work, code, due_on=date(2027, 6, 20), points=(0, 10)):
    standard_id = register_standard(work, StandardDraft(code, "Pressure calibrator", "Pressure"))
    accept_certificate(
        work, add_certificate(work, standard_id, certificate(due_on=due_on, points=points))
    )
    return standard_id


@pytest.fixture
def standards(work_in):
    with work_in(clock=noon) as work:
        add_procedure(work, ProcedureDraft("MP-PRE-01", "Gauges", "pressure", "MP-PRE-01"))
        return {
            "STD-P-001": a_standard(work, "STD-P-001", MONDAY),
            "STD-P-002": a_standard(work, "STD-P-002", points=(0, 20)),
        }


def bar(value):
    return ScopePoint(Decimal(value), "bar", "gauge pressure")


@pytest.mark.parametrize(
    ("status", "due_on", "condition"),
    [
        (StandardStatus.IN_SERVICE, date(2026, 12, 1), StandardCondition.EXPIRED),
        (StandardStatus.IN_SERVICE, date(2026, 12, 2), StandardCondition.DUE_SOON),
        (StandardStatus.IN_SERVICE, date(2027, 1, 1), StandardCondition.DUE_SOON),
        (StandardStatus.IN_SERVICE, date(2027, 1, 2), StandardCondition.USABLE),
        (StandardStatus.LIMITED, date(2026, 12, 1), StandardCondition.EXPIRED),
        (StandardStatus.LIMITED, date(2027, 1, 2), StandardCondition.LIMITED),
        (StandardStatus.QUARANTINED, date(2027, 1, 2), StandardCondition.QUARANTINED),
        (StandardStatus.LOST, date(2020, 1, 1), StandardCondition.LOST),
    ],
)
def test_a_standard_is_usable_up_to_and_including_its_due_date(status, due_on, condition):
    assert condition_on(status, due_on, WEDNESDAY) is condition


def test_an_expired_standard_is_refused_with_its_alternative(work_in, standards):
    with work_in(clock=noon) as work:
        refusal = standard_refusal(work, standards["STD-P-001"], WEDNESDAY, "MP-PRE-01")
        assert refusal.sentence == (
            "STD-P-001: calibration expired 30 Nov 2026. Use instead: STD-P-002."
        )
        assert refusal.excusable
        assert standard_refusal(work, standards["STD-P-001"], MONDAY, "MP-PRE-01") is None
        with pytest.raises(StandardNotFit) as refused:
            require_fit(work, standards["STD-P-001"], WEDNESDAY, "MP-PRE-01")
    assert refused.value.field == "standard"


def test_only_usable_standards_are_offered(work_in, standards):
    with work_in(clock=noon) as work:
        offered = usable_standards(work, WEDNESDAY, "MP-PRE-01")
        assert [each.code for each in offered] == ["STD-P-002"]
        both = usable_standards(work, MONDAY, "MP-PRE-01")
        assert [each.code for each in both] == ["STD-P-002", "STD-P-001"]


def test_a_point_beyond_the_certificate_is_refused_and_never_excused(work_in, standards):
    with work_in(clock=noon) as work:
        points = [bar(0), bar(16)]
        refusal = standard_refusal(work, standards["STD-P-001"], MONDAY, "MP-PRE-01", points)
        assert refusal.reason == "not calibrated at 16 bar"
        assert not refusal.excusable
        assert [each.code for each in refusal.alternatives] == ["STD-P-002"]


def test_what_has_expired_and_lacks_a_point_as_well_is_excused_no_more(work_in, standards):
    with work_in(clock=noon) as work:
        refusal = standard_refusal(
            work, standards["STD-P-001"], WEDNESDAY, "MP-PRE-01", [bar(0), bar(16)]
        )
    assert refusal.reason == "calibration expired 30 Nov 2026; not calibrated at 16 bar"
    assert not refusal.excusable


def test_a_standard_of_another_discipline_is_refused(work_in, standards):
    with work_in(clock=noon) as work:
        add_procedure(work, ProcedureDraft("MP-MAS-01", "Balances", "mass", "MP-MAS-01"))
        refusal = standard_refusal(work, standards["STD-P-002"], WEDNESDAY, "MP-MAS-01")
    assert "a standard for pressure, not for mass. No other standard fits." in refusal.sentence


def test_a_quarantined_standard_is_out_until_it_is_returned(work_in, standards):
    standard_id = standards["STD-P-002"]
    with work_in(clock=noon) as work:
        quarantine_standard(work, standard_id, "dropped")
        refusal = standard_refusal(work, standard_id, WEDNESDAY, "MP-PRE-01")
        assert (refusal.reason, refusal.excusable) == ("in quarantine", False)
        assert usable_standards(work, WEDNESDAY, "MP-PRE-01") == ()
        return_standard(work, standard_id, "checked")
        assert standard_refusal(work, standard_id, WEDNESDAY, "MP-PRE-01") is None
        with pytest.raises(Conflict, match="not quarantined"):
            return_standard(work, standard_id, "again")


def test_quarantine_wants_a_reason_and_anybody_at_the_bench_may_do_it(work_in, standards):
    with work_in(roles={Role.TE}) as work:
        with pytest.raises(Invalid) as refused:
            quarantine_standard(work, standards["STD-P-002"], " ")
        assert refused.value.field == "reason"
        quarantine_standard(work, standards["STD-P-002"], "dropped")
        with pytest.raises(Forbidden):
            return_standard(work, standards["STD-P-002"], "looks fine")


def test_a_new_standard_is_used_only_after_its_certificate_is_accepted(work_in, standards):
    with work_in(clock=noon) as work:
        standard_id = register_standard(work, StandardDraft("STD-P-003", "New one", "pressure"))
        certificate_id = add_certificate(work, standard_id, certificate())
        assert get_standard(work, standard_id).status is StandardStatus.IN_CALIBRATION
        with pytest.raises(NoCertificate):
            freeze_standard(work, standard_id)
        accept_certificate(work, certificate_id)
        detail = get_standard(work, standard_id)
        assert (detail.status, detail.due_on) == (StandardStatus.IN_SERVICE, date(2027, 6, 20))
        with pytest.raises(Conflict, match="accepted already"):
            accept_certificate(work, certificate_id)


def test_what_a_sheet_keeps_is_read_back_by_the_engine(work_in, standards):
    with work_in(clock=noon) as work:
        frozen = freeze_standard(work, standards["STD-P-001"])
    kept = frozen.as_json()
    again = type(frozen.reference).from_json(kept)
    assert again == frozen.reference
    assert kept["certificate_number"] == "C-1"
    value = again.at("gauge pressure", 5.0, "bar", "mbar")
    assert (value.correction, value.drift) == (pytest.approx(0.1), pytest.approx(0.2))


def test_an_older_certificate_accepted_late_does_not_move_the_due_date_back(work_in, standards):
    with work_in(clock=noon) as work:
        old = replace(certificate("C-0", date(2026, 6, 20)), issued_on=date(2025, 6, 20))
        accept_certificate(work, add_certificate(work, standards["STD-P-002"], old))
        assert get_standard(work, standards["STD-P-002"]).due_on == date(2027, 6, 20)
        found = list_certificates(work, standards["STD-P-002"])
    assert [each.draft.number for each in found] == ["C-1", "C-0"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"points": ()}, "points"),
        ({"points": (replace(point(0), expanded_uncertainty=Decimal(0)),)}, "points"),
        ({"points": (replace(point(0), uncertainty_unit="V"),)}, "points"),
        ({"points": (replace(point(0), quantity=""),)}, "points"),
        ({"issued_on": date(2027, 1, 1)}, "issued_on"),
        ({"due_on": date(2026, 1, 1)}, "due_on"),
        ({"number": ""}, "number"),
    ],
)
def test_a_certificate_that_cannot_be_is_refused_beside_its_field(
    work_in, standards, change, field
):
    draft = replace(certificate("C-2"), **change)
    with pytest.raises(Invalid) as refused, work_in(clock=noon) as work:
        add_certificate(work, standards["STD-P-001"], draft)
    assert refused.value.field == field


def test_standards_are_listed_by_due_date_and_filtered_by_condition(work_in, standards):
    with work_in(clock=noon) as work:
        rows = list_standards(work).rows
        assert [row.code for row in rows] == ["STD-P-001", "STD-P-002"]
        assert (rows[0].condition, rows[0].days_left) == (StandardCondition.EXPIRED, -2)
        expired = list_standards(work, condition=StandardCondition.EXPIRED).rows
        assert [row.code for row in expired] == ["STD-P-001"]
        assert [row.code for row in list_standards(work, "std-p-002").rows] == ["STD-P-002"]
        set_aside(work, standards["STD-P-002"], StandardStatus.RETIRED, "worn")
        assert len(list_standards(work).rows) == 1
        assert len(list_standards(work, retired=True).rows) == 2


def test_two_standards_do_not_share_a_code(work_in, standards):
    with pytest.raises(Conflict) as refused, work_in() as work:
        change_standard(
            work, standards["STD-P-002"], 2, StandardDraft("STD-P-001", "x", "pressure")
        )
    assert refused.value.field == "code"


def test_another_laboratory_sees_no_standard_of_ours(work_in, standards):
    with work_in(laboratory=2) as work:
        assert list_standards(work).rows == ()
        assert list_certificates(work, standards["STD-P-001"]) == ()
        with pytest.raises(NotFound):
            get_standard(work, standards["STD-P-001"])
        with pytest.raises(NotFound):
            quarantine_standard(work, standards["STD-P-001"], "mischief")
