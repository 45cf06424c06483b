"""Colours: whatever colour a laboratory chooses, everything stays readable, in both modes."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibra_app.commands.site_build import squeezed
from calibra_app.ui.theme import (
    NEUTRALS,
    TONES,
    Oklch,
    brand_tokens,
    branding_css,
    contrast,
    series,
    to_hex,
    to_oklch,
    token_stylesheet,
    tokens,
)

ASSETS = Path(__file__).parents[2] / "assets"
READABLE, VISIBLE = 4.5, 3.0
MODES = ("light", "dark")

any_colour = st.tuples(*[st.integers(0, 255)] * 3).map(
    lambda rgb: "#{:02x}{:02x}{:02x}".format(*rgb)
)


def grounds(mode):
    return [NEUTRALS[mode][name] for name in ("canvas", "surface", "sunken")]


def faults(brand):
    for mode in MODES:
        made = brand_tokens(brand)[mode]
        soft = [made["brand-soft"], made["brand-soft-2"]]
        checks = {
            "button": (made["brand-on"], [made["brand-solid"], made["brand-hover"]], READABLE),
            "text": (made["brand-text"], [*grounds(mode), *soft], READABLE),
            "line": (made["brand-line"], grounds(mode), VISIBLE),
            "focus": (made["focus"], grounds(mode), VISIBLE),
        }
        for name, (colour, behind, least) in checks.items():
            if min(contrast(colour, ground) for ground in behind) < least:
                yield f"{brand} {mode} {name}"


@given(any_colour)
def test_every_brand_stays_readable_in_both_modes(brand):
    assert list(faults(brand)) == []


@pytest.mark.parametrize("hue", range(0, 360, 30))
def test_the_whole_circle_of_hues_stays_readable(hue):
    brands = {
        to_hex(Oklch(lightness / 10, chroma / 20, hue))
        for lightness in range(1, 10, 2)
        for chroma in range(1, 7, 2)
    }
    assert [fault for brand in brands for fault in faults(brand)] == []


@pytest.mark.parametrize("brand", ["#2f5fd0", "#8a1c7c", "#0a7d4f", "#b00020"])
def test_a_brand_keeps_its_hue(brand):
    solid = brand_tokens(brand)["light"]["brand-solid"]
    away = abs(to_oklch(brand).hue - to_oklch(solid).hue)
    assert min(away, 360 - away) < 8


def test_yellow_keeps_a_light_fill_and_carries_dark_ink():
    made = brand_tokens("#f5c400")["light"]
    assert (to_oklch(made["brand-solid"]).lightness > 0.8, made["brand-on"]) == (True, "#14181f")


@pytest.mark.parametrize(
    "text", ["", "red", "#12345", "2f5fd0", "#2f5fd0;", "url(#aaaaa)", "#gggggg"]
)
def test_what_is_not_a_colour_is_refused(text):
    with pytest.raises(ValueError, match=r"colour|invalid literal"):
        branding_css(text)


def test_branding_sets_both_modes_and_nothing_but_the_accent():
    css = branding_css("#8a1c7c")
    names = {line.split(":")[0].strip() for line in css.splitlines() if line.startswith("  ")}
    assert css.count("{") == 2
    assert names == {f"--{name}" for name in brand_tokens("#8a1c7c")["light"]}


def test_a_logo_takes_the_place_of_the_letter():
    css = branding_css("#8a1c7c", "/api/v1/branding/logo?9f2c")
    assert '--logo: url("/api/v1/branding/logo?9f2c");' in css
    assert "--logo-ink: transparent;" in css


@pytest.mark.parametrize("address", ["https://elsewhere.example/x", '/x");}*{', "/x y", "//{}"])
def test_an_address_that_could_end_its_rule_is_refused(address):
    with pytest.raises(ValueError, match="address"):
        branding_css("#8a1c7c", address)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("tone", TONES)
def test_a_tone_is_readable_on_its_fill_and_visible_on_a_card(mode, tone):
    made = tokens(mode)
    assert contrast(made[f"{tone}-text"], made[f"{tone}-soft"]) >= 5
    assert contrast(made[f"{tone}-mark"], made["surface"]) >= VISIBLE


@pytest.mark.parametrize("mode", MODES)
def test_text_and_the_borders_of_controls_have_their_contrast(mode):
    made = NEUTRALS[mode]
    for ground in grounds(mode):
        assert contrast(made["text"], ground) >= 12
        assert contrast(made["text-2"], ground) >= 7
        assert contrast(made["text-3"], ground) >= READABLE
        assert contrast(made["control"], ground) >= VISIBLE


@pytest.mark.parametrize("mode", MODES)
def test_each_series_of_a_chart_is_visible_and_unlike_the_others(mode):
    colours = series(mode)
    assert len(set(colours)) == 8
    assert all(contrast(colour, NEUTRALS[mode]["surface"]) >= VISIBLE for colour in colours)


def test_the_stylesheet_of_colours_is_the_one_that_the_code_writes():
    assert (ASSETS / "tokens.css").read_text() == token_stylesheet()


def test_the_sites_own_stylesheets_stay_under_60_kilobytes():
    served = [squeezed((ASSETS / name).read_text()) for name in ("tokens.css", "calibra.css")]
    assert sum(len(sheet.encode()) for sheet in served) < 60_000


def test_a_stylesheet_is_served_without_what_only_its_authors_read():
    card = "/* why */\n.card > li { margin: 0 auto;\n  color: red, blue; }\n"
    sheet = card + "@media (width > 5px) { a { b: c } }"
    assert squeezed(sheet) == (
        ".card > li{margin:0 auto;color:red,blue}@media (width > 5px){a{b:c}}"
    )


def test_the_stylesheet_names_no_colour_variable_that_does_not_exist():
    css = (ASSETS / "calibra.css").read_text()
    own = set(re.findall(r"(--[\w-]+)\s*:", css))
    asked = set(re.findall(r"var\((--[\w-]+)\)", css))
    given_by_parts = {"--columns", "--who", "--mark", "--tracks"}
    assert asked - own - {f"--{name}" for name in tokens("light")} - given_by_parts == set()
