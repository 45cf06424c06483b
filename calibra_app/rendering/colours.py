"""A laboratory's brand colour on paper: the hue is kept, the lightness is solved for reading."""

import math
import re
from dataclasses import dataclass

READABLE = 4.6
"""Contrast against white; a little above the 4.5 of WCAG 2.2, 1.4.3, so that rounding is safe."""

NEUTRAL = "#1f2937"
_HEX = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True, slots=True)
class PrintColours:
    """What a brand colour becomes on white paper."""

    rule: str
    ink: str
    tint: str


def print_colours(brand: str) -> PrintColours:
    """Return the colours of rules, headings and soft fills; neutral ones without #rrggbb."""
    rule = brand.lower() if _HEX.fullmatch(brand) else NEUTRAL
    lightness, chroma, hue = _oklch(rule)
    chroma = min(chroma, 0.19)
    ink = _hex(lightness, chroma, hue)
    while _contrast_with_white(ink) < READABLE and lightness > 0:
        lightness -= 0.005
        ink = _hex(lightness, chroma, hue)
    return PrintColours(rule=rule, ink=ink, tint=_hex(0.972, min(chroma, 0.012), hue))


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4  # noqa: PLR2004


def _encoded(channel: float) -> float:
    channel = min(1.0, max(0.0, channel))
    return channel * 12.92 if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055  # noqa: PLR2004


def _channels(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return _linear(red), _linear(green), _linear(blue)


def _contrast_with_white(colour: str) -> float:
    red, green, blue = _channels(colour)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def _oklch(colour: str) -> tuple[float, float, float]:
    """Convert to OKLCH (B. Ottosson, 2020)."""
    red, green, blue = _channels(colour)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return lightness, math.hypot(a, b), math.atan2(b, a)


def _hex(lightness: float, chroma: float, hue: float) -> str:
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short
    return "#" + "".join(f"{round(_encoded(c) * 255):02x}" for c in (red, green, blue))
