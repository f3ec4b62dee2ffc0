"""Signs that no file of XML can hold: no spreadsheet, and no drawing."""

import re

# XML 1.0, production 2 (Char). openpyxl's own list lacks all but the control characters.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def fit_for_xml(words: str, *, instead: str = "") -> str:
    r"""The words, with something else for each sign that XML cannot hold.

    Examples
    --------
    >>> fit_for_xml("a\x00b\ufffe\tc")
    'ab\tc'
    """
    return _NOT_IN_XML.sub(instead, words)
