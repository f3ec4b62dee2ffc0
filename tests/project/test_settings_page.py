"""The page of settings and the settings say the same."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def settings_in_code() -> dict[str, str]:
    tree = ast.parse((ROOT / "src/tessera/project/settings.py").read_text(encoding="utf-8"))
    kinds = {
        "read_bool": "bool",
        "read_text": "text",
        "read_list": "list",
        "read_path": "path",
        "read_secret": "secret",
        "read_secrets": "secrets",
        "read_database": "secret",
    }
    return {
        node.args[0].value: kinds[node.func.id]
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in kinds
        and isinstance(node.args[0], ast.Constant)
    }


def settings_in_page() -> dict[str, str]:
    page = (ROOT / "docs/reference/settings.md").read_text(encoding="utf-8")
    return dict(re.findall(r"^\| `(\w+)` \| (\w+) \|", page, flags=re.MULTILINE))


def test_every_setting_is_on_the_page_with_its_type_and_every_one_there_is_read():
    assert settings_in_page() == settings_in_code()


def test_the_environment_is_read_by_the_readers_alone():
    source = (ROOT / "src/tessera/project/settings.py").read_text(encoding="utf-8")
    after_the_readers = source.partition("\nPACKAGE = ")[2]
    assert re.findall(r"os\.environ\S*", after_the_readers) == ['os.environ.get("XDG_DATA_HOME")']
