"""Who makes the passes over the votes: numpy, or compiled loops where the extra `fast` is installed."""

from functools import cache
from importlib.util import find_spec

from tessera.engines.opinion.loops.passes import Loops


@cache
def fastest() -> Loops:
    """Compiled loops if numba is installed, else those by numpy."""
    if find_spec("numba") is None:
        from tessera.engines.opinion.loops.plain import Plain

        return Plain()
    # Half a second, which only those pay who count votes.
    from tessera.engines.opinion.loops.compiled import Compiled

    return Compiled()
