"""Somebody saves what the city says to one question."""

from datetime import UTC, datetime

import pytest
from auditlog.models import LogEntry
from django.urls import reverse
from tests.builders import ANSWERED_AT, REVIEW, answer, make_city, make_review, make_sheet, open_area
from tests.people import make_officer, make_person

from tessera.apps.review.actions.filling import NotOpen, StaleAnswer, save_answer
from tessera.apps.review.forms.answers import LONGEST_TEXT, as_typed
from tessera.apps.review.lifecycle import State
from tessera.apps.review.models import Answer
from tessera.frameworks.answers import Answer as GivenAnswer
from tessera.frameworks.sheets.values import read_number

pytestmark = pytest.mark.django_db

LATER = datetime(2024, 2, 6, 10, tzinfo=UTC)


@pytest.fixture
def review():
    return make_review(make_city(), make_sheet(framework=REVIEW, version=2, answers={}), state=State.FILLING)


@pytest.fixture
def send(client, review):
    """Send the form of a question, as Ilze with her browser's own hands."""
    client.force_login(make_person("ilze"))

    def send(question, *, by_itself=False, **fields):
        area = review.framework.question(question).area
        address = reverse("review:question", args=[review.pk, area, question])
        headers = {"HX-Request": "true"} if by_itself else {}
        return client.post(address, {"revision": 0, **fields}, headers=headers)

    return send


def kept(review, question):
    return Answer.objects.get(review=review, question=question)


# What each type of question takes

TAKEN = [
    ("early-leaving-known", {"choice": "yes"}, "yes"),
    ("strategy", {"choice": "partly"}, "partly"),
    ("leaders-speak", {"choice": "rarely"}, "rarely"),
    ("school-mix", {"choice": "most"}, "most"),
    ("public-commitment", {"choice": "signed-statement"}, "signed-statement"),
    # In the order of the questionnaire, however they come.
    (
        "school-language-help",
        {"choice": ["homework-help", "extra-lessons"]},
        ["extra-lessons", "homework-help"],
    ),
    ("school-language-help", {"choice": ["none"]}, ["none"]),
    ("early-leaving-gap", {"number": "-2.5"}, -2.5),
    ("early-leaving-gap", {"number": " 12,5 percentage points"}, 12.5),
    ("encounter-reach", {"number": "1 000"}, 1000.0),
    ("attitude-survey", {"number": "3"}, 3.0),
    # Longer than any that the scale tells apart.
    ("attitude-survey", {"number": "40"}, 40.0),
    ("attitude-survey", {"choice": ["never"]}, "never"),
]


@pytest.mark.parametrize(("question", "fields", "value"), TAKEN)
def test_every_type_of_question_takes_its_answers(send, review, question, fields, value):
    assert send(question, **fields).status_code == 302

    saved = kept(review, question)
    assert (saved.value, saved.not_applicable, saved.revision) == (value, False, 1)
    assert saved.changed_by == make_person("ilze")


@pytest.mark.parametrize(
    ("question", "choice"),
    [("school-mix", "n/a"), ("library-offer", ["n/a"]), ("course-completion", ["n/a"])],
    ids=["one of several", "some of several", "number"],
)
def test_what_does_not_apply_is_saved_with_its_reason(send, review, question, choice):
    send(question, choice=choice, reason="Only one school.\r\nIt is small.")

    saved = kept(review, question)
    assert (saved.value, saved.not_applicable, saved.reason) == (None, True, "Only one school.\nIt is small.")


def test_the_reason_goes_once_the_question_applies_again(send, review):
    send("school-mix", choice="n/a", reason="Only one school.")
    send("school-mix", choice="all", reason="Only one school.", revision=1)

    saved = kept(review, "school-mix")
    assert (saved.value, saved.not_applicable, saved.reason) == ("all", False, "")


def test_a_note_is_kept_to_the_city_unless_it_may_be_published(send, review):
    send("strategy", choice="yes", note="In force since May.")
    assert not kept(review, "strategy").is_note_public
    send("strategy", choice="yes", note="In force since May.", is_note_public="on", revision=1)
    assert kept(review, "strategy").is_note_public


def test_an_answer_that_is_taken_back_leaves_its_note_and_a_revision(send, review):
    send("strategy", choice="yes", note="In force since May.")
    send("strategy", act="take-back", choice="yes", note="In force since May.", revision=1)

    saved = kept(review, "strategy")
    assert (saved.value, saved.note, saved.revision) == (None, "In force since May.", 2)


# What is refused

REFUSED = [
    ("strategy", {"choice": "perhaps"}, "Select a valid choice"),
    ("strategy", {"choice": "n/a", "reason": "So"}, "Select a valid choice"),
    ("school-mix", {"choice": "n/a"}, "Say why the question does not apply to the city."),
    ("school-mix", {"reason": "Only one school."}, "You gave a reason."),
    ("school-language-help", {"choice": ["none", "home-language"]}, "goes with no other answer"),
    ("library-offer", {"choice": ["books", "n/a"], "reason": "So"}, "goes with no other answer"),
    ("early-leaving-gap", {"number": "100.5"}, "Give a number from −100 to 100."),
    ("early-leaving-gap", {"number": "many"}, "Write the number like 1234 or 12.5."),
    ("early-leaving-gap", {"number": "1,234"}, "Write the number like 1234 or 12.5."),
    ("attitude-survey", {"number": "-1"}, "Give a number of years from 0 to 200."),
    ("attitude-survey", {"number": "9" * 30}, "Give a number of years from 0 to 200."),
    ("early-leaving-gap", {"number": "-0"}, "Give a number from −100 to 100."),
    ("attitude-survey", {"number": "2", "choice": ["never"]}, "Give a number or choose “Never”, not both."),
    ("course-completion", {"number": "5", "choice": ["n/a"], "reason": "So"}, "not both"),
]


@pytest.mark.parametrize(("question", "fields", "sentence"), REFUSED)
def test_what_is_no_answer_is_refused_in_words_and_nothing_typed_is_lost(
    send, review, question, fields, sentence
):
    page = send(question, note="What I typed", **fields)

    assert page.status_code == 400
    text = page.content.decode()
    assert "There is a problem" in text
    # On top, and at the field.
    assert text.count(sentence) >= 2
    assert "What I typed</textarea>" in text
    assert not Answer.objects.filter(review=review).exists()


@pytest.mark.parametrize(("question", "fields", "sentence"), REFUSED)
def test_a_form_that_saves_itself_is_told_what_it_waits_for(send, review, question, fields, sentence):
    part = send(question, by_itself=True, **fields)

    assert part.status_code == 422
    words = part.content.decode()
    assert words.startswith("Not saved yet.")
    assert sentence in words
    assert "<form" not in words
    assert not Answer.objects.filter(review=review).exists()


HOSTILE_TEXTS = [
    "\0",
    "a\0b",
    "\x1b[31m",
    "\x07",
    "\x7f",
    "\x9b",
    "x" * (LONGEST_TEXT + 1),
    "\N{GRINNING FACE}" * (LONGEST_TEXT + 1),
    "x" * 1_000_000,
    "\x01" * 10,
    # They are no signs: no spreadsheet and no drawing could be made of them.
    "\ufffe",
    "\uffff",
]


@pytest.mark.parametrize("name", ["note", "reason"])
@pytest.mark.parametrize("words", HOSTILE_TEXTS, ids=range(len(HOSTILE_TEXTS)))
def test_a_text_that_cannot_be_kept_is_refused_in_words(send, review, name, words):
    page = send("school-mix", **{"choice": "n/a", "reason": "So", name: words})

    assert page.status_code == 400
    sentence = "too long" if set(words) <= {"x", "\N{GRINNING FACE}"} else "holds a sign that cannot be kept"
    assert sentence in page.content.decode()
    assert not Answer.objects.filter(review=review).exists()


KEPT_TEXTS = [
    "<script>alert(1)</script>",
    "{{ 7|add:7 }}{% now 'Y' %}",
    '=HYPERLINK("https://example.org")',
    "Robert'); DROP TABLE review_answer;--",
    "\u202eright to left\u202c",
    "\N{GRINNING FACE}" * LONGEST_TEXT,
    "a\tb\nc",
    "%(label)s %s {0}",
    "\ufeff",
    "Ā" * 100,
]


@pytest.mark.parametrize("words", KEPT_TEXTS, ids=range(len(KEPT_TEXTS)))
def test_a_strange_text_is_kept_as_it_is_and_shown_as_text(client, send, review, words):
    assert send("strategy", choice="yes", note=words).status_code == 302

    assert kept(review, "strategy").note == words
    page = client.get(reverse("review:question", args=[review.pk, "commitment", "strategy"]))
    assert page.status_code == 200
    assert b"<script>alert" not in page.content


@pytest.mark.parametrize("ends", ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_every_end_of_a_line_is_kept_as_one_kind(send, review, ends):
    send("strategy", choice="yes", note=f"one{ends}two")
    assert kept(review, "strategy").note == "one\ntwo"


HOSTILE_NUMBERS = ["nan", "inf", "-inf", "1e400", "1_000", "0x10", "9" * 400, "١٢٣", "1\0", "--1", "1/2", "½"]


@pytest.mark.parametrize("number", HOSTILE_NUMBERS)
def test_a_strange_number_is_no_server_error_and_never_saved(send, review, number):
    page = send("encounter-reach", number=number)

    # Digits of another script are a number that is out of no range.
    if number == "١٢٣":
        assert kept(review, "encounter-reach").value == 123.0
    else:
        assert page.status_code == 400
        assert not Answer.objects.filter(review=review).exists()


@pytest.mark.parametrize(
    "choice", ["", "\0", "n/a\0", "N/A", "yes ", "<b>", "None", "0", "ā" * 9000, "partly,no"]
)
def test_a_strange_choice_is_no_server_error_and_never_saved(send, review, choice):
    page = send("strategy", choice=choice)

    # No choice at all is an answer that waits.
    assert page.status_code == (400 if choice else 302)
    assert not Answer.objects.filter(review=review).exists()


@pytest.mark.parametrize("revision", ["", "x", "\0", "1.5", "1e3", "9" * 5000, "-", "null", "[]", "ā"])
def test_a_strange_revision_is_no_server_error_and_never_saved(send, review, revision):
    assert send("strategy", choice="yes", revision=revision).status_code == 400
    assert not Answer.objects.filter(review=review).exists()


def test_bytes_that_are_no_text_are_refused_or_replaced(client, review):
    client.force_login(make_person("ilze"))
    address = reverse("review:question", args=[review.pk, "commitment", "strategy"])
    # A lone surrogate and half a letter, as UTF-8 would have them.
    page = client.post(
        address,
        b"revision=0&choice=yes&note=a%ED%A0%80b%C3",
        content_type="application/x-www-form-urlencoded",
    )

    assert page.status_code == 302
    assert kept(review, "strategy").note == "a\ufffd\ufffd\ufffdb\ufffd"


def test_the_number_next_to_zero_is_taken_as_its_page_shows_it(send, review):
    assert send("attitude-survey", number=as_typed(5e-324, "en")).status_code == 302
    assert kept(review, "attitude-survey").value == 5e-324


@pytest.mark.parametrize("language", ["en", "lv"])
def test_a_number_that_is_kept_is_read_from_the_form_as_the_same_number(language):
    for thousandths in range(-100_000, 100_000, 7):
        number = thousandths / 1000
        assert read_number(as_typed(number, language), []) == number
    for number in (1e-7, 1 / 3, 123456789.123, 1e15):
        assert read_number(as_typed(number, language), []) == number


# Revisions


def test_invariant_4_saving_one_answer_never_touches_another(send, review):
    questions = [question.key for question in review.framework.questions()]
    for question in questions:
        answer(review, question, GivenAnswer(note=f"About {question}"))
    before = {row["question"]: row for row in Answer.objects.values()}
    assert len(before) == len(questions) > 80

    send("strategy", choice="yes", note="New", revision=1)

    after = {row["question"]: row for row in Answer.objects.values()}
    assert {key for key in after if after[key] != before.get(key)} == {"strategy"}
    assert after.keys() == before.keys()
    assert after["strategy"]["note"] == "New"


def test_invariant_4_a_stale_save_is_refused_and_both_texts_are_shown(send, review):
    chiara = make_officer("chiara", review.city)
    answer(review, "strategy", GivenAnswer("no", note="Nothing yet"), person=chiara, at=ANSWERED_AT)

    page = send("strategy", choice="yes", note="In force", revision=0)

    assert page.status_code == 409
    text = page.content.decode()
    assert "Chiara has saved another answer meanwhile." in text
    assert "Note, for the city and its experts: In force" in text
    assert "Note, for the city and its experts: Nothing yet" in text
    # Nothing beside the form says that it was saved.
    assert "Last changed by" not in text
    # What was typed stays in the form, with the revision that it was based on.
    assert "In force</textarea>" in text
    assert '<input type="hidden" name="revision" value="0" id="id_revision">' in text
    assert kept(review, "strategy").note == "Nothing yet"


def test_whoever_keeps_what_they_wrote_saves_it_on_top_of_what_they_were_shown(send, review):
    answer(review, "strategy", GivenAnswer("no"), person=make_officer("chiara", review.city))

    assert send("strategy", choice="yes", keep="mine", newer=1, revision=0).status_code == 302
    saved = kept(review, "strategy")
    assert (saved.value, saved.revision, saved.changed_by) == ("yes", 2, make_person("ilze"))


def test_whoever_keeps_what_was_saved_changes_nothing(send, review):
    answer(review, "strategy", GivenAnswer("no"), person=make_officer("chiara", review.city))

    page = send("strategy", choice="yes", keep="theirs", newer=1, revision=0)
    assert page["Location"] == reverse("review:question", args=[review.pk, "commitment", "strategy"])
    assert kept(review, "strategy").value == "no"


def test_a_third_save_meanwhile_is_shown_before_anything_is_overwritten(send, review):
    chiara = make_officer("chiara", review.city)
    answer(review, "strategy", GivenAnswer("no"), person=chiara)
    answer(review, "strategy", GivenAnswer("partly"), person=chiara, revision=1)

    page = send("strategy", choice="yes", keep="mine", newer=1, revision=0)
    assert page.status_code == 409
    assert 'name="newer" value="2"' in page.content.decode()
    assert kept(review, "strategy").value == "partly"


def test_the_plain_button_keeps_the_revision_of_the_page_even_beside_a_conflict(send, review):
    answer(review, "strategy", GivenAnswer("no"), person=make_officer("chiara", review.city))

    assert send("strategy", choice="yes", act="next", newer=1, revision=0).status_code == 409
    assert kept(review, "strategy").value == "no"


def test_sending_a_form_twice_is_harmless(send, review):
    first = send("strategy", choice="yes", note="In force")
    entries = LogEntry.objects.count()
    again = send("strategy", choice="yes", note="In force")

    assert first.status_code == again.status_code == 302
    assert kept(review, "strategy").revision == 1
    assert LogEntry.objects.count() == entries


def test_a_form_that_saves_itself_gets_the_time_the_revision_and_what_else_changed(send, review):
    part = send("strategy", by_itself=True, choice="no")

    assert part.status_code == 200
    text = part.content.decode()
    assert text.startswith("Saved ")
    assert 'name="revision" id="id_revision" value="1" hx-swap-oob="true"' in text
    assert "Last changed by Ilze." in text
    assert "Take the answer back" in text
    # No strategy, no plan for it: the list beside says so at once.
    assert text.count("Hidden by an earlier answer") == 2
    assert "<html" not in text


def test_a_form_that_saves_itself_is_shown_what_somebody_else_saved(send, review):
    answer(review, "strategy", GivenAnswer("no"), person=make_officer("chiara", review.city))

    part = send("strategy", by_itself=True, choice="yes")
    assert part.status_code == 409
    text = part.content.decode()
    assert 'name="newer" value="1"' in text
    assert 'name="keep" value="mine"' in text
    assert 'id="id_revision"' not in text
    assert "<html" not in text


@pytest.mark.parametrize("by_itself", [False, True])
def test_once_the_answers_are_sent_nothing_is_saved_and_what_was_typed_is_shown(client, by_itself):
    review = make_review(make_city(), make_sheet([50.0] * 8), state=State.SUBMITTED)
    client.force_login(make_person("ilze"))
    page = client.post(
        reverse("review:question", args=[review.pk, "education", "education-score"]),
        {"revision": 1, "number": "70", "note": "What I typed"},
        headers={"HX-Request": "true"} if by_itself else {},
    )

    assert page.status_code == 409
    assert "Not saved: the answers were sent meanwhile" in page.content.decode()
    assert "70 points" in page.content.decode()
    assert "What I typed" in page.content.decode()
    assert kept(review, "education-score").value == 50.0
    assert ("<html" in page.content.decode()) is not by_itself


def test_the_action_says_why_it_saves_nothing(review):
    answer(review, "strategy", GivenAnswer("no"))
    with pytest.raises(StaleAnswer) as stale:
        answer(review, "strategy", GivenAnswer("yes"), at=LATER)
    assert stale.value.standing == kept(review, "strategy")
    with pytest.raises(KeyError):
        save_answer(
            place=open_area(review, "language", make_person("ilze")),
            question="strategy",
            given=GivenAnswer("yes"),
            is_note_public=False,
            revision=1,
            at=LATER,
        )
    with pytest.raises(ValueError, match="not one of its options"):
        answer(review, "strategy", GivenAnswer("perhaps"), revision=1)
    review.state, review.submitted_at = State.SUBMITTED, LATER
    review.save()
    with pytest.raises(NotOpen):
        answer(review, "strategy", GivenAnswer("yes"), revision=1)
