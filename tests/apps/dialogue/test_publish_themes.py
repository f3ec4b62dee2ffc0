"""What a theme rests on, and what has to be there before themes are public and frozen."""

import pytest
from django.http import Http404
from django.utils import timezone
from tests.apps.dialogue.finished import finish
from tests.apps.dialogue.summed_up import hold_and_end, publish, said_by_people, say_at_a_session, write
from tests.builders import make_city, make_finding, make_review
from tests.dialogues import hold_consultation, words
from tests.people import make_person

from tessera.apps.dialogue.actions.moderation import hide_statement
from tessera.apps.dialogue.actions.themes import (
    Bases,
    CannotSynthesise,
    NotOfTheConsultation,
    Obstacle,
    UnknownArea,
    choose_bases,
    obstacles_to_synthesis,
    publish_themes,
    write_theme,
)
from tessera.apps.dialogue.lifecycle import State
from tessera.apps.dialogue.models import Consultation, HidingReason, Theme, ThemeBasis

pytestmark = pytest.mark.django_db

NOW = timezone.now()


def change(theme, *, add=None, remove=None):
    choose_bases(by=make_person("ilze"), theme=theme, add=add or Bases(), remove=remove or Bases(), at=NOW)


def rests_on():
    return list(ThemeBasis.objects.order_by("pk").values_list("statement", "excerpt", "finding"))


def hide(statement):
    hide_statement(by=make_person("ilze"), statement=statement, reason=HidingReason.HOSTILE, at=NOW)


def test_themes_are_published_once_nothing_is_missing_and_it_says_since_when():
    consultation = hold_and_end()
    write(consultation, statements=said_by_people(consultation)[:1])
    assert obstacles_to_synthesis(consultation) == []
    published = publish(consultation)
    assert (published.state, published.synthesised_on) == (State.SYNTHESISED, timezone.localdate())


def test_an_open_consultation_is_not_counted_and_has_no_theme():
    consultation = hold_consultation(make_city("riga"))
    assert obstacles_to_synthesis(consultation) == [Obstacle.NOT_COUNTED, Obstacle.NO_THEME]


def test_a_closed_one_without_a_theme_cannot_be_published():
    consultation = hold_and_end()
    with pytest.raises(CannotSynthesise) as refused:
        publish_themes(by=make_person("ilze"), consultation=consultation, at=NOW)
    assert refused.value.obstacles == [Obstacle.NO_THEME]
    assert Consultation.objects.get().state == State.CLOSED


def test_a_theme_without_a_basis_cannot_be_published():
    consultation = hold_and_end()
    theme = write(consultation)
    assert obstacles_to_synthesis(consultation) == [Obstacle.NO_BASIS]
    change(theme, add=Bases(frozenset({said_by_people(consultation)[0].pk})))
    assert obstacles_to_synthesis(consultation) == []


def test_a_statement_that_was_hidden_since_is_no_basis():
    consultation = hold_and_end()
    [said, _] = said_by_people(consultation)
    write(consultation, statements=[said])
    hide(said)
    assert obstacles_to_synthesis(consultation) == [Obstacle.NO_BASIS]


def test_a_theme_is_published_in_every_language_of_the_consultation():
    consultation = hold_and_end(languages=("en", "lv"))
    write(consultation, statements=said_by_people(consultation)[:1])
    assert obstacles_to_synthesis(consultation) == [Obstacle.TEXTS_MISSING]
    Theme.objects.all().delete()
    write(consultation, statements=said_by_people(consultation)[:1], also=("lv",))
    assert obstacles_to_synthesis(consultation) == []


def test_a_theme_rests_on_shown_statements_passages_and_findings_of_its_own_consultation():
    riga = make_city("riga")
    review = make_review(riga)
    consultation = hold_and_end(riga)
    Consultation.objects.update(review=review)
    excerpt, finding = say_at_a_session(consultation), make_finding(review, "Few benches.")
    [said, _] = said_by_people(consultation)
    theme = write(consultation, statements=[said], excerpts=[excerpt], findings=[finding])
    assert rests_on() == [(said.pk, None, None), (None, excerpt.pk, None), (None, None, finding.pk)]
    change(theme, add=Bases(frozenset({said.pk})), remove=Bases(excerpts=frozenset({excerpt.pk})))
    assert rests_on() == [(said.pk, None, None), (None, None, finding.pk)]


def test_a_theme_rests_on_nothing_that_is_hidden_or_from_elsewhere():
    consultation = hold_and_end()
    elsewhere = finish(hold_consultation(consultation.city, slug="elsewhere"))
    theme = write(consultation)
    [hidden, _] = said_by_people(consultation)
    hide(hidden)
    strange = [
        Bases(frozenset({hidden.pk})),
        Bases(frozenset({elsewhere.statements.first().pk})),
        Bases(excerpts=frozenset({say_at_a_session(elsewhere).pk})),
        Bases(findings=frozenset({make_finding(make_review(consultation.city), "Few benches.").pk})),
    ]
    for bases in strange:
        with pytest.raises(NotOfTheConsultation):
            change(theme, add=bases)
    assert not ThemeBasis.objects.exists()


def test_a_theme_is_in_an_area_of_its_city_and_not_in_any_other():
    consultation = hold_and_end()
    assert write(consultation, area="housing").area == "housing"
    with pytest.raises(UnknownArea):
        write(consultation, area="parking")


def test_a_theme_of_another_consultation_is_not_changed_through_this_one():
    consultation = hold_and_end()
    other = finish(hold_consultation(consultation.city, slug="elsewhere"))
    theme = write(other)
    with pytest.raises(Http404):
        write_theme(
            by=make_person("ilze"),
            consultation=consultation,
            pk=theme.pk,
            title=words("x"),
            summary=words("x"),
            area="",
            at=NOW,
        )


def test_a_quotation_that_is_withdrawn_takes_its_basis_with_it_and_leaves_the_theme():
    consultation = hold_and_end()
    excerpt = say_at_a_session(consultation, quote="We sit on the kerb.")
    write(consultation, excerpts=[excerpt])
    publish(consultation)
    excerpt.note.speaker.delete()
    assert not ThemeBasis.objects.exists()
    assert Theme.objects.count() == 1
