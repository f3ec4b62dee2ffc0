"""What the consultations of the demonstration come to: meetings, codings, themes, a panel, and answers."""

from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from tessera.apps.accounts.models import Person
from tessera.apps.dialogue.coding_agreement import read_agreement
from tessera.apps.dialogue.lifecycle import PanelState, State
from tessera.apps.dialogue.models import Consultation, Excerpt, Note, Theme
from tessera.apps.dialogue.panel_results import read_public_results
from tessera.apps.dialogue.session_list import count_round_tables
from tessera.apps.dialogue.what_became import undisposed
from tessera.engines.portfolio.delphi import Verdict
from tessera.web.read_thread import read_thread

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("network")]


@pytest.fixture
def lublin():
    return Consultation.objects.get(city__slug="lublin")


@pytest.fixture
def ravenna():
    return Consultation.objects.get(city__slug="ravenna")


@pytest.fixture
def quintaria():
    return Consultation.objects.get(city__slug="quintaria")


def test_there_is_one_that_is_prepared_one_that_is_open_and_two_that_are_answered():
    states = Counter(Consultation.objects.values_list("state", flat=True))

    assert states == {State.DRAFT: 1, State.OPEN: 1, State.ANSWERED: 2}
    assert all(Consultation.objects.values_list("invented", flat=True))


def test_lublin_decided_about_every_theme_and_all_that_people_said_outside_them(lublin):
    assert not undisposed(lublin)
    decided = lublin.dispositions.select_related("theme", "statement")
    assert Counter(each.outcome for each in decided if each.theme) == {
        "adopted": 2,
        "partly": 1,
        "not-adopted": 1,
    }
    outside = sorted(each.statement.text for each in decided if each.statement)
    assert outside == [
        "A list of dentists who speak English or Ukrainian would help.",
        "Черга до уповноваженої особи в банку довша, ніж у мерії.",
    ]


def test_the_days_follow_each_other(lublin, quintaria):
    for each in (lublin, quintaria):
        days = [
            each.all_phases[0].starts_on,
            each.closed_on,
            each.synthesised_on,
            each.answered_on,
            timezone.localdate(),
        ]
        assert days == sorted(set(days))
        assert all(decided.decided_on == each.answered_on for decided in each.dispositions.all())


def test_each_theme_and_each_reason_is_there_in_the_languages_of_its_consultation(lublin, quintaria):
    for each in (lublin, quintaria):
        languages = set(each.languages)
        texts = [text for theme in each.themes.all() for text in (theme.title, theme.summary)]
        texts += [decided.reason for decided in each.dispositions.all()]
        assert len(texts) >= 6
        assert [str(text) for text in texts if set(text.texts) != languages] == []


def test_each_theme_of_lublin_rests_on_statements_and_on_words_from_the_room(lublin):
    for theme in lublin.themes.all():
        bases = list(theme.bases.all())
        assert any(each.statement_id for each in bases)
        assert any(each.excerpt_id for each in bases)


def test_marta_and_piotr_coded_all_excerpts_and_differ_on_three_decisions(lublin):
    """By hand: of 80 values (8 excerpts, 5 codes, 2 coders) Marta's 8 and Piotr's 7 are yes."""
    agreement = read_agreement(lublin)

    assert [person.name for person in agreement.coders] == ["Marta", "Piotr"]
    assert (agreement.excerpts, agreement.overall.decisions, agreement.overall.same) == (8, 40, 37)
    # Krippendorff's alpha for two coders and two values: 1 - (values - 1) · differing pairs / (yes · no).
    assert agreement.overall.alpha == pytest.approx(1 - 79 * 3 / (15 * 65))


def test_lublin_held_a_focus_group_and_one_of_its_round_tables(lublin):
    kinds = Counter(lublin.sessions.values_list("kind", flat=True))

    assert kinds == {"focus-group": 1, "round-table": 1}
    assert count_round_tables(lublin.city, timezone.localdate()) == 1
    assert all(each.consent is not None for each in lublin.sessions.all())
    assert lublin.stakeholders.filter(invited_on=None).count() == 1


def test_every_note_is_readable_in_the_languages_of_its_consultation(lublin, ravenna):
    notes = Note.objects.filter(held_in__consultation__in=(lublin, ravenna))

    assert notes.count() == 9
    for note in notes.select_related("held_in__consultation").prefetch_related("translations"):
        there = {note.language, *(each.language for each in note.translations.all())}
        # Ukrainian is spoken in the room of Lublin, and understood by who writes down.
        assert there >= set(note.held_in.consultation.languages) - {"uk"}


def test_only_cleared_words_are_quoted_and_no_theme_of_ravenna_is_there_yet(lublin, ravenna):
    excerpts = Excerpt.objects.filter(note__held_in__consultation=lublin)
    assert sum(each.quote is not None for each in excerpts) == 4
    assert not Theme.objects.filter(consultation=ravenna).exists()


def test_in_ravenna_one_met_and_coded_before_it_is_opened(ravenna):
    session = ravenna.sessions.get()

    assert session.held_on == timezone.localdate() - timedelta(days=4)
    assert (session.led_by.name, session.languages) == ("Chiara", ["it", "fr"])
    assert session.participants.count() == 5
    coded = Excerpt.objects.filter(note__held_in=session)
    assert [[code.key for code in each.codings.get().codes.all()] for each in coded] == [
        ["refused"],
        ["guarantee"],
    ]
    assert ravenna.state == State.DRAFT
    assert ravenna.all_phases[0].starts_on > timezone.localdate()


def test_the_panel_of_lublin_agrees_on_three_of_four_themes_in_its_second_round(lublin):
    panel = lublin.panels.get()

    assert (panel.state, panel.rounds.count(), panel.members.count()) == (PanelState.ENDED, 2, 9)
    assert lublin.synthesised_on < panel.rounds.first().opened_on
    assert panel.ended_on < lublin.answered_on
    rounds = read_public_results(panel).rounds
    assert {each.number: each.count(Verdict.IN) for each in rounds} == {1: 1, 2: 3}


def test_the_thread_of_quintaria_shows_one_finding_that_nobody_discussed(quintaria):
    thread = read_thread(quintaria.city, None, timezone.localdate(), "en")

    assert [each.finding.text.in_language("en") for each in thread.not_discussed] == [
        "Schools do not teach the languages that children speak at home."
    ]
    assert [str(each.theme) for each in thread.without_finding] == ["A market on the square"]
    assert len(thread.findings) == 3


def test_80_people_took_part_in_quintaria(quintaria):
    assert quintaria.participants.count() == 80
    assert quintaria.facilitations.count() == 0


def test_who_is_missing_in_lublin_stands_among_the_stakeholders_with_the_question(lublin, client, settings):
    settings.SECOND_STEP_REQUIRED = False  # As in the demonstration.
    client.force_login(Person.objects.get(name="Piotr"))

    page = client.get(f"/en/desk/consultations/{lublin.pk}/stakeholders/").content.decode()

    assert "10 years or longer</bdi> (<bdi>How long have you lived in this city?</bdi>)" in page
