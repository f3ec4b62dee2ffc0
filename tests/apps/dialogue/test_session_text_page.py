"""The pages on which staff mark excerpts, sentence by sentence or letter by letter, and clear quotations."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import html
from tests.apps.dialogue.sessions_and_notes import (
    SAID,
    give_codes,
    make_code,
    make_excerpt,
    make_note,
    make_session,
    rest_theme_on,
)
from tests.apps.dialogue.staff import browser_of, give_to, make_running, page_of
from tests.builders import make_city, make_finding, make_review
from tests.dialogues import put_in_state, words
from tests.people import make_person

from tessera.apps.dialogue.lifecycle import State
from tessera.apps.dialogue.models import BriefItem, Excerpt

pytestmark = pytest.mark.django_db


@pytest.fixture
def running():
    return make_running(make_city("riga"), languages=("en", "lv"))


@pytest.fixture
def note(running):
    return make_note(make_session(running))


def url(note):
    return reverse("dialogue:session-text", args=[note.held_in_id])


def excerpt_url(excerpt, name="excerpt"):
    return reverse(f"dialogue:{name}", args=[excerpt.pk])


def tick(note, *sentences, **others):
    sent = {"note": note.pk, f"note-{note.pk}-sentences": sentences, **others}
    return browser_of("ilze").post(url(note), sent)


def select(note, starts, ends):
    sent = {"note": note.pk, "starts": starts, "ends": ends}
    return browser_of("ilze").post(url(note), sent, follow=True).content.decode()


def marked(note):
    return [each.words for each in note.excerpts.all()]


# Marking


def test_sentences_that_are_ticked_become_an_excerpt(note):
    answer = tick(note, 1, 2)
    assert answer["Location"] == f"{url(note)}#note-{note.pk}"
    assert marked(note) == ["Nobody told us why. Now he speaks better than I do!"]
    page = html.fromstring(page_of("ilze", url(note)))
    assert [each.text for each in page.xpath("//mark")] == marked(note)
    [said] = page.xpath("//blockquote[@data-note]")
    assert said.text_content() == SAID


@pytest.mark.parametrize(
    ("sentences", "said"),
    [
        ((), "“Sentences” has no answer. Choose at least one."),
        ((0, 2), "Between the sentences that you ticked are others."),
        ((7,), "Select a valid choice."),
    ],
)
def test_what_is_no_passage_is_said_and_what_was_ticked_stays(note, sentences, said):
    answer = tick(note, *sentences)
    page = html.fromstring(answer.content.decode())
    assert answer.status_code == 400
    assert answer.content.decode().count(said) == 2
    assert len(page.xpath("//details[@open]")) == 1
    assert [int(each.get("value")) for each in page.xpath("//input[@checked]")] == [
        place for place in sentences if place < 3
    ]
    assert marked(note) == []


def test_the_same_sentences_are_refused(note):
    tick(note, 0)
    answer = tick(note, 0)
    assert answer.status_code == 400
    assert answer.content.decode().count("These words are an excerpt already.") == 2
    assert Excerpt.objects.count() == 1


def test_words_that_were_selected_become_an_excerpt(note):
    assert "Marked." in select(note, 3, 9)
    assert marked(note) == ["son wa"]
    assert "These words are an excerpt already." in select(note, 3, 9)


@pytest.mark.parametrize(
    "passage", [("", ""), ("a", "b"), (-1, 4), (5, 4), (0, 5000), (0, 86), ("9" * 30, 1)]
)
def test_a_selection_of_no_words_marks_nothing(note, passage):
    assert "Nothing was marked. Select words within one note." in select(note, *passage)
    assert marked(note) == []


@pytest.mark.parametrize("key", ["", "x", "0", "²", "9" * 40])
def test_a_note_of_nowhere_or_of_another_session_does_not_exist(running, note, key):
    other = make_note(make_session(running))
    for said in (key, str(other.pk)):
        sent = {"note": said, "starts": 0, "ends": 3}
        assert browser_of("ilze").post(url(note), sent).status_code == 404
    assert not Excerpt.objects.exists()


def test_what_overlaps_is_marked_so_and_each_excerpt_is_listed(note):
    make_excerpt(note, "My son waited a year for a place. Nobody told us why.")
    make_excerpt(note, "Nobody told us why. Now he speaks")
    page = html.fromstring(page_of("ilze", url(note)))
    [said] = page.xpath("//blockquote[@data-note]")
    pieces = [(each.text, "data-overlap" in each.attrib) for each in said.xpath(".//mark")]
    assert pieces == [
        ("My son waited a year for a place. ", False),
        ("Nobody told us why.", True),
        (" Now he speaks", False),
    ]
    assert said.text_content() == SAID
    assert len(page.xpath("//ul/li/a[contains(@href, '/excerpts/')]")) == 2


def test_the_finding_that_it_is_about_is_chosen_from_the_brief(running, note):
    finding = make_finding(make_review(running.city), "Places are few.")
    BriefItem.objects.create(consultation=running, finding=finding)
    tick(note, 0, **{f"note-{note.pk}-finding": finding.pk})
    excerpt = note.excerpts.get()
    assert excerpt.finding == finding
    page = page_of("ilze", url(note))
    assert page.count("About the finding:") == 1
    browser_of("ilze").post(excerpt_url(excerpt, "excerpt-finding"), {"finding": ""})
    assert note.excerpts.get().finding is None
    sent = {"finding": finding.pk + 1}
    assert browser_of("ilze").post(excerpt_url(excerpt, "excerpt-finding"), sent).status_code == 404


def test_once_the_themes_are_public_the_text_is_only_read(running, note):
    excerpt = make_excerpt(note)
    put_in_state(running, State.SYNTHESISED)
    page = page_of("ilze", url(note))
    assert "Mark sentences" not in page
    assert "Mark as excerpt" not in page
    select(note, 0, 5)
    for name in ("remove-excerpt", "excerpt-finding"):
        answer = browser_of("ilze").post(excerpt_url(excerpt, name), {"finding": ""}, follow=True)
        assert "The themes are public" in answer.content.decode()
    browser_of("ilze").post(excerpt_url(excerpt), {"text_en": "Mine.", "text_lv": ""})
    kept = Excerpt.objects.get()
    assert (kept.quote, kept.words) == (None, SAID)
    assert "<textarea" not in page_of("ilze", excerpt_url(excerpt))


# Quotations


def test_a_quotation_starts_as_the_words_of_the_excerpt_and_is_cleared_in_several_languages(note):
    excerpt = make_excerpt(note, "Nobody told us why.")
    page = html.fromstring(page_of("ilze", excerpt_url(excerpt)))
    assert [each.text.strip() for each in page.xpath("//textarea[@name='text_en']")] == [
        "Nobody told us why."
    ]
    sent = {"text_en": "Nobody told us.", "text_lv": "Neviens neteica."}
    assert browser_of("ilze").post(excerpt_url(excerpt), sent).status_code == 302
    kept = Excerpt.objects.get()
    assert kept.quote == words("Nobody told us.", lv="Neviens neteica.")
    assert kept.cleared_by == make_person("ilze")
    assert "Neviens neteica." in page_of("ilze", excerpt_url(excerpt))
    assert "cleared as quotation" in page_of("ilze", url(note))
    browser_of("ilze").post(excerpt_url(excerpt, "take-quote-back"))
    assert Excerpt.objects.get().quote is None


def test_a_quotation_is_taken_back_also_once_the_themes_are_public(running, note):
    excerpt = make_excerpt(note)
    browser_of("ilze").post(excerpt_url(excerpt), {"text_en": "Nobody told us.", "text_lv": ""})
    put_in_state(running, State.SYNTHESISED)
    assert excerpt_url(excerpt, "take-quote-back") in page_of("ilze", excerpt_url(excerpt))
    browser_of("ilze").post(excerpt_url(excerpt, "take-quote-back"))
    kept = Excerpt.objects.get()
    assert (kept.quote, kept.cleared_by) == (None, None)
    assert excerpt_url(excerpt, "take-quote-back") not in page_of("ilze", excerpt_url(excerpt))


def test_what_was_said_in_another_language_is_quoted_in_it_and_in_the_first(running):
    excerpt = make_excerpt(make_note(make_session(running), "Ми чекали рік.", language="uk"))
    answer = browser_of("ilze").post(excerpt_url(excerpt), {"text_uk": "Ми чекали рік."})
    assert answer.status_code == 400
    assert "“Quotation, English” is empty." in answer.content.decode()
    sent = {"text_uk": "Ми чекали рік.", "text_en": "We waited a year."}
    browser_of("ilze").post(excerpt_url(excerpt), sent)
    quote = Excerpt.objects.get().quote
    assert (quote.source, dict(quote.texts)) == (
        "uk",
        {"uk": "Ми чекали рік.", "en": "We waited a year."},
    )


def test_what_looks_like_a_personal_detail_is_shown_before_it_is_cleared(note):
    excerpt = make_excerpt(make_note(note.held_in, "Call me: +371 26123456."))
    assert "This looks like a phone number:" in page_of("ilze", excerpt_url(excerpt))
    sent = {"text_en": "Call +371 26123456.", "text_lv": ""}
    answer = browser_of("ilze").post(excerpt_url(excerpt), sent)
    page = answer.content.decode()
    assert "Nothing was cleared yet." in page
    assert "Call +371 26123456.</textarea>" in page
    assert Excerpt.objects.get().quote is None
    browser_of("ilze").post(excerpt_url(excerpt), {**sent, "as-it-is": "1"})
    assert Excerpt.objects.get().quote == words("Call +371 26123456.")


# Removing


def test_an_excerpt_is_removed_and_leads_back_to_its_note(running, note):
    excerpt = make_excerpt(note)
    give_codes("ilze", excerpt, make_code(running, "waiting"))
    assert "1 person coded it." in page_of("ilze", excerpt_url(excerpt))
    answer = browser_of("ilze").post(excerpt_url(excerpt, "remove-excerpt"))
    assert answer["Location"] == f"{url(note)}#note-{note.pk}"
    assert not Excerpt.objects.exists()


def test_where_a_theme_rests_on_it_the_page_names_the_theme_and_it_stays(note):
    excerpt = make_excerpt(note)
    rest_theme_on(excerpt, "Waiting for a place")
    page = page_of("ilze", excerpt_url(excerpt))
    assert "Waiting for a place" in page
    assert excerpt_url(excerpt, "remove-excerpt") not in page
    answer = browser_of("ilze").post(excerpt_url(excerpt, "remove-excerpt"), follow=True)
    assert "It stays: a theme rests on it. “Waiting for a place”" in answer.content.decode()
    assert Excerpt.objects.exists()


# However much was said


def test_pages_of_many_notes_ask_as_often_as_those_of_few(running):
    give_to("piotr", running)
    counts = []
    for number in (4, 120):
        session = make_session(running, f"Of {number}")
        codes = [make_code(running, f"code-{number}-{place}") for place in range(4)]
        for place in range(number):
            note = make_note(session, speaker=f"P{place}", translations={"lv": "Latviski."})
            excerpt = make_excerpt(note, "Nobody told us why.")
            give_codes("piotr", excerpt, *codes[place % 4 :])
            if place % 2:
                give_codes("ilze", excerpt, *codes[place % 3 :])
        addresses = [
            url(note),
            excerpt_url(excerpt),
            excerpt_url(excerpt, "code-excerpt"),
            *(reverse(f"dialogue:{name}", args=[running.pk]) for name in PAGES_OF_ALL),
            running.get_absolute_url(),
        ]
        counts.append([count_queries(address) for address in addresses])
    few, many = counts
    assert few == many
    assert max(many) <= 28


PAGES_OF_ALL = ("codebook", "codebook-file", "coding", "agreement", "disagreements")


def count_queries(address):
    browser = browser_of("ilze")
    # The first visit of a day writes down that there was one.
    browser.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(address).status_code == 200
    return len(asked)


def test_the_second_page_of_notes_comes_back_to_itself(running):
    session = make_session(running)
    notes = [make_note(session, f"Number {place}.") for place in range(60)]
    address = f"{url(notes[-1])}?page=2"
    assert "Number 59." in page_of("ilze", address)
    assert "Number 59." not in page_of("ilze", url(notes[-1]))
    answer = browser_of("ilze").post(address, {"note": notes[-1].pk, "starts": 0, "ends": 6})
    assert answer["Location"] == f"{address}#note-{notes[-1].pk}"
    excerpt = notes[-1].excerpts.get()
    answer = browser_of("ilze").post(excerpt_url(excerpt, "remove-excerpt"))
    assert answer["Location"] == f"{address}#note-{notes[-1].pk}"
