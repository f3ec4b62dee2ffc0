import re

import pytest
from tests.builders import REVIEW, SCORES, make_city, make_review

from tessera.apps.review.lifecycle import State
from tessera.frameworks.load import find_framework, shipped_frameworks

pytestmark = pytest.mark.django_db


def test_every_shipped_questionnaire_is_listed_with_its_number_of_questions(client):
    page = client.get("/en/questionnaires/").content.decode()

    assert len(shipped_frameworks()) == 3
    for framework, version in shipped_frameworks():
        assert f'href="/en/questionnaires/{framework}/{version}/"' in page
        assert f"{sum(1 for _ in find_framework(framework, version).questions())} questions" in page


@pytest.mark.parametrize("language", ["en", "lv"])
def test_every_question_is_there_with_its_reason_its_weight_and_its_answers(client, language):
    framework = find_framework(REVIEW, 2)
    page = client.get(f"/{language}/questionnaires/{REVIEW}/2/").content.decode()
    plain = re.sub(r"&#x27;", "'", page)
    texts = framework.text(language).questions

    asked = list(framework.questions())
    assert page.count('class="t-question"') == len(asked) > 80
    for question in asked:
        shown = plain[plain.index(f'id="{question.key}"') :].split("</li>\n", 1)[0]
        assert texts[question.key].text in shown
        assert texts[question.key].why in shown
        for option in question.options:
            assert texts[question.key].options[option.key] in shown


def test_the_worth_of_an_answer_is_its_share_of_what_the_question_can_give(client):
    """Points 2, 1, 0 of yes, partly, no are worth 100, 50 and 0."""
    page = client.get(f"/en/questionnaires/{REVIEW}/2/").content.decode()

    shown = page[page.index('id="strategy"') :].split("</ul>", 1)[0]
    assert re.findall(r'<span class="t-small">(\d+)</span>', shown) == ["100", "50", "0"]


def test_a_questionnaire_leads_to_its_areas_across_cities_once_there_are_reviews(client):
    address = f"/en/questionnaires/{SCORES}/1/"
    assert "/en/areas/" not in client.get(address).content.decode()

    make_review(make_city(), state=State.PUBLISHED)

    assert f'href="/en/areas/{SCORES}/2023/education/"' in client.get(address).content.decode()


@pytest.mark.parametrize("address", ["no-such/1", f"{REVIEW}/9"])
def test_a_questionnaire_or_version_that_is_not_there_answers_so(client, address):
    assert client.get(f"/en/questionnaires/{address}/").status_code == 404
