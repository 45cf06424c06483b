"""Cases made to exhaust the engine: each is refused, or answered within time and memory."""

import json

import pytest

from calibra_app.metrology.cases import FORM
from tests.attacks.limited import run_limited

PROCESSOR_SECONDS = 120
MEMORY_BYTES = 1 << 30
IMPORTS = "from calibra_app.commands.evaluate import evaluate_file\nimport numpy.random\n"
PROGRAM = "evaluate_file('-')\n"

NAMES = [f"a{number}" for number in range(100)]
INPUTS = [{"name": name, "value": 1.0, "u": 0.01} for name in NAMES]
MILLION = [1.0] * 1_000_000
MANY = [float(number % 60 + 1) for number in range(100_000)]
READ = [{"name": name, "dist": "readings", "readings": MANY} for name in NAMES[:5]]
PAIRS = [[one, other, 0.1] for one in NAMES for other in NAMES if one < other]


def budget(model, inputs=INPUTS, **others):
    return {"kind": "budget", "model": model, "inputs": inputs} | others


def asked(kind, **fields):
    return {"kind": kind, "input": fields}


REFUSED = {
    "a million readings": budget("x", [{"name": "x", "dist": "readings", "readings": MILLION}]),
    "a million inputs": budget("x", [{"name": "x", "value": 1, "u": 1}] * 1_000_000),
    "a million points": asked("line_fit", x=MILLION, y=MILLION),
    "a million groups": asked("control_chart", chart="xbar_s", groups=[[1, 2]] * 1_000_000),
    "a million outputs": budget({f"o{number}": "a0" for number in range(1_000_000)}),
    "a formula of a million characters": budget("a0+" * 333_333 + "a0"),
    "a name of a million characters": budget("x", [{"name": "x" * 1_000_000, "value": 1}]),
    "a kind of a million characters": {"kind": "k" * 1_000_000},
    "a unit of a million characters": asked("units", **{"from": "\\metre" * 170_000, "to": "m"}),
    "a unit to a huge power": asked("units", **{"from": "\\metre\\tothe{999999999}", "to": "m"}),
    "a billion trials": budget("a0") | {"kind": "monte_carlo", "trials": 1e9},
    "trials without end": budget("a0") | {"kind": "monte_carlo", "trials": "inf"},
    "a billion digits": asked("rounding", U="1.234", digits=1e9),
    "a decimal of a billion places": asked("rounding", U="1e-1000000000"),
    "a polynomial of a thousand terms": asked(
        "interval", method="variables", t=MANY, delta=MANY, order=1000, u0=0.1, u_target=5
    ),
    "a thousand million calibrations": asked(
        "interval", method="A3", in_tolerance=9e8, calibrations=1e9, target=0.9, interval=1, ci=0.5
    ),
    "a tower of powers": budget("9**9**9**9 + a0"),
    "a million correlations of one": budget("a0", correlations=[["a0", "a0", 1]] * 1_000_000),
}
ANSWERED = {
    "a product of a hundred to second order": budget("*".join(NAMES), second_order=True),
    "a quotient of a hundred": budget("/".join(NAMES)),
    "thirty outputs of a hundred correlated inputs": budget(
        {f"o{number}": "+".join(NAMES) for number in range(30)}, correlations=PAIRS
    ),
    "five inputs read a hundred thousand times": budget(
        "*".join(NAMES[:5]), READ, correlate_readings=True
    ),
    "a tower of twenty-five names": budget("**".join(["a0"] * 25), second_order=True),
    "ten million trials": budget("a0*a1", INPUTS[:2]) | {"kind": "monte_carlo", "trials": 1e7},
    "a hundred inputs in a million trials": budget("*".join(NAMES))
    | {"kind": "monte_carlo", "trials": 1e6},
    "a polynomial of nine terms": asked(
        "interval", method="variables", t=MANY[:40], delta=MANY[:40], order=9, u0=99, u_target=5
    ),
    "a hundred thousand rates": asked(
        "interval", method="S2", t=MANY, n=[5] * 100_000, in_tolerance=[4] * 100_000, target=0.9
    ),
    "a decimal of a million digits": asked("rounding", U="1." + "3" * 1_000_000),
    "hardly any freedom": asked(
        "welch", components=[{"u": 1, "dof": 0.05}], coverage={"method": "t", "p": 0.95}
    ),
    "a measurement a billion times finer than its items": asked(
        "global_risk", lower=-1, upper=1, u_0=0.5, u_m=1e-9
    ),
}
GOOD = asked("rounding", U="0.996")


@pytest.fixture(scope="module")
def answers():
    """What the command says of every case, a good one after each."""
    cases = []
    for name, case in (REFUSED | ANSWERED).items():
        cases += [case | {"id": name}, GOOD | {"id": f"after {name}"}]
    document = json.dumps({"form": FORM, "cases": cases})
    child = run_limited(IMPORTS, PROGRAM, document, seconds=PROCESSOR_SECONDS, memory=MEMORY_BYTES)
    assert (child.returncode, child.stderr) == (0, "")
    return {answer["id"]: answer for answer in json.loads(child.stdout)["results"]}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_too_much_is_refused_by_a_sentence(answers, name):
    assert 0 < len(answers[name]["error"]) < 400
    assert answers[f"after {name}"]["result"] == {"U": "1.0"}


@pytest.mark.parametrize("name", ANSWERED)
def test_what_is_large_but_within_bounds_is_answered(answers, name):
    assert "result" in answers[name], answers[name]
    assert answers[f"after {name}"]["result"] == {"U": "1.0"}


@pytest.mark.parametrize("nested", ["[" * 200_000, '{"a":' * 200_000, "[" * 500 + "]" * 500])
def test_a_file_nested_beyond_reason_is_refused_by_a_sentence(nested):
    program = (
        "from calibra_app.core.errors import Invalid\n"
        "try:\n    evaluate_file('-')\nexcept Invalid as error:\n    print(error)\n"
    )
    child = run_limited(IMPORTS, program, nested, seconds=PROCESSOR_SECONDS, memory=MEMORY_BYTES)
    assert (child.returncode, child.stderr) == (0, "")
    assert child.stdout.startswith("-")
