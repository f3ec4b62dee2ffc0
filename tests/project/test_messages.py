"""The catalogues of interface wording are whole: a gap shows English to a Latvian, without any error."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.utils.translation.template import templatize

SOURCE = Path(__file__).parents[2] / "src/tessera"
LANGUAGES = [code for code, _ in settings.LANGUAGES if code != "en"]
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|\{\w*\}")
STRING = r"u?(?:'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")"
IN_TEMPLATE = re.compile(rf"(?:\b_|gettext)\(\s*({STRING})")
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


@pytest.fixture(scope="module", params=LANGUAGES)
def catalogue(request) -> polib.POFile:
    return polib.pofile(str(SOURCE / f"locale/{request.param}/LC_MESSAGES/django.po"))


def words_in_templates() -> Iterator[str]:
    mails = SOURCE.rglob("templates/**/*.txt")
    for template in [*SOURCE.rglob("templates/**/*.html"), *SOURCE.glob("reports/html/**/*.html"), *mails]:
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


def test_the_catalogue_holds_every_wording_of_the_source_and_no_other(catalogue):
    known = {entry.msgid for entry in live(catalogue)}
    written = {*words_in_templates(), *words_in_code()}
    assert len(written) > 100
    assert {"missing": written - known, "no longer used": known - written} == {
        "missing": set(),
        "no longer used": set(),
    }


def test_every_wording_is_translated_and_none_is_a_guess(catalogue):
    assert [entry.msgid for entry in live(catalogue) if not entry.translated()] == []
    assert [entry.msgid for entry in live(catalogue) if entry.fuzzy] == []
    assert not catalogue.metadata_is_fuzzy


def test_every_count_has_as_many_forms_as_the_language(catalogue):
    forms = int(re.search(r"nplurals=(\d)", catalogue.metadata["Plural-Forms"])[1])
    assert catalogue.metadata["Language"] != "lv" or forms == 3
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
