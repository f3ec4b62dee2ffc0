"""How long the portfolio engine takes; `benchmarks.opinion_engine` measures it along.

CPU seconds of one thread, the median of several runs, beside one pass over all approvals in the same run: the
machine may be busy with other things, their ratio is not. All figures are invented: 100 projects of skewed
popularity, 3 to 10 of them on a ballot, a budget of a quarter of all costs.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from benchmarks.lines import Line
from benchmarks.timing import cpu

from tessera.engines.portfolio.equal_shares import Completion, equal_shares, one_percent
from tessera.engines.portfolio.explanation import explain
from tessera.engines.portfolio.greedy import greedy_by_votes
from tessera.engines.portfolio.phragmen import phragmen
from tessera.engines.portfolio.problem import problem_of_rows

PROJECTS, VOTERS, SEED = 100, 100_000, 1


def measure() -> list[Line]:
    rows = invented()
    problem = problem_of_rows(*rows)
    money = np.random.default_rng(SEED).random(problem.n_voters)
    completion = Completion(one_percent(problem))
    outcome = equal_shares(problem)
    spent = equal_shares(problem, completion=completion).cost / problem.budget
    size = f"{PROJECTS} projects, {VOTERS:,} voters"
    limit = cpu(lambda: money[problem.supporters].sum())
    actions: tuple[tuple[str, Callable[[], Any], str, str], ...] = (
        ("approvals put project after project", lambda: problem_of_rows(*rows), "", ""),
        ("Equal Shares, cost utilities", lambda: equal_shares(problem), "100 ms", "pabutools 27 s"),
        (
            "Equal Shares, cardinality utilities",
            lambda: equal_shares(problem, "cardinality"),
            "100 ms",
            "pabutools 29 s",
        ),
        (
            f"Equal Shares, cost, completed by 1 % steps ({spent:.0%} spent)",
            lambda: equal_shares(problem, completion=completion),
            "",
            "",
        ),
        ("explanation of a count", lambda: explain(problem, outcome, "cost"), "", ""),
        ("Phragmén", lambda: phragmen(problem), "", "pabutools 50 s"),
        ("greedy by votes", lambda: greedy_by_votes(problem), "", "pabutools 11 s"),
    )
    return [
        Line(f"{size}: {name}", cpu(action), "ms", bar, peer, limit) for name, action, bar, peer in actions
    ]


def invented() -> tuple[dict[str, int], int, int, np.ndarray, np.ndarray]:
    """What `problem_of_rows` takes."""
    rng = np.random.default_rng(SEED)
    costs = {
        str(number): int(euros) * 100 for number, euros in enumerate(rng.integers(5_000, 200_000, PROJECTS))
    }
    popularity = np.log(rng.lognormal(0, 1, PROJECTS)).astype(np.float32)
    # Draws without replacement, by the largest of popularity and noise.
    wishes = popularity + rng.gumbel(size=(VOTERS, PROJECTS)).astype(np.float32)
    most = np.argpartition(-wishes, 10, axis=1)[:, :10]
    named = np.arange(10) < rng.integers(3, 11, VOTERS)[:, None]
    voters = np.repeat(np.arange(VOTERS), named.sum(axis=1))
    return costs, sum(costs.values()) // 4, VOTERS, voters, most[named]
