"""A laboratory's colour as the preview shows it: tokens of both modes, and what became of it."""

from calibra_app.ui.theme import INK, brand_tokens, contrast, tokens
from calibra_app.ui.words import say


def preview_stylesheet(colour: str) -> str:
    """Return the variables of the two halves of the preview, each in its own mode.

    Raises:
        ValueError: The text is no colour.
    """
    brand_tokens(colour)
    halves = (("light", ".preview-light"), ("dark", ".preview-dark"))
    return "".join(
        f"{selector}{{color-scheme:{mode};"
        + "".join(f"--{name}:{value};" for name, value in tokens(mode, colour).items())
        + "}"
        for mode, selector in halves
    )


def what_became(colour: str) -> str:
    """Return one sentence on what the site makes of a laboratory's colour.

    Raises:
        ValueError: The text is no colour.
    """
    light = brand_tokens(colour)["light"]
    ratio = f"{contrast(light['brand-on'], light['brand-solid']):.1f}:1"
    shown = colour.upper()
    if light["brand-on"] == INK:
        return say(
            "{colour} is used as it is for the logo and the rule on paper; buttons use a lighter"
            " fill with dark letters (contrast {ratio}).",
            colour=shown,
            ratio=ratio,
        )
    if light["brand-solid"].lower() == colour.lower():
        return say(
            "{colour} is used as it is; white letters on it have a contrast of {ratio}.",
            colour=shown,
            ratio=ratio,
        )
    return say(
        "{colour} is used as it is for the logo and the rule on paper; buttons use {solid}, on"
        " which white letters have a contrast of {ratio}.",
        colour=shown,
        solid=light["brand-solid"].upper(),
        ratio=ratio,
    )
