"""Plain pages: what is shown without the site itself, to strangers and where nothing is known.

They need no script and no socket, set no cookie, and load in one round trip. Everything that
comes from outside passes through `html.escape`.
"""

import base64
import hashlib
from html import escape

from fastapi.responses import HTMLResponse

_STYLE = """
@font-face{font-family:Inter;src:url("/fonts/inter-latin-wght-normal.woff2") format("woff2");
font-weight:100 900;font-display:swap}
:root{color-scheme:light dark;--ground:#f6f7f9;--card:#fff;--ink:#14181f;--soft:#5a6472;
--line:#d9dde3;--go:var(--brand-solid,#2f5fd0);--on:var(--brand-on,#fff);--bad:#a3211b;
--bad-soft:#fdecea}
@media (prefers-color-scheme:dark){:root{--ground:#14181f;--card:#1c212a;--ink:#eef0f3;
--soft:#a8b0bc;--line:#333b48;--bad:#ff9d94;--bad-soft:#3a1f1e}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:grid;place-items:center;padding:24px 16px;
background:var(--ground);color:var(--ink);font:16px/1.5 Inter,system-ui,sans-serif}
main{width:100%;max-width:440px;background:var(--card);border:1px solid var(--line);
border-radius:14px;padding:28px}
main.wide{max-width:860px}
h1{font-size:20px;line-height:1.3;margin:0 0 8px;font-weight:600;letter-spacing:-.012em}
header{display:flex;gap:14px;align-items:center;margin-bottom:12px}header h1{margin:0}
header p{margin:2px 0 0}
p{margin:0 0 14px;color:var(--soft)}
label{display:block;font-weight:600;margin:14px 0 6px}
input,textarea{width:100%;min-height:48px;padding:10px 12px;border:1px solid #7d8796;
border-radius:8px;background:transparent;color:inherit;font:inherit}
button,.button{display:inline-block;min-height:48px;padding:11px 18px;margin-top:18px;border:0;
border-radius:8px;background:var(--go);color:var(--on);font:inherit;font-weight:600;
cursor:pointer;text-decoration:none}
a{color:inherit}:focus-visible{outline:3px solid var(--go);outline-offset:2px}
.error{background:var(--bad-soft);color:var(--bad);border-radius:8px;padding:10px 12px}
.hint{font-size:14px;margin-top:6px}table{width:100%;border-collapse:collapse}
td,th{text-align:left;padding:8px 6px;border-bottom:1px solid var(--line);vertical-align:top}
fieldset{border:0;padding:0;margin:18px 0 0}legend{font-weight:600;padding:0}
.pick{display:flex;gap:10px;align-items:flex-start;font-weight:400;margin:8px 0}
.pick input{width:22px;min-height:22px;margin:2px 0 0;flex:none}
.money{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
.small{font-size:14px;color:var(--soft)}.mark{font-weight:600}.sum td{border:0;padding:4px 6px}
.total td{border-top:2px solid var(--line);font-weight:700}
.done{border-left:4px solid var(--go);padding:10px 14px;color:var(--ink)}
details{border-top:1px solid var(--line);padding:14px 0 0;margin-top:18px}
summary{cursor:pointer;font-weight:600;min-height:32px}
.quiet{background:transparent;color:inherit;border:1px solid #7d8796}
@media (max-width:560px){main{padding:20px 16px}.wide-only{display:none}}
dl{display:grid;grid-template-columns:max-content 1fr;gap:6px 16px}dt{color:var(--soft)}dd{margin:0}
"""
# For pages to strangers that take answers: no script at all, no style but ours.
_STYLE_DIGEST = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
WITHOUT_SCRIPT = (
    f"default-src 'none'; style-src 'self' 'sha256-{_STYLE_DIGEST}'; img-src 'self' data:; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def page(
    title: str, body: str, *, status: int = 200, wide: bool = False, head: str = ""
) -> HTMLResponse:
    """Return a whole page.

    Args:
        title: Its heading, as plain text.
        body: Its content as HTML, already escaped.
        status: The HTTP status.
        wide: Whether it holds a table.
        head: What stands above it in place of the heading alone, as HTML; it holds the `h1`.
    """
    kind = ' class="wide"' if wide else ""
    html = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="robots" content="noindex"><meta name="referrer" content="same-origin">'
        f"<title>{escape(title)}</title>"
        '<link rel="stylesheet" href="/api/v1/branding.css">'
        '<link rel="icon" href="/favicon.svg" type="image/svg+xml">'
        f"<style>{_STYLE}</style></head><body><main{kind}>"
        f"{head or f'<h1>{escape(title)}</h1>'}{body}</main></body></html>"
    )
    return HTMLResponse(html, status_code=status, headers={"cache-control": "no-store"})


def sentence(title: str, text: str, *, status: int = 200) -> HTMLResponse:
    """Return a page that says one thing."""
    return page(title, f"<p>{escape(text)}</p>", status=status)


def complaint(text: str) -> str:
    """Return a refusal as HTML, announced by screen readers; nothing for an empty text."""
    return f'<p class="error" role="alert">{escape(text)}</p>' if text else ""
