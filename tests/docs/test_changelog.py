import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
HEADINGS = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)


def test_the_top_heading_carries_the_version_of_the_package():
    """While it is being made the version is called unreleased, afterwards it carries its date."""
    released = rf"\[{re.escape(VERSION)}\] - \d{{4}}-\d\d-\d\d"
    assert re.fullmatch(rf"\[Unreleased\] {re.escape(VERSION)}|{released}", HEADINGS[0])


def test_the_version_is_written_in_one_place_only():
    written = [p for p in (ROOT / "src").rglob("*.py") if re.search(r"__version__\s*=", p.read_text("utf-8"))]
    assert written == []
