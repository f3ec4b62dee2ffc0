"""`tessera framework`, run as a person runs it."""

import re
import subprocess
import sysconfig
from importlib.metadata import version
from pathlib import Path

import pytest
from tests.cli.running import tessera
from tests.frameworks.broken import TINY, copy_definition, edit

from tessera.frameworks.load import shipped_frameworks


def test_a_sound_definition_is_in_order():
    run = tessera("framework", "check", TINY / "every-type" / "1")
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout == "every-type version 1 is in order; areas: 1, questions: 9, of them core: 2\n"


def test_each_complaint_is_told_with_the_path_that_an_editor_opens(tmp_path):
    folder = copy_definition("every-type/1", tmp_path)
    edit(folder / "framework.yaml", "is: [yes, partly]", "is: maybe")
    edit(folder / "text.en.yaml", ", unit: per cent", "")
    run = tessera("framework", "check", folder)
    assert (run.returncode, run.stdout) == (2, "")
    option, unit, count = run.stderr.splitlines()
    assert option.startswith(f"{folder}/framework.yaml:13: question meetings: 'maybe' is not an option")
    assert unit.startswith(f"{folder}/text.en.yaml:37: question foreign-born: the wording of a number lacks")
    assert count == "Not in order. Complaints: 2"


def test_a_folder_that_does_not_exist_is_refused(tmp_path):
    run = tessera("framework", "check", tmp_path / "nowhere")
    assert (run.returncode, run.stdout) == (2, "")
    assert "does not exist" in run.stderr


def test_a_folder_without_a_definition_is_refused(tmp_path):
    run = tessera("framework", "check", tmp_path)
    assert run.returncode == 2
    assert run.stderr.startswith(f"{tmp_path}/framework.yaml:1: the file is missing\n")


def test_the_list_names_every_version_that_is_shipped():
    run = tessera("framework", "list")
    assert run.returncode == 0
    listed, name = [], ""
    for line in run.stdout.splitlines():
        if found := re.match(r"  version (\d+)  (?:published \d{4}-\d\d-\d\d|draft)  ", line):
            listed.append((name, int(found[1])))
        else:
            name = line.split()[0]
    assert listed == shipped_frameworks()


def test_the_installed_command_says_the_version_of_the_package():
    command = [Path(sysconfig.get_path("scripts")) / "tessera", "--version"]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert run.stdout == f"tessera {version('tessera')}\n"


@pytest.mark.parametrize(
    "arguments", [(), ("--help",), ("framework", "--help"), ("framework", "check", "--help")]
)
def test_help_says_how_to_go_on(arguments):
    run = tessera(*arguments)
    assert "Usage: tessera" in run.stdout + run.stderr
    assert "--help" in run.stdout + run.stderr


def test_a_command_that_is_none_is_refused():
    run = tessera("framework", "chekc", "x")
    assert run.returncode == 2
    assert "No such command" in run.stderr
