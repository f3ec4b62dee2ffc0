"""Random numbers that are found again by their place: a name, a seed, and the number of the draw.

A draw's numbers do not depend on which draws were made before it, beside it, or on which machine.
"""

import hashlib

import numpy as np
from numpy.typing import NDArray

WORDS = 4
"""64-bit numbers that the generator makes at one step of its counter."""

LEVELS = 1 << 16
BLOCK_NUMBERS = 1 << 22

GAMMA_BLOCK = 64
"""Draws whose gamma variates are made at once."""


def stream(name: str, seed: int, counter: int = 0) -> np.random.Generator:
    """The stream of a name and a seed (0 to 2**64 - 1), from a step of its counter on.

    References
    ----------
    Salmon, Moraes, Dror, Shaw (2011), Parallel random numbers: as easy as 1, 2, 3 (the Philox generator).
    """
    own = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big")
    return np.random.Generator(np.random.Philox(key=np.array([seed, own], dtype=np.uint64), counter=counter))


def level_rows(name: str, seed: int, first: int, draws: int, width: int) -> NDArray[np.uint16]:
    """Even whole numbers from 0 to 65,535, ``width`` for each of the draws from the number ``first`` on.

    Fine enough to shake weights, and a 64-bit word of the stream makes four of them.

    Returns
    -------
    ndarray of uint16, shape (draws, width)

    Examples
    --------
    >>> all_of_them = level_rows("weights", 1, first=0, draws=10, width=3)
    >>> bool((level_rows("weights", 1, first=7, draws=3, width=3) == all_of_them[7:]).all())
    True
    """
    steps = -(-width // (4 * WORDS))
    raw = stream(name, seed, first * steps).bit_generator.random_raw(draws * steps * WORDS)
    return raw.astype("<u8", copy=False).view("<u2").reshape(draws, -1)[:, :width]


def fractions(name: str, seed: int, first: int, draws: int) -> NDArray[np.float64]:
    """An even number from 0 up to 1, with all its digits, for each draw from the number ``first`` on."""
    offset = first % WORDS
    return stream(name, seed, first // WORDS).random(offset + draws)[offset:]


def draw_block(height: int) -> int:
    """Draws that `level_columns` makes at once: as many as still fit the machine's caches, one at least.

    A matter of the height alone, since it says which number of a stream goes where.
    """
    return 2 ** max(0, min(6, (BLOCK_NUMBERS // height).bit_length() - 1))


def level_columns(name: str, seed: int, first: int, draws: int, height: int) -> NDArray[np.uint16]:
    """The same with a column for each draw: for many numbers in a draw, worked on across the draws.

    Chances are met to 1 / 65,536, a thirtieth of what even a million draws tell apart.

    Returns
    -------
    ndarray of uint16, shape (height, draws)
    """
    size = draw_block(height)
    words = -(-height * size // 4)
    steps = -(-words // WORDS)
    start = first // size
    blocks = []
    for block in range(start, -(-(first + draws) // size)):
        raw = stream(name, seed, block * steps).bit_generator.random_raw(words)
        blocks.append(raw.astype("<u8", copy=False).view("<u2")[: height * size].reshape(height, size))
    offset = first - start * size
    columns = blocks[0] if len(blocks) == 1 else np.concatenate(blocks, axis=1)
    return columns[:, offset : offset + draws]


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
