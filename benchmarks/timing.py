"""How long something takes, in the way in which every benchmark here takes it."""

import time
from collections.abc import Callable
from typing import Any


def cpu(action: Callable[[], Any], times: int = 5) -> float:
    """Median CPU seconds of some runs, after one that is not counted."""
    action()
    taken = []
    for _ in range(times):
        started = time.process_time()
        action()
        taken.append(time.process_time() - started)
    return sorted(taken)[times // 2]
