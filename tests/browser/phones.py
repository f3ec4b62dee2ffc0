"""Phones on which people take part in the demonstration, with the script and without."""

from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from tests.browser.conftest import NARROW
from tests.browser.test_work import signed_in

with_and_without_script = pytest.mark.parametrize(
    "script", [True, False], ids=["with script", "without script"]
)


@dataclass
class Walk:
    """In which browser a consultation is walked."""

    chromium: object
    site: str
    script: bool

    def signed_in(self, who):
        return signed_in(self.chromium, self.site, who, script=self.script)

    @contextmanager
    def phone(self):
        """The page of a phone that knows nobody."""
        context = self.chromium.new_context(
            viewport=NARROW,
            java_script_enabled=self.script,
            bypass_csp=self.script,
            reduced_motion="reduce",
        )
        context.set_default_timeout(15_000)
        page = context.new_page()
        faults = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        try:
            yield page
            assert faults == []
        finally:
            context.close()
