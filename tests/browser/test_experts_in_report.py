"""What experts say in a report, in a browser. The file of a report has the parts and styles of the page."""

import pytest
from tests.browser.conftest import NARROW, WIDE
from tests.browser.test_axe import complaints_of_axe
from tests.browser.test_narrow_screen import STICKING_OUT
from tests.reports.reviews import large_review

from tessera.frameworks.answers import Answer
from tessera.frameworks.expert_words import (
    ExpertWords,
    Finding,
    FindingKind,
    Opinion,
    Sureness,
    TranslatedText,
)
from tessera.reports.pages import render_html
from tessera.reports.review import build_review_report

pytestmark = pytest.mark.browser

LONG = "Integrationsverwaltungsverfahrensbeschleunigungsgesetzentwurfskommentar" * 2


def text(words, language="en"):
    return TranslatedText(language, {language: words})


SAID = ExpertWords(
    (
        Finding(
            FindingKind.PRIORITY,
            text("Kursi beidzas pirms darba.", "lv"),
            text(LONG),
            ("lens",),
            ("education-0", "commitment-2"),
            (f"https://example.org/{LONG}",),
            2,
        ),
        Finding(FindingKind.GAP, text(LONG), None, (), ("commitment-2",), (), 0),
        Finding(FindingKind.STRENGTH, text("The council is behind it."), None, ("commitment",), (), (), 0),
    ),
    (
        Opinion("commitment-0", ("Nuria",), Answer("partly"), LONG, Sureness.HIGH),
        Opinion("commitment-0", ("Piotr",), None, "", Sureness.LOW),
        Opinion("commitment-0", ("Nuria", "Piotr"), Answer("no"), "We both looked.", None),
    ),
)


@pytest.mark.parametrize(
    ("scheme", "viewport"), [("light", WIDE), ("dark", NARROW)], ids=["light-1280px", "dark-320px"]
)
def test_axe_finds_nothing_and_nothing_sticks_out_where_experts_have_their_say(
    visit, tmp_path, scheme, viewport
):
    made, answers, before, profile = large_review()
    report = build_review_report(
        made, answers, profile, language="en", previous_sheet=before, expert_words=SAID
    )
    file = tmp_path / "report.html"
    file.write_text(render_html(report), encoding="utf-8")
    with visit(file.as_uri(), viewport=viewport, scheme=scheme) as seen:
        complaints = complaints_of_axe(seen.page)
        assert not complaints, "\n\n".join(complaints)
        assert seen.page.evaluate(STICKING_OUT) == []


def test_a_finding_leads_to_the_answer_that_it_rests_on(visit, tmp_path):
    made, answers, _, profile = large_review()
    report = build_review_report(made, answers, profile, language="en", expert_words=SAID)
    file = tmp_path / "report.html"
    file.write_text(render_html(report), encoding="utf-8")
    with visit(file.as_uri()) as seen:
        answer = seen.page.locator("#question-education-0")
        assert not answer.is_visible()
        seen.page.locator("#findings").get_by_role("link", name="“Education”").first.click()
        assert answer.is_visible()
