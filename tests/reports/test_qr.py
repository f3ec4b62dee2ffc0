import io
from xml.etree import ElementTree

import pytest
import vl_convert
import zxingcpp
from PIL import Image, ImageDraw

from tessera.reports.qr import draw_qr

ADDRESS = "https://dialogs.riga.example/d/7KMQ"
ADDRESSES = [
    ADDRESS,
    "http://localhost:8000/d/7",
    "https://riga.example/d/7?a=1&b='2'&c=%22",
    "https://dialogs.the-name-of-a-municipality.example/consultations/2027/" + "7KMQ" * 20,
]


def picture(svg: str, scale: float) -> Image.Image:
    """The code as a screen shows it, with so many pixels for each of its squares."""
    return Image.open(io.BytesIO(vl_convert.svg_to_png(svg, scale=scale))).convert("L")


def read(seen: Image.Image) -> str | None:
    found = zxingcpp.read_barcode(seen, formats=zxingcpp.BarcodeFormat.QRCode)
    return found.text if found else None


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("scale", [2, 10])
def test_another_program_reads_the_address(address: str, scale: float) -> None:
    assert read(picture(draw_qr(address), scale)) == address


def test_a_code_with_a_sticker_on_it_is_still_read() -> None:
    """Ten squares wide: a coin on the poster. At the next lower level of correction, seven are the most."""
    seen = picture(draw_qr(ADDRESS), 10)
    middle, half = seen.width / 2, 50
    ImageDraw.Draw(seen).rectangle((middle - half, middle - half, middle + half, middle + half), fill="gray")
    assert read(seen) == ADDRESS


def test_a_light_edge_of_four_squares_is_part_of_the_code() -> None:
    seen = picture(draw_qr(ADDRESS), 10)
    dark = seen.point(lambda grey: 255 if grey < 128 else 0)
    assert dark.getbbox() == (40, 40, seen.width - 40, seen.height - 40)


def test_it_is_black_on_white_whatever_the_page_around_it() -> None:
    drawn = draw_qr(ADDRESS)
    assert [part.get("fill") for part in ElementTree.fromstring(drawn)] == ["#fff", "#000"]
    assert "currentColor" not in drawn
    assert "var(" not in drawn


def test_it_names_itself_by_its_address() -> None:
    element = ElementTree.fromstring(draw_qr(ADDRESSES[2]))
    assert element.get("role") == "img"
    assert element.get("aria-label") == ADDRESSES[2]


def test_many_may_stand_on_one_page() -> None:
    """No ids that would come twice, and no styles, which the pages forbid."""
    names = {name for part in ElementTree.fromstring(draw_qr(ADDRESS)).iter() for name in part.attrib}
    assert names == {"viewBox", "role", "aria-label", "shape-rendering", "fill", "d"}
