"""A member of a panel answers by the link, and nobody else gets in."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.apps.dialogue.panels import (
    TODAY,
    MemberPhone,
    begin,
    bring_to,
    close,
    end,
    make_panel,
    rate,
)
from tests.apps.dialogue.phone import Page
from tests.apps.dialogue.staff import make_running
from tests.builders import make_city
from tests.dialogues import make_consultation, words
from tests.people import make_person

from tessera.apps.dialogue.actions.panel_answers import (
    CommentTooLong,
    Opinion,
    WrongAnswer,
    pick,
    rate_items,
)
from tessera.apps.dialogue.actions.panels import comments_of, decide_comments
from tessera.apps.dialogue.actions.taking_part import NotNow
from tessera.apps.dialogue.lifecycle import PanelState, State
from tessera.apps.dialogue.models import BestWorst, Consultation, PanelKind, PanelRound, Rating

pytestmark = pytest.mark.django_db


@pytest.fixture
def running():
    return make_running(make_city("riga"), languages=("en",))


@pytest.fixture
def panel(running):
    panel = make_panel(running)
    begin(panel)
    return panel


@pytest.fixture
def phone(panel):
    return MemberPhone(panel, panel.tokens[0])


@pytest.fixture
def maxdiff(running):
    panel = make_panel(running, kind=PanelKind.MAXDIFF, items=[f"Item {letter}" for letter in "abcdefg"])
    begin(panel)
    return panel


def radio(place, item):
    return {f"value__{item.pk}": place}


# The link


def test_the_link_leads_to_the_page_and_another_link_nowhere(panel, phone):
    answer = Client().get(phone.link, follow=True)
    assert answer.redirect_chain == [(phone.url, 303)]
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in answer.headers["Cache-Control"]
    assert not answer.cookies
    for token in ("x" * 22, panel.tokens[0][:-1], "%00"):
        assert Client().get(phone.url.replace(panel.tokens[0], token)).status_code == 404


def test_no_log_keeps_the_link_of_a_page_that_was_refused(panel, phone, caplog):
    courses, page = panel.items.first(), phone.open()
    phone.send(page, **{f"comment__{courses.pk}": "a" * 501})
    phone.send(page, **radio("x", courses))
    close(panel)
    phone.send(page, **radio(5, courses))
    assert [record.status_code for record in caplog.records] == [400, 422, 409]
    assert caplog.messages[0] == "Bad Request: a panel of arriving"
    assert panel.tokens[0] not in caplog.text


def test_no_log_keeps_a_link_that_comes_before_the_consultation_is_open(panel, phone, caplog):
    Consultation.objects.update(state=State.DRAFT)
    for address in (phone.link, phone.url):
        assert Client().get(address).status_code == 404
    assert caplog.messages == ["Not Found: a panel of arriving"] * 2


def test_a_link_of_another_consultation_does_not_let_in(panel):
    other = make_consultation(make_city("ravenna"), slug="other")
    answer = Client().get(reverse("take_part:panel", args=[other.slug, panel.tokens[0], "en"]))
    assert answer.status_code == 404


def test_where_there_are_languages_one_chooses(running):
    running.languages = ["en", "ar"]
    running.save()
    both = make_panel(running, title=words("What comes first", ar="ما يأتي أولا"))
    phone = MemberPhone(both, both.tokens[0])
    page = Page(Client().get(phone.link))
    urls = {link.get("lang"): link.get("href") for link in page.find("//main//a")}
    assert urls == {"en": phone.url, "ar": phone.url.replace("/en/", "/ar/")}
    arabic = Page(Client().get(urls["ar"]))
    assert arabic.root.get("dir") == "rtl"
    assert "ما يأتي أولا" in arabic.words


# Delphi


def test_a_member_rates_some_items_and_finds_them_again(panel, phone):
    courses, desk, _ = panel.items.all()
    page = phone.send(phone.open(), **radio(8, courses), **radio("none", desk))
    assert "It is kept. Thank you." in page.words
    checked = {box.get("name"): box.get("value") for box in page.find("//input[@checked]")}
    assert checked == {f"value-{courses.pk}": "8", f"value-{desk.pk}": "none"}
    kept = Rating.objects.values_list("item", "value", "comment")
    assert set(kept) == {(courses.pk, 8, ""), (desk.pk, None, "")}
    assert set(Rating.objects.values_list("member", flat=True)) == {phone.member.pk}


def test_sending_it_twice_changes_nothing_and_another_rating_replaces_the_first(panel, phone):
    courses = panel.items.first()
    for value in (8, 8, 3):
        phone.send(phone.open(), **radio(value, courses), **{f"comment__{courses.pk}": "Because"})
    rating = Rating.objects.get()
    assert (rating.value, rating.comment) == (3, "Because")


def test_a_comment_that_is_too_long_is_refused_at_its_field_and_nothing_is_lost(panel, phone):
    courses, desk, _ = panel.items.all()
    page = phone.send(
        phone.open(), **radio(8, courses), **{f"comment__{courses.pk}": "a" * 501}, **radio(2, desk)
    )
    assert page.status == 400
    assert "A comment is too long. Nothing was kept yet." in page.words
    assert "1 letter too many. At most 500 are kept." in page.words
    [area] = page.find(f"//textarea[@id='comment-{courses.pk}']")
    assert (area.text, area.get("aria-invalid")) == ("a" * 501, "true")
    assert len(page.find("//input[@checked]")) == 2
    assert not Rating.objects.exists()


@pytest.mark.parametrize("value", ["0", "10", "-1", "x", "", "3,4"])
def test_points_beyond_the_scale_are_no_form_of_ours(panel, phone, value):
    page = phone.send(phone.open(), **radio(value, panel.items.first()))
    assert page.status == 422
    assert not Rating.objects.exists()


def test_what_comes_after_the_end_of_the_round_is_not_taken_and_given_back(panel, phone):
    page, courses = phone.open(), panel.items.first()
    close(panel)
    late = phone.send(page, **radio(8, courses), **{f"comment__{courses.pk}": "I was late"})
    assert late.status == 409
    assert "Nothing was taken: this round is closed." in late.words
    assert "I was late" in late.words
    begin(panel)
    assert phone.send(page, **radio(8, courses)).status == 409
    assert not Rating.objects.exists()


def test_after_the_last_day_nothing_is_taken_though_nobody_closed_the_round(panel, phone):
    page = phone.open()
    yesterday = TODAY - timedelta(days=1)
    PanelRound.objects.update(opened_on=yesterday, last_day=yesterday)
    assert "No round is open now." in phone.open().words
    assert phone.send(page, **radio(8, panel.items.first())).status == 409


@pytest.mark.parametrize("state", PanelState)
def test_what_the_link_shows_in_each_state(running, state):
    prepared = make_panel(running)
    said = MemberPhone(bring_to(prepared, state), prepared.tokens[0]).open().words
    expected = {
        PanelState.PREPARING: "No round is open now. Keep your link",
        PanelState.RUNNING: "You can answer and change your answers until",
        PanelState.ENDED: "The panel is over. Thank you.",
    }
    assert [words in said for words in expected.values()] == [each is state for each in expected]


# The round before


@pytest.fixture
def second(panel):
    rate(
        panel,
        [[8, 2, 5], [9, 1, None], [5, 3, None]],
        comments={(1, 0): "It opens every door", (2, 0): "Ask Anna at the desk"},
    )
    close(panel)
    shown = {each.pk: "Anna" not in each.comment for each in comments_of(panel)}
    decide_comments(by=make_person("ilze"), panel=panel, shown=shown, at=timezone.now())
    begin(panel)
    return panel


def test_the_second_round_shows_the_figures_of_the_first_and_ones_own(second):
    page = MemberPhone(second, second.tokens[0]).open()
    # 5 8 9: the quartiles lie half-way to the middle one, and two of three are 7 to 9.
    assert "The middle rating was 8. Half of the panel is between 6.5 and 8.5." in page.words
    assert "67 % rated it 7 to 9." in page.words
    assert "You gave 8." in page.words
    [marked] = page.find("(//fieldset)[1]//label[@data-before]//input")
    assert marked.get("value") == "8"
    # The rating of the first round is shown, and not given again.
    assert not page.find("//input[@checked]")
    # One rating of the last item is nobody's business.
    assert len([each for each in page.find("//fieldset") if "The middle rating" in each.text_content()]) == 2


def test_it_shows_the_comments_that_staff_showed_and_never_whose_they_are(second):
    for token in second.tokens:
        page = MemberPhone(second, token).open()
        assert "It opens every door" in page.words
        assert "Anna" not in page.words
        assert "M2" not in page.words


def test_a_comment_that_was_not_decided_about_is_not_shown(second):
    Rating.objects.filter(comment="It opens every door").update(comment_state="pending")
    assert "It opens every door" not in MemberPhone(second, second.tokens[0]).open().words


# MaxDiff


def test_a_member_goes_through_the_tasks_back_and_to_the_end(maxdiff):
    phone = MemberPhone(maxdiff, maxdiff.tokens[0])
    page = phone.open()
    n_tasks = len(phone.member.tasks)
    # 7 items three times in fours.
    assert n_tasks == 6
    for task in range(1, n_tasks + 1):
        assert f"{task} of {n_tasks}" in page.words
        first, second, *_ = phone.member.tasks[task - 1]
        page = phone.send(page, best=first, worst=second)
    assert "You have answered everything. Thank you." in page.words
    assert BestWorst.objects.filter(member=phone.member).count() == n_tasks

    again = phone.open(task=2)
    first, second, third, _ = phone.member.tasks[1]
    assert [box.get("value") for box in again.find("//input[@checked]")] == [str(first), str(second)]
    phone.send(again, best=third, worst=first)
    changed = BestWorst.objects.get(member=phone.member, task=2)
    assert (changed.best_id, changed.worst_id) == (third, first)
    assert BestWorst.objects.count() == n_tasks


@pytest.mark.parametrize(
    ("picked", "said"),
    [
        ({"best": 0, "worst": 0}, "The most and the least important cannot be the same."),
        ({"best": 0}, "Choose one in each list."),
        ({"worst": 1}, "Choose one in each list."),
        ({}, "Choose one in each list."),
    ],
)
def test_half_an_answer_is_asked_for_again_and_kept_on_the_page(maxdiff, picked, said):
    phone = MemberPhone(maxdiff, maxdiff.tokens[0])
    shown = phone.member.tasks[0]
    page = phone.send(phone.open(), **{name: shown[place] for name, place in picked.items()})
    assert page.status == 400
    assert said in page.words
    checked = {box.get("name"): int(box.get("value")) for box in page.find("//input[@checked]")}
    assert checked == {name: shown[place] for name, place in picked.items()}
    assert not BestWorst.objects.exists()


def test_an_item_that_was_not_shown_is_no_form_of_ours(maxdiff):
    phone = MemberPhone(maxdiff, maxdiff.tokens[0])
    shown = phone.member.tasks[0]
    hidden = maxdiff.items.exclude(pk__in=shown).first().pk
    assert phone.send(phone.open(), best=hidden, worst=shown[0]).status == 422
    assert phone.send(phone.open(), best=shown[0], worst=shown[1], task=7).status == 422
    assert not BestWorst.objects.exists()


def test_a_closed_maxdiff_takes_nothing(maxdiff):
    phone = MemberPhone(maxdiff, maxdiff.tokens[0])
    page, shown = phone.open(), phone.member.tasks[0]
    close(maxdiff)
    end(maxdiff)
    assert phone.send(page, best=shown[0], worst=shown[1]).status == 409
    assert not BestWorst.objects.exists()


# The actions


def test_the_action_takes_only_items_points_and_comments_that_can_be(panel, phone):
    item = panel.items.first().pk

    def rate_it(opinion, *, key=item, number=1):
        rate_items(member=phone.member, number=number, opinions={key: opinion}, day=TODAY)

    with pytest.raises(WrongAnswer):
        rate_it(Opinion(10, ""))
    with pytest.raises(WrongAnswer):
        rate_it(Opinion(5, ""), key=item + 1000)
    with pytest.raises(CommentTooLong):
        rate_it(Opinion(5, "a" * 501))
    with pytest.raises(NotNow):
        rate_it(Opinion(5, ""), number=2)
    with pytest.raises(WrongAnswer):
        pick(member=phone.member, number=1, task=1, best=item, worst=item, day=TODAY)
    assert not Rating.objects.exists()


def test_nobody_rates_in_a_maxdiff(maxdiff):
    with pytest.raises(WrongAnswer):
        rate_items(
            member=maxdiff.members.first(),
            number=1,
            opinions={maxdiff.items.first().pk: Opinion(5, "")},
            day=TODAY,
        )


def test_a_form_from_another_site_is_not_taken(panel, phone):
    answer = phone.client.post(phone.url, {"round": "1"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


def test_the_page_asks_the_database_as_often_with_many_items(running):
    panel = make_panel(running, items=[f"Item {number}" for number in range(25)])
    begin(panel)
    rate(panel, [[5] * 25] * 3)
    close(panel)
    begin(panel)
    phone = MemberPhone(panel, panel.tokens[0])
    with CaptureQueriesContext(connection) as asked:
        phone.open()
    assert len(asked) <= 12
