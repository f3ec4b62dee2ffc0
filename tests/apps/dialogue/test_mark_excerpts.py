"""Staff mark what says something in what was said at a session."""

import pytest
from auditlog.models import LogEntry
from tests.apps.dialogue.sessions_and_notes import (
    SAID,
    give_codes,
    make_code,
    make_excerpt,
    make_note,
    make_session,
    rest_theme_on,
)
from tests.builders import make_city, make_finding, make_review
from tests.dialogues import OPENED_AT, make_consultation, words
from tests.people import make_officer

from tessera.apps.dialogue.actions.coding import (
    MarkedAlready,
    NotOfTheBrief,
    ThemesRestOnIt,
    WrongPassage,
    clear_quote,
    mark_excerpt,
    remove_excerpt,
    set_finding,
    take_quote_back,
)
from tessera.apps.dialogue.models import BriefItem, Coding, Excerpt

pytestmark = pytest.mark.django_db


@pytest.fixture
def consultation():
    return make_consultation(make_city())


@pytest.fixture
def ilze(consultation):
    return make_officer("ilze", consultation.city)


@pytest.fixture
def note(consultation, ilze):
    return make_note(make_session(consultation))


def mark(ilze, note, starts, ends, finding=None):
    return mark_excerpt(by=ilze, note=note, starts=starts, ends=ends, finding=finding, at=OPENED_AT)


def test_an_excerpt_is_the_words_from_one_letter_until_before_another(ilze, note):
    excerpt = mark(ilze, note, 0, 36)
    assert excerpt.words == "My son waited a year for a place. No"
    assert excerpt.marked_by == ilze


def test_space_around_the_words_falls_off(ilze, note):
    assert mark(ilze, note, 33, 54).words == "Nobody told us why."
    assert (Excerpt.objects.get().starts, Excerpt.objects.get().ends) == (34, 53)


def test_letters_are_counted_as_people_count_them(ilze, note):
    said = make_note(note.held_in, "🙂 Paldies, 𝒶runā!")
    assert mark(ilze, said, 2, 9).words == "Paldies"


def test_two_may_overlap_and_the_same_words_are_not_marked_twice(ilze, note):
    mark(ilze, note, 0, 53)
    mark(ilze, note, 34, len(SAID))
    with pytest.raises(MarkedAlready):
        mark(ilze, note, 33, len(SAID))
    assert Excerpt.objects.count() == 2


@pytest.mark.parametrize("passage", [(-3, 5), (5, 5), (9, 3), (0, len(SAID) + 1), (33, 34)])
def test_where_there_are_no_words_nothing_is_marked(ilze, note, passage):
    with pytest.raises(WrongPassage):
        mark(ilze, note, *passage)
    assert not Excerpt.objects.exists()


def test_an_excerpt_is_about_a_finding_of_the_brief_or_about_none(consultation, ilze, note):
    finding, other = (make_finding(make_review(make_city(slug)), "A gap.") for slug in ("graz", "lublin"))
    BriefItem.objects.create(consultation=consultation, finding=finding)
    excerpt = mark(ilze, note, 0, 10, finding)
    assert excerpt.finding == finding
    set_finding(by=ilze, excerpt=excerpt, finding=None, at=OPENED_AT)
    assert Excerpt.objects.get().finding is None
    with pytest.raises(NotOfTheBrief):
        set_finding(by=ilze, excerpt=excerpt, finding=other, at=OPENED_AT)
    with pytest.raises(NotOfTheBrief):
        mark(ilze, note, 0, 20, other)


def test_an_excerpt_goes_with_its_codings_and_the_note_stays(consultation, ilze, note):
    excerpt = make_excerpt(note)
    give_codes("ilze", excerpt, make_code(consultation, "waiting"))
    remove_excerpt(by=ilze, excerpt=excerpt, at=OPENED_AT)
    assert not Coding.objects.exists()
    assert type(note).objects.get().text == SAID


def test_an_excerpt_on_which_a_theme_rests_stays_and_says_on_which(ilze, note):
    excerpt = make_excerpt(note)
    theme = rest_theme_on(excerpt)
    with pytest.raises(ThemesRestOnIt) as caught:
        remove_excerpt(by=ilze, excerpt=excerpt, at=OPENED_AT)
    assert caught.value.themes == [theme]
    theme.delete()
    remove_excerpt(by=ilze, excerpt=excerpt, at=OPENED_AT)
    assert not Excerpt.objects.exists()


def test_a_quotation_is_cleared_in_words_of_its_own_and_can_be_taken_back(ilze, note):
    excerpt = make_excerpt(note)
    quote = words("We waited a year.", lv="Gaidījām gadu.")
    clear_quote(by=ilze, excerpt=excerpt, quote=quote, at=OPENED_AT)
    kept = Excerpt.objects.get()
    assert (kept.quote, kept.cleared_by, kept.words) == (quote, ilze, SAID)
    take_quote_back(by=ilze, excerpt=excerpt, at=OPENED_AT)
    kept = Excerpt.objects.get()
    assert (kept.quote, kept.cleared_by) == (None, None)


def test_the_trail_says_that_a_quotation_was_cleared_and_not_in_which_words(ilze, note):
    excerpt = mark(ilze, note, 0, 33)
    clear_quote(by=ilze, excerpt=excerpt, quote=words("Unmistakable words."), at=OPENED_AT)
    take_quote_back(by=ilze, excerpt=excerpt, at=OPENED_AT)
    remove_excerpt(by=ilze, excerpt=excerpt, at=OPENED_AT)
    kept = list(LogEntry.objects.get_for_model(Excerpt).values())
    assert "Unmistakable" not in str(kept)
    assert [sorted(each["changes"]) for each in kept].count(["cleared_by"]) == 2
