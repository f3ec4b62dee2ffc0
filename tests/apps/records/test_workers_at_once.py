from functools import partial

import pytest


@pytest.fixture
def at_once(run_at_once):
    return partial(run_at_once, "tests.apps.records.at_once")


def test_two_who_seal_at_once_leave_one_chain(at_once):
    assert at_once("seal") == {"count": 80, "unsealed": 0, "faults": []}


def test_three_who_send_at_once_send_each_mail_once(at_once):
    assert at_once("send") == {"sent": 60, "different": 60, "waiting": 0}
