import runpy
from pathlib import Path

import pytest

CHECK = runpy.run_path(str(Path(__file__).parents[2] / "tools" / "check.py"))
FOUND = CHECK["REGISTRY_ADDRESS"].search


@pytest.mark.parametrize(
    "line",
    [
        'source = { registry = "' + 'https://index.example/simple" }',
        '      "resolved": "' + 'https://index.example/a.tgz",',
        "--extra-index" + "-url file:///mirror/simple",
        "--find" + "-links /mirror/wheels",
        'url = "https://files.' + 'pythonhosted.example/a.whl"',
        "https://registry." + "npmjs.example/a",
    ],
)
def test_the_address_of_a_package_registry_is_found(line):
    assert FOUND(line)


@pytest.mark.parametrize(
    "line",
    ["numpy==2.4.6 \\", "    --hash=sha256:00", "pip install uv && uv run tessera demo", '"resolved": true'],
)
def test_an_ordinary_line_of_a_lock_or_a_page_is_left_alone(line):
    assert not FOUND(line)
