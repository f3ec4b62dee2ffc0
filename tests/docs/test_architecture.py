import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "tessera"
PAGE = (ROOT / "docs" / "explanation" / "architecture.md").read_text(encoding="utf-8")

# Folders that hold packages and have nothing of their own to say.
SHELVES = ("engines", "apps")


def packages():
    """The places of the house: each package, and what stands on a shelf instead of the shelf."""
    shelved = [p for shelf in SHELVES for p in (PACKAGE / shelf).glob("*/__init__.py")]
    own = [p for p in PACKAGE.glob("*/__init__.py") if p.parent.name not in SHELVES]
    return {p.parent.relative_to(PACKAGE).as_posix() for p in shelved + own}


def test_every_package_has_a_line_and_every_line_a_package():
    table = PAGE.split("## The places", 1)[1].split("\n## ", 1)[0]
    assert set(re.findall(r"^\| `([^`]+)` \|", table, re.MULTILINE)) == packages()


def test_the_rules_on_the_page_are_the_contracts_that_are_checked():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = [c["name"] for c in settings["tool"]["importlinter"]["contracts"]]
    rules = re.findall(r"^\d\. \*\*(.+?)\.\*\*", re.sub(r"\n   ", " ", PAGE), re.MULTILINE)
    assert rules == contracts


def test_the_order_of_the_apps_in_the_picture_is_the_order_that_is_checked():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = {c["name"]: c for c in settings["tool"]["importlinter"]["contracts"]}
    layers = contracts["A phase may read an earlier phase, never a later one"]["layers"]
    allowed = [layer.strip("()") for layer in layers]
    drawn = re.search(r"│ +(\w+(?: > \w+)+)", PAGE).group(1).split(" > ")
    assert drawn == [app for app in allowed if (PACKAGE / "apps" / app).is_dir()]
