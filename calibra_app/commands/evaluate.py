"""The measurement engine from outside: a file of cases in, their results out, no database."""

import json
import sys
from pathlib import Path
from typing import Final

from calibra_app.commands.console import say
from calibra_app.core.errors import Invalid
from calibra_app.metrology.cases import evaluate_cases
from calibra_app.metrology.quantity import MetrologyError

LONGEST_NUMBER: Final = 300


def evaluate_file(file: str) -> None:
    """Evaluate every case of a file, or of the input for `-`, and print the results as JSON.

    Raises:
        Invalid: It is no file of cases.
    """
    try:
        results = evaluate_cases(read_document(file))
    except MetrologyError as error:
        raise Invalid(f"{file}: {error}") from None
    text = json.dumps(results, allow_nan=False, ensure_ascii=False)
    # Half a character, which JSON may hold, can only be printed as JSON escapes it.
    say(text.encode("utf-8", "backslashreplace").decode("utf-8"))


def read_document(file: str) -> object:
    """Return what a file holds as JSON.

    Raises:
        Invalid: It cannot be read, or is not JSON.
    """
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8-sig")
        return json.loads(text, parse_int=_whole)
    except (OSError, UnicodeDecodeError, RecursionError, json.JSONDecodeError) as error:
        raise Invalid(f"{file} cannot be read as JSON: {error}") from None


def _whole(digits: str) -> float:
    """Return a whole number; one that no calculation can hold is infinite, not a broken file."""
    return int(digits) if len(digits) <= LONGEST_NUMBER else float(digits)
