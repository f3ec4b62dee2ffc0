"""Staff say which finding of the review a statement is about."""

import pytest
from django.http import Http404
from tests.apps.dialogue.staff import give_to
from tests.builders import make_city, make_finding, make_review
from tests.dialogues import OPENED_AT, make_consultation, words
from tests.people import EVERYBODY, make_person

from tessera.apps.dialogue.access import findings_to_be_about
from tessera.apps.dialogue.actions.moderation import WrongFinding, seed_statement, set_finding
from tessera.apps.dialogue.lifecycle import State
from tessera.apps.dialogue.models import BriefItem, Consultation, Statement
from tessera.apps.records.moves import MoveError

pytestmark = pytest.mark.django_db


@pytest.fixture
def review():
    return make_review(make_city())


@pytest.fixture
def consultation(review):
    consultation = make_consultation(review.city)
    Consultation.objects.filter(pk=consultation.pk).update(review=review)
    consultation.refresh_from_db()
    return consultation


def say(statement, finding, *, by="ilze"):
    set_finding(by=make_person(by), statement=statement, finding=finding, at=OPENED_AT)
    return Statement.objects.get(pk=statement.pk).finding


def test_it_can_be_set_changed_and_taken_away(review, consultation):
    health, schools = make_finding(review, "Health lags."), make_finding(review, "Schools do well.", place=2)
    statement = consultation.statements.first()
    assert say(statement, health) == health
    assert say(statement, schools) == schools
    assert say(statement, None) is None


def test_a_statement_of_the_city_can_be_about_one_from_the_start(review, consultation):
    health = make_finding(review, "Health lags.")
    about = {"by": make_person("ilze"), "consultation": consultation, "at": OPENED_AT}
    assert seed_statement(text=words("My doctor has time."), finding=health, **about).finding == health
    foreign = make_finding(make_review(make_city("ravenna")), "Elsewhere.")
    count = Statement.objects.count()
    with pytest.raises(WrongFinding):
        seed_statement(text=words("The sea is near."), finding=foreign, **about)
    assert Statement.objects.count() == count


def test_it_is_one_of_the_brief_where_that_names_any_else_of_the_review(review, consultation):
    health, schools = make_finding(review, "Health lags."), make_finding(review, "Schools do well.", place=2)
    assert list(findings_to_be_about(consultation)) == [health, schools]
    BriefItem.objects.create(consultation=consultation, area="education")
    assert list(findings_to_be_about(consultation)) == [health, schools]
    BriefItem.objects.create(consultation=consultation, finding=schools)
    assert list(findings_to_be_about(consultation)) == [schools]
    with pytest.raises(WrongFinding):
        say(consultation.statements.first(), health)


def test_a_consultation_about_no_review_takes_up_none(review):
    make_finding(review, "Health lags.")
    assert not findings_to_be_about(make_consultation(review.city))


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("state", State)
def test_only_those_who_keep_it_say_so_and_only_until_its_themes_are_public(review, state, who):
    finding = make_finding(review, "Health lags.")
    is_public = state in (State.SYNTHESISED, State.ANSWERED)
    consultation = make_consultation(review.city, state=state)
    Consultation.objects.filter(pk=consultation.pk).update(review=review)
    give_to("piotr", consultation)
    statement = consultation.statements.first()
    if who not in {"ilze", "piotr"}:
        with pytest.raises(Http404):
            say(statement, finding, by=who)
    elif is_public:
        with pytest.raises(MoveError):
            say(statement, finding, by=who)
    else:
        assert say(statement, finding, by=who) == finding
