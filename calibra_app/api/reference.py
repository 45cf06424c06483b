"""The reference of the HTTP interface as a plain page, made from its own description."""

from html import escape

from fastapi import Request
from fastapi.responses import HTMLResponse

from calibra_app.api.plain_page import page


def reference_page(request: Request) -> HTMLResponse:
    """List every address of the interface; programs read `/api/v1/openapi.json`."""
    rows: list[str] = []
    paths = request.app.openapi()["paths"]
    for path, methods in sorted(paths.items()):
        rows.extend(
            f"<tr><td><code>{escape(method.upper())}</code></td><td><code>{escape(path)}</code></td>"
            f"<td>{escape(str(entry.get('description') or entry.get('summary', '')))}</td></tr>"
            for method, entry in methods.items()
        )
    body = (
        '<p>The whole description: <a href="/api/v1/openapi.json">openapi.json</a>. Programs '
        "get a token at <code>POST /api/v1/auth/token</code> and send it as "
        "<code>Authorization: Bearer …</code>.</p>"
        f"<table><thead><tr><th>Method</th><th>Address</th><th>What it does</th></tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table>"
    )
    return page("The HTTP interface of Calibra", body, wide=True)
