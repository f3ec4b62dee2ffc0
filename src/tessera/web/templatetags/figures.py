"""Figures on a page, rounded and worded by the same functions as in a report."""

from django import template

from tessera.apps.network.local_text import page_language
from tessera.reports.wording import Wording

register = template.Library()


def _wording() -> Wording:
    # Never None: every page stands under the prefix of its language.
    return Wording(page_language())


@register.filter
def points(score: float) -> str:
    """Whole points."""
    return _wording().points(score)


@register.filter
def tenths(score: float) -> str:
    """Points to a tenth, where a small part of them matters."""
    return _wording().tenths(score)


@register.filter
def percent(share: float) -> str:
    """A share 0 to 1 in whole per cent."""
    return _wording().percent(share)


@register.filter
def number(count: float) -> str:
    """With the separators of the page's language."""
    return _wording().number(count)
