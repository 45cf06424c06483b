"""Logos from outside: what may be drawn stays, whatever else they carry is left behind."""

import io
import struct
import zlib

import pytest
from PIL import Image

from calibra_app.adapters.logo import clean_logo
from calibra_app.adapters.uploads import BadFile

HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    ' viewBox="0 0 9 9">'
)
CIRCLE = '<circle cx="4" cy="4" r="3" fill="#2f5fd0"/>'


def drawn(inside):
    return clean_logo(f"{HEAD}{inside}{CIRCLE}</svg>".encode()).content.decode()


def a_picture(kind="PNG", size=(40, 20), **options):
    out = io.BytesIO()
    Image.new("RGB", size, "navy").save(out, kind, **options)
    return out.getvalue()


def test_a_plain_drawing_keeps_its_shapes():
    told = drawn('<path d="M0 0L9 9" stroke="red"/>')
    assert 'd="M0 0L9 9"' in told
    assert "<circle" in told
    assert 'viewBox="0 0 9 9"' in told


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        '<g onload="alert(1)"/>',
        '<rect onclick="alert(1)" width="9" height="9"/>',
        '<image href="http://evil.example/x.png"/>',
        '<image xlink:href="file:///etc/passwd"/>',
        '<use href="http://evil.example/x.svg#a"/>',
        '<a href="javascript:alert(1)"><rect width="9" height="9"/></a>',
        "<foreignObject><body xmlns='http://www.w3.org/1999/xhtml'>evil</body></foreignObject>",
        "<style>@import 'http://evil.example/x.css';</style>",
        '<rect style="fill:url(http://evil.example/x)" width="9" height="9"/>',
        '<rect fill="url(http://evil.example/#a)" width="9" height="9"/>',
        '<rect fill="u\\rl(http://evil.example)" width="9" height="9"/>',
        '<animate attributeName="href" to="javascript:alert(1)"/>',
        '<set attributeName="onmouseover" to="alert(1)"/>',
        '<filter id="f"><feImage href="http://evil.example/x"/></filter>',
        "<x:script xmlns:x='http://www.w3.org/2000/svg'>alert(1)</x:script>",
        "<h:script xmlns:h='http://www.w3.org/1999/xhtml'>alert(1)</h:script>",
        '<?xml-stylesheet href="http://evil.example/x.css"?>',
        "<!-- evil.example alert(1) -->",
    ],
)
def test_whatever_could_act_or_lead_out_is_left_behind(attack):
    told = drawn(attack).lower()
    for trace in ("script", "alert", "evil", "href", "onload", "onclick", "file:", "foreign", "<?"):
        assert trace not in told
    assert "<circle" in told


def test_a_reference_to_a_part_of_the_drawing_itself_stays():
    gradient = (
        '<defs><linearGradient id="g"><stop offset="0" stop-color="red"/></linearGradient></defs>'
    )
    assert 'fill="url(#g)"' in drawn(gradient + '<rect fill="url(#g)" width="9" height="9"/>')


def test_colours_written_as_a_style_become_attributes():
    assert 'fill="#123456"' in drawn('<rect style="fill: #123456; behavior: url(x)" width="9"/>')


@pytest.mark.parametrize(
    "bomb",
    [
        '<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE svg SYSTEM "http://evil.example/x.dtd">',
        "<!doctype svg>",
    ],
)
def test_a_drawing_with_entities_or_a_document_type_is_refused(bomb):
    with pytest.raises(BadFile):
        clean_logo(f"{bomb}{HEAD}{CIRCLE}</svg>".encode())


def test_entities_in_another_encoding_are_refused_as_well():
    start = '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE svg [<!ENTITY a "b">]>'
    hidden = f"{start}{HEAD}<text>&a;</text>{CIRCLE}</svg>"
    with pytest.raises(BadFile):
        clean_logo(hidden.encode("utf-16"))


@pytest.mark.parametrize("inside", ["<g/>" * 3_000, "<g>" * 60 + "</g>" * 60])
def test_a_drawing_with_too_many_parts_is_refused(inside):
    with pytest.raises(BadFile, match="too many parts"):
        drawn(inside)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"plain words",
        b"%PDF-1.7 a paper",
        b"GIF89a\x01\x00\x01\x00",
        b"<html></html>",
        b"<svg",
    ],
)
def test_what_is_no_logo_is_refused(content):
    with pytest.raises(BadFile):
        clean_logo(content)


def test_a_drawing_without_anything_to_see_is_refused():
    with pytest.raises(BadFile, match="Nothing"):
        clean_logo(f"{HEAD}<script>alert(1)</script></svg>".encode())


def test_a_picture_is_drawn_anew_and_made_smaller():
    found = clean_logo(a_picture("JPEG", (2_000, 1_000)))
    assert found.media_type == "image/png"
    assert Image.open(io.BytesIO(found.content)).size == (800, 400)


def test_what_is_hidden_behind_a_picture_does_not_come_along():
    polyglot = a_picture() + b"<script>alert(1)</script><?php system($_GET[0]); ?>"
    assert b"script" not in clean_logo(polyglot).content


def test_a_picture_of_nine_hundred_million_pixels_is_refused_by_its_head():
    def chunk(kind, data):
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    bomb = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 9_000))
        + chunk(b"IEND", b"")
    )
    with pytest.raises(BadFile, match="pixels"):
        clean_logo(bomb)


def test_a_file_of_more_than_a_megabyte_is_refused():
    with pytest.raises(BadFile, match="1 MB"):
        clean_logo(b"<" + b" " * (1024 * 1024))


def test_a_picture_just_over_the_bound_is_told_its_size():
    with pytest.raises(BadFile, match="5000 × 4000 pixels"):
        clean_logo(a_picture("PNG", (5_000, 4_000)))
