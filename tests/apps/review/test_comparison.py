"""The cities of a cycle side by side: who reads which of them, what stands there, and no ranking."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from tests.builders import (
    ANSWERED_AT,
    CHECKED_AT,
    REVIEW,
    SCORES,
    VALIDATED_AT,
    make_city,
    make_finding,
    make_validated_cycle,
    put_in_state,
)
from tests.people import EVERYBODY, give, make_network, make_officer, make_person

from tessera.apps.accounts.models import Person
from tessera.apps.network.local_text import LocalText
from tessera.apps.network.models import Kind, Membership, Network, Role, Tie
from tessera.apps.review.access.sharing import cycles_compared_by, reviews_compared
from tessera.apps.review.actions.sharing import agree_to_comparison, end_comparison
from tessera.apps.review.comparison import read_comparison
from tessera.apps.review.comparison_charts import draw_overall
from tessera.apps.review.lifecycle import State
from tessera.apps.review.models import (
    Answer,
    Appointment,
    Evidence,
    EvidenceKind,
    EvidenceUse,
    FindingBasis,
    FindingKind,
    Review,
)
from tessera.frameworks.answers import Answer as GivenAnswer
from tessera.frameworks.load import find_framework
from tessera.frameworks.schema import representative_answers

pytestmark = pytest.mark.django_db

TODAY = date(2024, 3, 20)


def as_(who):
    browser = Client()
    browser.force_login(make_person(who))
    return browser


def url(cycle, area="", *, language="en"):
    with translation.override(language):
        name = "compared-area" if area else "comparison"
        return reverse(f"review:{name}", args=[cycle.pk, *([area] if area else [])])


def page_of(cycle, area="", *, who="mihai", language="en"):
    return as_(who).get(url(cycle, area, language=language)).content.decode()


def review_of(cycle, slug):
    return Review.objects.get(cycle=cycle, city__slug=slug)


def rows(page, caption):
    """Of the table with a caption, as lists of words."""
    [table] = [found for found in re.findall(r"<table.*?</table>", page, re.DOTALL) if caption in found]
    found = re.findall(r'<tr role="row">(.*?)</tr>', table, re.DOTALL)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in found]
    return [[re.sub(r"<[^>]+>", "", cell).strip() for cell in row] for row in cells]


def add_piece(review, question, text, *, is_public):
    piece = Evidence.objects.create(
        review=review, kind=EvidenceKind.QUOTATION, text=text, is_public=is_public
    )
    EvidenceUse.objects.create(evidence=piece, question=question)
    return piece


def answers_to(areas):
    """To every question of some areas."""
    questions = [question for area in areas for part in area.plain_areas() for question in part.questions]
    return {question.key: GivenAnswer(representative_answers(question)[0]) for question in questions}


def section(page, name):
    return page[page.index(f'<h2 id="{name}"') :].split("</section>")[0]


def compared(cycle, day=TODAY):
    return sorted(review.city.slug for review in reviews_compared(cycle, day))


# Who reads which


@pytest.fixture
def cycle():
    """Riga and Ravenna agreed, Lublin did not; each has an officer, and Nuria checks Riga."""
    cycle = make_validated_cycle({"riga": 60, "ravenna": 40, "lublin": 80}, shared=("riga", "ravenna"))
    make_officer("chiara", make_city("graz"))
    Role.objects.filter(city__slug__in=["ravenna", "lublin"]).delete()
    make_officer("greta", review_of(cycle, "ravenna").city)
    make_officer("piotr", review_of(cycle, "lublin").city)
    give("andris", Kind.CONTRIBUTOR, review_of(cycle, "riga").city)
    Appointment.objects.create(
        review=review_of(cycle, "riga"),
        expert=give("nuria", Kind.EXPERT, cycle.network),
        appointed_by=make_person("mihai"),
        appointed_at=ANSWERED_AT,
        accepted_at=ANSWERED_AT,
    )
    return cycle


def who_enters(cycle, day=TODAY):
    return {who for who in EVERYBODY if cycle in cycles_compared_by(make_person(who), day)}


def test_those_enter_who_coordinate_who_check_there_and_whose_city_takes_part(cycle):
    assert who_enters(cycle) == {"mihai", "nuria", "ilze", "greta"}
    for who in EVERYBODY:
        expected = 200 if who in who_enters(cycle, timezone.localdate()) else 404
        for address in (url(cycle), url(cycle, "health"), f"{url(cycle)}comparison.xlsx"):
            assert as_(who).get(address).status_code == expected, (who, address)


def test_a_city_that_did_not_agree_is_not_seen_and_sees_nothing(cycle):
    assert compared(cycle) == ["ravenna", "riga"]
    page = page_of(cycle)
    assert "Ravenna" in page
    assert "Lublin" not in page
    assert as_("piotr").get(url(cycle)).status_code == 404
    assert url(cycle) not in as_("piotr").get(reverse("web:work")).content.decode()


def test_what_is_taken_back_disappears_at_once_on_both_sides(cycle):
    ilze = as_("ilze")
    assert "Ravenna" in ilze.get(url(cycle)).content.decode()
    end_comparison(person=make_person("ilze"), review=review_of(cycle, "riga"), at=VALIDATED_AT)

    assert ilze.get(url(cycle)).status_code == 404
    assert url(cycle) not in ilze.get(reverse("web:work")).content.decode()
    for page in (page_of(cycle, who="greta"), page_of(cycle, "health", who="greta")):
        assert "Riga" not in page
        assert "Ravenna" in page


def test_a_published_review_takes_part_without_being_asked(cycle):
    end_comparison(person=make_person("ilze"), review=review_of(cycle, "riga"), at=VALIDATED_AT)
    make_officer("ilze", review_of(cycle, "lublin").city)
    put_in_state(review_of(cycle, "lublin"), State.PUBLISHED)

    assert compared(cycle) == ["lublin", "ravenna"]
    assert "piotr" in who_enters(cycle)


@pytest.mark.parametrize("state", [State.SUBMITTED, State.IN_REVIEW, State.RETURNED])
def test_a_review_that_is_not_validated_is_not_there_whatever_was_agreed(cycle, state):
    """However it came back there: only the sharing stands."""
    Review.objects.filter(city__slug="riga").update(
        state=state, validated_by=None, validated_at=None, submitted_at=ANSWERED_AT
    )

    assert compared(cycle) == ["ravenna"]
    assert "ilze" not in who_enters(cycle)


def test_a_city_that_left_the_network_is_not_there_and_sees_nothing(cycle):
    Membership.objects.filter(city__slug="riga").update(until=TODAY)
    assert compared(cycle, TODAY) == ["ravenna", "riga"]
    assert "ilze" in who_enters(cycle, TODAY)

    tomorrow = TODAY + timedelta(days=1)
    assert compared(cycle, tomorrow) == ["ravenna"]
    assert "ilze" not in who_enters(cycle, tomorrow)


def test_a_membership_in_another_network_is_none_in_that_of_the_cycle(cycle):
    Membership.objects.filter(city__slug="riga").update(network=make_other_network())

    assert compared(cycle) == ["ravenna"]


def test_whoever_coordinates_another_network_or_no_longer_this_one_finds_no_page(cycle):
    aino = Person.objects.create(email="aino@example.org", name="Aino")
    Role.objects.create(
        person=aino, kind=Kind.COORDINATOR, network=make_other_network(), since=date(2015, 1, 1)
    )
    browser = Client()
    browser.force_login(aino)
    assert browser.get(url(cycle)).status_code == 404

    Role.objects.filter(person=make_person("mihai")).update(until=TODAY - timedelta(days=1))
    assert "mihai" not in who_enters(cycle)


def make_other_network():
    return Network.objects.create(
        slug="north",
        name=LocalText("en", {"en": "North"}),
        starts_on=date(2015, 1, 1),
        ends_on=date(2040, 1, 1),
        source_name="A site",
    )


def test_an_expert_who_checks_nothing_there_or_was_released_does_not_enter(cycle):
    give("jonas", Kind.EXPERT, make_network())
    assert "jonas" not in who_enters(cycle)
    make_person("nuria").appointments.update(released_at=CHECKED_AT)

    assert "nuria" not in who_enters(cycle)


def test_whoever_is_no_expert_of_the_network_any_more_does_not_enter(cycle):
    Role.objects.filter(person=make_person("nuria")).update(until=TODAY)
    assert "nuria" in who_enters(cycle, TODAY)

    assert "nuria" not in who_enters(cycle, TODAY + timedelta(days=1))


def test_an_expert_who_only_was_asked_or_has_a_tie_to_the_city_does_not_enter(cycle):
    make_person("nuria").appointments.update(accepted_at=None)
    assert "nuria" not in who_enters(cycle)

    make_person("nuria").appointments.update(accepted_at=CHECKED_AT)
    assert "nuria" in who_enters(cycle)
    Tie.objects.create(
        person=make_person("nuria"),
        city=review_of(cycle, "riga").city,
        work="A study",
        since=date(2020, 1, 1),
        declared_at=CHECKED_AT,
    )
    assert "nuria" not in who_enters(cycle)


def test_cities_of_another_cycle_are_not_there(cycle):
    other = make_validated_cycle({"riga": 10, "ravenna": 20}, year=2022)

    assert compared(other) == ["ravenna", "riga"]
    assert {review.year for review in reviews_compared(cycle, TODAY)} == {2023}


def test_the_work_page_and_the_page_of_the_cycle_lead_there(cycle):
    link = f'href="{url(cycle)}"'
    for who in ("ilze", "nuria", "greta"):
        assert link in as_(who).get(reverse("web:work")).content.decode(), who
    assert link not in as_("chiara").get(reverse("web:work")).content.decode()
    assert link in as_("mihai").get(reverse("review:cycle", args=[cycle.pk])).content.decode()


# What stands there


def test_figures_by_hand():
    """Eight areas of one number each, all of the same weight.

    Riga: seven areas, (60 + 40 + 80 + 4 x 60) / 7 = 60; the one that is missing could be 0 or 100, so the
    whole lies between 420 / 8 = 52.5 and 520 / 8 = 65, and 7 / 8 of the weight is answered.
    """
    cycle = make_validated_cycle({"riga": [60, 40, None, 80, 60, 60, 60, 60], "ravenna": 40})
    put_in_state(review_of(cycle, "ravenna"), State.PUBLISHED)
    page = page_of(cycle)

    header, *cities = rows(page, "Overall score (core), by city")
    assert header == ["City", "Points", "Coverage", "Outer band", "Taken from"]
    assert cities == [
        ["Ravenna", "40", "100%", "40", "published review"],
        ["Riga", "60", "88%", "53–65", "validated review, not published"],
    ]
    assert "2 of 2 cities have this score." in page
    header, *areas = rows(page, "Points in every area, with the outer band")
    assert header == ["Area", "Ravenna", "Riga"]
    assert [row[1:] for row in areas] == [
        ["40", "60"],
        ["40", "40"],
        ["40", "not enough answers (0–100)"],
        ["40", "80"],
        *[["40", "60"]] * 4,
    ]


def test_an_area_has_a_chart_a_sentence_and_a_table():
    cycle = make_validated_cycle({"riga": [60, 60, None, 60, 60, 60, 60, 60], "ravenna": 40})
    area = cycle.framework.areas[2]
    page = page_of(cycle, area.key)
    title = area_title(cycle, area)

    assert f'<figure class="t-chart" aria-label="{title}">' in page
    assert page.count("<svg") >= 2
    assert "1 of 2 cities has" not in page
    assert "1 of 2 cities have a score in this area." in page
    assert rows(page, f"{title}, by city")[1:] == [
        ["Ravenna", "40", "100%", "40", "validated review, not published"],
        ["Riga", "not enough answers", "0%", "0–100", "validated review, not published"],
    ]


def area_title(cycle, area):
    return cycle.framework.text("en").areas[area.key].title


def test_what_is_published_is_read_as_it_was_frozen():
    cycle = make_validated_cycle({"riga": 60})
    review = review_of(cycle, "riga")
    make_finding(review, "As it was.", areas=["health"])
    put_in_state(review, State.PUBLISHED)
    Answer.objects.filter(review=review).update(value=10.0)
    review.findings.update(text=LocalText("en", {"en": "As it is."}))

    assert rows(page_of(cycle), "Overall score (core), by city")[1][1] == "60"
    page = page_of(cycle, "health")
    assert "As it was." in page
    assert "As it is." not in page


def test_the_page_says_what_each_city_is_taken_from():
    cycle = make_validated_cycle({"riga": 60, "ravenna": 40})
    put_in_state(review_of(cycle, "ravenna"), State.PUBLISHED)
    cities = section(page_of(cycle), "cities")

    assert "Published on 18 March 2024." in cities
    assert f'href="{review_of(cycle, "ravenna").get_absolute_url()}"' in cities
    assert "Validated on 4 March 2024, and not published." in cities
    assert review_of(cycle, "riga").get_absolute_url() not in cities
    assert "only while it shows its own result" in cities
    assert "please do not pass it on" in cities


def test_the_two_overall_scores_are_never_in_one_chart():
    """Ravenna fills the optional areas, and Riga leaves them out."""
    areas = find_framework(REVIEW, 2).areas
    cycle = make_validated_cycle(
        {
            "riga": answers_to(area for area in areas if not area.optional),
            "ravenna": answers_to(areas),
        },
        framework=REVIEW,
        version=2,
    )
    comparison = read_comparison(cycle, reviews_compared(cycle, TODAY))

    assert comparison.overalls == ("core", "extended")
    in_charts = {
        name: [row.label for row in draw_overall(comparison, name, "en").drawing.rows]
        for name in comparison.overalls
    }
    assert in_charts == {"core": ["Ravenna", "Riga"], "extended": ["Ravenna"]}
    assert draw_overall(comparison, "extended", "en").sentence == "1 of 2 cities have this score."


def test_a_review_that_answered_something_else_is_named_and_not_compared():
    cycle = make_validated_cycle({"riga": 60, "ravenna": 40, "lublin": 80})
    Review.objects.filter(city__slug="riga").update(pathway="core")
    Review.objects.filter(city__slug="lublin").update(framework_id=REVIEW, version=2)
    page = page_of(cycle)
    named = section(page, "not-comparable")

    assert re.findall(r"<dt[^>]*>(.*?)</dt><dd[^>]*>(.*?)</dd>", named) == [
        ("Lublin", "It answered another questionnaire, or another version of it."),
        ("Riga", "It was asked more questions than the others, or fewer."),
    ]
    assert [row[0] for row in rows(page, "Overall score (core), by city")[1:]] == ["Ravenna"]


def test_invented_answers_are_marked_and_named_where_others_are_real():
    cycle = make_validated_cycle({"riga": 60, "ravenna": 40})
    assert "The answers are invented, for demonstration." in page_of(cycle)
    Review.objects.filter(city__slug="riga").update(invented=False)
    for area in ("", "health"):
        assert "of these cities are invented, for demonstration: Ravenna." in page_of(cycle, area)
    Review.objects.update(invented=False)
    assert "invented" not in page_of(cycle)


def test_where_nobody_takes_part_the_page_says_what_would_fill_it():
    cycle = make_validated_cycle({"riga": 60}, shared=())

    for page in (page_of(cycle), page_of(cycle, "health")):
        assert "No city takes part yet" in page
        assert "<svg" not in page.split("<main")[1].split("</main>")[0]


def test_an_area_that_is_not_there_or_not_asked_answers_so():
    cycle = make_validated_cycle({"riga": 60})

    assert as_("mihai").get(url(cycle, "no-such-area")).status_code == 404


# No ranking


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", ["Alpha", "Mu", "Zeta"]), ("lv", ["Āzeta", "Mu", "Vilpha"])],
)
def test_the_cities_stand_in_the_order_of_the_alphabet_of_the_page_and_not_of_their_scores(
    language, expected
):
    for slug, latvian in (("zeta", "Āzeta"), ("alpha", "Vilpha"), ("mu", "Mu")):
        make_city(slug, name=LocalText("en", {"en": slug.capitalize(), "lv": latvian}))
    cycle = make_validated_cycle({"zeta": 90, "mu": 10, "alpha": 50})
    page = page_of(cycle, language=language)
    area_page = page_of(cycle, "health", language=language)

    tables = re.findall(r"<table.*?</table>", page + area_page, re.DOTALL)
    first, areas, one_area = (rows(table, "") for table in tables)
    assert [row[0] for row in first[1:]] == expected
    assert areas[0][1:] == expected
    assert [row[0] for row in one_area[1:]] == expected
    assert re.findall("<h3>(.*?)</h3>", area_page) == expected


def test_the_pages_say_that_they_are_no_ranking():
    cycle = make_validated_cycle({"riga": 60})

    for area in ("", "health"):
        assert "this is no ranking" in page_of(cycle, area)


# Findings


def test_findings_stand_with_the_area_that_they_rest_on_beside_each_other():
    cycle = make_validated_cycle({"riga": 60, "ravenna": 40})
    riga, ravenna = review_of(cycle, "riga"), review_of(cycle, "ravenna")
    make_finding(riga, "On an area.", kind=FindingKind.STRENGTH, areas=["health"], next_step="Go on.")
    make_finding(ravenna, "On an answer.", questions=["health-score"])
    make_finding(ravenna, "On another.", areas=["education"])
    page = section(page_of(cycle, "health"), "findings")
    of_ravenna, of_riga = page.split("<h3>")[1:]

    assert "On an answer." in of_ravenna
    assert ">gap<" in of_ravenna
    question = cycle.framework.text("en").questions["health-score"].text
    assert f"Rests on: {question}" in of_ravenna
    for words in ("On an area.", ">strength<", "Suggested next step", "Go on."):
        assert words in of_riga
    assert f"Rests on: {cycle.framework.text('en').areas['health'].title}" in of_riga
    assert "On another." not in page
    assert "On another." in page_of(cycle, "education")
    assert section(page_of(cycle, "education"), "findings").count("No finding.") == 1


def test_a_composite_area_has_the_findings_of_its_parts():
    cycle = make_validated_cycle({"riga": {}}, framework=REVIEW, version=2)
    composite = next(area for area in cycle.framework.areas if area.composite)
    part = composite.areas[0]
    other = next(area for area in cycle.framework.areas if not area.composite)
    review = review_of(cycle, "riga")
    make_finding(review, "On the whole.", areas=[composite.key])
    make_finding(review, "On a part.", areas=[part.key])
    make_finding(review, "On an answer.", questions=[part.questions[0].key])
    make_finding(review, "Elsewhere.", areas=[other.key])

    whole, inside = page_of(cycle, composite.key), page_of(cycle, part.key)
    assert [words in whole for words in ("On the whole.", "On a part.", "On an answer.")] == [True] * 3
    assert [words in inside for words in ("On the whole.", "On a part.", "On an answer.")] == [
        False,
        True,
        True,
    ]
    assert "Elsewhere." not in whole + inside


def test_neither_evidence_nor_note_nor_answer_is_read_and_what_rests_on_evidence_alone_stands_apart():
    cycle = make_validated_cycle({"riga": 61.5})
    review = review_of(cycle, "riga")
    Answer.objects.filter(review=review).update(note="A note", is_note_public=True)
    piece = add_piece(review, "health-score", "The secret letter", is_public=True)
    on_evidence = make_finding(review, "On a letter.")
    FindingBasis.objects.create(finding=on_evidence, evidence=piece)
    make_finding(review, "On both.", areas=["health"])
    overview, area = page_of(cycle), page_of(cycle, "health")

    assert "On a letter." in section(overview, "other")
    assert "On both." not in overview
    assert "On a letter." not in area
    for page in (overview, area):
        for words in ("The secret letter", "A note", "61.5"):
            assert words not in page


def test_without_other_findings_there_is_no_heading_for_them():
    cycle = make_validated_cycle({"riga": 60})
    make_finding(review_of(cycle, "riga"), "On an area.", areas=["health"])

    assert "Other findings" not in page_of(cycle)


def test_a_finding_stands_in_the_pages_language_or_is_marked_with_its_own():
    cycle = make_validated_cycle({"riga": 60})
    review = review_of(cycle, "riga")
    make_finding(review, LocalText("lv", {"lv": "Tikai latviski."}), areas=["health"])
    make_finding(review, LocalText("lv", {"lv": "Abās.", "en": "In both."}), areas=["health"], place=2)
    page, latvian = page_of(cycle, "health"), page_of(cycle, "health", language="lv")

    assert '<p dir="auto" lang="lv">Tikai latviski.</p>' in page
    assert page.count("Language: Latvian") == 1
    assert '<p dir="auto">In both.</p>' in page
    assert '<p dir="auto">Tikai latviski.</p>' in latvian
    assert '<p dir="auto">Abās.</p>' in latvian


def test_a_finding_is_text_whatever_stands_in_it():
    cycle = make_validated_cycle({"riga": 60})
    make_finding(review_of(cycle, "riga"), "<script>alert(1)</script>", areas=["health"])

    page = page_of(cycle, "health")
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_twelve_cities_ask_the_database_as_much_as_three():
    counts = []
    for number, year in ((3, 2022), (12, 2023)):
        cycle = make_validated_cycle({f"city-{place}": 60 for place in range(number)}, year=year)
        for review in cycle.reviews.all():
            finding = make_finding(review, "A finding.", areas=["health"], questions=["health-score"])
            piece = add_piece(review, "health-score", "A letter", is_public=False)
            FindingBasis.objects.create(finding=finding, evidence=piece)
        put_in_state(review_of(cycle, "city-1"), State.PUBLISHED)
        browser, asked = as_("ilze"), []
        for address in (url(cycle), url(cycle, "health"), f"{url(cycle)}comparison.xlsx"):
            browser.get(address)
            with CaptureQueriesContext(connection) as queries:
                assert browser.get(address).status_code == 200
            asked.append(len(queries))
        counts.append(asked)

    assert counts[0] == counts[1]
    assert max(counts[1]) <= 20


def test_a_city_agrees_again_and_is_there_again(cycle):
    review = review_of(cycle, "lublin")
    agree_to_comparison(person=make_person("piotr"), review=review, at=VALIDATED_AT)

    assert compared(cycle) == ["lublin", "ravenna", "riga"]
    assert cycle.framework_id == SCORES
