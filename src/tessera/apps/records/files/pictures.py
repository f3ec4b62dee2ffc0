import struct
from io import BytesIO
from typing import IO

from PIL import Image, ImageOps

from tessera.apps.records.files.refusals import Broken, TooManyPixels
from tessera.apps.records.models import FileKind

PICTURES = (FileKind.PNG, FileKind.JPEG, FileKind.WEBP)
MAX_PIXELS = 25_000_000
"""Read at once, at four bytes each, and as much again when the picture must be turned."""
MAX_PHOTO_PIXELS = 50_000_000
"""Of a JPEG: as much as a telephone makes. Above MAX_PIXELS it is read at half its width and height."""
_QUALITY = 90


def redraw(file: IO[bytes], kind: FileKind) -> BytesIO:
    """Write a picture anew, of the same kind, from its pixels alone.

    What a camera noted (place, time, device), texts, colour profiles and whatever hid in or behind the file
    are gone. A picture that its camera only marked as turned is turned; of a moving one the first stays.
    """
    file.seek(0)
    try:
        with Image.open(file, formats=[kind.name]) as picture:
            _refuse_flood(picture)
            ImageOps.exif_transpose(picture, in_place=True)
            # Pillow writes some of what it read here; only a transparent colour belongs to the pixels.
            picture.info = {name: picture.info[name] for name in ("transparency",) if name in picture.info}
            redrawn = BytesIO()
            picture.save(redrawn, format=kind.name, quality=_QUALITY)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise TooManyPixels(MAX_PIXELS) from None
    # Pillow has no error of its own for a damaged picture.
    except (OSError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, struct.error) as error:
        raise Broken(str(error)) from error
    return redrawn


def _refuse_flood(picture: Image.Image) -> None:
    is_photo = picture.format in ("JPEG", "MPO")
    limit = MAX_PHOTO_PIXELS if is_photo else MAX_PIXELS
    if picture.width * picture.height > limit:
        raise TooManyPixels(limit)
    if picture.width * picture.height > MAX_PIXELS:
        picture.draft(None, (picture.width // 2, picture.height // 2))
