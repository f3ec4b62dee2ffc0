"""Staff sum up what people said, publish it, and say what becomes of it: the pages, and their refusals."""

import pytest
from django.urls import reverse
from django.utils import timezone
from lxml import html
from tests.apps.dialogue.staff import browser_of, give_to, page_of
from tests.apps.dialogue.summed_up import (
    answer,
    decide,
    hold_and_end,
    publish,
    said_by_people,
    say_at_a_session,
    sum_up,
    write,
)
from tests.builders import make_city, make_finding, make_review
from tests.people import give, make_network, make_officer, make_person

from tessera.apps.accounts.models import Person
from tessera.apps.dialogue.actions.moderation import accept_statement, hide_statement
from tessera.apps.dialogue.actions.themes import Bases, choose_bases
from tessera.apps.dialogue.models import Consultation, Disposition, HidingReason, PriorityArea, Theme
from tessera.apps.network.models import Kind, Membership

pytestmark = pytest.mark.django_db

MOST_QUERIES = 28


def url(name, *about):
    return reverse(f"dialogue:{name}", args=[getattr(each, "pk", each) for each in about])


def post(who, name, *about, **sent):
    return browser_of(who).post(url(name, *about), sent)


def words_of(page):
    [main] = html.document_fromstring(page).xpath("//main")
    return " ".join(main.text_content().split())


@pytest.fixture
def ended():
    """Over; Piotr keeps it too, Mihai coordinates the network, Chiara is officer elsewhere."""
    riga = make_city("riga")
    network = make_network()
    Membership.objects.create(city=riga, network=network, since="2015-01-01", source_name="A site")
    ended = hold_and_end(riga)
    give_to("piotr", ended)
    give("mihai", Kind.COORDINATOR, network)
    make_officer("chiara", make_city("ravenna"))
    Person.objects.update(language="en")
    return ended


READERS = {"ilze", "piotr", "mihai"}
KEEPERS = {"ilze", "piotr"}
PAGES = {
    "themes": READERS,
    "priorities": READERS,
    "answer": READERS,
    "new-theme": KEEPERS,
    "publish-themes": {"ilze"},
    "new-area": {"ilze"},
    "decide-statements": {"ilze"},
    "publish-answer": {"ilze"},
}
PAGES_OF_A_THEME = {
    "theme": READERS,
    "change-theme": KEEPERS,
    "theme-bases": KEEPERS,
    "delete-theme": KEEPERS,
    "decide-theme": {"ilze"},
}


def test_pages_of_others_do_not_exist(ended):
    theme = write(ended)
    addresses = {url(name, ended): people for name, people in PAGES.items()}
    addresses |= {url(name, theme): people for name, people in PAGES_OF_A_THEME.items()}
    for who in ("ilze", "piotr", "mihai", "chiara", "greta"):
        browser = browser_of(who)
        for address, people in addresses.items():
            status = browser.get(address).status_code
            assert (status in (200, 302)) if who in people else (status == 404), (who, address)
    assert all(browser_of("visitor").get(address).status_code == 302 for address in addresses)


def test_a_theme_is_written_and_given_what_it_rests_on(ended):
    assert ended.languages == ["en"]
    sent = {"title-en": "Places to sit", "summary-en": "Benches.", "area": "housing"}
    response = post("piotr", "new-theme", ended, **sent)
    theme = Theme.objects.get()
    assert response["Location"] == url("theme-bases", theme)
    assert (str(theme.title), theme.area, theme.written_by) == (
        "Places to sit",
        "housing",
        make_person("piotr"),
    )
    [benches, _] = said_by_people(ended)
    post("piotr", "theme-bases", theme, statements=[benches.pk], was="")
    assert [each.statement for each in theme.bases.all()] == [benches]
    page = words_of(page_of("mihai", url("priorities", ended)))
    assert "Housing Places to sit 1 statement" in page


def test_a_theme_without_a_title_is_refused_and_what_was_typed_stays(ended):
    response = post("ilze", "new-theme", ended, **{"title-en": "", "summary-en": "Benches are few."})
    assert response.status_code == 400
    assert "Benches are few." in response.content.decode()
    assert not Theme.objects.exists()


def test_a_theme_that_was_published_meanwhile_keeps_what_was_typed_on_the_page(ended):
    theme = write(ended, statements=said_by_people(ended)[:1])
    publish(ended)
    sent = {"title-en": "Other words", "summary-en": "Benches."}
    response = post("ilze", "change-theme", theme, **sent)
    assert response.status_code == 409
    assert "Other words" in response.content.decode()
    assert str(Theme.objects.get().title) == "Places to sit"


def test_what_somebody_else_added_meanwhile_stays(ended):
    [benches, lamps] = said_by_people(ended)
    theme = write(ended, statements=[benches])
    page = html.document_fromstring(page_of("ilze", url("theme-bases", theme)))
    [was] = page.xpath('//input[@name="was"]/@value')
    choose_bases(
        by=make_person("piotr"),
        theme=theme,
        add=Bases(frozenset({lamps.pk})),
        remove=Bases(),
        at=timezone.now(),
    )
    post("ilze", "theme-bases", theme, was=was)
    assert [each.statement for each in theme.bases.all()] == [lamps]


def test_what_is_hidden_for_a_while_stays_in_a_theme_whose_bases_are_saved_meanwhile(ended):
    [benches, lamps] = said_by_people(ended)
    theme = write(ended, statements=[benches, lamps])
    ilze, now = make_person("ilze"), timezone.now()
    hide_statement(by=ilze, statement=lamps, reason=HidingReason.HOSTILE, at=now)
    page = html.document_fromstring(page_of("ilze", url("theme-bases", theme)))
    [form] = [each for each in page.forms if "was" in each.fields]
    post("ilze", "theme-bases", theme, was=form.fields["was"], statements=[benches.pk])
    accept_statement(by=ilze, statement=lamps, at=now)
    assert {each.statement for each in theme.bases.all()} == {benches, lamps}


def test_a_number_of_thousands_of_digits_breaks_no_page(ended):
    [benches, _] = said_by_people(ended)
    theme = write(ended, statements=[benches])
    was = f"statements-{'9' * 5000}"
    assert post("ilze", "theme-bases", theme, was=was, statements=[benches.pk]).status_code == 302
    assert [each.statement for each in theme.bases.all()] == [benches]


def test_two_areas_of_the_same_name_each_have_their_own_themes(ended):
    for _ in range(2):
        post("ilze", "new-area", ended, **{"name-en": "Trams"})
    write(ended, "Places to sit", area="trams")
    write(ended, "Light at night", area="trams-2")
    page = words_of(page_of("ilze", url("priorities", ended)))
    assert (page.count("Places to sit"), page.count("Light at night")) == (1, 1)


def test_statements_are_searched_and_those_that_are_chosen_stay_on_the_page(ended):
    [benches, _] = said_by_people(ended)
    theme = write(ended, statements=[benches])
    page = words_of(page_of("ilze", f"{url('theme-bases', theme)}?search=LAMPS"))
    assert "We need lamps." in page
    assert "We need benches." in page
    assert "Newcomers find a language course" not in page
    assert "1 other statement has “LAMPS” in it." in page


def test_who_coordinates_reads_how_much_was_said_at_sessions_and_no_word_of_it(ended):
    excerpt = say_at_a_session(ended, "We sit on the kerb.")
    theme = write(ended, excerpts=[excerpt])
    assert "We sit on the kerb." in page_of("piotr", url("theme", theme))
    page = page_of("mihai", url("theme", theme))
    assert "We sit on the kerb." not in page
    assert "1 passage." in words_of(page)


def test_the_page_names_what_is_missing_before_publishing(ended):
    assert "There is no theme yet." in words_of(page_of("ilze", url("themes", ended)))
    theme = write(ended)
    page = page_of("ilze", url("themes", ended))
    assert "Themes that rest on nothing yet:Places to sit" in words_of(page)
    assert url("publish-themes", ended) not in page
    choose_bases(
        by=make_person("ilze"),
        theme=theme,
        add=Bases(frozenset({said_by_people(ended)[0].pk})),
        remove=Bases(),
        at=timezone.now(),
    )
    assert url("publish-themes", ended) in page_of("ilze", url("themes", ended))
    assert url("publish-themes", ended) not in page_of("piotr", url("themes", ended))


def test_an_officer_publishes_the_themes_and_then_nobody_is_offered_to_change_them(ended):
    theme = write(ended, statements=said_by_people(ended)[:1])
    assert browser_of("ilze").get(url("publish-themes", ended)).status_code == 200
    post("ilze", "publish-themes", ended)
    assert Consultation.objects.get().has_public_themes
    page = page_of("ilze", url("themes", ended)) + page_of("ilze", url("theme", theme))
    for name in ("new-theme", "publish-themes"):
        assert url(name, ended) not in page
    for name in ("change-theme", "theme-bases", "delete-theme"):
        assert url(name, theme) not in page


def test_a_theme_is_deleted_after_asking_once(ended):
    theme = write(ended)
    assert "Delete the theme?" in page_of("ilze", url("delete-theme", theme))
    assert Theme.objects.exists()
    post("ilze", "delete-theme", theme)
    assert not Theme.objects.exists()


def test_areas_are_added_renamed_and_removed(ended):
    post("ilze", "new-area", ended, **{"name-en": "Trams"})
    area = PriorityArea.objects.get()
    assert area.key == "trams"
    post("ilze", "rename-area", ended, area, **{"name-en": "Buses"})
    assert "Buses" in page_of("mihai", url("priorities", ended))
    theme = write(ended, area="trams")
    response = browser_of("ilze").post(url("remove-area", ended, area), follow=True)
    assert "A theme is in this area." in response.content.decode()
    theme.delete()
    post("ilze", "remove-area", ended, area)
    assert not PriorityArea.objects.exists()


# What becomes of it


def test_officers_say_what_becomes_of_a_theme_and_of_several_statements():
    consultation = sum_up(said=("We need benches.", "We need lamps.", "We need trees."))
    theme, [_, lamps, trees] = consultation.themes.get(), said_by_people(consultation)
    assert page_of("ilze", url("answer", consultation)).count(">not decided yet</span>") == 3
    sent = {"outcome": "partly", "reason-en": "Six of them."}
    post("ilze", "decide-theme", theme, **sent)
    post("ilze", "decide-statements", consultation, statements=[lamps.pk, trees.pk], **sent)
    assert Disposition.objects.filter(outcome="partly").count() == 3
    page = page_of("ilze", url("answer", consultation))
    assert "Everything is there. You can publish the answer." in page
    post("ilze", "publish-answer", consultation)
    assert Consultation.objects.get().state == "answered"


def test_a_link_to_one_statement_brings_it_ticked_with_what_was_decided():
    consultation = sum_up()
    decide(consultation, reason="We put up ten.")
    lamps = said_by_people(consultation)[1]
    page = page_of("ilze", f"{url('decide-statements', consultation)}?statement={lamps.pk}")
    form = html.document_fromstring(page)
    assert form.xpath('//input[@name="statements"][@checked]/@value') == [str(lamps.pk)]
    assert form.xpath('//input[@name="outcome"][@checked]/@value') == ["adopted"]
    assert "We put up ten." in page


def test_without_a_reason_an_outcome_or_a_tick_nothing_is_kept():
    consultation = sum_up()
    response = post("ilze", "decide-statements", consultation, **{"reason-en": "There is no money."})
    assert response.status_code == 400
    assert "Tick at least one statement." in response.content.decode()
    assert "There is no money." in response.content.decode()
    response = post("ilze", "decide-theme", consultation.themes.get(), outcome="adopted")
    assert response.status_code == 400
    assert not Disposition.objects.exists()


def test_what_was_answered_meanwhile_is_not_changed_and_what_was_typed_stays():
    consultation = answer(sum_up())
    sent = {"outcome": "partly", "reason-en": "Other words."}
    response = post("ilze", "decide-theme", consultation.themes.get(), **sent)
    assert response.status_code == 409
    assert "Other words." in response.content.decode()


def test_a_reason_that_is_not_in_every_language_is_marked():
    consultation = sum_up(languages=("en", "lv"))
    decide(consultation)
    page = words_of(page_of("ilze", url("answer", consultation)))
    assert page.count("reason missing Latvian") == 2
    assert url("publish-answer", consultation) not in page_of("ilze", url("answer", consultation))


def test_the_desk_and_the_consultation_lead_on_step_by_step():
    consultation = hold_and_end()
    work = reverse("web:work")
    assert "Sum up what people said in themes." in page_of("ilze", work)
    write(consultation, statements=said_by_people(consultation)[:1], area="housing")
    page = words_of(page_of("ilze", consultation.get_absolute_url()))
    assert "1 theme, 1 of them a priority. Next: sum up what people said" in page
    consultation = publish(consultation)
    assert "Say what becomes of them." in page_of("ilze", work)
    page = words_of(page_of("ilze", consultation.get_absolute_url()))
    assert "Of 2 themes and statements nobody has said yet what becomes of them." in page
    answer(consultation)
    assert str(consultation.title) not in page_of("ilze", work)


def test_pages_ask_the_database_as_often_for_many_as_for_few(django_assert_max_num_queries):
    riga = make_city("riga")
    review = make_review(riga)
    consultation = hold_and_end(riga, said=[f"We need thing {number}." for number in range(12)])
    Consultation.objects.update(review=review)
    said = said_by_people(consultation)
    finding = make_finding(review, "Few benches.")
    themes = [
        write(
            consultation,
            f"Theme {number}",
            statements=said[: number + 1],
            excerpts=[say_at_a_session(consultation)],
            findings=[finding],
        )
        for number in range(6)
    ]
    browser = browser_of("ilze")
    addresses = [url("themes", consultation), url("priorities", consultation), url("theme-bases", themes[5])]
    for address in addresses:
        with django_assert_max_num_queries(MOST_QUERIES):
            assert browser.get(address).status_code == 200
    consultation = publish(consultation)
    decide(consultation)
    for address in (
        url("answer", consultation),
        url("decide-statements", consultation),
        url("theme", themes[5]),
    ):
        with django_assert_max_num_queries(MOST_QUERIES):
            assert browser.get(address).status_code == 200
