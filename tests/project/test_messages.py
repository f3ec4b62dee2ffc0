"""The catalogues of interface wording are whole: a gap shows English to a Latvian, without any error."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.utils.translation.template import templatize

from tessera.apps.dialogue.languages import CODES

SOURCE = Path(__file__).parents[2] / "src/tessera"
RESIDENTS = SOURCE / "apps/dialogue/templates/dialogue/resident"
LANGUAGES = [code for code, _ in settings.LANGUAGES if code != "en"]
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|\{\w*\}")
STRING = r"u?(?:'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")"
# What comes first in a call with a context is that context.
IN_TEMPLATE = re.compile(rf"\b(?:_|n?gettext|n?pgettext\(\s*{STRING},)\(?\s*({STRING})")
# Which argument of a call is the wording.
CALLS = {
    "gettext": 0,
    "gettext_lazy": 0,
    "ngettext": 0,
    "ngettext_lazy": 0,
    "pgettext": 1,
    "pgettext_lazy": 1,
    "_": 0,
}


@dataclass(frozen=True)
class Catalogue:
    """The words of a part of the site in one language."""

    language: str
    is_for_residents: bool

    def __str__(self) -> str:
        return f"{self.language}-of-residents" if self.is_for_residents else self.language

    @property
    def entries(self) -> polib.POFile:
        folder = RESIDENTS if self.is_for_residents else SOURCE
        return polib.pofile(str(folder / f"locale/{self.language}/LC_MESSAGES/django.po"))

    @property
    def written(self) -> set[str]:
        """The wording of its part of the source."""
        if self.is_for_residents:
            return set(words_in_templates(residents=True))
        return {*words_in_templates(residents=False), *words_in_code()}


CATALOGUES = [
    *(Catalogue(language, False) for language in LANGUAGES),
    *(Catalogue(language, True) for language in CODES if language != "en"),
]


@pytest.fixture(scope="module", params=CATALOGUES, ids=str)
def about(request) -> Catalogue:
    return request.param


@pytest.fixture(scope="module")
def catalogue(about) -> polib.POFile:
    return about.entries


def words_in_templates(*, residents: bool) -> Iterator[str]:
    texts = SOURCE.rglob("templates/**/*.txt")
    for template in [*SOURCE.rglob("templates/**/*.html"), *SOURCE.glob("reports/html/**/*.html"), *texts]:
        if template.is_relative_to(RESIDENTS) is residents:
            for written in IN_TEMPLATE.findall(templatize(template.read_text(encoding="utf-8"))):
                yield ast.literal_eval(written)


def words_in_code() -> Iterator[str]:
    for module in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = (
                    node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                )
                place = CALLS.get(name)
                if place is not None and isinstance(node.args[place], ast.Constant):
                    yield node.args[place].value


def live(catalogue: polib.POFile) -> list[polib.POEntry]:
    return [entry for entry in catalogue if not entry.obsolete]


def test_the_catalogue_holds_every_wording_of_the_source_and_no_other(about, catalogue):
    known = {entry.msgid for entry in live(catalogue)}
    assert len(about.written) > 50
    assert {"missing": about.written - known, "no longer used": known - about.written} == {
        "missing": set(),
        "no longer used": set(),
    }


def test_every_wording_is_translated_and_none_is_a_guess(catalogue):
    assert [entry.msgid for entry in live(catalogue) if not entry.translated()] == []
    assert [entry.msgid for entry in live(catalogue) if entry.fuzzy] == []
    assert not catalogue.metadata_is_fuzzy


# Of whole numbers, by the Unicode project's tables (CLDR, plural rules).
FORMS = {"lv": 3, "de": 2, "es": 2, "it": 2, "pl": 3, "ro": 3, "sv": 2, "uk": 3, "ar": 6}


def test_every_count_has_as_many_forms_as_the_language(about, catalogue):
    forms = int(re.search(r"nplurals=(\d)", catalogue.metadata["Plural-Forms"])[1])
    # Django's own catalogues of some languages count a form more, for fractions.
    assert forms >= FORMS[about.language]
    counts = [entry for entry in live(catalogue) if entry.msgid_plural]
    assert counts
    assert [entry.msgid for entry in counts if sorted(entry.msgstr_plural) != list(range(forms))] == []


def test_a_translation_fills_in_the_same_values(catalogue):
    for entry in live(catalogue):
        allowed = {*PLACEHOLDER.findall(entry.msgid), *PLACEHOLDER.findall(entry.msgid_plural)}
        for text in [entry.msgstr, *entry.msgstr_plural.values()]:
            used = set(PLACEHOLDER.findall(text))
            assert used <= allowed, entry.msgid
            assert entry.msgid_plural or not text or used == allowed, entry.msgid


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wording_that_both_parts_use_is_translated_alike(language):
    """Django makes one catalogue of both: where they differ, one would be shown in place of the other."""
    site, residents = (
        {(entry.msgctxt, entry.msgid): entry.msgstr for entry in live(Catalogue(language, part).entries)}
        for part in (False, True)
    )
    shared = site.keys() & residents.keys()
    assert shared
    assert {msgid for msgid in shared if site[msgid] != residents[msgid]} == set()
