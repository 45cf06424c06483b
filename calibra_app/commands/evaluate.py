"""The measurement engine from outside: a file of cases in, their results out, no database."""

import json
import sys
from pathlib import Path

from calibra_app.commands.console import say
from calibra_app.core.errors import Invalid
from calibra_app.metrology.cases import evaluate_cases
from calibra_app.metrology.quantity import MetrologyError


def evaluate_file(file: str) -> None:
    """Evaluate every case of a file, or of the input for `-`, and print the results as JSON.

    Raises:
        Invalid: It is no file of cases.
    """
    try:
        results = evaluate_cases(read_document(file))
    except MetrologyError as error:
        raise Invalid(f"{file}: {error}") from None
    say(json.dumps(results, allow_nan=False, ensure_ascii=False))


def read_document(file: str) -> object:
    """Return what a file holds as JSON.

    Raises:
        Invalid: It cannot be read, or is not JSON.
    """
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
        return json.loads(text)
    except (OSError, UnicodeDecodeError, RecursionError, json.JSONDecodeError) as error:
        raise Invalid(f"{file} cannot be read as JSON: {error}") from None
