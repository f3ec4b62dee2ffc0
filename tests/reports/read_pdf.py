"""What a PDF holds: the elements of its structure, its words and where they stand, its pages as pictures."""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import pikepdf
from PIL import Image

CM = 72 / 2.54
"""Of a PDF's points."""


def elements(node: pikepdf.Object, kind: str) -> Iterator[pikepdf.Object]:
    """The structure elements of one kind."""
    if isinstance(node, pikepdf.Dictionary):
        if node.get("/S") == kind:
            yield node
        node = node.get("/K", pikepdf.Array())
    if isinstance(node, pikepdf.Dictionary):
        yield from elements(node, kind)
    elif isinstance(node, pikepdf.Array):
        for child in node:
            if isinstance(child, pikepdf.Dictionary):
                yield from elements(child, kind)


def language_of(element: pikepdf.Object) -> str:
    """Its own, or that of the nearest around it which has one."""
    while "/Lang" not in element:
        element = element.P
    return str(element.Lang)


def without_blanks(text: str) -> str:
    """Lines break elsewhere in print than on a page."""
    return re.sub(r"\s", "", text)


@dataclass(frozen=True)
class PrintedWord:
    """In points from the upper left corner of its page."""

    text: str
    page: int
    left: float
    top: float
    right: float
    bottom: float


def printed_words(file: Path) -> list[PrintedWord]:
    """The words by where they stand; what runs from right to left has its letters so, too."""
    done = subprocess.run(["pdftotext", "-bbox", file, "-"], check=True, capture_output=True, text=True)
    pages = [each for each in ElementTree.fromstring(done.stdout).iter() if each.tag.endswith("}page")]
    return [
        PrintedWord(
            word.text or "",
            page,
            *(float(word.attrib[edge]) for edge in ("xMin", "yMin", "xMax", "yMax")),
        )
        for page, words in enumerate(pages)
        for word in words
    ]


def pictures(file: Path, dots_per_inch: int) -> list[Image.Image]:
    """Each page in grey, as a printer without colours lays it down."""
    name = file.with_name("page")
    subprocess.run(["pdftoppm", "-gray", "-r", str(dots_per_inch), file, name], check=True)
    return [Image.open(picture) for picture in sorted(file.parent.glob("page-*.pgm"))]
