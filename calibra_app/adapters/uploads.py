"""What comes in from outside as a file: its real type, its size, its pixels."""

import io
import warnings
from dataclasses import dataclass
from typing import ClassVar

from PIL import Image, ImageOps, UnidentifiedImageError

from calibra_app.core.errors import Invalid

MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 25_000_000
LONGEST_SIDE = 2_400
FORMATS = ("PNG", "JPEG", "WEBP")
_PDF_START = b"%PDF-"


class BadFile(Invalid):
    """The file is empty, too large or not what its name says."""

    code: ClassVar[str] = "bad_file"


@dataclass(frozen=True, slots=True)
class CleanFile:
    """A file that may be kept and shown."""

    content: bytes
    media_type: str
    suffix: str


def clean(content: bytes) -> CleanFile:
    """Return the file in a form that carries nothing hidden.

    An image is drawn anew, which leaves scripts, positions and other stowaways behind. A PDF is
    kept as it is and only ever handed out as a download.

    Raises:
        BadFile: It is neither, or it is too large.
    """
    if not content:
        raise BadFile("The file is empty.", field="file")
    if len(content) > MOST_BYTES:
        raise BadFile("The file is larger than 10 MB. Make it smaller first.", field="file")
    if content.startswith(_PDF_START):
        return CleanFile(content, "application/pdf", "pdf")
    image, lossless = redrawn(
        content,
        "picture",
        most_pixels=MOST_PIXELS,
        longest_side=LONGEST_SIDE,
        kinds="PDF, PNG, JPEG or WebP",
    )
    return _encoded(image, lossless=lossless)


def redrawn(
    content: bytes, what: str, *, most_pixels: int, longest_side: int, kinds: str
) -> tuple[Image.Image, bool]:
    """Return a picture drawn anew, upright and no larger than wanted, and whether it was lossless.

    Args:
        content: The bytes as they came.
        what: How a refusal calls it: "picture", "logo".
        most_pixels: More are refused before any is unpacked.
        longest_side: What it is shrunk to.
        kinds: What the file may be, for the refusal.

    Raises:
        BadFile: It is no picture, or a bomb of pixels.
    """
    millions = most_pixels // 1_000_000
    try:
        with warnings.catch_warnings():
            # A bomb of pixels is refused by the numbers in its head, below.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=FORMATS) as image:
                width, height = image.size
                if width * height > most_pixels:
                    raise BadFile(
                        f"The {what} has {width} × {height} pixels; {millions} million are the"
                        " most.",
                        field="file",
                    )
                upright = ImageOps.exif_transpose(image)
                upright.thumbnail((longest_side, longest_side))
                return upright, image.format == "PNG"
    except Image.DecompressionBombError as error:
        raise BadFile(
            f"The {what} has far more than {millions} million pixels.", field="file"
        ) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise BadFile(f"This is no {kinds}, whatever its name says.", field="file") from error


def _encoded(image: Image.Image, *, lossless: bool) -> CleanFile:
    out = io.BytesIO()
    if lossless:
        image.convert("RGBA").save(out, "PNG", optimize=True)
        return CleanFile(out.getvalue(), "image/png", "png")
    image.convert("RGB").save(out, "JPEG", quality=88)
    return CleanFile(out.getvalue(), "image/jpeg", "jpg")
