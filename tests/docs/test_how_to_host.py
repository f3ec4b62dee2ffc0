"""What the guide for hosts names is there: settings, commands and their options."""

import re
from pathlib import Path

import pytest
from typer.main import get_command

from tessera.cli.main import app

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "how-to" / "host.md").read_text(encoding="utf-8")
COMMANDS = sorted(set(re.findall(r"tessera-site tessera ([a-z][a-z -]*?)(?= --|\s*[>\"0-9\n]|`)", PAGE)))
SETTINGS = set(re.findall(r"^(TESSERA_\w+|DATABASE_URL)=", PAGE, re.MULTILINE))


def test_every_setting_of_the_guide_is_on_the_page_of_settings():
    settings = (ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    known = set(re.findall(r"^\| `(\w+)` \| (?:secret|list|text|path|bool)", settings, re.MULTILINE))
    assert len(SETTINGS) == 8
    assert {name.removesuffix("_FILE") for name in SETTINGS} - known == set()


@pytest.mark.parametrize("words", COMMANDS)
def test_every_command_of_the_guide_exists(words):
    command = get_command(app)
    for word in words.split():
        command = command.commands[word]


def test_the_guide_uses_the_commands_that_a_host_needs():
    assert {"tick", "network start", "audit head", "audit verify", "audit erase", "person close"} <= set(
        COMMANDS
    )
