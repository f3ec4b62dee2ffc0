"""The command, run inside the test: a process of its own takes a second to start."""

import contextlib
import io
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import pytest

from tessera.cli.main import run


@dataclass(frozen=True)
class Run:
    returncode: int
    stdout: str
    stderr: str


def tessera(*arguments: object, folder: Path | None = None) -> Run:
    """What the entry point does with these arguments, in a folder."""
    out, err = io.StringIO(), io.StringIO()
    with (
        contextlib.chdir(folder or os.curdir),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        mock.patch.object(sys, "argv", ["tessera", *map(str, arguments)]),
        pytest.raises(SystemExit) as ended,
    ):
        run()
    code = ended.value.code or 0
    assert isinstance(code, int), f"ended with words instead of a code: {code}"
    return Run(code, out.getvalue(), err.getvalue())
