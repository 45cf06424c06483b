"""A laboratory's logo, made harmless: a drawing keeps its shapes alone, a picture is redrawn.

Why a list of what may stay, and not of what must go: an SVG can run scripts, fetch addresses and
name files in dozens of ways, and new ones are found. What is not on the list is left out.
"""

import io
import re
from typing import Any

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

from calibra_app.adapters.uploads import BadFile, CleanFile, redrawn

MOST_BYTES = 1024 * 1024
MOST_PIXELS = 16_000_000
LONGEST_SIDE = 800
MOST_ELEMENTS = 2_000
DEEPEST = 40

_SVG = "http://www.w3.org/2000/svg"
_ELEMENTS = frozenset(
    (
        "svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "defs",
        "linearGradient", "radialGradient", "stop", "clipPath", "mask", "title", "desc", "symbol",
        "text", "tspan",
    )
)  # fmt: skip
_ATTRIBUTES = frozenset(
    (
        "id", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "rx", "ry", "fx", "fy", "d",
        "points", "width", "height", "viewBox", "preserveAspectRatio", "transform", "fill",
        "fill-rule", "fill-opacity", "stroke", "stroke-width", "stroke-linecap",
        "stroke-linejoin", "stroke-miterlimit", "stroke-dasharray", "stroke-dashoffset",
        "stroke-opacity", "opacity", "clip-path", "clip-rule", "clipPathUnits", "mask",
        "maskUnits", "gradientUnits", "gradientTransform", "spreadMethod", "offset", "stop-color",
        "stop-opacity", "color", "font-family", "font-size", "font-weight", "text-anchor",
        "version",
    )
)  # fmt: skip
# Anything that could lead out of the drawing; a reference to a part of itself stays.
_LEADS_OUT = re.compile(r"[\\@<>&]|:|url\s*\(\s*(?!#[\w-]+\s*\))", re.IGNORECASE)


def clean_logo(content: bytes) -> CleanFile:
    """Return a logo that can do nothing but be seen.

    Raises:
        BadFile: It is no SVG, PNG, JPEG or WebP, or it is too large.
    """
    if not content:
        raise BadFile("The file is empty.", field="file")
    if len(content) > MOST_BYTES:
        raise BadFile("The logo is larger than 1 MB. Make it smaller first.", field="file")
    start = content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    return _drawing(content) if start == b"<" else _picture(content)


def _drawing(content: bytes) -> CleanFile:
    if b"<!ENTITY" in content.upper() or b"<!DOCTYPE" in content.upper():
        raise BadFile(
            "The drawing declares a document type. Save it as plain SVG, then try again.",
            field="file",
        )
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadFile("This is no SVG that can be read.", field="file") from error
    if root.tag != f"{{{_SVG}}}svg":
        raise BadFile("This is no SVG, whatever its name says.", field="file")
    copy = _copied(root, [0], 0)
    if not any(len(element) == 0 for element in copy.iter()) or len(copy) == 0:
        raise BadFile("Nothing of this drawing can be shown.", field="file")
    out = etree.tostring(copy, encoding="utf-8", xml_declaration=False)
    return CleanFile(out, "image/svg+xml", "svg")


def _copied(element: Any, counted: list[int], depth: int) -> Any:
    counted[0] += 1
    if counted[0] > MOST_ELEMENTS or depth > DEEPEST:
        raise BadFile("The drawing has too many parts. Simplify it first.", field="file")
    name = etree.QName(element).localname
    made = etree.Element(f"{{{_SVG}}}{name}", nsmap={None: _SVG} if depth == 0 else None)
    for key, value in element.attrib.items():
        attribute, text = str(key), str(value)
        if attribute in _ATTRIBUTES and not _LEADS_OUT.search(text):
            made.set(attribute, text)
    for attribute, text in _declarations(str(element.get("style", ""))):
        made.set(attribute, text)
    if name in {"text", "tspan", "title", "desc"}:
        made.text = element.text
    for child in element:
        if not isinstance(child.tag, str):
            continue
        known = etree.QName(child)
        if known.namespace == _SVG and known.localname in _ELEMENTS:
            copied = _copied(child, counted, depth + 1)
            if name in {"text", "tspan"}:
                copied.tail = child.tail
            made.append(copied)
    return made


def _declarations(style: str) -> list[tuple[str, str]]:
    # Drawing programs write colours as a style; each becomes the attribute of the same name.
    found: list[tuple[str, str]] = []
    for declaration in style.split(";"):
        name, _, value = (part.strip() for part in declaration.partition(":"))
        if name in _ATTRIBUTES and name != "id" and value and not _LEADS_OUT.search(value):
            found.append((name, value))
    return found


def _picture(content: bytes) -> CleanFile:
    image, _ = redrawn(
        content,
        "logo",
        most_pixels=MOST_PIXELS,
        longest_side=LONGEST_SIDE,
        kinds="SVG, PNG, JPEG or WebP",
    )
    out = io.BytesIO()
    image.convert("RGBA").save(out, "PNG", optimize=True)
    return CleanFile(out.getvalue(), "image/png", "png")
