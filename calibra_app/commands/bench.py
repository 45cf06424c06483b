"""The project's own benchmarks: each prints a table beside a stated peer or limit."""

import importlib
import json

from calibra_app.commands.console import say
from calibra_app.core.errors import Invalid, NotFound

BENCHES = {
    "live": "from a commit to the other screen, with 2 and with 200 listeners",
    "lists": "lists and board at 20 laboratories and a million observations",
    "certificate": "processor seconds of the worker for each certificate",
    "engine": "the engine beside GTC and bare numpy: tables, one point, Monte Carlo",
    "validation": "worked examples of others: every figure expected, computed, and its verdict",
}


def list_benches() -> None:
    """Name the benchmarks."""
    for name, text in BENCHES.items():
        say(f"{name:12} {text}")


def run_bench(name: str, *, as_json: bool) -> None:
    """Run one benchmark and print its rows.

    Raises:
        NotFound: There is no such benchmark.
        Invalid: It judges its rows, and one of them fails.
    """
    if name not in BENCHES:
        raise NotFound(f"There is no benchmark {name}; there are {', '.join(BENCHES)}.")
    try:
        bench = importlib.import_module(f"benches.{name}")
    except ModuleNotFoundError as missing:
        raise NotFound(
            f"The benchmark {name} runs beside {missing.name}, which is not installed:"
            f" ./calibra bench {name} installs it."
        ) from None
    # What was compared with what, and how, where the columns do not say it.
    note = str(getattr(bench, "NOTE", ""))
    rows: list[dict[str, str | float]] = bench.run()
    if as_json:
        say(json.dumps({"bench": name, "note": note, "rows": rows}, indent=2))
    else:
        _print_table(rows, note)
    # A bench that judges and does not only measure says what failed.
    failure = str(getattr(bench, "failure_of", lambda _rows: "")(rows))
    if failure:
        raise Invalid(failure)


def _print_table(rows: list[dict[str, str | float]], note: str) -> None:
    columns = list(rows[0])
    widths = [max(len(column), *(len(str(row[column])) for row in rows)) for column in columns]
    for line in (columns, *([str(row[column]) for column in columns] for row in rows)):
        say("  ".join(word.ljust(width) for word, width in zip(line, widths, strict=True)))
    if note:
        say(note)
