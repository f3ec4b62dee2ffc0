"""The city reads a draft of what experts conclude, replies, and nothing is validated that it has not seen."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from tests.builders import (
    CHECKED_AT,
    PUBLISHED_AT,
    VALIDATED_AT,
    appoint,
    conclude,
    make_city,
    make_review,
    verify,
)
from tests.people import give, make_officer, make_person

from tessera.apps.accounts.models import Person
from tessera.apps.network.models import Kind
from tessera.apps.records.models import OutgoingMail
from tessera.apps.records.moves import MoveError
from tessera.apps.review.access import areas_asked
from tessera.apps.review.access.checking import drafts_to_reply_to
from tessera.apps.review.actions.checking import (
    CannotValidate,
    agree,
    give_opinion,
    obstacles_to,
    reconcile,
    validate_review,
)
from tessera.apps.review.actions.findings import (
    CannotReply,
    CannotShow,
    NewerDraft,
    drop_finding,
    move_finding,
    reply_to_draft,
    show_draft,
)
from tessera.apps.review.actions.publishing import publish_review
from tessera.apps.review.actions.submission import can_be_taken_back, withdraw_submission
from tessera.apps.review.drafts import compare_with_draft, latest_draft
from tessera.apps.review.expert_words import read_expert_words
from tessera.apps.review.lifecycle import State
from tessera.apps.review.models import CityReply, Draft, Finding, Review, Strength
from tessera.frameworks.answers import Answer

pytestmark = pytest.mark.django_db

TODAY = CHECKED_AT.date()


@pytest.fixture
def review():
    """Nuria checks it, and every area is verified."""
    review = make_review(make_city("riga"), state=State.IN_REVIEW)
    Person.objects.update(language="en")
    for area in areas_asked(review):
        verify(review, area.key)
    OutgoingMail.objects.all().delete()
    return review


def as_(who):
    browser = Client()
    browser.force_login(make_person(who))
    return browser


def get(who, name, *args):
    return as_(who).get(reverse(f"review:{name}", args=args))


def page_of(who, name, *args):
    answered = get(who, name, *args)
    assert answered.status_code == 200
    return answered.content.decode()


def show(review, message="", who="nuria"):
    return show_draft(expert=make_person(who), review=review, message=message, at=CHECKED_AT)


def say(draft, text="We see.", who="ilze"):
    return reply_to_draft(person=make_person(who), draft=draft, text=text, at=CHECKED_AT)


def judge(review, who, value=None, question="health-score"):
    give_opinion(
        expert=make_person(who),
        review=review,
        question=question,
        other=None if value is None else Answer(value=value),
        reason=f"{who} says {value}.",
        strength=Strength.HIGH,
        answer_revision=1,
        at=CHECKED_AT,
    )


def validate(review):
    validate_review(expert=make_person("nuria"), review=review, at=VALIDATED_AT)
    return Review.objects.get(pk=review.pk)


# Showing


def test_the_officers_are_told_with_the_message_and_where_to_read(review):
    conclude(review)
    show(review, "Two things & one more.")

    [mail] = OutgoingMail.objects.all()
    assert (mail.to, mail.purpose) == (make_person("ilze").email, "review-draft-shown")
    text = " ".join(mail.text.split())
    assert "Two things & one more." in text
    assert "Schools do well." not in text
    assert reverse("review:draft", args=[review.pk]).removeprefix("/en") in text


def test_a_draft_stays_as_it_was_shown_whatever_the_experts_write_later(review):
    finding = conclude(review)
    judge(review, "nuria", 40.0)
    draft = show(review)
    conclude(review, "Schools do ill.", finding=finding.pk, revision=1)
    judge(review, "nuria")

    words = Draft.objects.get(pk=draft.pk).words
    assert [each.text.in_language("en") for each in words.findings] == ["Schools do well."]
    assert [each.answer for each in words.opinions] == [Answer(value=40.0)]
    page = page_of("ilze", "draft", review.pk)
    assert "Schools do well." in page
    assert "Schools do ill." not in page
    assert "nuria says 40.0." in page


def test_the_same_shown_twice_is_one_draft_and_another_message_is_another(review):
    conclude(review)
    assert show(review, "Read.") == show(review, "Read.")
    assert (Draft.objects.count(), OutgoingMail.objects.count()) == (1, 1)
    show(review, "Read again.")
    assert Draft.objects.count() == 2


def test_without_a_finding_and_an_opinion_there_is_nothing_to_show(review):
    with pytest.raises(CannotShow):
        show(review)
    page = as_("nuria").post(reverse("review:show-draft", args=[review.pk]), {"message": ""})
    assert page.status_code == 409
    assert "There is nothing to show yet." in page.content.decode()
    judge(review, "nuria")
    show(review)


def test_a_draft_is_shown_on_its_page_and_the_page_says_what_changed_since(review):
    finding = conclude(review)
    url = reverse("review:draft", args=[review.pk])
    assert "The city has seen nothing of this yet." in page_of("nuria", "draft", review.pk)

    answered = as_("nuria").post(
        reverse("review:show-draft", args=[review.pk]), {"message": "Please read."}, follow=True
    )

    assert answered.redirect_chain == [(url, 302)]
    page = answered.content.decode()
    assert "The city sees the draft now." in page
    assert "The city has seen this draft as it is now." in page
    assert latest_draft(review).message == "Please read."
    conclude(review, "Schools do ill.", finding=finding.pk, revision=1)
    judge(review, "nuria", 40.0)
    page = page_of("nuria", "draft", review.pk)
    for words in ("New, or in other words:", "No longer there, or in other words:"):
        assert words in page
    assert "The opinions on 1 answer are others." in page


def test_what_changed_is_named(review):
    one, two = conclude(review, "One."), conclude(review, "Two.")
    before = read_expert_words(review, only_public=False)
    assert not compare_with_draft(before, before)
    move_finding(expert=make_person("nuria"), review=review, finding=two.pk, up=True, at=CHECKED_AT)
    change = compare_with_draft(read_expert_words(review, only_public=False), before)
    assert (change.written, change.gone, change.is_reordered, change.opinions) == ((), (), True, 0)

    drop_finding(expert=make_person("nuria"), review=review, finding=one.pk, at=CHECKED_AT)
    change = compare_with_draft(read_expert_words(review, only_public=False), before)
    assert [each.text.in_language("en") for each in change.gone] == ["One."]
    assert (change.written, change.is_reordered) == ((), False)


# Replying


def test_the_city_replies_on_the_page_and_the_experts_are_told(review):
    appoint(review, "piotr")
    Person.objects.update(language="en")
    conclude(review)
    draft = show(review, "Please read.")
    OutgoingMail.objects.all().delete()
    page = page_of("ilze", "draft", review.pk)
    assert "Please read." in page
    assert "No reply to this draft." in page

    answered = as_("ilze").post(
        reverse("review:reply-to-draft", args=[review.pk]),
        {"text": "One school & two classes are missing.", "draft": draft.pk},
        follow=True,
    )

    assert "Sent. The experts are told by e-mail." in answered.content.decode()
    [kept] = CityReply.objects.all()
    assert (kept.draft, kept.person, kept.text) == (
        draft,
        make_person("ilze"),
        "One school & two classes are missing.",
    )
    mails = OutgoingMail.objects.order_by("person__name")
    assert [(mail.person.name, mail.purpose) for mail in mails] == [
        ("Nuria", "review-draft-replied"),
        ("Piotr", "review-draft-replied"),
    ]
    assert "One school & two classes are missing." in mails[0].text
    for who in ("ilze", "nuria", "piotr"):
        assert "One school &amp; two classes are missing." in page_of(who, "draft", review.pk)


def test_a_reply_twice_is_one_and_further_ones_may_follow(review):
    conclude(review)
    draft = show(review)
    say(draft)
    say(draft)
    assert CityReply.objects.count() == 1
    say(draft, "And this.")
    assert CityReply.objects.count() == 2


def test_an_empty_reply_is_refused_with_words(review):
    conclude(review)
    draft = show(review)
    with pytest.raises(CannotReply):
        say(draft, "  ")
    refused = as_("ilze").post(
        reverse("review:reply-to-draft", args=[review.pk]), {"text": " ", "draft": draft.pk}
    )
    assert refused.status_code == 400
    assert "“Your reply to the draft” is empty." in refused.content.decode()
    assert not CityReply.objects.exists()


def test_a_reply_to_a_draft_that_is_not_the_latest_is_refused_and_the_words_are_kept(review):
    finding = conclude(review)
    draft = show(review)
    conclude(review, "Schools do ill.", finding=finding.pk, revision=1)
    newer = show(review)
    with pytest.raises(NewerDraft):
        say(draft)
    url = reverse("review:reply-to-draft", args=[review.pk])
    refused = as_("ilze").post(url, {"text": "Not so.", "draft": draft.pk})
    page = refused.content.decode()

    assert refused.status_code == 409
    assert "the experts have shown another draft meanwhile" in page
    assert "Not so.</textarea>" in page
    assert f'name="draft" value="{newer.pk}"' in page
    assert "Schools do ill." in page
    assert not CityReply.objects.exists()
    as_("ilze").post(url, {"text": "Not so.", "draft": newer.pk})
    assert CityReply.objects.get().draft == newer


@pytest.mark.parametrize("number", ["0", "99999", "x", "9" * 40])
def test_a_reply_to_a_draft_that_is_not_there_changes_nothing(review, number):
    conclude(review)
    show(review)
    refused = as_("ilze").post(
        reverse("review:reply-to-draft", args=[review.pk]), {"text": "So.", "draft": number}
    )
    assert refused.status_code in (400, 404)
    assert not CityReply.objects.exists()


def test_an_address_that_takes_a_form_leads_to_the_page_of_the_draft(review):
    conclude(review)
    show(review)
    page = reverse("review:draft", args=[review.pk])
    assert get("nuria", "show-draft", review.pk)["Location"] == page
    assert get("ilze", "reply-to-draft", review.pk)["Location"] == page


# What waits for the city


def test_a_draft_waits_for_the_officers_until_one_replies_or_the_review_is_validated(review):
    ilze, jonas = make_person("ilze"), make_officer("jonas", review.city)
    Person.objects.update(language="en")
    conclude(review)
    assert drafts_to_reply_to(ilze, TODAY) == []
    draft = show(review)
    for who in (ilze, jonas):
        assert drafts_to_reply_to(who, TODAY) == [draft]
    for who in ("nuria", "mihai"):
        assert drafts_to_reply_to(make_person(who), TODAY) == []
    words = "The experts show you a draft"
    for url in (
        reverse("web:work"),
        reverse("review:inbox"),
        reverse("review:tasks", args=[review.pk]),
    ):
        page = as_("ilze").get(url).content.decode()
        assert words in page
        assert f'href="{reverse("review:draft", args=[review.pk])}"' in page
    assert words not in as_("nuria").get(reverse("web:work")).content.decode()

    say(draft, who="jonas")
    assert drafts_to_reply_to(ilze, TODAY) == []
    tasks = page_of("ilze", "tasks", review.pk)
    assert words not in tasks
    assert "Read the draft of the experts" in tasks
    newer = show(review, "Once more.")
    assert drafts_to_reply_to(ilze, TODAY) == [newer]
    validate(review)
    assert drafts_to_reply_to(ilze, TODAY) == []


def test_answers_are_not_taken_back_after_the_city_has_read_a_draft(review):
    conclude(review)
    assert can_be_taken_back(review)
    show(review)

    assert not can_be_taken_back(review)
    with pytest.raises(MoveError, match="shown a draft"):
        withdraw_submission(person=make_person("ilze"), review=review, at=CHECKED_AT)
    take_back = reverse("review:withdraw-submission", args=[review.pk])
    assert take_back not in page_of("ilze", "receipt", review.pk)


# Who sees what


def codes(name, review, people, *args):
    return {who: get(who, name, review.pk, *args).status_code for who in people}


PEOPLE = ("ilze", "andris", "chiara", "nuria", "piotr", "mihai", "jonas")


def put_people(review):
    """Piotr is an expert of the network who does not check the review; Jonas acts for another city."""
    give("andris", Kind.CONTRIBUTOR, review.city)
    make_officer("chiara", make_city("ravenna", country="IT"))
    make_officer("jonas", make_city("graz", country="AT"))
    give("piotr", Kind.EXPERT, review.cycle.network)


def only(*people):
    return {who: 200 if who in people else 404 for who in PEOPLE}


def test_before_a_draft_is_shown_the_experts_alone_see_what_they_write(review):
    put_people(review)
    finding = conclude(review)
    for name, *args in (["findings"], ["new-finding"], ["finding", finding.pk], ["draft"]):
        assert codes(name, review, PEOPLE, *args) == only("nuria"), name


def test_the_city_sees_the_draft_that_it_was_shown_and_not_the_findings(review):
    put_people(review)
    conclude(review)
    show(review)
    conclude(review, "Not shown yet.")

    assert codes("draft", review, PEOPLE) == only("nuria", "ilze")
    assert codes("findings", review, PEOPLE) == only("nuria")
    assert "Not shown yet." in page_of("nuria", "draft", review.pk)
    assert "Not shown yet." not in page_of("ilze", "draft", review.pk)


def test_once_it_is_validated_everybody_who_reads_the_review_sees_the_findings(review):
    put_people(review)
    finding = conclude(review)
    show(review)
    validate(review)

    assert codes("findings", review, PEOPLE) == only("nuria", "ilze", "mihai")
    assert codes("draft", review, PEOPLE) == only("nuria", "ilze")
    for who in ("nuria", "ilze", "mihai"):
        page = page_of(who, "findings", review.pk)
        assert "Schools do well." in page
        assert "Move up" not in page
        assert "Write a finding" not in page
    assert get("nuria", "finding", review.pk, finding.pk)["Location"] == reverse(
        "review:findings", args=[review.pk]
    )
    assert "nobody replies to it any more" in page_of("ilze", "draft", review.pk)
    assert "<textarea" not in page_of("ilze", "draft", review.pk)
    assert "Read the findings of the experts" in page_of("mihai", "check-answers", review.pk)
    assert "Read the findings of the experts" in page_of("ilze", "tasks", review.pk)


def test_two_experts_write_the_same_list(review):
    appoint(review, "piotr")
    Person.objects.update(language="en")
    conclude(review)
    assert "Schools do well." in page_of("piotr", "findings", review.pk)


def test_an_expert_who_was_released_sees_nothing_of_it_any_more(review):
    conclude(review)
    review.appointments.update(released_at=CHECKED_AT)
    assert get("nuria", "findings", review.pk).status_code == 404
    assert get("nuria", "draft", review.pk).status_code == 404


def test_the_draft_shows_no_opinion_of_the_other_expert_before_the_own_one(review):
    """The city sees both, from the moment it is shown them."""
    appoint(review, "piotr")
    Person.objects.update(language="en")
    judge(review, "piotr", 20.0)
    page = page_of("nuria", "draft", review.pk)
    assert "piotr says 20.0." not in page
    assert "on answers that you have not judged yet" in page
    assert "piotr says 20.0." in page_of("piotr", "draft", review.pk)

    show(review)
    assert "piotr says 20.0." not in page_of("nuria", "draft", review.pk)
    assert "piotr says 20.0." in page_of("ilze", "draft", review.pk)
    judge(review, "nuria", 40.0)
    page = page_of("nuria", "draft", review.pk)
    assert "piotr says 20.0." in page
    assert "on answers that you have not judged yet" not in page


def test_a_joint_opinion_is_shown_to_those_who_gave_an_own_one(review):
    appoint(review, "piotr")
    judge(review, "nuria", 40.0)
    judge(review, "piotr", 20.0)
    proposed = reconcile(
        expert=make_person("nuria"),
        review=review,
        question="health-score",
        other=Answer(value=30.0),
        reason="Both of us.",
        answer_revision=1,
        at=CHECKED_AT,
    )
    piotr = make_person("piotr")
    agree(expert=piotr, review=review, question="health-score", shown=proposed.mark, at=CHECKED_AT)
    for who, seen in (("nuria", 3), ("piotr", 3), ("chiara", 0)):
        words = read_expert_words(review, only_public=False, shown_to=make_person(who))
        assert len(words.opinions) == seen, who


# Validation


def test_findings_that_the_city_has_not_seen_stand_against_the_validation(review):
    assert not obstacles_to(review)
    finding = conclude(review)
    assert obstacles_to(review).unseen
    with pytest.raises(CannotValidate, match="not seen the findings"):
        validate(review)
    page = page_of("nuria", "validate", review.pk)
    assert "The city has not seen the findings as they are now" in page
    assert f'href="{reverse("review:draft", args=[review.pk])}"' in page

    show(review)
    assert not obstacles_to(review)
    conclude(review, "Schools do ill.", finding=finding.pk, revision=1)
    assert obstacles_to(review).unseen
    show(review)
    validate(review)


def test_findings_in_another_order_are_to_be_shown_again(review):
    conclude(review, "One.")
    two = conclude(review, "Two.")
    show(review)
    move_finding(expert=make_person("nuria"), review=review, finding=two.pk, up=True, at=CHECKED_AT)
    assert obstacles_to(review).unseen


def test_without_findings_no_draft_is_needed_and_opinions_alone_ask_for_none(review):
    judge(review, "nuria", 40.0)
    assert not obstacles_to(review)
    finding = conclude(review)
    show(review)
    drop_finding(expert=make_person("nuria"), review=review, finding=finding.pk, at=CHECKED_AT)
    assert not obstacles_to(review)
    validate(review)


def test_a_finding_that_rests_on_nothing_any_more_is_named_with_a_link(review):
    finding = conclude(review)
    Finding.objects.get().bases.all().delete()
    show(review)

    assert obstacles_to(review).baseless == (finding,)
    assert not obstacles_to(review).unseen
    with pytest.raises(CannotValidate, match="1 findings rest on nothing"):
        validate(review)
    page = page_of("nuria", "validate", review.pk)
    assert "1 finding rests on nothing any more" in page
    assert f'href="{reverse("review:finding", args=[review.pk, finding.pk])}"' in page
    assert "rests on nothing any more" in page_of("nuria", "findings", review.pk)


def test_what_was_shown_is_what_is_published(review):
    conclude(review)
    judge(review, "nuria", 40.0)
    draft = show(review)
    publication = publish_review(review=validate(review), person=make_person("ilze"), at=PUBLISHED_AT)
    assert publication.words == draft.words


def test_nobody_replies_for_a_city_that_one_left(review):
    conclude(review)
    draft = show(review)
    jonas = make_officer("jonas", review.city, until=CHECKED_AT.date().replace(day=1))
    with pytest.raises(PermissionDenied):
        reply_to_draft(person=jonas, draft=draft, text="So.", at=CHECKED_AT)
