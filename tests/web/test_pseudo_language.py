"""Words that are baked into a page and cannot be translated, found by a language that marks every wording."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest
from tests.web.pseudo_language import LEFT, RIGHT

ROOT = Path(__file__).parents[2]


def mark(catalogue):
    for entry in catalogue:
        if entry.msgid_plural:
            singular, plural = (f"{LEFT}{words}{RIGHT}" for words in (entry.msgid, entry.msgid_plural))
            entry.msgstr_plural = {place: plural if place else singular for place in entry.msgstr_plural}
        else:
            entry.msgstr = f"{LEFT}{entry.msgid}{RIGHT}"
        entry.flags = [flag for flag in entry.flags if flag != "fuzzy"]


@pytest.fixture(scope="module")
def walked(tmp_path_factory):
    """What the walk printed, on a copy of the package in which every wording stands between marks."""
    folder = tmp_path_factory.mktemp("pseudo")
    shutil.copytree(ROOT / "src/tessera", folder / "tessera", ignore=shutil.ignore_patterns("__pycache__"))
    # Residents' pages have a catalogue of their own, and staff read some of its wordings.
    for kept in (folder / "tessera").rglob("lv/LC_MESSAGES/django.po"):
        catalogue = polib.pofile(str(kept))
        mark(catalogue)
        catalogue.save_as_mofile(str(kept.with_suffix(".mo")))
    bare = {
        name: value for name, value in os.environ.items() if not name.startswith(("TESSERA_", "DATABASE"))
    }
    (folder / "data").mkdir()
    environment = {
        **bare,
        "DJANGO_SETTINGS_MODULE": "tessera.project.settings",
        "TESSERA_DEBUG": "true",
        "TESSERA_DEMO": "true",
        "TESSERA_SECRET_KEY": "a key for this walk only",
        "TESSERA_CONTACT_EMAIL": "tessera@example.org",
        "TESSERA_DATA_DIR": str(folder / "data"),
        "PYTHONPATH": str(folder),
    }
    command = [sys.executable, str(Path(__file__).with_name("pseudo_language.py"))]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_walk_sees_the_pages_of_visitors_and_of_everybody_who_signs_in(walked):
    assert len(walked["pages"]) > 100
    for part in (
        "/cities/",
        "/questionnaires/",
        "/areas/",
        "/desk/cycles/",
        "/desk/reviews/",
        "/board/",
        "/account/",
    ):
        assert any(part in page for page in walked["pages"]), part


def test_no_page_has_words_that_cannot_be_translated(walked):
    assert walked["left"] == {}
