"""Each mandatory element of a certificate, taken away, is named; a whole certificate lacks none."""

from dataclasses import replace

import pytest

from calibra_app.rendering.certificate import (
    AdjustmentContent,
    OpinionContent,
    Phase,
    ScopeContent,
)
from calibra_app.rendering.elements import CHECKS, check_elements, missing_elements
from tests.rendering.certificates import AMENDED, CLAMP, GAUGE, MICROMETER
from tests.rendering.parts import BRANDING


def without(content, part, **changes):
    return replace(content, **{part: replace(getattr(content, part), **changes)})


def first_row(**changes):
    (table,) = MICROMETER.results
    rows = (replace(table.rows[0], **changes), *table.rows[1:])
    return replace(MICROMETER, results=(replace(table, rows=rows),))


def first_table(**changes):
    return replace(MICROMETER, results=(replace(MICROMETER.results[0], **changes),))


def unsigned():
    people = tuple(replace(person, authorizing=False) for person in MICROMETER.signatures)
    return replace(MICROMETER, signatures=people)


STATEMENTS = MICROMETER.conformity.statements

CASES = [
    ("7.8.2.1-a", replace(MICROMETER, title=""), "no title"),
    ("7.8.2.1-b", without(MICROMETER, "branding", laboratory=""), "laboratory's name"),
    ("7.8.2.1-b", without(MICROMETER, "branding", address=()), "laboratory's address"),
    ("7.8.2.1-c", replace(MICROMETER, place=""), "where the calibration"),
    ("7.8.2.1-d", replace(MICROMETER, number=""), "no number"),
    ("7.8.2.1-e", without(MICROMETER, "customer", name=""), "customer's name"),
    (
        "7.8.2.1-e",
        without(MICROMETER, "customer", address=(), contact="", email=""),
        "neither address nor contact",
    ),
    ("7.8.2.1-f", without(MICROMETER, "method", code=""), "procedure is not identified"),
    ("7.8.2.1-g", without(MICROMETER, "item", description=""), "not described"),
    ("7.8.2.1-g", without(MICROMETER, "item", serial="", tag=""), "neither serial number"),
    ("7.8.2.1-g", without(MICROMETER, "item", condition=""), "condition is not stated"),
    ("7.8.2.1-g", replace(MICROMETER, customer_data=""), "disclaimer is missing"),
    ("7.8.2.1-h", replace(MICROMETER, received_on=None), "date of receipt"),
    ("7.8.2.1-i", replace(MICROMETER, performed_to=None), "date of calibration"),
    ("7.8.2.1-j", replace(MICROMETER, issued_on=None), "date of issue"),
    ("7.8.2.1-k", without(MICROMETER, "method", is_sampled=True), "sampling plan"),
    ("7.8.2.1-l", replace(MICROMETER, relates_only=""), "relate only to the item"),
    ("7.8.2.1-m", replace(MICROMETER, results=()), "no result"),
    ("7.8.2.1-m", first_table(unit=""), "unit of measurement"),
    ("7.8.2.1-m", first_row(indication=None, error=None), "neither indication nor error"),
    ("7.8.2.1-n", without(MICROMETER, "method", deviations=""), "departed from"),
    ("7.8.2.1-o", unsigned(), "who authorizes"),
    ("7.8.2.1-p", replace(CLAMP, external=()), "Nordic Power Lab is not identified"),
    (
        "7.8.2.1-p",
        replace(CLAMP, external=(replace(CLAMP.external[0], certificate=""),)),
        "external provider Nordic Power Lab is not named",
    ),
    ("7.8.4.1-a", replace(MICROMETER, uncertainty=""), "statement on the uncertainty"),
    ("7.8.4.1-a", first_row(uncertainty=None), "no expanded uncertainty"),
    ("7.8.4.1-a", first_row(coverage_factor=None), "no expanded uncertainty or coverage factor"),
    ("7.8.4.1-a", first_table(error_unit="V"), "neither a unit of the result (mm) nor relative"),
    ("7.8.4.1-a", first_table(error_unit="furlong"), "U is stated in furlong"),
    ("7.8.4.1-b", replace(MICROMETER, conditions=()), "conditions under which"),
    ("7.8.4.1-c", replace(MICROMETER, traceability=""), "metrological traceability"),
    ("7.8.4.1-c", replace(MICROMETER, standards=()), "No reference standard"),
    (
        "7.8.4.1-c",
        replace(MICROMETER, standards=(replace(MICROMETER.standards[0], certificate=""),)),
        "STD-D-003 names no certificate",
    ),
    ("7.8.4.1-d", replace(GAUGE, adjustment=None), "no adjustment is described"),
    ("7.8.4.1-d", without(GAUGE, "adjustment", description=""), "adjustment is not described"),
    ("7.8.4.1-d", replace(GAUGE, results=GAUGE.results[1:]), "as-found results or a reason"),
    ("7.8.4.1-d", replace(GAUGE, results=GAUGE.results[:1]), "as-left results are missing"),
    ("7.8.4.3", replace(GAUGE, due_agreed_in=""), "no agreement"),
    ("7.8.6.1", without(MICROMETER, "conformity", rule=""), "decision rule is missing"),
    ("7.8.6.1", without(MICROMETER, "conformity", risk=""), "level of risk"),
    ("7.8.6.2", replace(MICROMETER, conformity=None), "agreed and is missing"),
    (
        "7.8.6.2",
        replace(MICROMETER, conformity=None, is_conformity_agreed=False),
        "Verdicts are shown",
    ),
    ("7.8.6.2", without(MICROMETER, "conformity", specification=""), "specification that was met"),
    ("7.8.6.2", without(MICROMETER, "conformity", statements=()), "statement of conformity is"),
    (
        "7.8.6.2",
        without(MICROMETER, "conformity", statements=(replace(STATEMENTS[0], covers=""),)),
        "which results it covers",
    ),
    (
        "7.8.7",
        replace(
            MICROMETER, opinion=OpinionContent(text="It will drift.", basis="", author="A. B.")
        ),
        "without its basis",
    ),
    ("7.8.8", without(AMENDED, "amendment", replaces=""), "that it replaces"),
    ("7.8.8", without(AMENDED, "amendment", reason=""), "gives no reason"),
    ("7.8.8", without(AMENDED, "amendment", changes=()), "what changed"),
    (
        "7.8.1-symbol",
        replace(
            MICROMETER,
            scope=ScopeContent(
                wants_symbol=True, refusals=("Point 25 mm is outside the scope table.",)
            ),
        ),
        "Point 25 mm is outside",
    ),
    (
        "7.8.1-symbol",
        without(MICROMETER, "branding", accreditation_number=""),
        "no accreditation number",
    ),
    ("7.8.1-symbol", first_table(is_accredited=False), "no result is inside the scope"),
]


@pytest.mark.parametrize(("code", "content", "words"), CASES)
def test_an_element_taken_away_is_named_with_its_clause_and_nothing_else_is(code, content, words):
    missing = missing_elements(content)
    assert {element.code for element in missing} == {code}
    assert any(words in element.sentence for element in missing)
    assert all(element.place for element in missing)


@pytest.mark.parametrize("content", [MICROMETER, GAUGE, CLAMP, AMENDED])
def test_a_whole_certificate_lacks_nothing(content):
    assert missing_elements(content) == ()


@pytest.mark.parametrize("unit", ["mm", "µm", "nm", "%", "ppm"])
def test_u_may_be_in_any_unit_of_the_result_or_relative(unit):
    assert missing_elements(first_table(error_unit=unit)) == ()


def test_every_check_has_a_case_that_makes_it_speak():
    assert {code for code, _, _ in CASES} == {check.code for check in CHECKS}


def test_the_sixteen_elements_of_every_report_come_first():
    codes = [result.code for result in check_elements(MICROMETER)]
    assert codes[:16] == [f"7.8.2.1-{letter}" for letter in "abcdefghijklmnop"]


def test_results_as_left_alone_are_enough_with_a_reason():
    reason = AdjustmentContent(description="Repaired.", no_as_found_reason="It did not switch on.")
    (table,) = MICROMETER.results
    repaired = replace(
        MICROMETER, results=(replace(table, phase=Phase.AS_LEFT),), adjustment=reason
    )
    assert missing_elements(repaired) == ()


def test_a_bare_draft_is_told_everything_at_once():
    bare = replace(
        MICROMETER, branding=replace(BRANDING, address=()), place="", results=(), signatures=()
    )
    codes = {element.code for element in missing_elements(bare)}
    assert {"7.8.2.1-b", "7.8.2.1-c", "7.8.2.1-m", "7.8.2.1-o"} <= codes
