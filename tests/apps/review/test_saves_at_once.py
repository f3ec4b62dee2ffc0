"""Two people who save one answer at the same instant: one of them is told, and nothing is lost."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.fixture
def at_once(database_url):
    def run(what):
        environment = {**os.environ, "DATABASE_URL": database_url}
        done = subprocess.run(
            [sys.executable, "-m", "tests.apps.review.saves_at_once", what],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


@pytest.mark.parametrize(("what", "rounds"), [("act", 500), ("send", 25)])
def test_exactly_one_of_two_who_save_at_once_wins_each_round(at_once, what, rounds):
    assert at_once(what) == {
        "rounds_by_winners": {"1": rounds},
        "revision": rounds,
        "is_the_winner's": True,
        "rows": 1,
    }
