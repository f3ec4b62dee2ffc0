"""Which statement to show next."""

import numpy as np
from numpy.typing import NDArray

from tessera.engines.opinion.statistics import Tally, smoothed

UNKNOWN = 1.0
"""Priority of a statement on which there is no vote yet."""


def priorities(tally: Tally, extremity: NDArray[np.float64]) -> NDArray[np.float64]:
    """How urgently votes on each statement are wanted: shape (n_statements,).

    High for statements that many agree with, few pass, that lie far out on the map and have few votes yet:
    ((1 - pass) (extremity + 1) agree (1 + 8 x 2^(-n / 5)))^2, with smoothed shares.

    Parameters
    ----------
    tally : Tally
        Of everybody who is grouped.
    extremity : ndarray of float, shape (n_statements,)
        See `Axes`.

    References
    ----------
    Polis' server (conversation.clj); its meta statements are not treated here.
    """
    importance = (1 - smoothed(tally.passed, tally.n)) * (extremity + 1) * tally.smoothed_agree
    return (importance * (1 + 8 * 2.0 ** (-tally.n / 5))) ** 2


def draw_next(
    priority: NDArray[np.float64], available: NDArray[np.bool_], rng: np.random.Generator
) -> int | None:
    """Draw the next statement for a participant, each with a chance in proportion to its priority.

    Parameters
    ----------
    priority : ndarray of float, shape (n_statements,)
        nan where it is not known yet: 1 is taken.
    available : ndarray of bool, shape (n_statements,)
        Neither moderated out nor voted on by this participant.

    Returns
    -------
    int or None
        The place of the statement; None if there is none left.

    Examples
    --------
    >>> draw_next(np.array([9.0, np.nan, 4.0]), np.array([False, True, False]), np.random.default_rng(1))
    1
    """
    places = np.flatnonzero(available)
    if not len(places):
        return None
    weights = np.where(np.isnan(priority[places]), UNKNOWN, priority[places])
    return int(rng.choice(places, p=weights / weights.sum()))
