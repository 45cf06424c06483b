"""Colours: one source for the stylesheet, the charts and a laboratory's own brand.

Why solved colours: a laboratory may choose any colour. Its hue is kept, but lightness is found by
walking until every ground it stands on has the contrast that WCAG 2.2 AA asks for. So no colour
has to be refused, and no screen becomes unreadable.
"""

import math
import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Literal, NamedTuple, TypeAlias

Mode: TypeAlias = Literal["light", "dark"]

DEFAULT_BRAND = "#2f5fd0"
_ADDRESS = re.compile(r"/[\w/.?=-]*")
NEUTRAL_HUE = 257.0
WHITE, INK = "#ffffff", "#14181f"

# Contrast that the solver aims at; a little above the bounds of WCAG, for rounding to 8 bits.
TEXT_CONTRAST, MARK_CONTRAST, TONE_CONTRAST = 4.6, 3.1, 5.0
MAX_BRAND_CHROMA = 0.19
GAMUT_SLACK = 0.0005


class Oklch(NamedTuple):
    """A colour by perceived lightness (0-1), chroma and hue in degrees."""

    lightness: float
    chroma: float
    hue: float


def _grey(lightness: float, chroma: float) -> str:
    return to_hex(Oklch(lightness, chroma, NEUTRAL_HUE))


def to_hex(colour: Oklch) -> str:
    """Return the colour as #rrggbb; chroma gives way until sRGB can show it."""
    lightness, chroma, hue = colour
    while True:
        channels = _to_srgb(Oklch(lightness, chroma, hue))
        if chroma <= 0 or all(-GAMUT_SLACK <= value <= 1 + GAMUT_SLACK for value in channels):
            return "#" + "".join(
                f"{round(min(max(value, 0.0), 1.0) * 255):02x}" for value in channels
            )
        chroma = max(0.0, chroma - 0.004)


def _to_srgb(colour: Oklch) -> tuple[float, float, float]:
    # Bjorn Ottosson, "A perceptual color space for image processing" (2020).
    angle = math.radians(colour.hue)
    a, b = colour.chroma * math.cos(angle), colour.chroma * math.sin(angle)
    long = (colour.lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (colour.lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (colour.lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        _companded(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
        _companded(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
        _companded(-0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short),
    )


def _companded(linear: float) -> float:
    if linear <= 0.0031308:  # noqa: PLR2004 - the knee of the sRGB curve
        return 12.92 * linear
    return 1.055 * linear ** (1 / 2.4) - 0.055


def _linear(hex_colour: str) -> tuple[float, float, float]:
    def channel(start: int) -> float:
        value = int(hex_colour[start : start + 2], 16) / 255
        knee = 0.04045
        return value / 12.92 if value <= knee else ((value + 0.055) / 1.055) ** 2.4

    return channel(1), channel(3), channel(5)


def to_oklch(hex_colour: str) -> Oklch:
    """Return #rrggbb by lightness, chroma and hue."""
    red, green, blue = _linear(hex_colour)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return Oklch(lightness, math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360)


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours (WCAG 2.2), 1 to 21."""

    def luminance(hex_colour: str) -> float:
        red, green, blue = _linear(hex_colour)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def solve(start: Oklch, step: float, grounds: Iterable[str], ratio: float) -> str:
    """Walk lightness by `step` until the colour has `ratio` on every ground.

    Black or white ends the walk: one of the two always suffices where all grounds are of one kind.
    """
    grounds = tuple(grounds)
    lightness = start.lightness
    while 0.0 < lightness < 1.0:
        colour = to_hex(start._replace(lightness=lightness))
        if all(contrast(colour, ground) >= ratio for ground in grounds):
            return colour
        lightness += step
    return "#000000" if step < 0 else WHITE


NEUTRALS: Mapping[Mode, Mapping[str, str]] = {
    "light": {
        "canvas": _grey(0.974, 0.003),
        "surface": WHITE,
        "sunken": _grey(0.958, 0.004),
        "raised": WHITE,
        "hover": _grey(0.953, 0.005),
        "line": _grey(0.912, 0.006),
        "line-strong": _grey(0.855, 0.009),
        "control": _grey(0.615, 0.018),
        "text": _grey(0.225, 0.014),
        "text-2": _grey(0.415, 0.018),
        "text-3": _grey(0.515, 0.018),
        "chart-grid": _grey(0.92, 0.005),
        "scrim": "rgb(16 20 28 / .42)",
        "shadow-1": "0 1px 2px rgb(16 24 40 / .06), 0 1px 1px rgb(16 24 40 / .04)",
        "shadow-2": "0 4px 12px -2px rgb(16 24 40 / .10), 0 2px 4px -2px rgb(16 24 40 / .06)",
        "shadow-3": "0 20px 40px -12px rgb(16 24 40 / .28), 0 4px 12px -4px rgb(16 24 40 / .12)",
    },
    "dark": {
        "canvas": _grey(0.168, 0.009),
        "surface": _grey(0.205, 0.010),
        "sunken": _grey(0.148, 0.008),
        "raised": _grey(0.245, 0.012),
        "hover": _grey(0.255, 0.012),
        "line": _grey(0.285, 0.012),
        "line-strong": _grey(0.355, 0.014),
        "control": _grey(0.56, 0.018),
        "text": _grey(0.945, 0.005),
        "text-2": _grey(0.775, 0.013),
        "text-3": _grey(0.675, 0.015),
        "chart-grid": _grey(0.295, 0.012),
        "scrim": "rgb(0 0 0 / .60)",
        "shadow-1": "0 1px 2px rgb(0 0 0 / .40)",
        "shadow-2": "0 6px 16px -4px rgb(0 0 0 / .50), 0 0 0 1px rgb(255 255 255 / .04)",
        "shadow-3": "0 24px 48px -12px rgb(0 0 0 / .70), 0 0 0 1px rgb(255 255 255 / .06)",
    },
}

# Hue and chroma of the tones; what each one means stands in components/status.py.
TONES: Mapping[str, tuple[float, float]] = {
    "gray": (NEUTRAL_HUE, 0.010),
    "blue": (252, 0.15),
    "violet": (292, 0.15),
    "teal": (200, 0.10),
    "amber": (78, 0.13),
    "orange": (50, 0.15),
    "green": (153, 0.14),
    "red": (25, 0.17),
}

# Lightness (light, dark), hue and chroma of the chart series, in the order of Okabe and Ito.
SERIES: tuple[tuple[float, float, float, float], ...] = (
    (0.50, 0.70, 252, 0.14),
    (0.66, 0.76, 55, 0.15),
    (0.58, 0.68, 165, 0.11),
    (0.58, 0.72, 335, 0.15),
    (0.62, 0.82, 95, 0.12),
    (0.66, 0.80, 225, 0.10),
    (0.50, 0.66, 30, 0.16),
    (0.62, 0.74, 290, 0.10),
)


def _grounds(mode: Mode) -> tuple[str, str, str]:
    neutrals = NEUTRALS[mode]
    return neutrals["canvas"], neutrals["surface"], neutrals["sunken"]


def tone_tokens(mode: Mode) -> dict[str, str]:
    """Return the four colours of each tone: soft fill, line, text and mark."""
    dark = mode == "dark"
    step = 0.006 if dark else -0.006
    tokens: dict[str, str] = {}
    for name, (hue, chroma) in TONES.items():
        if dark:
            soft = to_hex(Oklch(0.275, min(chroma, 0.05), hue))
            line = to_hex(Oklch(0.40, min(chroma, 0.075), hue))
        else:
            # A full chroma would make the grey tone look blue on a white page.
            tint = chroma / 2 if name == "gray" else min(chroma, 0.032)
            soft = to_hex(Oklch(0.957, tint, hue))
            line = to_hex(Oklch(0.865, min(chroma, 0.07), hue))
        text_start, mark_start = (0.76, 0.60) if dark else (0.56, 0.70)
        grounds = _grounds(mode)
        tokens[f"{name}-soft"] = soft
        tokens[f"{name}-line"] = line
        tokens[f"{name}-text"] = solve(
            Oklch(text_start, chroma, hue), step, (*grounds, soft), TONE_CONTRAST
        )
        tokens[f"{name}-mark"] = solve(Oklch(mark_start, chroma, hue), step, grounds, MARK_CONTRAST)
    return tokens


@cache
def series(mode: Mode) -> tuple[str, ...]:
    """Return the colours of the chart series, each visible on a card of this mode."""
    surface = NEUTRALS[mode]["surface"]
    step = 0.005 if mode == "dark" else -0.005
    return tuple(
        solve(Oklch(dark if mode == "dark" else light, chroma, hue), step, (surface,), 3.05)
        for light, dark, hue, chroma in SERIES
    )


def brand_tokens(hex_colour: str) -> dict[Mode, dict[str, str]]:
    """Return the accents that a laboratory's colour becomes, for both modes.

    Args:
        hex_colour: The colour as #rrggbb; any colour is accepted.

    Raises:
        ValueError: The text is not a colour of this form.
    """
    if len(hex_colour) != len("#rrggbb") or not hex_colour.startswith("#"):
        message = f"{hex_colour!r} is not a colour like #2f5fd0"
        raise ValueError(message)
    lightness, full_chroma, hue = to_oklch(hex_colour)
    chroma = min(full_chroma, MAX_BRAND_CHROMA)
    # Yellow and lime darken to mud under white letters: they stay light and carry dark ink.
    yellow = lightness > 0.80 and full_chroma > 0.08 and 60 <= hue <= 135  # noqa: PLR2004
    return {
        "light": _brand("light", hex_colour, Oklch(lightness, chroma, hue), yellow=yellow),
        "dark": _brand("dark", hex_colour, Oklch(lightness, chroma, hue), yellow=yellow),
    }


def _brand(mode: Mode, raw: str, brand: Oklch, *, yellow: bool) -> dict[str, str]:
    dark = mode == "dark"
    step = 0.006 if dark else -0.006
    grounds = _grounds(mode)
    soft = to_hex(
        brand._replace(
            lightness=0.265 if dark else 0.962, chroma=min(brand.chroma, 0.055 if dark else 0.03)
        )
    )
    softer = to_hex(
        brand._replace(
            lightness=0.32 if dark else 0.925, chroma=min(brand.chroma, 0.07 if dark else 0.05)
        )
    )
    if yellow:
        solid, hover, on = (
            to_hex(brand._replace(lightness=0.86)),
            to_hex(brand._replace(lightness=0.82)),
            INK,
        )
    else:
        start = min(max(brand.lightness, 0.50 if dark else 0.40), 0.60)
        solid = solve(brand._replace(lightness=start), -0.004, (WHITE,), TEXT_CONTRAST)
        hover = to_hex(brand._replace(lightness=to_oklch(solid).lightness - 0.055))
        on = WHITE
    text = solve(
        brand._replace(lightness=0.78 if dark else 0.56),
        step,
        (*grounds, soft, softer),
        TEXT_CONTRAST,
    )
    line = solve(brand._replace(lightness=0.50 if dark else 0.70), step, grounds, MARK_CONTRAST)
    return {
        "brand-raw": raw,
        "brand-solid": solid,
        "brand-hover": hover,
        "brand-on": on,
        "brand-text": text,
        "brand-line": line,
        "brand-soft": soft,
        "brand-soft-2": softer,
        "focus": text,
    }


@cache
def tokens(mode: Mode, brand: str = DEFAULT_BRAND) -> Mapping[str, str]:
    """Return every colour of one mode by the name of its CSS variable, without the dashes."""
    chart = {f"series-{number}": colour for number, colour in enumerate(series(mode), start=1)}
    return {**NEUTRALS[mode], **tone_tokens(mode), **brand_tokens(brand)[mode], **chart}


def _block(selector: str, values: Mapping[str, str]) -> str:
    lines = "".join(f"  --{name}: {value};\n" for name, value in values.items())
    return f"{selector} {{\n{lines}}}\n"


def token_stylesheet() -> str:
    """Return the text of assets/tokens.css; a test keeps the file equal to it."""
    return (
        "/* Written by calibra_app/ui/theme.py: change the colours there. */\n"
        + _block(":root", {"color-scheme": "light"}).replace("--color-scheme", "color-scheme")
        + _block(":root", tokens("light"))
        + _block(".dark", {"color-scheme": "dark"}).replace("--color-scheme", "color-scheme")
        + _block(".dark", tokens("dark"))
    )


def branding_css(hex_colour: str, logo: str = "") -> str:
    """Return the stylesheet of one laboratory's colour, loaded before the first paint.

    Args:
        hex_colour: The colour as #rrggbb.
        logo: The address of its logo on this site; empty shows its first letter instead.

    Raises:
        ValueError: The colour is none, or the logo's address could end the rule it stands in.
    """
    brand = brand_tokens(hex_colour)
    css = _block(":root", brand["light"]) + _block(".dark", brand["dark"])
    if not logo:
        return css
    if not _ADDRESS.fullmatch(logo):
        message = f"{logo!r} is not a plain address on this site"
        raise ValueError(message)
    mark = {"logo": f'url("{logo}")', "logo-ink": "transparent", "logo-ground": WHITE}
    return css + _block(":root", mark)


if __name__ == "__main__":
    from pathlib import Path

    Path("assets/tokens.css").write_text(token_stylesheet())
