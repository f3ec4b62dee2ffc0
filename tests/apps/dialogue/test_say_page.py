"""Somebody says something of their own, on a phone that runs no script."""

import pytest
from django.utils import timezone
from tests.apps.dialogue.phone import Page, Phone
from tests.dialogues import SEEDS, hold_consultation, make_key
from tests.people import make_officer
from tests.web.hostile import HOSTILE, MARK, faults_of

from tessera.apps.dialogue.actions.moderation import translate_statement
from tessera.apps.dialogue.actions.taking_part import MOST_STATEMENTS
from tessera.apps.dialogue.lifecycle import StatementState
from tessera.apps.dialogue.models import Choice, Participant, Rule, Statement, Vote

pytestmark = pytest.mark.django_db

SAID = "Benches at the bus stops would help old people."
JSON = {"Accept": "application/json"}


@pytest.fixture
def consultation():
    return hold_consultation(languages=("en", "lv"))


@pytest.fixture
def phone(consultation):
    return Phone(consultation)


def own_words():
    return list(Statement.objects.filter(is_seeded=False).values_list("text", flat=True))


def written(page):
    [field] = page.find("//textarea")
    return field.text.strip()


def test_what_somebody_says_waits_until_a_person_read_it_and_they_are_told_so(phone):
    page = phone.write(f"  {SAID}\n")
    assert page.response.redirect_chain == [(phone.url("say", done=1), 303)]
    assert "A person reads your sentence first." in page.words
    statement = Statement.objects.get(text=SAID)
    assert (statement.state, statement.language) == (StatementState.PENDING, "en")
    [vote] = Vote.objects.all()
    assert (vote.statement, vote.value, vote.participant) == (statement, Choice.AGREE, statement.author)
    answers = phone.open("answers").words
    assert f"{SAID} It waits. A person reads it before it is shown." in answers


def test_a_statement_is_kept_in_the_language_of_its_page(consultation):
    Phone(consultation, "lv").write("Pieturās vajag soliņus veciem cilvēkiem.")
    assert Statement.objects.get(is_seeded=False).language == "lv"


def test_who_says_something_first_takes_part_from_then_on(phone):
    phone.write(SAID)
    phone.vote(1)
    assert Participant.objects.count() == 1
    assert len(phone.cookies) == 1


def test_a_form_that_is_sent_twice_brings_one_statement(phone):
    form = phone.open("say").form("/say/")
    for _ in range(2):
        phone.send(form, None, text=SAID)
    assert own_words() == [SAID]


@pytest.mark.parametrize(("text", "length"), [("", 0), ("  \n\x00 ", 0), ("ā" * 281, 281)])
def test_a_statement_that_is_empty_or_too_long_is_refused_and_what_was_typed_stays(phone, text, length):
    page = phone.write(text)
    assert page.status == 422
    assert f"Write at least one letter, and at most 280. Yours has {length}." in page.words
    [field] = page.find("//textarea")
    assert field.get("aria-invalid") == "true"
    if length:
        assert written(page) == text
    assert not own_words()
    assert not phone.cookies


def test_the_longest_statement_is_taken(phone):
    phone.write("ā" * 280)
    assert own_words() == ["ā" * 280]


@pytest.mark.parametrize(
    ("text", "warning", "found"),
    [
        ("Call me at +371 20 123 456 about it.", "a phone number:", "+371 20 123 456"),
        ("Write to amina@example.org about it.", "an e-mail address:", "amina@example.org"),
        ("The man in Brīvības iela 12 is loud.", "the place where somebody lives:", "Brīvības iela 12"),
        ("I met Mr Kalnins at the town hall again.", "somebody's name:", "Mr Kalnins"),
        ("The car AB-1234 stands on the pavement.", "the number of a car:", "AB-1234"),
        ("My number is 150385-12345, nobody asks.", "a personal number:", "150385-12345"),
        ("See www.example.org for what happened.", "an address on the internet:", "www.example.org"),
    ],
)
def test_what_looks_personal_is_named_before_anything_is_sent(phone, text, warning, found):
    page = phone.write(text)
    assert page.status == 200
    assert "Nothing was sent yet." in page.words
    assert f"This looks like {warning} {found}" in page.words
    assert written(page) == text
    assert not own_words()
    assert not phone.cookies


def test_it_can_be_sent_as_it_is(phone):
    text = "I met Mr Kalnins at the town hall again."
    page = phone.write(text)
    [button] = page.find("//button[@name='as-it-is']")
    phone.send(page.form("/say/"), None, **{button.get("name"): button.get("value")})
    assert own_words() == [text]


def test_it_is_taken_once_by_whoever_goes_back_to_the_form_and_sends_it_again(phone):
    """Because the answer never reached their phone."""
    form, text = phone.open("say").form("/say/"), "I met Mr Kalnins at the town hall again."
    for _ in range(2):
        warned = phone.send(form, None, text=text)
        phone.send(warned.form("/say/"), None, **{"as-it-is": "1"})
    assert own_words() == [text]


def test_it_can_be_changed_and_is_looked_at_again(phone):
    page = phone.write("I met Mr Kalnins at the town hall again.")
    page = phone.send(page.form("/say/"), None, text="I met Mrs Ozola there.")
    assert "Mrs Ozola" in page.words
    phone.send(page.form("/say/"), None, text="I met somebody kind there.")
    assert own_words() == ["I met somebody kind there."]


def test_statements_that_say_nearly_the_same_are_offered_to_vote_on(phone, consultation):
    text = SEEDS[0].replace("Newcomers", "People")
    page = phone.write(text)
    assert "Is it one of these?" in page.words
    page_of_it = phone.visit(page.links()[SEEDS[0]])
    phone.vote(1, page_of_it)
    assert list(Vote.objects.values_list("statement__text", "value")) == [(SEEDS[0], 1)]
    assert not own_words()
    # Or not.
    page = phone.write(text)
    phone.send(page.form("/say/"), None, **{"as-it-is": "1"})
    assert own_words() == [text]


def test_a_similar_one_is_found_in_the_language_that_one_reads(phone, consultation):
    officer = make_officer("ilze", consultation.city)
    statement = consultation.statements.first()
    texts = {"lv": "Iebraucēji atrod valodas kursus savā apkaimē."}
    translate_statement(by=officer, statement=statement, texts=texts, at=timezone.now())
    reader = Phone(consultation, "lv")
    text = "Iebraucējs neatrod valodas kursu savā apkaimē"
    assert texts["lv"] in reader.write(text).links()
    found = reader.client.post(reader.url("similar"), {"text": text}, headers=JSON)
    assert found.json() == {
        "similar": [
            {
                "id": statement.pk,
                "text": texts["lv"],
                "lang": "lv",
                "dir": "ltr",
                "url": reader.url("statement", about=statement.pk),
            }
        ]
    }


def test_what_is_typed_is_asked_for_by_no_address(phone):
    """Addresses stand in the logs of proxies."""
    assert phone.client.get(phone.url("similar"), {"text": SAID}).status_code == 405


def test_one_person_can_say_so_much_and_no_more(phone, consultation):
    for number in range(MOST_STATEMENTS):
        phone.write(f"{number} {SAID}", **{"as-it-is": "1"})
    page = phone.write("And one more thing.", **{"as-it-is": "1"})
    assert page.status == 409
    assert "You have said as much as one person can." in page.words
    assert "Copy it, if you want to keep it: And one more thing." in page.words
    assert len(own_words()) == MOST_STATEMENTS


def test_where_only_votes_are_taken_nothing_is_said():
    phone = Phone(hold_consultation(rule=Rule.VOTE))
    assert "No new sentences are taken now" in phone.open("say").words
    assert "Say something of your own" not in phone.open("statement").links()
    sent = {"text": SAID, "key": make_key(1), "as-it-is": "1"}
    late = Page(phone.client.post(phone.url("say"), sent))
    assert late.status == 409
    assert f"Copy it, if you want to keep it: {SAID}" in late.words
    assert phone.client.post(phone.url("similar"), {"text": SAID}, headers=JSON).status_code == 409
    assert not own_words()


def test_a_form_with_a_key_of_its_own_making_is_refused(phone):
    sent = {"text": SAID, "key": "mine"}
    assert phone.client.post(phone.url("say"), sent).status_code == 422
    assert not own_words()


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_words_harm_no_page_that_shows_them(phone, hostile):
    text = HOSTILE[hostile].encode("utf-8", "replace").decode()
    page = phone.write(text, **{"as-it-is": "1"})
    pages = [page, phone.open("answers")]
    assert page.status in (200, 422)
    assert [fault for each in pages for fault in faults_of(each.response.content.decode())] == []
    # It is kept, and shown to who wrote it, unless it is too long or nothing.
    assert (own_words() == []) == (page.status == 422)
    if own_words() and MARK in text:
        assert MARK in pages[-1].words
