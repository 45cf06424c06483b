"""What somebody types into a measurement function to run code, to read or to exhaust: refused.

The formulas are read and evaluated in a process of their own, whose processor time and memory
are limited by the system: what does not end, or grows, kills that process and fails the test.
"""

import json

import pytest

from calibra_app.metrology.grammar import LONGEST
from tests.attacks.limited import run_limited

PROCESSOR_SECONDS = 60
MEMORY_BYTES = 400 << 20

IMPORTS = """
import json, sys
from calibra_app.metrology.expression import parse
from calibra_app.metrology.quantity import MetrologyError
"""
# Reads formulas, line by line as JSON, and says of each what became of it.
CHILD = """
for line in sys.stdin:
    text = json.loads(line)
    try:
        formula = parse(text)
        values = dict.fromkeys(formula.names, 1.5)
        for name in formula.names:
            formula.derivative(name)(values)
        said = ["computed", formula(values)]
    except MetrologyError as error:
        said = ["refused", str(error)]
    except BaseException as error:
        said = ["broken", repr(error)]
    os.write(1, (json.dumps(said) + "\\n").encode())
"""

RUNNING_CODE = (
    "__import__('os').system('id')", "import os", "from os import system", "open('/etc/passwd')",
    "open(x)", "eval(x)", "exec(x)", "compile(x, x, x)", "globals()", "locals()", "vars()", "dir()",
    "input()", "print(x)", "breakpoint()", "help()", "exit()", "getattr(x, y)", "setattr(x, y)",
    "type(x)", "object()", "super()", "memoryview(x)", "bytearray(x)", "str(x)", "int(x)", "pow(x)",
    "sum(x)", "max(x, y)", "round(x)", "divmod(x, y)", "range(x)", "factorial(x)", "system(x)",
    "x()", "x(y)", "pi()", "sqrt(x)(y)", "(x)(y)", "sqrt.sqrt(x)", "math.sqrt(x)", "np.load(x)",
    "__builtins__", "__import__", "__class__", "__name__", "__debug__", "__loader__", "__spec__",
    "x.__class__", "x.real", "x.__class__.__mro__", "(1).__class__", "1 .real", "1..real",
    "pi.real",
    "sqrt.__globals__", "().__class__.__bases__", "''.format(x)", "'%s' % x", "x.y.z", "x . y",
    "x[0]", "x['a']", "x[:]", "x[y]", "x[...]", "[x][0]", "(x, y)[0]", "{'a': x}['a']",
    "lambda: x", "(lambda: x)()", "(lambda x: x)(1)", "lambda *a: a", "[x for x in y]",
    "{x for x in y}", "{x: x for x in y}", "(x for x in y)", "[i async for i in x]", "await x",
    "yield", "yield x", "yield from x", "x := 1", "(x := 1)", "x = 1", "x += 1", "x; y", "x\ny",
    "del x", "assert x", "raise x", "return x", "pass", "global x", "class x: pass",
    "def f(): pass", "for x in y: x", "while 1: x", "with x: y", "try: x", "@x", "x if y else z",
)  # fmt: skip
NOT_A_NUMBER = (
    "'x'", '"x"', "b'x'", "r'x'", "u'x'", "f'x'", "f'{x}'", "f'{__import__(\"os\")}'", "'''x'''",
    "'x' 'y'", "'x'*9999999999", "True", "False", "None", "...", "Ellipsis()", "NotImplemented()",
    "1j", "1J", "2.5j", "1e5j", "0x10", "0XFF", "0b1", "0B1", "0o7", "0O7", "1_000", "1_0.5",
    "1e1_0", "007", "1__0", "1_", "_1", "1e", "1e+", "1ee5", "1.2.3", "1..2", "1L", "1l", "1u",
    "1e999", "-1e999", "9" * 400, "1" + "0" * 320 + ".0", "1if x else y", "1and y", "0x", "1x",
    "nan()", "inf()", "x 1", "1 2", "1(x)", "1[x]",
)  # fmt: skip
OTHER_OPERATORS = (
    "x // y", "x % y", "x @ y", "x & y", "x | y", "x ^ y", "~x", "x << 2", "x >> 2", "1 << 99999",
    "x and y", "x or y", "not x", "x == y", "x != y", "x <> y", "x < y", "x <= y", "x > y",
    "x < y < z", "x is y", "x is not y", "x in y", "x not in y", "x, y", "x,", "()", "[]", "{}",
    "[x]", "{x}", "{x: y}", "*x", "**x", "[*x]", "(*x,)", "{**x}", "sqrt(*x)", "sqrt(**x)",
    "sqrt(x=1)", "sqrt(x, y=1)", "sqrt(x for x in y)", "sqrt(lambda: x)", "sqrt(x, y)", "sqrt()",
    "atan2(x)", "atan2(x, y, z)", "atan2(*x)", "sqrt", "abs", "sin*cos", "x ? y : z", "x && y",
    "x || y", "!x", "x!", "x++", "++", "--", "+", "*x*", "x ** ** y", "x * / y", "x -> y", "x:y",
    "$x", "`x`", "x'", "#", "# x", "x # y", "x \\\n + y", "\\", "{{x}}", "{%x%}", "<x>", "x&amp;y",
    ")(", "x)+(y", "(x", "x)", "((x)", "", " ", "\t", "\n", "()()", "x\x00", "\x00", "\x00x",
    "x\x0by", "x\x0cy", "x\x1ay", "x\x7f", "x\x85y",
)  # fmt: skip
# NFKC turns many of these into the plain letters that Python would then take for names.
LOOKALIKES = (
    "\u03c0", "\uff58", "\uff53\uff51\uff52\uff54(x)", "\u212f", "\u1d431", "x\u2082", "x\u00b2",
    "\u00b5", "\u03bc", "\u2126", "\u212a", "\ufb01", "\u0445", "\u0430bs(x)", "s\u0456n(x)",
    "x\u0301",
    "\uff3f\uff3fimport\uff3f\uff3f", "\u02b0", "x\u200by", "x\u200dy", "x\u2060y", "x\ufeff",
    "\ufeffx",
    "\u202ex", "x\u00a0+ y", "x\u2003+ y", "x\u2028y", "x \u2212 y", "x \u2013 y", "x \u00d7 y",
    "x \u00f7 y", "x \u2215 y", "x \u2217 y", "\uff11", "\u0661", "\u00bd", "\u2153", "x\uff0ey",
    "x\uff3b0\uff3d", "sqrt\uff08x\uff09", "\ud800", "\U0001d4cd", "\U0001f4a3", "x\ufe0f",
    "\u00aa", "\u1160", "\u3164", "\u115f",
)  # fmt: skip
EXHAUSTING = (
    "x" * (LONGEST + 1), "1" * (LONGEST + 1), "9" * 100_000, " " * 10_000_000, "x+" * 500_000 + "x",
    "(" * 400 + ")" * 400, "(" * 499 + "x" + ")" * 499,
    "(" * LONGEST, "-" * 900 + "x", "+-" * 490 + "x", "~" * 900 + "x", "not " * 240 + "x",
    "+".join(["x"] * 400), "**".join(["x"] * 300), "sqrt(" * 150 + "x" + ")" * 150,
    "abs(" * 31 + "x" + ")" * 31, "x" + "[0]" * 300, "x" + ".y" * 450, "x" + "()" * 450,
    "lambda:" * 140 + "x", "[" * 200 + "x" + "]" * 200, "{" * 200 + "x" + "}" * 200,
    "x if y else " * 80 + "x", "f(" * 300 + "x" + ")" * 300, "(" * 300 + "," * 300,
)  # fmt: skip
# In the grammar, and computed or refused at once: a floating-point power never grows in memory.
TOWERS = (
    "9**9**9", "9**9**9**9", "10**10**10**10", "2**1024", "(2**1023)*2", "9999**9999**9999",
    "-9**9**9", "x**9**9**9", "9**9**9**x", "2**2**2**2**2**x", "exp(exp(exp(exp(x))))",
    "exp(1e308)", "1e308*10", "0**-1", "(-8)**0.5", "(-1)**x", "sqrt(-1)", "log(0)", "log(-1)",
    "log10(0)", "asin(2)", "acos(-2)", "1/0", "0/0", "x/(x - x)", "tan(pi/2)**999", "0.0**0.0",
    "1e-320**2", "sin(1e308)",
    "(" * 90 + "x" + ")" * 90, "**".join(["x"] * 28), "exp(" * 28 + "x" + ")" * 28,
    "*".join(["x"] * 100), "/".join(["x"] * 100), "sin(" * 28 + "x**x" + ")" * 28,
)  # fmt: skip


def told(program, attacks, seconds=PROCESSOR_SECONDS):
    """Let a limited process read the attacks."""
    typed = "".join(f"{json.dumps(attack)}\n" for attack in attacks)
    return run_limited(IMPORTS, program, typed, seconds=seconds, memory=MEMORY_BYTES)


@pytest.fixture(scope="module")
def said():
    """What became of every attack, by its text."""
    lists = (RUNNING_CODE, NOT_A_NUMBER, OTHER_OPERATORS, LOOKALIKES, EXHAUSTING, TOWERS)
    attacks = [attack for attacks in lists for attack in attacks]
    child = told(CHILD, attacks)
    answers = [json.loads(line) for line in child.stdout.splitlines()]
    assert len(answers) == len(attacks), f"it did not survive {attacks[len(answers)][:80]!r}"
    assert (child.returncode, child.stderr) == (0, "")
    return dict(zip(attacks, answers, strict=True))


def shown(attack):
    return ascii(attack)[:60]


@pytest.mark.parametrize("attack", RUNNING_CODE, ids=shown)
def test_no_formula_runs_code(said, attack):
    assert said[attack][0] == "refused"
    assert said[attack][1].startswith("model: ")


@pytest.mark.parametrize("attack", NOT_A_NUMBER, ids=shown)
def test_no_text_and_no_number_of_a_program_is_a_number(said, attack):
    if attack == "_1":  # a name like any other
        assert said[attack] == ["computed", 1.5]
    else:
        assert said[attack][0] == "refused"


@pytest.mark.parametrize("attack", OTHER_OPERATORS, ids=shown)
def test_no_operator_but_those_of_arithmetic_is_taken(said, attack):
    assert said[attack][0] == "refused"


@pytest.mark.parametrize("attack", LOOKALIKES, ids=shown)
def test_no_letter_that_looks_like_another_is_taken(said, attack):
    assert said[attack][0] == "refused"
    assert "not allowed" in said[attack][1]


@pytest.mark.parametrize("attack", EXHAUSTING, ids=shown)
def test_no_formula_is_too_much_to_refuse(said, attack):
    assert said[attack][0] == "refused"
    assert len(said[attack][1]) < 200


@pytest.mark.parametrize("attack", TOWERS, ids=shown)
def test_a_power_that_would_fill_the_memory_is_a_number_or_a_refusal(said, attack):
    assert said[attack][0] in ("computed", "refused")
    assert said[attack][0] == "refused" or isinstance(said[attack][1], float)


@pytest.mark.parametrize(
    "attack", ["9**9**9", "bytearray(10**10)", "open('/tmp/x', 'w').write('x')"]
)
def test_the_limits_stop_a_program_that_evaluates_what_was_typed(attack):
    naive = CHILD.replace("formula = parse(text)", "eval(text)")
    child = told(naive, [attack], seconds=2)
    assert child.returncode != 0 or json.loads(child.stdout)[0] == "broken"
