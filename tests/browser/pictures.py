"""Pictures for the tutorials: with TESSERA_TAKE_PICTURES=1 a walk takes them as it goes, `make pictures`."""

import os

from PIL import Image
from tests.browser.conftest import ROOT

IMAGES = ROOT / "docs" / "images"
ARE_TAKEN = os.environ.get("TESSERA_TAKE_PICTURES") == "1"
COLOURS = 64
"""Of a picture: enough for a page of words, and a quarter of the bytes."""


def take_picture(page, name, *, top, most_px):
    """From `top` downwards, as wide as the page is, and no higher than it or than `most_px`."""
    file = IMAGES / f"{name}.png"
    file.parent.mkdir(parents=True, exist_ok=True)
    below = page.evaluate("document.documentElement.scrollHeight") - top
    part = {"x": 0, "y": top, "width": page.viewport_size["width"], "height": min(most_px, below)}
    page.screenshot(path=file, full_page=True, clip=part)
    with Image.open(file) as picture:
        picture.convert("RGB").quantize(COLOURS).save(file, optimize=True)
