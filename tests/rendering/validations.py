"""A sample validation report: an example of numbers, one of words, and what differs."""

from datetime import date, datetime

from calibra_app.rendering.validation import (
    AskedContent,
    ExampleContent,
    ExampleGroup,
    FigureContent,
    InputContent,
    ValidationContent,
    VersionContent,
)
from tests.rendering.parts import BERLIN_WINTER, BRANDING, D

OHM = ExampleContent(
    name="X-ohm",
    title="Resistance from voltage and current",
    source="GTC documentation, first example",
    is_published=True,
    agrees=True,
    worst="0.140",
    inputs=(
        InputContent(
            name="V", value="0.1", distribution="normal", stated="u = 0.001", unit="V",
            degrees_of_freedom="4",
        ),
    ),
    asked=(AskedContent(name="Measurement model", value="V/I"),),
    figures=(
        FigureContent(
            title="y", expected="6.66666666667", computed="6.66666666668", agrees=True,
            printed="6.67", deviation="1.0·10⁻¹¹", tolerance="7.1·10⁻¹¹", share="0.140",
            exact_share=D("0.140000000000"),
        ),
        FigureContent(
            title="U, expanded uncertainty", expected="1.727", computed="1.727", agrees=True,
            printed="1.8", is_as_printed=False, deviation="0", tolerance="2.0·10⁻⁴", share="0",
            exact_share=D("0.000000000000"),
        ),
    ),
)  # fmt: skip
STATEMENT = ExampleContent(
    name="X-g8",
    title="Non-binary statement",
    source="After ILAC-G8:09/2019 4.2.3",
    computed_with="scipy 1.17",
    is_published=False,
    agrees=True,
    worst="0",
    notes="The value lies on the limit.",
    figures=(
        FigureContent(
            title="statement",
            expected="conditional pass",
            computed="conditional pass",
            agrees=True,
        ),
    ),
)
VALIDATION = ValidationContent(
    branding=BRANDING,
    number="SV-2026-0003",
    engine_version="1.0.0",
    verdict="2 of 2 worked examples agree within their tolerances.",
    agrees=True,
    versions=(
        VersionContent(name="Python", version="3.13.1"),
        VersionContent(name="numpy", version="2.4.6"),
    ),
    run_at=datetime(2026, 12, 3, 9, 30, tzinfo=BERLIN_WINTER),
    run_by="Jonas Weber",
    issued_on=date(2026, 12, 3),
    groups=(
        ExampleGroup(title="Uncertainty budgets", examples=(OHM,)),
        ExampleGroup(title="Statements of conformity", examples=(STATEMENT,)),
    ),
)
