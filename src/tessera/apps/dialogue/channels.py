"""How many people came by which channel, so that no few people stand out, now or by what changed."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TypedDict

import numpy as np

from tessera.engines.opinion.disclosure.protect import THRESHOLD, protect
from tessera.engines.opinion.disclosure.tables import HIDDEN, Publication, Table


class Told(TypedDict):
    """As JSON keeps it."""

    people: int
    by_channel: dict[str, int | None]
    """None is hidden."""


def tell_channels(channels: Iterable[str], told_before: Sequence[Told]) -> Told:
    """Count people by channel, and hide what could give somebody away.

    Parameters
    ----------
    channels : iterable of str
        That of each person.
    told_before : sequence of Told
        All that was told of the same consultation, the oldest first.

    Returns
    -------
    Told
        Channels that somebody came by, now or before, in alphabetical order.

    Examples
    --------
    >>> tell_channels(["open-link"] * 30 + ["own-link"] * 12, [])["by_channel"]
    {'open-link': 30, 'own-link': 12}

    The total is known, and would give the three away:

    >>> tell_channels(["open-link"] * 30 + ["own-link"] * 3, [])["by_channel"]
    {'open-link': None, 'own-link': None}
    """
    counts = Counter(channels)
    names = sorted(counts.keys() | {name for told in told_before for name in told["by_channel"]})
    true: Told = {"people": counts.total(), "by_channel": {name: counts[name] for name in names}}
    earlier = [Publication(_tables(told), THRESHOLD) for told in told_before]
    _, shown = protect(_tables(true), earlier).tables
    by_channel = {name: shown.count((name,), "participants") for name in names}
    return {"people": counts.total(), "by_channel": by_channel}


def _tables(told: Told) -> tuple[Table, Table]:
    by_channel = told["by_channel"]
    counts = [HIDDEN if people is None else people for people in by_channel.values()]
    return (
        Table(None, (), ((),), np.array([[told["people"]]])),
        Table(None, ("channel",), tuple((name,) for name in by_channel), np.array(counts)[:, np.newaxis]),
    )
