"""Processor seconds for each certificate: our printer cold and warm, a bare WeasyPrint beside it.

Each figure is the processor time of a process of its own, so imports count where a worker pays
for them: once, before its first certificate.
"""

import json
import statistics
import subprocess
import sys
import time
from io import BytesIO
from pathlib import Path
from typing import Any

ROUNDS = 7
# The budget for a three-page certificate by a worker that has printed before.
BUDGET_SECONDS = 0.7
PAGES = 3
STORED = Path(__file__).parents[1] / "tests/rendering/stored/certificate.json"


def run() -> list[dict[str, str | float]]:
    """Print the same content both ways; return one row for each way and moment."""
    ours = _in_own_process("ours")
    bare = _in_own_process("bare")
    rows: list[dict[str, str | float]] = []
    for name, figures in (("calibra", ours), ("bare WeasyPrint, same HTML and style", bare)):
        warm = statistics.median(figures["warm"])
        rows.append(
            {
                "printer": name,
                "pages": figures["pages"],
                "cold cpu s": round(figures["cold"], 3),
                "warm cpu s": round(warm, 3),
                "warm / bare": round(warm / statistics.median(bare["warm"]), 2),
                "warm / budget": round(warm / BUDGET_SECONDS, 2),
                "kB": round(figures["bytes"] / 1000, 1),
            }
        )
    return rows


def _in_own_process(way: str) -> dict[str, Any]:
    printed = subprocess.run(
        [sys.executable, "-m", __name__, way], check=True, capture_output=True, text=True
    ).stdout
    return json.loads(printed.splitlines()[-1])


def _three_pages() -> dict[str, Any]:
    """Return the stored certificate with as many points as fill three pages."""
    content = json.loads(STORED.read_text())
    table = content["results"][0]
    content["results"] = [
        {**table, "title": f"{table['title']} {number}", "rows": table["rows"] * 3}
        for number in range(1, 3)
    ]
    return content


def _measure(way: str) -> dict[str, Any]:
    started = time.process_time()
    printer = _ours() if way == "ours" else _bare()
    content = _three_pages()
    printed = printer(content)
    cold = time.process_time() - started
    warm: list[float] = []
    for number in range(ROUNDS):
        # Another number each time: no answer may come from a memory of the one before.
        varied = {**content, "number": f"{content['number']}-{number}"}
        before = time.process_time()
        printer(varied)
        warm.append(time.process_time() - before)
    from pypdf import PdfReader

    return {
        "cold": cold,
        "warm": warm,
        "bytes": len(printed),
        "pages": len(PdfReader(BytesIO(printed)).pages),
    }


def _ours() -> Any:
    from calibra_app.rendering.pdf import to_pdf, warm_up

    warm_up()
    return lambda content: to_pdf("certificate", content)


def _bare() -> Any:
    from weasyprint import CSS, HTML

    from calibra_app.rendering.html import TEMPLATES, body_html

    fonts = (TEMPLATES.parent / "fonts").as_uri() + "/"

    def printer(content: dict[str, Any]) -> bytes:
        style = (TEMPLATES / "fonts.css").read_text() + (TEMPLATES / "print.css").read_text()
        page = HTML(string=body_html("certificate", content))
        return page.write_pdf(stylesheets=[CSS(string=style, base_url=fonts)]) or b""

    return printer


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_measure(sys.argv[1])) + "\n")
