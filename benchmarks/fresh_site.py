"""An empty site on SQLite in a folder that goes with the process; whoever imports this first runs in it.

It is set up like the demonstration's: without debugging, and reached without a second step.
"""

import os
import tempfile

import django

FOLDER = tempfile.TemporaryDirectory(prefix="tessera-pages-")
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "tessera.project.settings",
    "TESSERA_DEMO": "true",
    "TESSERA_DEBUG": "false",
    "TESSERA_DATA_DIR": FOLDER.name,
    "TESSERA_CONTACT_EMAIL": "benchmarks@example.org",
}
os.environ.pop("DATABASE_URL", None)
django.setup()


def prepare_site() -> None:
    """Make its tables and its style sheets."""
    # Known only once Django is set up.
    from django.core.management import call_command

    for command in (["migrate"], ["createcachetable"], ["collectstatic", "--no-input"]):
        call_command(*command, verbosity=0)
