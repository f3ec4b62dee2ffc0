"""Where the parts of a long computation are made: in processes of this machine, or on a cluster."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from distributed import Client

LOST_AT_MOST = 3
SCHEDULER_ANSWERS_WITHIN = "5s"


class Processes:
    """Processes of this machine. If one is lost, the parts that are still missing are made again.

    The third time the command ends with exit code 1.
    """

    def __init__(self, workers: int) -> None:
        self.workers = workers

    def map(self, function: Callable[[Any], Any], items: Iterable[Any], /) -> Iterator[Any]:
        missing = list(items)
        lost = 0
        while missing:
            with ProcessPoolExecutor(self.workers, initializer=_take_on, initargs=(function,)) as pool:
                try:
                    for made in _in_order(pool, missing):
                        missing.pop(0)
                        yield made
                except BrokenProcessPool:
                    lost += 1
                    if lost == LOST_AT_MOST:
                        typer.echo(
                            f"A process was lost {lost} times, often for want of memory: try fewer workers.",
                            err=True,
                        )
                        raise typer.Exit(1) from None
                    typer.echo("A process was lost; what it was making is made again.", err=True)


class Cluster:
    """The workers of a Dask cluster, which makes again by itself what a lost worker was making."""

    def __init__(self, client: "Client") -> None:
        self.client = client

    def map(self, function: Callable[[Any], Any], items: Iterable[Any], /) -> Iterator[Any]:
        futures = self.client.map(function, list(items), pure=False)
        try:
            for future in futures:
                yield future.result()
        finally:
            self.client.cancel(futures)


@contextmanager
def executor(workers: int, cluster: str | None) -> Iterator[Processes | Cluster | None]:
    """What makes the parts: a cluster if there is an address, processes if there are several, else nobody."""
    if cluster is None:
        yield Processes(workers) if workers > 1 else None
        return
    try:
        from distributed import Client
    except ImportError:
        raise typer.BadParameter(
            "a cluster needs the extra: pip install 'tessera[cluster]'", param_hint="--cluster"
        ) from None
    try:
        client = Client(cluster, timeout=SCHEDULER_ANSWERS_WITHIN)
    except (OSError, ValueError) as error:
        raise typer.BadParameter(
            f"no scheduler answers at {cluster}: {error}", param_hint="--cluster"
        ) from None
    with client:
        yield Cluster(client)


def _in_order(pool: Executor, items: list[Any]) -> Iterator[Any]:
    futures = [pool.submit(_make, item) for item in items]
    try:
        for future in futures:
            yield future.result()
    finally:
        for future in futures:
            future.cancel()


_task: list[Callable[[Any], Any]] = []
"""In a process of the pool: what it does with each part. It may carry a hundred megabytes of figures, so it
travels once, and not with every part."""


def _take_on(function: Callable[[Any], Any]) -> None:
    _task[:] = [function]


def _make(item: Any) -> Any:
    return _task[0](item)
