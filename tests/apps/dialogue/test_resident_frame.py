"""The frame of residents' pages, their sheet and their script, as they are written."""

import gzip
import re
from pathlib import Path

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import translation
from tests.builders import make_city
from tests.dialogues import make_consultation

from tessera.apps.dialogue.languages import find_language
from tessera.apps.dialogue.resident_pages import LanguageLink

FRAME = "dialogue/resident/frame.html"
KB = 1000


def read_static(name):
    return Path(finders.find(name)).read_text(encoding="utf-8")


def test_it_needs_no_database_where_nothing_but_the_language_is_known():
    with translation.override("ar"):
        page = render_to_string(FRAME, {"language": find_language("ar")})
    assert '<html lang="ar" dir="rtl">' in page
    # The site's own pages are in fewer languages.
    assert 'href="/en/accessibility/" hreflang="en"' in page
    assert "<form" not in page
    assert "<script" not in page
    assert "/take-part/" not in page


def test_it_leads_to_help_to_other_languages_and_to_a_new_start(db):
    consultation = make_consultation(make_city("riga"), languages=("lv", "en", "ar"))
    links = [
        LanguageLink(find_language(code), f"/take-part/arriving/{code}/say/", code == "lv")
        for code in consultation.languages
    ]
    context = {"language": find_language("lv"), "consultation": consultation, "language_links": links}
    with translation.override("lv"):
        page = render_to_string(FRAME, context)
    assert 'href="/lv/accessibility/"' in page
    assert 'href="/take-part/arriving/lv/help/"' in page
    assert '<form class="r-anew" method="post" action="/take-part/arriving/lv/anew/"' in page
    assert re.findall(r'href="(/take-part/arriving/\w+/say/)"', page) == [
        "/take-part/arriving/en/say/",
        "/take-part/arriving/ar/say/",
    ]
    # The city's name is not in Latvian.
    assert '<span lang="en">Riga</span>' in page


def test_it_breaks_no_rule_of_the_content_policy(db):
    consultation = make_consultation(make_city("riga"))
    page = render_to_string(FRAME, {"language": find_language("en"), "consultation": consultation})
    assert re.findall(r"<style|\sstyle=|\son\w+=|<script>|javascript:", page) == []
    assert re.findall(r'<script src="([^"]+)" defer></script>', page) == ["/static/dialogue/take-part.js"]


def test_the_script_is_one_that_phones_of_2017_can_read():
    script = re.sub(r"//.*", "", read_static("dialogue/take-part.js"))
    # A browser that does not know one of these signs reads nothing of the script at all.
    signs = r"\?\.|\?\?|catch \{|\bimport\b|\bexport\b|\.\.\.|\d_\d|\|\|=|&&=|for await"
    assert re.findall(signs, script) == []
    calls = r"replaceChildren|replaceAll|requestSubmit|fromEntries|allSettled|toggleAttribute"
    assert re.findall(rf"{calls}|\.finally\(|\.at\(|\.flat", script) == []


def test_the_script_has_no_words_of_its_own():
    script = re.sub(r"//.*", "", read_static("dialogue/take-part.js"))
    said = [words for words in re.findall(r'"([^"\n]*)"', script) if re.search(r"[a-z] [a-z]", words)]
    # "use strict" is for the browser, and the error is shown to nobody.
    assert said == ["use strict", "no answer"]


def test_sheet_and_script_are_light():
    for name, budget in (("dialogue/resident.css", 18 * KB), ("dialogue/take-part.js", 15 * KB)):
        assert 0 < len(gzip.compress(read_static(name).encode())) <= budget, name
