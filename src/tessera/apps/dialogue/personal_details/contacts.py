"""E-mail addresses, and places and names on the web."""

import re
from collections.abc import Iterator

_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}(?:@|\s?[(\[]\s?(?:at|@)\s?[)\]]\s?)[\w-]+(?:\.[\w-]+)+", re.IGNORECASE
)

_PLACES = "com|org|net|eu|info|lv|de|es|it|pl|ro|se|ua|uk|укр"
_PLACES_THAT_ARE_WORDS = "me|be|ly|io|gl"
"""Ends of addresses that a full stop without a blank behind it makes too: they count before a slash only."""

_LINK = re.compile(
    rf"""
    (?<![\w@.-])
    (?: https?://\S* | www\.\S*
      | (?:[\w-]+\.)+ (?: (?:{_PLACES})(?![\w.-]*\w) (?:[/?:]\S*)? | (?:{_PLACES_THAT_ARE_WORDS})/\S* )
    )
    (?<![\s.,;:!?)\]»”"'])
    | (?<![\w.@])@\w[\w.]+\w
    """,
    re.VERBOSE,
)


def find_emails(text: str) -> Iterator[tuple[int, int]]:
    return (found.span() for found in _EMAIL.finditer(text))


def find_links(text: str) -> Iterator[tuple[int, int]]:
    return (found.span() for found in _LINK.finditer(text))
