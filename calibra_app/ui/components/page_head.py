"""What stands in the head of every page: the stylesheets, the font, the brand."""

import hashlib
from pathlib import Path

import reflex as rx

_ASSETS = Path(__file__).parents[3] / "assets"


def head() -> list[rx.Component]:
    """Return what every page's head holds; `rx.App(head_components=head())`.

    The brand's stylesheet is loaded before the first paint: no flash of foreign colours.
    """
    font = {"as": "font", "type": "font/woff2", "crossOrigin": "anonymous"}
    return [
        rx.el.link(rel="preload", href="/fonts/inter-latin-wght-normal.woff2", custom_attrs=font),
        rx.el.link(rel="stylesheet", href=_fresh("tokens.css")),
        rx.el.link(rel="stylesheet", href=_fresh("calibra.css")),
        rx.el.link(rel="stylesheet", href="/api/v1/branding.css"),
        rx.el.link(rel="icon", href="/favicon.svg", type="image/svg+xml"),
        rx.el.script(src=_fresh("density.js")),
    ]


def _fresh(name: str) -> str:
    # The address changes with the content, so that no browser shows last month's dress.
    file = _ASSETS / name
    digest = hashlib.sha256(file.read_bytes()).hexdigest()[:8] if file.exists() else "0"
    return f"/{name}?{digest}"
