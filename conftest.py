"""The environment of the tests, at the root: there pytest finds it for `tests` and for doctests in `src`.

Naming the settings in pyproject.toml would make pytest-django read them before any of these lines runs; so it
has to be told here, too, that Django is there.
"""

import os
import tempfile

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tessera.project.settings")
os.environ.setdefault("TESSERA_DEBUG", "true")
os.environ.setdefault("TESSERA_SECRET_KEY", "a key for the tests only")
os.environ.setdefault("TESSERA_CONTACT_EMAIL", "tests@example.org")

# What the tests keep (drawn charts) lies in a folder that goes with them. A worker finds that of the process
# which started it in its environment, and must not share it with the other workers.
DATA_FOLDER = tempfile.TemporaryDirectory(prefix="tessera-tests-")
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ["TESSERA_DATA_DIR"] = DATA_FOLDER.name
os.environ.setdefault("TESSERA_DATA_DIR", DATA_FOLDER.name)

django.setup()
