"""The measurement engine from outside: a file of cases in, their results out, no database."""

import json
import sys
from pathlib import Path
from typing import Any

from calibra_app.commands.console import say
from calibra_app.core.errors import Invalid
from calibra_app.metrology.cases import evaluate

FORM = "calibra-metrology-cases/1"


def evaluate_file(file: str) -> None:
    """Evaluate every case of a file, or of the input for `-`, and print the results as JSON.

    Raises:
        Invalid: It is no file of cases.
    """
    say(json.dumps({"results": [_result(case) for case in read_cases(file)]}, allow_nan=False))


def read_cases(file: str) -> list[dict[str, Any]]:
    """Return the cases of a file.

    Raises:
        Invalid: It cannot be read, is not JSON, or has another form.
    """
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
        document = json.loads(text)
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise Invalid(f"{file} cannot be read as JSON: {error}") from None
    if not isinstance(document, dict) or document.get("form") != FORM:
        raise Invalid(f'{file} does not say "form": "{FORM}".')
    cases = document.get("cases")
    if not isinstance(cases, list) or not all(isinstance(case, dict) for case in cases):
        raise Invalid(f"The cases of {file} are not a list of objects.")
    return cases


def _result(case: dict[str, Any]) -> dict[str, Any]:
    name = case.get("id")
    try:
        return {"id": name, "result": evaluate(case)}
    except (ValueError, TypeError, KeyError, ArithmeticError) as error:
        return {"id": name, "error": f"{error}" or type(error).__name__}
