import ast
import importlib
import json
import re
import runpy
from pathlib import Path

import pytest
import typer.main

from tessera.cli.main import app
from tessera.frameworks.profile import Profile

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"
WRITER = runpy.run_path(str(ROOT / "tools" / "write_reference.py"))
COMMANDS = list(WRITER["walk_commands"](typer.main.get_command(app), "tessera"))


@pytest.mark.parametrize("name", ["python.md", "cli.md", "profile.schema.json"])
def test_a_generated_page_says_what_the_code_says(name):
    written = (REFERENCE / name).read_text(encoding="utf-8")
    assert written == WRITER["pages"]()[name], "run: uv run tools/write_reference.py"


def test_every_command_is_documented_and_every_documented_command_exists():
    page = (REFERENCE / "cli.md").read_text(encoding="utf-8")
    assert re.findall(r"^##+ (.+)$", page, re.MULTILINE) == [path for path, _ in COMMANDS]


@pytest.mark.parametrize(("path", "command"), COMMANDS)
def test_a_command_says_what_it_is_for_and_what_each_option_does(path, command):
    assert command.help
    silent = [p.name for p in command.params if not getattr(p, "help", None)]
    assert silent == []


def test_every_documented_python_name_can_be_imported():
    page = (REFERENCE / "python.md").read_text(encoding="utf-8")
    documented = [
        (section.split("\n", 1)[0], name)
        for section in page.split("\n## ")[1:]
        for name in re.findall(r"^### (\w+)$", section, re.MULTILINE)
    ]
    assert len(documented) > 30
    assert [pair for pair in documented if not hasattr(importlib.import_module(pair[0]), pair[1])] == []


def test_what_one_package_takes_from_frameworks_and_engines_is_documented():
    taken = {
        node.module
        for path in (ROOT / "src" / "tessera").rglob("*.py")
        if not {"frameworks", "engines"} & set(path.relative_to(ROOT).parts)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module
        if node.module.startswith(("tessera.frameworks.", "tessera.engines."))
    }
    assert "tessera.frameworks.scoring" in taken
    assert taken - set(WRITER["PUBLIC_MODULES"]) == set()


def test_every_module_of_the_index_engine_is_documented():
    folder = ROOT / "src" / "tessera" / "engines" / "index"
    modules = {
        ".".join(("tessera.engines.index", *path.relative_to(folder).with_suffix("").parts))
        for path in folder.rglob("*.py")
        if path.stem != "__init__"
    }
    assert len(modules) > 30
    assert modules <= set(WRITER["PUBLIC_MODULES"])


def test_the_page_of_the_profile_names_each_of_its_keys():
    page = (REFERENCE / "profile.md").read_text(encoding="utf-8")
    table = page.split("## Keys", 1)[1].split("\n## ", 1)[0]
    keys = json.loads((REFERENCE / "profile.schema.json").read_text(encoding="utf-8"))["properties"]
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == list(keys) == list(Profile.model_fields)
