"""The machines beside the request: every pair of states."""

from itertools import product

import pytest

from calibra_app.services.srf.companions import (
    CERTIFICATE,
    PROCEDURE,
    PUBLIC_CERTIFICATES,
    QUOTATION,
    SHEET,
    STANDARD,
    CertificateState,
    ProcedureStatus,
    QuotationState,
    SheetState,
    StandardStatus,
    StepRefused,
    advance,
)

MACHINES = [
    (QuotationState, QUOTATION),
    (SheetState, SHEET),
    (CertificateState, CERTIFICATE),
    (StandardStatus, STANDARD),
    (ProcedureStatus, PROCEDURE),
]
# The printed ways of flow B7, each a chain from left to right.
WAYS = [
    (QUOTATION, QuotationState, "draft internal_approval sent accepted"),
    (QUOTATION, QuotationState, "draft sent rejected"),
    (QUOTATION, QuotationState, "draft sent expired"),
    (QUOTATION, QuotationState, "draft sent superseded"),
    (SHEET, SheetState, "open submitted returned submitted accepted locked"),
    (SHEET, SheetState, "open void"),
    (CERTIFICATE, CertificateState, "draft rendered reviewed authorized issued superseded"),
    (CERTIFICATE, CertificateState, "draft rendered reviewed authorized issued withdrawn"),
    (STANDARD, StandardStatus, "in_service quarantined in_calibration in_service retired"),
    (STANDARD, StandardStatus, "in_service limited lost"),
    (PROCEDURE, ProcedureStatus, "draft in_review approved effective superseded"),
]


@pytest.mark.parametrize(("machine", "kind", "way"), WAYS)
def test_each_printed_way_can_be_gone(machine, kind, way):
    first, *rest = (kind(each) for each in way.split())
    for following in rest:
        first = advance(machine, first, following)
    assert first is kind(way.split()[-1])


@pytest.mark.parametrize(("kind", "machine"), MACHINES)
def test_every_pair_of_states_is_open_or_refused(kind, machine):
    assert set(machine) == set(kind)
    for state, to in product(kind, repeat=2):
        if to in machine[state]:
            assert advance(machine, state, to) is to
        else:
            with pytest.raises(StepRefused, match="goes to"):
                advance(machine, state, to)


@pytest.mark.parametrize(("kind", "machine"), MACHINES)
def test_no_state_follows_itself(kind, machine):
    assert not [state for state in kind if state in machine[state]]


@pytest.mark.parametrize(
    ("machine", "ends"),
    [
        (QUOTATION, {"rejected", "superseded"}),
        (SHEET, {"void"}),
        (CERTIFICATE, {"superseded", "withdrawn"}),
        (STANDARD, {"retired"}),
        (PROCEDURE, {"superseded"}),
    ],
)
def test_what_has_ended_stays_ended(machine, ends):
    assert {state.value for state in machine if not machine[state]} == ends


def test_the_public_page_knows_a_certificate_from_its_issue_on():
    assert {state.value for state in PUBLIC_CERTIFICATES} == {"issued", "superseded", "withdrawn"}


def test_an_issued_certificate_never_becomes_a_draft_again():
    reached = {CertificateState.ISSUED}
    for _ in CertificateState:
        reached |= {to for state in reached for to in CERTIFICATE[state]}
    assert reached == PUBLIC_CERTIFICATES
