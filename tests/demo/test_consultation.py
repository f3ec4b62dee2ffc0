"""The consultations of the demonstration: whole in their languages, and nobody's real words."""

import re
from collections import Counter
from datetime import timedelta

import numpy as np
import pytest
from django.db.models import Count
from django.utils import timezone

from tessera.apps.accounts.models import Person, token_hash
from tessera.apps.dialogue.access import consultations_kept_by, people_who_answer, statements_to_moderate
from tessera.apps.dialogue.asking import word_statement
from tessera.apps.dialogue.group_tables import read_group_tables
from tessera.apps.dialogue.landscapes import read_shown, read_votes
from tessera.apps.dialogue.lifecycle import State
from tessera.apps.dialogue.models import (
    LONGEST_STATEMENT,
    Appeal,
    Consultation,
    Declaration,
    Session,
    Statement,
    Vote,
)
from tessera.apps.dialogue.published_tables import read_published
from tessera.apps.network.models import Kind, Role
from tessera.demo.data import invented_consultations
from tessera.demo.dialogue import hold_consultations, invent_visitors
from tessera.engines.opinion.loops.choice import fastest
from tessera.engines.opinion.overview import groups_of_overview
from tessera.engines.opinion.stability import STABLE_FROM

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("network")]

LANGUAGES = ["lv", "en", "uk", "ar"]
LETTERS = {
    "lv": "[aābcčdeēfgģhiījkķlļmnņoprsštuūvzž]",
    "en": "[a-z]",
    "uk": "[абвгґдеєжзиіїйклмнопрстуфхцчшщьюя]",
    "ar": "[\u0621-\u0652]",
}


@pytest.fixture
def consultation():
    return Consultation.objects.get(city__slug="riga")


@pytest.fixture
def over():
    return Consultation.objects.get(city__slug="lublin")


def test_riga_asks_today_and_says_that_it_is_invented(consultation):
    today = timezone.localdate()

    assert (consultation.city.slug, consultation.state) == ("riga", State.OPEN)
    assert consultation.invented
    phase, later = consultation.all_phases
    assert phase == consultation.phase_on(today)
    assert phase.takes_votes
    assert phase.takes_statements
    assert later.starts_on == phase.ends_on + timedelta(days=1)
    assert later.takes_votes
    assert not later.takes_statements


def test_it_follows_up_the_review_that_stands(consultation):
    assert (consultation.review.city, consultation.review.year) == (consultation.city, 2023)
    asked = {area.key for area in consultation.review.framework.plain_areas()}
    areas = {item.area for item in consultation.brief.all()}
    assert len(areas) == 8
    assert areas <= asked


def test_andris_keeps_it_beside_ilze_and_piotr_keeps_that_of_lublin():
    people = {name: Person.objects.get(name=name) for name in ("Ilze", "Andris", "Piotr", "Chiara")}
    keeps = {
        name: consultations_kept_by(person, timezone.localdate()).count() for name, person in people.items()
    }

    assert keeps == {"Ilze": 1, "Andris": 1, "Piotr": 1, "Chiara": 1}
    assert Role.objects.get(person=people["Piotr"], kind=Kind.FACILITATOR).city.slug == "lublin"


def test_each_text_and_each_statement_of_the_city_is_there_in_all_four_languages(consultation):
    assert consultation.languages == LANGUAGES
    for text in (consultation.title, consultation.asked_by, consultation.what_follows, consultation.contact):
        assert set(text.texts) == set(LANGUAGES)
    seeds = consultation.statements.shown().filter(is_seeded=True)
    assert seeds.count() == 42
    for seed in seeds.prefetch_related("translations"):
        for language in LANGUAGES:
            worded = word_statement(seed, language)
            assert worded.language.code == language
            assert len(worded.text) <= LONGEST_STATEMENT
            assert worded.is_original == (language == "lv")


def test_no_statement_is_there_twice(consultation):
    texts = [*consultation.statements.values_list("text", flat=True)]
    texts += consultation.statements.values_list("translations__text", flat=True).exclude(translations=None)
    assert [text for text, times in Counter(texts).items() if times > 1] == []


def test_words_are_written_in_the_letters_of_their_language(consultation):
    written = [(each.language, each.text) for each in consultation.statements.all()]
    for statement in consultation.statements.prefetch_related("translations"):
        written += [(each.language, each.text) for each in statement.translations.all()]
    assert len(written) > 200
    without_address = [(language, re.sub(r"\S+@\S+", "", text).lower()) for language, text in written]
    strange = [
        (language, text)
        for language, text in without_address
        if any(letter.isalpha() and not re.fullmatch(LETTERS[language], letter) for letter in text)
    ]
    assert strange == []


def test_residents_said_25_things_of_which_six_wait_and_two_are_hidden_with_a_reason(consultation):
    said = consultation.statements.filter(is_seeded=False)

    assert Counter(said.values_list("state", flat=True)) == {"shown": 17, "pending": 6, "hidden": 2}
    assert sorted(said.exclude(hiding_reason="").values_list("hiding_reason", flat=True)) == [
        "off-topic",
        "personal",
    ]
    assert said.values("author").distinct().count() == 25
    assert set(said.values_list("language", flat=True)) == set(LANGUAGES)
    assert all(each.language == each.author.language for each in said.select_related("author"))
    put_into = [each.n for each in said.shown().annotate(n=Count("translations"))]
    assert {0, 3} <= set(put_into)


def test_what_waits_and_one_reported_statement_are_to_be_decided(consultation):
    queue = statements_to_moderate(consultation)

    assert Counter(queue.values_list("state", flat=True)) == {"pending": 6, "shown": 1}
    reported = queue.shown().get()
    assert [each.reason for each in reported.reports.all()] == ["hostile", "hostile"]
    assert set(reported.votes.filter(participant__reports__isnull=False).values_list("value", flat=True)) == {
        -1
    }
    assert set(consultation.moderations.values_list("by__name", flat=True)) == {"Andris"}


def test_600_people_voted_each_on_what_was_shown_and_no_more(consultation):
    people = consultation.participants.annotate(n=Count("votes"))
    shown = consultation.statements.shown().count()

    assert len(people) == 600
    assert all(1 <= person.n <= shown for person in people)
    counts = np.array([person.n for person in people])
    # Lognormal, as drawn from a median of 16: its mean is above, and few do most.
    assert 14 <= np.median(counts) <= 18
    assert counts.mean() > np.median(counts) + 3
    assert sum(counts > 45) > 30
    # On what is not shown, nobody votes but its author.
    others = Vote.objects.filter(statement__consultation=consultation).exclude(statement__state="shown")
    assert others.count() == 8
    assert all(vote.participant_id == vote.statement.author_id for vote in others)


def test_people_take_part_in_all_languages_most_in_latvian_and_some_by_a_link_of_their_own(consultation):
    languages = Counter(consultation.participants.values_list("language", flat=True))
    channels = Counter(consultation.participants.values_list("channel", flat=True))

    assert [language for language, _ in languages.most_common()] == ["lv", "uk", "en", "ar"]
    assert languages["ar"] >= 30
    assert 20 <= channels["own-link"] <= 60
    assert consultation.own_links.filter(is_used=True).count() == channels["own-link"]


def test_nobody_came_before_it_opened_or_will_come_tomorrow(consultation):
    days = set(consultation.participants.values_list("joined_on", flat=True))
    first = consultation.all_phases[0].starts_on

    assert (min(days), max(days)) == (first, timezone.localdate())
    assert first == timezone.localdate() - timedelta(days=17)


def test_three_groups_of_people_who_see_things_alike_can_be_found(consultation):
    """Without being told who was invented to see things how."""
    shown = read_shown(consultation).overview

    assert (shown.n_people, shown.withheld) == (600, ())
    assert len(shown.sizes) == 3
    assert min(shown.sizes) > 80
    assert shown.stability.median > STABLE_FROM
    about, *_ = invented_consultations()
    latent = {token_hash(each.entrance.code): each.group for each in invent_visitors(about, [])}
    codes = {str(each.pk): latent[each.code_hash] for each in consultation.participants.all()}
    found = groups_of_overview(read_votes(consultation), shown, loops=fastest())
    for number in shown.numbers:
        members = [name for name, near in found.items() if near == number]
        (_, most), *_ = Counter(codes[member] for member in members).most_common()
        assert most > 0.7 * len(members)


def test_that_of_lublin_is_over_and_its_figures_stand(over):
    shown = read_shown(over)

    assert (over.state, over.closing_reason) == (State.ANSWERED, "")
    assert over.closed_on == timezone.localdate() - timedelta(days=38)
    assert max(over.participants.values_list("joined_on", flat=True)) < over.closed_on
    assert shown.is_final
    assert (shown.overview.n_people, shown.overview.withheld) == (240, ())
    assert len(shown.overview.sizes) == 2
    assert Counter(over.statements.values_list("state", flat=True)) == {"shown": 19, "hidden": 1}


def test_each_text_of_lublin_is_there_in_its_three_languages(over):
    assert over.languages == ["pl", "en", "uk"]
    for text in (over.title, over.asked_by, over.what_follows, over.contact):
        assert set(text.texts) == {"pl", "en", "uk"}
    for statement in over.statements.shown().prefetch_related("translations"):
        assert {statement.language, *(each.language for each in statement.translations.all())} == {
            "pl",
            "en",
            "uk",
        }


def test_built_twice_they_are_the_same():
    before = _all_that_was_said_and_voted()
    Statement.objects.all().delete()
    Session.objects.all().delete()
    Consultation.objects.all().delete()

    hold_consultations(timezone.now())

    assert len(before[1]) > 12_000
    assert _all_that_was_said_and_voted() == before


def _all_that_was_said_and_voted():
    statements = Statement.objects.values_list("text", "state", "hiding_reason", "author__code_hash")
    votes = Vote.objects.values_list(
        "participant__code_hash", "participant__channel", "participant__joined_on", "statement__text", "value"
    )
    return sorted(statements, key=str), sorted(votes, key=str)


def test_both_ask_the_four_questions_that_come_with_tessera(consultation, over):
    for each in (consultation, over):
        assert [question.key for question in each.attributes.all()] == ["age", "gender", "years", "born"]


def test_residents_are_stated_in_lublin_as_invented_and_of_one_city(consultation, over):
    population = 340_000  # The approximate one of the city's facts, which have their source.
    for question in over.attributes.prefetch_related("values"):
        assert question.population_source == "Invented for the demonstration"
        assert question.population_on < timezone.localdate()
        assert sum(value.population for value in question.values.all()) == population
    assert set(consultation.attributes.values_list("values__population", flat=True)) == {None}


def test_most_say_something_about_themselves_and_some_leave_a_question_out(consultation, over):
    for each, people in ((consultation, 600), (over, 240)):
        said = Counter(Declaration.objects.filter(participant__consultation=each).values_list("participant"))
        assert 0.75 * people < len(said) < 0.95 * people
        assert {3, 4} <= set(said.values())


def test_nobody_votes_otherwise_because_they_are_asked_about_themselves():
    about = invented_consultations()[1]
    silent = {**about, "about_oneself": {}}

    asked, not_asked = invent_visitors(about, []), invent_visitors(silent, [])

    assert any(each.said for each in asked)
    assert not any(each.said for each in not_asked)
    assert [_of_the_votes(each) for each in asked] == [_of_the_votes(each) for each in not_asked]


def _of_the_votes(visitor):
    return visitor.entrance, visitor.group, visitor.day, visitor.votes, visitor.leaning, visitor.rng.random()


def test_the_running_one_has_one_publication_and_that_of_lublin_its_final_one(consultation, over):
    assert list(consultation.publications.values_list("is_final", "made_on")) == [
        (False, timezone.localdate())
    ]
    assert list(over.publications.values_list("is_final", flat=True)) == [True]
    assert consultation.group_tables.count() == 0
    assert read_group_tables(over, over.landscape.votes_digest) is not None


def test_in_lublin_those_are_missing_who_have_been_there_for_long(over):
    """Seven in ten of the city, and by how people were invented some four in ten of those who take part."""
    missing = {each.group.label.texts["en"] for _, each in read_published(over).missing()}

    assert "10 years or longer" in missing
    assert "Less than 2 years" not in missing


def test_an_appeal_waits_in_riga_for_somebody_else_than_who_hid_the_statement(consultation):
    waiting = Appeal.objects.get(moderation__consultation=consultation)

    assert (waiting.answered_on, waiting.participant) == (None, waiting.moderation.statement.author)
    assert waiting.made_on == timezone.localdate(waiting.moderation.at) + timedelta(days=1)
    assert waiting.language == waiting.participant.language
    assert [person.name for person in people_who_answer(waiting, timezone.localdate())] == ["Ilze"]


def test_one_was_answered_in_lublin_in_the_language_in_which_it_was_made(over):
    answered = Appeal.objects.get(moderation__consultation=over)

    assert (answered.answered_by.name, answered.moderation.is_granted) == ("Marta", False)
    assert answered.made_on < answered.answered_on < over.closed_on
    for words in (answered.words, answered.answer):
        assert re.search("[ąćęłńóśźż]", words)


def test_piotr_is_steward_in_lublin_and_can_take_the_votes_after_one_click(over, settings, client):
    settings.ROOT_URLCONF = "tests.demo.demo_urls"
    settings.SECOND_STEP_REQUIRED = False  # As in the demonstration.
    steward = over.stewardships.get()
    assert (steward.person.name, steward.named_by.name) == ("Piotr", "Marta")

    client.post("/en/demo/people/piotr/")
    taken = client.post(f"/en/desk/consultations/{over.pk}/votes/")

    assert (taken.status_code, taken["Content-Type"]) == (200, "application/zip")
