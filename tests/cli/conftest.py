"""The example index, for the tests of its commands."""

import shutil
from pathlib import Path

import pytest
from tests.cli.index_command import edit
from tests.cli.running import tessera


@pytest.fixture(scope="session")
def example(tmp_path_factory):
    """The example as the command writes it; tests write beside it and change nothing."""
    folder = tmp_path_factory.mktemp("index") / "example"
    run = tessera("index", "example", "asem-like", "-o", folder)
    assert (run.returncode, run.stderr) == (0, "")
    return folder


@pytest.fixture
def own(example, tmp_path):
    """A copy of the example that a test may change."""
    return Path(shutil.copytree(example, tmp_path / "own", ignore=shutil.ignore_patterns("*.out")))


@pytest.fixture
def discrete(own):
    """The example with factors whose alternatives can be listed: without the weights."""
    edit(own / "METHOD.toml", r'\[\[uncertain\]\]\nname = "weights"\n.*\n', "")
    return own
