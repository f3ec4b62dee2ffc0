"""Of two experts who differ one writes down what they hold together, and the other agrees."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from tests.apps.review.test_give_opinion import KEY, judge
from tests.builders import CHECKED_AT, appoint, make_city, make_review, put_in_state
from tests.people import EVERYBODY, give, make_person

from tessera.apps.network.models import Kind
from tessera.apps.records.models import OutgoingMail
from tessera.apps.records.moves import MoveError
from tessera.apps.review.actions.checking import CannotJudge, Overtaken, agree, reconcile
from tessera.apps.review.actions.experts import release_expert
from tessera.apps.review.agreement import not_reconciled
from tessera.apps.review.expert_words import read_expert_words
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


def propose(review, *, who="nuria", other=None, reason="", revision=1):
    return reconcile(
        expert=make_person(who),
        review=review,
        question=KEY,
        other=other,
        reason=reason,
        answer_revision=revision,
        at=CHECKED_AT,
    )


def consent(review, *, who="piotr", shown=None):
    """The other expert agrees to the proposal as it stands, or as a page showed it."""
    if shown is None:
        shown = review.reconciliations.get().mark
    agree(expert=make_person(who), review=review, question=KEY, shown=shown, at=CHECKED_AT)
    return review


def joint_words(review):
    """What would be published of both together."""
    said = read_expert_words(review, only_public=True).opinions
    return [(each.experts, each.answer, each.reason) for each in said if len(each.experts) == 2]


def test_experts_who_differ_are_apart_until_they_hold_one_opinion(apart):
    assert not_reconciled(apart) == [KEY]

    joint = propose(apart, other=Answer(value=50.0), reason="The later edition says 50.")
    assert not_reconciled(apart) == [KEY], "one alone holds nothing together"
    assert joint_words(apart) == []
    assert not_reconciled(consent(apart)) == []

    assert joint_words(apart) == [(("Nuria", "Piotr"), Answer(value=50.0), "The later edition says 50.")]
    assert joint.given(Answer(value=60.0)) == Answer(value=50.0, reason="The later edition says 50.")
    assert apart.opinions.count() == 2
    assert apart.answers.get(question=KEY).value == 60.0


def test_experts_who_say_the_same_are_not_apart(apart):
    """Another number that is the city's own, with other words for the reason."""
    judge(apart, who="piotr", other=Answer(value=60.0), reason="As in the report.")

    assert not_reconciled(apart) == []


def test_nobody_agrees_to_an_own_proposal(apart):
    propose(apart)
    with pytest.raises(CannotJudge):
        consent(apart, who="nuria")
    assert not_reconciled(apart) == [KEY]


def test_to_agree_to_words_that_were_changed_meanwhile_is_refused(apart):
    shown = propose(apart, other=Answer(value=50.0), reason="The later edition.").mark
    propose(apart, other=Answer(value=55.0), reason="The later edition.")
    with pytest.raises(Overtaken):
        consent(apart, shown=shown)
    Reconciliation.objects.all().delete()
    with pytest.raises(Overtaken):
        consent(apart, shown=shown)
    assert not_reconciled(apart) == [KEY]


def test_another_proposal_starts_anew_and_the_same_again_does_not(apart):
    propose(apart)
    consent(apart)
    propose(apart)
    assert not_reconciled(apart) == []

    propose(apart, who="piotr", other=Answer(value=50.0), reason="On second thoughts.")

    joint = Reconciliation.objects.get()
    assert (joint.written_by, joint.agreed_by, joint.agreed_at) == (make_person("piotr"), None, None)
    assert not_reconciled(apart) == [KEY]
    with pytest.raises(CannotJudge):
        consent(apart, who="piotr")
    consent(apart, who="nuria")
    assert not_reconciled(apart) == []


def test_to_agree_twice_is_harmless(apart):
    propose(apart)
    consent(apart)
    consent(apart)
    joint = Reconciliation.objects.get()
    assert (joint.agreed_by, joint.agreed_at) == (make_person("piotr"), CHECKED_AT)


def test_nobody_agrees_to_what_was_proposed_about_an_earlier_answer(apart):
    shown = propose(apart, other=Answer(value=50.0), reason="The later edition.").mark
    KeptAnswer.objects.filter(review=apart, question=KEY).update(value=45.0, revision=2)
    with pytest.raises(Overtaken):
        consent(apart, shown=shown)


def test_the_other_expert_alone_is_told_and_the_mail_says_nothing_of_the_words(apart):
    OutgoingMail.objects.all().delete()
    propose(apart, other=Answer(value=50.0), reason="A secret reason.")
    propose(apart, other=Answer(value=50.0), reason="A secret reason.")

    mail = OutgoingMail.objects.get()
    assert (mail.person, mail.purpose) == (make_person("piotr"), "joint-opinion")
    assert reverse("review:judge", args=[apart.pk, KEY]).removeprefix("/en") in mail.text
    assert "A secret reason." not in mail.text + mail.html


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("who", EVERYBODY)
def test_only_the_other_expert_agrees_and_only_while_experts_have_it(apart, who, state):
    shown = propose(apart).mark
    give("andris", Kind.CONTRIBUTOR, apart.city)
    put_in_state(apart, state)
    refused = None
    if who not in ("nuria", "piotr"):
        refused = PermissionDenied
    elif state not in (State.SUBMITTED, State.IN_REVIEW, State.RETURNED):
        refused = MoveError
    elif who == "nuria":
        refused = CannotJudge

    if refused:
        with pytest.raises(refused):
            consent(apart, who=who, shown=shown)
    else:
        consent(apart, who=who, shown=shown)

    assert Reconciliation.objects.filter(agreed_by=make_person("piotr")).exists() == (refused is None)


@pytest.mark.parametrize("change", [{"agreed_at": None}, {"agreed_by": "nuria"}])
def test_the_database_keeps_no_half_agreement_and_none_with_oneself(apart, change):
    propose(apart)
    consent(apart)
    values = {name: make_person(value) if value else None for name, value in change.items()}
    with pytest.raises(IntegrityError), transaction.atomic():
        Reconciliation.objects.update(**values)


def test_a_new_opinion_undoes_the_joint_one_and_the_same_again_does_not(apart):
    propose(apart)
    consent(apart)
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
            propose(apart, who=who)


def test_who_was_released_holds_nothing_up(apart):
    """Neither does somebody else agree in that expert's name; the opinion itself is kept."""
    piotr = apart.appointments.get(expert=make_person("piotr"))
    release_expert(by=make_person("mihai"), appointment=piotr, at=CHECKED_AT)

    assert not_reconciled(apart) == []
    with pytest.raises(CannotJudge):
        propose(apart)
    assert apart.opinions.count() == 2


def test_another_joint_answer_needs_a_reason(apart):
    with pytest.raises(CannotJudge):
        propose(apart, other=Answer(value=50.0))


def test_an_answer_that_was_changed_has_to_be_looked_at_again(apart):
    """Who accepted the earlier answer says nothing of the new one, alone or together."""
    propose(apart)
    consent(apart)
    KeptAnswer.objects.filter(review=apart, question=KEY).update(value=45.0, revision=2)

    with pytest.raises(Overtaken):
        propose(apart)
    assert not_reconciled(apart) == []
    judge(apart, revision=2)
    assert not_reconciled(apart) == [KEY]


@pytest.mark.parametrize("who", ["ilze", "mihai", "greta"])
def test_nobody_else_writes_it(apart, who):
    with pytest.raises(PermissionDenied):
        propose(apart, who=who)


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
    assert "Joint opinion, proposed by Piotr" in page
    assert "Holds another answer right: 50 points" in page
    assert "It counts once you agree." in page
    assert f'name="shown" value="{joint.mark}"' in page
    assert "joint opinion proposed" in board_of(client, apart)
    refused = client.post(page_url, {"act": "agree", "shown": "x"}, follow=True).content.decode()
    assert "The proposal or the answer changed since you opened the page." in refused

    page = client.post(page_url, {"act": "agree", "shown": joint.mark}, follow=True).content.decode()
    assert "This is now the joint opinion of both of you." in page
    assert "Joint opinion, written by Piotr" in page
    assert "Nuria agreed on" in page
    assert 'value="agree"' not in page
    assert "joint opinion proposed" not in board_of(client, apart)

    client.post(page_url, {"act": "accept-together", "answer_revision": "1", "joint-reason": ""})
    assert Reconciliation.objects.get().accepts
    page = client.get(page_url).content.decode()
    assert "It counts once the other expert agrees." in page
    assert 'value="agree"' not in page
    client.post(page_url, {"act": "agree", "shown": Reconciliation.objects.get().mark})
    assert Reconciliation.objects.get().agreed_by is None


def board_of(client, review):
    return client.get(reverse("review:board", args=[review.pk])).content.decode()


def test_it_is_not_offered_before(client):
    review = make_review(make_city(), state=State.SUBMITTED)
    for key in ("nuria", "piotr"):
        appoint(review, key)
    judge(review, who="piotr", other=Answer(value=40.0), reason="The report says 40.")
    client.force_login(make_person("piotr"))

    page = client.get(reverse("review:judge", args=[review.pk, KEY])).content.decode()

    assert "hold together" not in page
