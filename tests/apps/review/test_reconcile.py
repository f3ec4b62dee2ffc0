"""Two experts who differ write down what they hold together."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from tests.apps.review.test_give_opinion import KEY, judge
from tests.builders import CHECKED_AT, appoint, make_city, make_review
from tests.people import make_person

from tessera.apps.review.actions.checking import CannotJudge, Overtaken, reconcile
from tessera.apps.review.actions.experts import release_expert
from tessera.apps.review.agreement import not_reconciled
from tessera.apps.review.lifecycle import State
from tessera.apps.review.models import Answer as KeptAnswer
from tessera.apps.review.models import Reconciliation
from tessera.frameworks.answers import Answer

pytestmark = pytest.mark.django_db


@pytest.fixture
def apart():
    """Nuria accepts, Piotr does not."""
    review = make_review(make_city(), state=State.SUBMITTED)
    for key in ("nuria", "piotr"):
        appoint(review, key)
    judge(review)
    judge(review, who="piotr", other=Answer(value=40.0), reason="The report says 40.")
    return review


def agree(review, *, who="nuria", other=None, reason="", revision=1):
    return reconcile(
        expert=make_person(who),
        review=review,
        question=KEY,
        other=other,
        reason=reason,
        answer_revision=revision,
        at=CHECKED_AT,
    )


def test_experts_who_differ_are_apart_until_they_hold_one_opinion(apart):
    assert not_reconciled(apart) == [KEY]

    joint = agree(apart, other=Answer(value=50.0), reason="The later edition says 50.")

    assert not_reconciled(apart) == []
    assert joint.given(Answer(value=60.0)) == Answer(value=50.0, reason="The later edition says 50.")
    assert apart.opinions.count() == 2
    assert apart.answers.get(question=KEY).value == 60.0


def test_experts_who_say_the_same_are_not_apart(apart):
    """Another number that is the city's own, with other words for the reason."""
    judge(apart, who="piotr", other=Answer(value=60.0), reason="As in the report.")

    assert not_reconciled(apart) == []


def test_a_new_opinion_undoes_the_joint_one_and_the_same_again_does_not(apart):
    agree(apart)
    judge(apart)
    judge(apart, who="piotr", other=Answer(value=40.0), reason="The report says 40.")
    assert Reconciliation.objects.exists()

    judge(apart, who="piotr", other=Answer(value=30.0), reason="On second thoughts.")

    assert not Reconciliation.objects.exists()
    assert not_reconciled(apart) == [KEY]


def test_the_joint_opinion_needs_two_of_their_own(apart):
    apart.opinions.get(expert=make_person("nuria")).delete()

    for who in ("nuria", "piotr"):
        with pytest.raises(CannotJudge):
            agree(apart, who=who)


def test_who_was_released_holds_nothing_up(apart):
    """Neither does somebody else agree in that expert's name; the opinion itself is kept."""
    piotr = apart.appointments.get(expert=make_person("piotr"))
    release_expert(by=make_person("mihai"), appointment=piotr, at=CHECKED_AT)

    assert not_reconciled(apart) == []
    with pytest.raises(CannotJudge):
        agree(apart)
    assert apart.opinions.count() == 2


def test_another_joint_answer_needs_a_reason(apart):
    with pytest.raises(CannotJudge):
        agree(apart, other=Answer(value=50.0))


def test_an_answer_that_was_changed_has_to_be_looked_at_again(apart):
    """Who accepted the earlier answer says nothing of the new one, alone or together."""
    agree(apart)
    KeptAnswer.objects.filter(review=apart, question=KEY).update(value=45.0, revision=2)

    with pytest.raises(Overtaken):
        agree(apart)
    assert not_reconciled(apart) == []
    judge(apart, revision=2)
    assert not_reconciled(apart) == [KEY]


@pytest.mark.parametrize("who", ["ilze", "mihai", "greta"])
def test_nobody_else_writes_it(apart, who):
    with pytest.raises(PermissionDenied):
        agree(apart, who=who)


def test_the_page_offers_it_where_both_have_said_different_things(client, apart):
    page_url = reverse("review:judge", args=[apart.pk, KEY])
    client.force_login(make_person("piotr"))
    page = client.get(page_url).content.decode()
    assert "What do you two hold together?" in page
    assert "Accepts the city" in page

    form = {"act": "other-together", "answer_revision": "1", "joint-number": "50", "joint-reason": ""}
    refused = client.post(page_url, form)
    assert refused.status_code == 400
    assert "Say why it should be another answer." in refused.content.decode()
    client.post(page_url, form | {"joint-reason": "The later edition."})

    joint = Reconciliation.objects.get()
    assert (joint.value, joint.written_by) == (50.0, make_person("piotr"))
    client.force_login(make_person("nuria"))
    page = client.get(page_url).content.decode()
    assert "Joint opinion, written by Piotr" in page
    assert "Holds another answer right: 50 points" in page
    client.post(page_url, {"act": "accept-together", "answer_revision": "1", "joint-reason": ""})
    assert Reconciliation.objects.get().accepts


def test_it_is_not_offered_before(client):
    review = make_review(make_city(), state=State.SUBMITTED)
    for key in ("nuria", "piotr"):
        appoint(review, key)
    judge(review, who="piotr", other=Answer(value=40.0), reason="The report says 40.")
    client.force_login(make_person("piotr"))

    page = client.get(reverse("review:judge", args=[review.pk, KEY])).content.decode()

    assert "hold together" not in page
