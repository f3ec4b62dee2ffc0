"""Excerpts are coded by two or more, each for oneself, and what they give is compared."""

import csv
import io
from math import isnan

import pytest
from django.urls import reverse
from tests.apps.dialogue.sessions_and_notes import (
    give_codes,
    make_code,
    make_excerpt,
    make_note,
    make_session,
)
from tests.apps.dialogue.staff import browser_of, give_to, make_running, page_of
from tests.builders import make_city
from tests.dialogues import OPENED_AT, put_in_state
from tests.oracles.krippendorff import (
    FOUR_OBSERVERS,
    TWO_OBSERVERS_BINARY,
    TWO_OBSERVERS_BINARY_ALPHA,
    TWO_OBSERVERS_NOMINAL,
)
from tests.people import make_officer, make_person

from tessera.apps.dialogue.access.in_the_room import codings_shown_to, excerpts_to_code
from tessera.apps.dialogue.actions.coding import NotOfTheCodebook, code_excerpt
from tessera.apps.dialogue.coding_agreement import Agreement, Verdict, read_agreement
from tessera.apps.dialogue.lifecycle import State
from tessera.apps.dialogue.models import Coding

pytestmark = pytest.mark.django_db

CODERS = ("ilze", "piotr", "andris", "nuria")


@pytest.fixture
def running():
    running = make_running(make_city("riga"), languages=("en", "lv"))
    give_to("piotr", running)
    return running


@pytest.fixture
def session(running):
    return make_session(running)


def url(running, name="coding"):
    return reverse(f"dialogue:{name}", args=[running.pk])


def send(who, excerpt, *codes, **others):
    address = reverse("dialogue:code-excerpt", args=[excerpt.pk])
    return browser_of(who).post(address, {"codes": [code.pk for code in codes], **others})


def given(excerpt, who):
    coding = Coding.objects.get(excerpt=excerpt, coder=make_person(who))
    return [code.key for code in coding.codes.all()]


# Coding


def test_the_next_excerpt_is_one_that_i_have_not_coded(running, session):
    first, second = (make_excerpt(make_note(session, text)) for text in ("One thing.", "Another thing."))
    code = make_code(running, "waiting")
    assert "One thing." in page_of("ilze", url(running))
    assert send("ilze", first, code)["Location"] == f"{url(running)}#next"
    assert list(excerpts_to_code(make_person("ilze"), running)) == [second]
    page = page_of("ilze", url(running))
    assert "You have coded 1 of 2 excerpts." in page
    assert reverse("dialogue:code-excerpt", args=[second.pk]) in page
    send("ilze", second, none_fits="on")
    assert "You have coded all excerpts." in page_of("ilze", url(running))
    assert (given(first, "ilze"), given(second, "ilze")) == (["waiting"], [])
    # Piotr begins anew.
    assert list(excerpts_to_code(make_person("piotr"), running)) == [first, second]


def test_the_original_and_its_translations_are_there(running, session):
    note = make_note(session, "Mēs gaidījām gadu.", language="lv", translations={"en": "We waited a year."})
    make_excerpt(note)
    make_code(running, "waiting")
    page = page_of("ilze", url(running))
    assert '<blockquote class="t-statement" lang="lv" dir="ltr">Mēs gaidījām gadu.' in page
    assert "We waited a year." in page


def test_i_can_change_how_i_coded_and_nothing_of_others_changes(running, session):
    excerpt = make_excerpt(make_note(session))
    waiting, school = make_code(running, "waiting"), make_code(running, "school")
    give_codes("piotr", excerpt, waiting)
    send("ilze", excerpt, waiting)
    send("ilze", excerpt, school, waiting)
    send("ilze", excerpt, school)
    assert (given(excerpt, "ilze"), given(excerpt, "piotr")) == (["school"], ["waiting"])
    assert Coding.objects.count() == 2


@pytest.mark.parametrize("sent", [{}, {"none_fits": "on", "codes": True}])
def test_nothing_ticked_is_no_answer_and_codes_beside_none_contradict(running, session, sent):
    excerpt = make_excerpt(make_note(session))
    codes = [make_code(running, "waiting")] if sent.pop("codes", False) else []
    answer = send("ilze", excerpt, *codes, **sent)
    assert answer.status_code == 400
    assert "Tick the codes that fit, or that none does." in answer.content.decode()
    assert not Coding.objects.exists()


def test_only_codes_of_the_consultation_are_given(running, session):
    excerpt = make_excerpt(make_note(session))
    code = make_code(make_running(make_city("ravenna"), slug="elsewhere"), "waiting")
    assert send("ilze", excerpt, code).status_code == 400
    with pytest.raises(NotOfTheCodebook):
        code_excerpt(by=make_person("ilze"), excerpt=excerpt, codes=[code], at=OPENED_AT)


def test_what_others_gave_is_shown_only_after_one_has_coded_the_same(running, session):
    """Neither on a page of coding, nor in a file, nor at the door."""
    coded, other = (make_excerpt(make_note(session, text)) for text in ("One thing.", "Another thing."))
    secret, mine = make_code(running, "secret"), make_code(running, "mine")
    for excerpt in (coded, other):
        give_codes("piotr", excerpt, secret)
    ilze = make_person("ilze")
    assert not codings_shown_to(ilze, coded)
    for address in (url(running), reverse("dialogue:code-excerpt", args=[coded.pk])):
        assert "<bdi>Piotr</bdi>" not in page_of("ilze", address)
    give_codes("ilze", coded, mine)
    assert [each.coder for each in codings_shown_to(ilze, coded)] == [make_person("piotr"), ilze]
    assert not codings_shown_to(ilze, other)
    for address in (url(running), reverse("dialogue:code-excerpt", args=[coded.pk])):
        page = page_of("ilze", address)
        assert page.count("<bdi>Piotr</bdi>") == page.count("<bdi>Secret</bdi>") == 1
    assert "<bdi>Piotr</bdi>" not in page_of("ilze", reverse("dialogue:code-excerpt", args=[other.pk]))


def test_once_the_themes_are_public_nobody_codes(running, session):
    excerpt = make_excerpt(make_note(session))
    code = make_code(running, "waiting")
    put_in_state(running, State.ANSWERED)
    assert "The themes are public" in page_of("ilze", url(running))
    send("ilze", excerpt, code)
    assert not Coding.objects.exists()


# Agreement, by the engine's figures from rows of the database


def code_as(running, session, table, names):
    """Excerpts as many as columns; each row is what one person says, a code for each number from 1."""
    codes = [make_code(running, name) for name in names]
    for place in range(len(table[0])):
        excerpt = make_excerpt(make_note(session, f"Number {place}."))
        for key, row in zip(CODERS, table, strict=False):
            if not isnan(row[place]):
                give_codes(key, excerpt, *([codes[int(row[place]) - 1]] if row[place] else []))
    return read_agreement(running)


def test_two_who_code_with_one_code_agree_as_is_printed(running, session):
    found = code_as(running, session, TWO_OBSERVERS_BINARY, ["a"])
    [(_, of_a)] = found.by_code
    assert of_a.alpha == found.overall.alpha == pytest.approx(TWO_OBSERVERS_BINARY_ALPHA, abs=5e-4)
    assert (of_a.decisions, of_a.same, found.excerpts) == (10, 6, 10)
    assert [str(person) for person in found.coders] == ["Ilze", "Piotr"]
    assert of_a.verdict is Verdict.UNRELIABLE


OF_TWO = {"a": 0.425, "b": 0.574074, "c": 1.0, "d": 0.574074, "e": 1.0, "all": 0.690104}
OF_FOUR = {"a": 0.720430, "b": 0.666667, "c": 0.74, "d": 0.777143, "e": 1.0, "all": 0.75125}
"""By the PyPI package krippendorff 0.9.0, alpha(level_of_measurement="nominal"), from the same tables made
binary: 1 where the number is that of the code. From the tables as they are it finds the printed 0.692, 0.743.

"a" of the two by hand: Ben gives it to three items and Gerry to one of them, so 4 of 24 decisions are 1, and
two items are not alike: 1 - (24 - 1) * 2 / (4 * 20) = 0.425.
"""


@pytest.mark.parametrize(
    ("table", "expected", "excerpts"), [(TWO_OBSERVERS_NOMINAL, OF_TWO, 12), (FOUR_OBSERVERS, OF_FOUR, 11)]
)
def test_each_code_and_all_together_agree_as_another_program_finds(
    running, session, table, expected, excerpts
):
    found = code_as(running, session, table, "abcde")
    assert {code.key: each.alpha for code, each in found.by_code} | {"all": found.overall.alpha} == {
        key: pytest.approx(value, abs=1e-6) for key, value in expected.items()
    }
    assert found.excerpts == excerpts
    assert found.overall.decisions == 5 * excerpts


@pytest.mark.parametrize(
    ("alpha", "verdict"),
    [
        (1.0, Verdict.RELIABLE),
        (0.8, Verdict.RELIABLE),
        (0.799, Verdict.TENTATIVE),
        (0.667, Verdict.TENTATIVE),
        (0.666, Verdict.UNRELIABLE),
        (-0.2, Verdict.UNRELIABLE),
        (None, Verdict.NOT_ENOUGH),
    ],
)
def test_what_an_alpha_lets_one_conclude(alpha, verdict):
    assert Agreement(10, 5, alpha).verdict is verdict


@pytest.mark.parametrize("table", [(), ((1, 0),), ((1, float("nan")), (float("nan"), 1)), ((1, 1), (1, 1))])
def test_without_two_who_code_the_same_or_without_variation_there_is_no_alpha(running, session, table):
    found = code_as(running, session, table or ((),), ["a"])
    assert found.overall.alpha is None
    assert [each.verdict for _, each in found.by_code] == [Verdict.NOT_ENOUGH]
    assert browser_of("ilze").get(url(running, "agreement")).status_code == 200


def test_an_empty_codebook_is_no_fault(running, session):
    give_codes("ilze", make_excerpt(make_note(session)))
    assert read_agreement(running).overall == Agreement(0, 0, None)


def test_the_page_says_in_words_what_the_figures_mean(running, session):
    code_as(running, session, TWO_OBSERVERS_NOMINAL, "abcde")
    page = page_of("piotr", url(running, "agreement"))
    assert "Krippendorff's alpha over all codes: 0.690" in page.replace("&#x27;", "'")
    assert "12 excerpts were coded by two people or more. Who codes: Ilze, Piotr." in page
    # b and d are below, a is far below; c and e agree wholly.
    tags = [
        page.count(f">{word}</span>")
        for word in ("reliable", "for tentative conclusions", "do not rely on it")
    ]
    assert tags == [2, 1, 3]


def test_disagreements_are_those_of_excerpts_that_one_has_coded_oneself(running, session):
    both, others = (make_excerpt(make_note(session, text)) for text in ("=One.", "Another."))
    a, b = make_code(running, "a"), make_code(running, "b")
    give_codes("ilze", both, a, b)
    give_codes("piotr", both, b)
    make_officer("andris", running.city)
    give_codes("piotr", others, a)
    give_codes("andris", others)
    answer = browser_of("ilze").get(url(running, "disagreements"))
    assert "no-store" in answer["Cache-Control"]
    assert list(csv.reader(io.StringIO(answer.content.decode()))) == [
        ["excerpt", "session", "day", "words", "language", "code", "given_by", "not_given_by"],
        [str(both.pk), "An evening in the library", "2026-11-09", "'=One.", "en", "a", "Ilze", "Piotr"],
    ]
    of_andris = browser_of("andris").get(url(running, "disagreements")).content.decode()
    assert [row[:1] + row[-2:] for row in csv.reader(io.StringIO(of_andris))][1:] == [
        [str(others.pk), "Piotr", "Andris"]
    ]
