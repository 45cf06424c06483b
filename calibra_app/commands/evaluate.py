"""The measurement engine from outside, without a database: a file of cases, or one result anew."""

import json
import sys
from pathlib import Path
from typing import Final

from calibra_app.commands.console import say
from calibra_app.core.errors import Invalid
from calibra_app.metrology.cases import evaluate_cases
from calibra_app.metrology.quantity import MetrologyError
from calibra_app.procedures import recomputation

LONGEST_NUMBER: Final = 300


def evaluate_file(file: str) -> None:
    """Evaluate every case of a file, or of the input for `-`, and print the results as JSON.

    An exported result is computed anew and compared with what it states, figure by figure.

    Raises:
        Invalid: It is neither, or the exported result is not confirmed; the sentence says where.
    """
    document = read_document(file)
    is_result = isinstance(document, dict) and document.get("form") == recomputation.FORM
    try:
        results = recomputation.recompute(document) if is_result else evaluate_cases(document)
    except MetrologyError as error:
        raise Invalid(f"{file}: {error}") from None
    text = json.dumps(results, allow_nan=False, ensure_ascii=False)
    # Half a character, which JSON may hold, can only be printed as JSON escapes it.
    say(text.encode("utf-8", "backslashreplace").decode("utf-8"))
    if is_result and not results["confirmed"]:
        raise Invalid(f"{file}: {results['sentence']}")


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
