"""Random numbers that are found again by their place: a name, a seed, and the number of the draw.

A draw's numbers do not depend on which draws were made before it, beside it, or on which machine.
"""

import hashlib
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

WORDS = 4
"""64-bit numbers that the generator makes at one step of its counter."""

LEVELS = 1 << 16
STEP_LEVELS = 4 * WORDS

GAMMA_BLOCK = 64
"""Draws whose gamma variates are made at once."""


@lru_cache(maxsize=1024)
def _number_of(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big")


def stream(name: str, seed: int, counter: int = 0) -> np.random.Generator:
    """The stream of a name and a seed (0 to 2**64 - 1), from a step of its counter on.

    References
    ----------
    Salmon, Moraes, Dror, Shaw (2011), Parallel random numbers: as easy as 1, 2, 3 (the Philox generator).
    """
    key = np.array([seed, _number_of(name)], dtype=np.uint64)
    return np.random.Generator(np.random.Philox(key=key, counter=counter))


def level_rows(name: str, seed: int, first: int, draws: int, width: int) -> NDArray[np.uint16]:
    """Even whole numbers from 0 to 65,535, ``width`` for each of the draws from the number ``first`` on.

    Fine enough to shake weights and to choose an answer: chances are met to 1 / 65,536, a thirtieth of what
    even a million draws tell apart. A 64-bit word of the stream makes four of them.

    Returns
    -------
    ndarray of uint16, shape (draws, width)

    Examples
    --------
    >>> all_of_them = level_rows("weights", 1, first=0, draws=10, width=3)
    >>> bool((level_rows("weights", 1, first=7, draws=3, width=3) == all_of_them[7:]).all())
    True
    """
    step, offset = divmod(first * width, STEP_LEVELS)
    numbers = offset + draws * width
    raw = stream(name, seed, step).bit_generator.random_raw(-(-numbers // 4))
    return raw.astype("<u8", copy=False).view("<u2")[offset:numbers].reshape(draws, width)


def fractions(name: str, seed: int, first: int, draws: int) -> NDArray[np.float64]:
    """An even number from 0 up to 1, with all its digits, for each draw from the number ``first`` on."""
    offset = first % WORDS
    return stream(name, seed, first // WORDS).random(offset + draws)[offset:]


def gammas(name: str, seed: int, first: int, draws: int, shapes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Gamma variates of scale 1, one of each shape (above 0) for each draw.

    They take an uncertain count of random numbers, so that whole blocks of draws are made at once.

    Returns
    -------
    ndarray of float, shape (draws, n_shapes)
    """
    blocks = [
        stream(name, seed, block << 128).standard_gamma(shapes, (GAMMA_BLOCK, len(shapes)))
        for block in range(first // GAMMA_BLOCK, -(-(first + draws) // GAMMA_BLOCK))
    ]
    start = first % GAMMA_BLOCK
    return np.concatenate(blocks)[start : start + draws]
