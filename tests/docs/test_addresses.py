import re
from pathlib import Path

from django.urls import get_resolver
from django.urls.resolvers import LocalePrefixPattern, URLResolver

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "addresses.md").read_text(encoding="utf-8")

# The page of components is there in debug only, and named in the text below the table.
IN_DEBUG_ONLY = "/design/"


def addresses(resolver, before="/"):
    for entry in resolver.url_patterns:
        here = "" if isinstance(entry.pattern, LocalePrefixPattern) else str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from addresses(entry, before + here)
        else:
            yield before + here


def test_every_address_is_documented_and_every_documented_one_exists():
    exist = {blank(address) for address in addresses(get_resolver())} - {IN_DEBUG_ONLY}
    documented = re.findall(r"^\| `(/[^`]*)` \|", PAGE, re.MULTILINE)
    assert sorted(map(blank, documented)) == sorted(exist)


def blank(address):
    """What stands between two slashes is named for people on the page and for programs in the code."""
    return re.sub(r"<[^>]+>", "<>", address)
