"""An address as a QR code, for a screen in the hall, a poster, a card."""

from itertools import groupby
from xml.sax.saxutils import quoteattr

import segno

QUIET_MODULES = 4
"""The light edge that readers need, as ISO/IEC 18004 asks, in modules (the squares of the code)."""

# A quarter of the code may be lost (level M: 15 %). A poster hangs in a hall for months, under hands and
# tape; for an address the price is one size more, squares a tenth smaller.
CORRECTION = "q"


def draw_qr(address: str) -> str:
    """Draw the QR code of an address, dark on white whatever the colours of the page around it.

    Parameters
    ----------
    address : str
        The whole address, with ``https://``: ASCII, as addresses are.

    Returns
    -------
    str
        An SVG element that names itself by the address. It has no size of its own, no ids and no styles, so
        that many may stand on one page; the quiet edge is part of it.

    Examples
    --------
    >>> draw_qr("https://riga.example/d/7KMQ")[:88]
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 37 37" role="img" aria-label="https'
    """
    code = segno.make_qr(address, error=CORRECTION)
    width, _ = code.symbol_size(border=QUIET_MODULES)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {width}" role="img"'
        f' aria-label={quoteattr(address)} shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{width}v{width}H0z"/>'
        f'<path fill="#000" d="{_dark_squares(code)}"/></svg>'
    )


def _dark_squares(code: segno.QRCode) -> str:
    """One path for all: between squares drawn one by one some readers see hairlines."""
    runs = []
    for y, row in enumerate(code.matrix_iter(border=QUIET_MODULES)):
        x = 0
        for dark, squares in groupby(row):
            length = len(list(squares))
            if dark:
                runs.append(f"M{x} {y}h{length}v1h-{length}z")
            x += length
    return "".join(runs)
