"""Drawings and printed reports, which take long to make: made once, then shared by all processes."""

import hashlib
from collections.abc import Callable
from typing import TypeVar

from django.conf import settings
from django.core.cache import caches

Made = TypeVar("Made", str, bytes)


def make_once(kind: str, content: str, make: Callable[[], Made], *, seconds: int | None = None) -> Made:
    """What was made of some content, or make it now.

    Parameters
    ----------
    kind : str
        Of the thing that is made: the same content gives several.
    content : str
        All that the result depends on; the version of this program is added.
    make : callable
    seconds : int or None
        For which it is kept; None where it may stay, because nobody can ask to forget what is in it.
    """
    key = f"{kind}-{hashlib.sha256((content + settings.VERSION).encode()).hexdigest()}"
    made: Made | None = caches["drawings"].get(key)
    if made is None:
        made = make()
        caches["drawings"].set(key, made, timeout=seconds)
    return made
