import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).with_name("at_once.py")


@pytest.fixture
def at_once(database_url):
    def run(what):
        environment = {**os.environ, "DATABASE_URL": database_url}
        done = subprocess.run(
            [sys.executable, PROGRAM, what], env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


def test_two_who_seal_at_once_leave_one_chain(at_once):
    assert at_once("seal") == {"count": 80, "unsealed": 0, "faults": []}


def test_three_who_send_at_once_send_each_mail_once(at_once):
    assert at_once("send") == {"sent": 60, "different": 60, "waiting": 0}
