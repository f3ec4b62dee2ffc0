"""Who makes the passes over the votes: numpy, or compiled loops where the extra `fast` is installed."""

from functools import cache

from tessera.engines.opinion.loops.passes import Loops


@cache
def fastest() -> Loops:
    """Compiled loops if numba is installed, else those by numpy."""
    try:
        # Half a second, which only those pay who count votes.
        import numba  # noqa: F401
    except ImportError:
        from tessera.engines.opinion.loops.plain import Plain

        return Plain()
    from tessera.engines.opinion.loops.compiled import Compiled

    return Compiled()
