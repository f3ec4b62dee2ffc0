import os
import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = Path(__file__).parents[1] / "conftest.py"
SUITE = """
import pytest

def test_passes():
    pass

def test_needs_what_is_not_here():
    pytest.skip("no Chromium")

@pytest.mark.skip(reason="never asked for")
def test_marked():
    pass
"""


in_workers_too = pytest.mark.parametrize("workers", ["0", "2"])


@pytest.fixture
def run_suite(tmp_path):
    """Run the small suite in a process of its own, with our conftest beside it."""

    def run(suite, workers="0", **environment):
        (tmp_path / "conftest.py").write_text(CONFTEST.read_text(encoding="utf-8"), encoding="utf-8")
        (tmp_path / "test_suite.py").write_text(suite, encoding="utf-8")
        ours = ("TESSERA_NO_SKIPS", "DJANGO_SETTINGS_MODULE")
        apart = ["-p", "no:cacheprovider", "-p", "no:django", "-c", os.devnull, "--rootdir", str(tmp_path)]
        return subprocess.run(
            [sys.executable, "-m", "pytest", *apart, "-ra", "-n", workers, tmp_path],
            capture_output=True,
            text=True,
            check=False,
            env={**{k: v for k, v in os.environ.items() if k not in ours}, **environment},
        )

    return run


def test_a_skipped_test_is_shown_with_its_reason(run_suite):
    done = run_suite(SUITE)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed, 2 skipped" in done.stdout
    assert "no Chromium" in done.stdout


@in_workers_too
def test_where_no_skips_are_allowed_each_one_fails_and_says_why(run_suite, workers):
    done = run_suite(SUITE, workers, TESSERA_NO_SKIPS="1")
    assert done.returncode == 1
    assert "1 failed, 1 passed, 1 error" in done.stdout
    assert "no Chromium" in done.stdout
    assert "never asked for" in done.stdout


@in_workers_too
def test_a_module_that_skips_itself_fails_too(run_suite, workers):
    done = run_suite("import pytest\npytest.importorskip('no_such_module')\n", workers, TESSERA_NO_SKIPS="1")
    assert done.returncode != 0
    assert "1 error" in done.stdout
    assert "no_such_module" in done.stdout


def test_an_expected_failure_is_no_skip(run_suite):
    suite = "import pytest\n@pytest.mark.xfail(strict=True)\ndef test_it():\n    assert False\n"
    assert run_suite(suite, TESSERA_NO_SKIPS="1").returncode == 0


def test_a_test_without_the_shared_data_is_skipped_and_says_what_to_set(run_suite, tmp_path):
    done = run_suite("def test_it(shared):\n    pass\n", TESSERA_SHARED=str(tmp_path / "absent"))
    assert "1 skipped" in done.stdout
    assert "set TESSERA_SHARED" in done.stdout
