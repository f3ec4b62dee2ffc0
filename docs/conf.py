"""How Sphinx builds these pages. Pages are Markdown (MyST); every reference must resolve."""

import tomllib
from pathlib import Path

_pyproject = Path(__file__).parents[1] / "pyproject.toml"
_project = tomllib.loads(_pyproject.read_text(encoding="utf-8"))["project"]

project = "Tessera"
author = "The Tessera developers"
release = _project["version"]

extensions = ["myst_parser"]
# Headings are link targets down to the third level: page.md#a-heading.
myst_heading_anchors = 3
exclude_patterns = ["_build"]

html_theme = "furo"
html_title = f"Tessera {release}"
html_show_copyright = False
