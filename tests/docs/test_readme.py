import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
DEMO = "pip install uv && uv run tessera demo"
CHECK = "pip install uv && uv run tools/check.py"


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_readme_gives_two_commands_and_no_third():
    assert re.findall(r"^\$ (.+)$", read("README.md"), re.MULTILINE) == [DEMO, CHECK]


def test_the_documentation_opens_with_the_same_two_commands():
    assert re.findall(r"^\$ (.+)$", read("docs/index.md"), re.MULTILINE) == [DEMO, CHECK]


def test_contributing_sets_up_with_the_second_command():
    assert re.findall(r"^\$ (.+)$", read("CONTRIBUTING.md"), re.MULTILINE) == [CHECK]


def test_the_build_server_ends_with_the_second_command_and_allows_no_skips():
    assert read(".ci/run").rstrip().splitlines()[-1] == f"{CHECK} --no-skips"


def test_every_link_of_the_pages_outside_the_documentation_leads_to_a_file():
    pages = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"]
    targets = {t for page in pages for t in re.findall(r"\]\(([^)#]+)[^)]*\)", read(page)) if "://" not in t}
    assert len(targets) > 5
    assert [t for t in sorted(targets) if not (ROOT / t).is_file()] == []
