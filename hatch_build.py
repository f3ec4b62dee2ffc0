"""Compiles the message catalogues when the package is built, also for an editable install.

Done with polib because GNU gettext is not on every machine, and because ``pybabel compile`` skips
without a word every catalogue whose header is marked fuzzy.
"""

from pathlib import Path
from typing import Any

import polib
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileCatalogues(BuildHookInterface):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        for po in Path(self.root, "src").rglob("*.po"):
            polib.pofile(str(po)).save_as_mofile(str(po.with_suffix(".mo")))
