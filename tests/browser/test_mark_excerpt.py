"""Words that somebody selects become an excerpt, letter for letter; the pages of coding fit and are clean."""

import json
import sqlite3
import sys

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import ROOT, free_port, run, serving
from tests.browser.hold_coding import SAID
from tests.browser.test_dialogue_look import faults_of_look
from tests.browser.test_work import LOOKS, signed_in

pytestmark = pytest.mark.browser

# From one letter until before another, counted as a script counts: the sign at the beginning takes two.
SELECT = """([key, starts, ends]) => {
    const range = document.createRange();
    const said = document.querySelector(`[data-note="${key}"]`);
    const walk = document.createTreeWalker(said, NodeFilter.SHOW_TEXT);
    let before = 0;
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
        const inside = (place) => place >= before && place <= before + node.length;
        if (inside(starts) && !(starts === before + node.length)) range.setStart(node, starts - before);
        if (inside(ends)) { range.setEnd(node, ends - before); break; }
        before += node.length;
    }
    const selection = document.getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
}"""
LINES_OF_TWO = """([one, other]) => {
    const [first, last] = [one, other].map((key) => document.querySelector(`[data-note="${key}"]`));
    document.getSelection().setBaseAndExtent(first, 0, last, 1);
}"""


@pytest.fixture(scope="module")
def held(chromium, tmp_path_factory):
    """The address of a site with sessions, what `hold_coding` says of it, and its database."""
    data = tmp_path_factory.mktemp("coding")
    # Plain http, and nobody needs a key.
    demo = {"TESSERA_DEMO": "true", "TESSERA_DEBUG": "true"}
    run(data, "manage.py", "migrate", "--verbosity", "0", **demo)
    found = json.loads(run(data, "-m", "tests.browser.hold_coding", **demo))
    port = free_port()
    command = [sys.executable, ROOT / "manage.py", "runserver", "--noreload", f"127.0.0.1:{port}"]
    with serving(command, port, data, **demo) as site:
        yield site, found, data / "tessera.sqlite3"


def excerpts(stored, note):
    with sqlite3.connect(stored) as database:
        rows = database.execute(
            "select starts, ends from dialogue_excerpt where note_id = ? order by starts", [note]
        )
        return [SAID[starts:ends] for starts, ends in rows]


def select(page, note, words):
    """As somebody does who begins at the first letter of the words and ends behind the last."""
    before = SAID[: SAID.index(words)]
    starts, ends = (len(text.encode("utf-16-le")) // 2 for text in (before, before + words))
    page.evaluate(SELECT, [note, starts, ends])


def test_what_is_selected_is_marked_letter_for_letter_also_over_a_mark(chromium, held):
    site, found, stored = held
    note = found["note"]
    with signed_in(chromium, site, "Ilze") as page:
        page.goto(f"{site}/en{found['text']}")
        button = page.locator(f'[data-selected="{note}"] button')
        expect(button).to_be_hidden()
        for words in ("Es gaidīju gadu", "gadu, un neviens"):
            select(page, note, words)
            expect(page.locator(f'[data-selected="{note}"] [data-selected-words]')).to_have_text(words)
            button.click()
            expect(page.get_by_text("Marked.")).to_be_visible()
        assert excerpts(stored, note) == ["Es gaidīju gadu", "gadu, un neviens"]
        expect(page.locator(f'[data-note="{note}"]')).to_have_text(SAID)
        page.locator(f'[data-note="{note}"]').click(click_count=3)
        expect(page.locator(f'[data-selected="{note}"] [data-selected-words]')).to_have_text(SAID)
        # By keys alone: the button is the next thing after the words.
        select(page, note, "Tagad mans dēls")
        expect(button).to_be_visible()
        button.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_text("Marked.")).to_be_visible()
    assert excerpts(stored, note)[-1] == "Tagad mans dēls"


def test_words_of_two_notes_and_no_words_at_all_offer_nothing(chromium, held):
    site, found, _ = held
    note = found["note"]
    with signed_in(chromium, site, "Ilze") as page:
        page.goto(f"{site}/en{found['text']}")
        button = page.locator(f'[data-selected="{note}"] button')
        select(page, note, "Paldies")
        expect(button).to_be_visible()
        page.evaluate(LINES_OF_TWO, [note, note + 1])
        expect(button).to_be_hidden()
        expect(page.locator("[data-selected]:visible")).to_have_count(0)
        select(page, note, "Paldies")
        expect(button).to_be_visible()
        page.evaluate("document.getSelection().removeAllRanges()")
        expect(button).to_be_hidden()


def test_without_script_sentences_are_ticked_and_no_button_appears(chromium, held):
    site, found, stored = held
    with signed_in(chromium, site, "Ilze", script=False) as page:
        page.goto(f"{site}/en{found['text']}")
        expect(page.locator("[data-selected]:visible")).to_have_count(0)
        note = page.locator(f"#note-{found['note']}")
        note.get_by_text("Mark sentences").click()
        note.locator("label").get_by_text("🙂 Paldies!", exact=True).click()
        note.get_by_role("button", name="Mark as excerpt").click()
        expect(page.get_by_text("Marked.")).to_be_visible()
    assert excerpts(stored, found["note"])[0] == "🙂 Paldies!"


@pytest.mark.parametrize(("scheme", "viewport", "language"), LOOKS)
def test_the_pages_are_clean_and_fit(chromium, held, scheme, viewport, language):
    site, found, _ = held
    faults = []
    with signed_in(chromium, site, "Ilze", viewport=viewport, scheme=scheme) as page:
        for address in found["pages"]:
            answer = page.goto(f"{site}/{language}{address}")
            faults += [f"{address}: {fault}" for fault in faults_of_look(page, answer)]
    assert not faults, "\n\n".join(faults)
