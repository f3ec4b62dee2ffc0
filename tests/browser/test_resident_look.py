"""How residents' pages look, and what they weigh."""

import re

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import NARROW, WIDE
from tests.browser.residents import AGREE
from tests.browser.test_axe import complaints_of_axe
from tests.browser.test_narrow_screen import STICKING_OUT, WIDTH

pytestmark = pytest.mark.browser

KB = 1000
# Links within a sentence may be small; a label is part of the target of its button.
SMALL = """() => {
    const targets = [...document.querySelectorAll("a, button, input:not([type=hidden]), textarea")];
    const isInSentence = e => e.matches("p:not(.r-buttons) > a") && !e.closest(".r-answer");
    return targets
        .filter(e => e.checkVisibility() && !isInSentence(e) && !e.matches(".r-skip-link"))
        .filter(e => {
            const box = (e.closest("label") || e).getBoundingClientRect();
            return box.height < 44 || box.width < 44;
        })
        .map(e => e.outerHTML);
}"""
PAGES = (
    "",
    "en/",
    "en/statement/",
    "en/say/",
    "en/code/",
    "en/help/",
    "en/finish/",
    "en/answers/",
    "en/picture/",
)


@pytest.mark.parametrize("language", ["en", "lv", "ar"])
@pytest.mark.parametrize(
    ("scheme", "viewport"),
    [pytest.param("light", WIDE, id="light-1280px"), pytest.param("dark", NARROW, id="dark-320px")],
)
def test_axe_finds_nothing_nothing_sticks_out_and_thumbs_find_their_targets(
    arrive, scheme, viewport, language
):
    with arrive(viewport=viewport, scheme=scheme, bypass_csp=True) as amina:
        amina.arrive_at(f"{language}/statement/")
        amina.page.locator("[data-choice=agree]").click()
        amina.settle()
        report = amina.page.locator("[data-report]").get_attribute("href")
        for page in (*PAGES, "en/withdraw/", report.partition("/arriving/")[2]):
            path = re.sub("^(en|lv|ar)/", f"{language}/", page)
            assert amina.go(path).status == 200, path
            # What only the script shows, too.
            amina.page.evaluate("document.querySelectorAll('[hidden]').forEach(part => part.hidden = false)")
            complaints = complaints_of_axe(amina.page)
            assert not complaints, f"{path}\n" + "\n\n".join(complaints)
            assert amina.page.evaluate(STICKING_OUT) == [], path
            needed, given = amina.page.evaluate(WIDTH)
            assert needed <= given, path
            assert amina.page.evaluate(SMALL) == [], path


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize(
    ("scheme", "viewport"),
    [pytest.param("light", WIDE, id="light-1280px"), pytest.param("dark", NARROW, id="dark-320px")],
)
def test_the_picture_of_the_groups_is_clean_and_fits(arrive, scheme, viewport, language):
    with arrive(viewport=viewport, scheme=scheme, bypass_csp=True) as amina:
        amina.address = amina.address.replace("/arriving/", "/divided/")
        amina.arrive_at(f"{language}/statement/")
        link = amina.page.locator("[data-picture-from]")
        text = amina.page.locator("[data-statement-text]")
        for _ in range(7):
            expect(link).to_be_hidden()
            before = text.inner_text()
            amina.page.locator("[data-choice=agree]").click()
            expect(text).not_to_have_text(before)
        amina.settle()
        # The script shows the way to it, on the same page, after the seventh.
        link.locator("a").click()
        expect(amina.page.locator(".r-map__own")).to_be_visible()
        assert amina.page.locator(".r-group").count() == 2
        assert complaints_of_axe(amina.page) == []
        assert amina.page.evaluate(STICKING_OUT) == []
        needed, given = amina.page.evaluate(WIDTH)
        assert needed <= given
        assert amina.page.evaluate(SMALL) == []


def test_the_map_is_never_mirrored(arrive):
    with arrive() as amina:
        amina.address = amina.address.replace("/arriving/", "/divided/")
        drawn = {}
        for language in ("en", "ar"):
            amina.go(f"{language}/picture/")
            boxes = [each.bounding_box() for each in amina.page.locator(".r-map circle").all()]
            left = amina.page.locator(".r-map").bounding_box()["x"]
            drawn[language] = [round(box["x"] - left) for box in boxes]
        assert drawn["en"] == drawn["ar"]
        assert len(set(drawn["en"])) == 2


def test_arabic_runs_from_right_to_left_and_a_foreign_statement_its_own_way(arrive):
    with arrive() as amina:
        amina.arrive_at("ar/statement/")
        assert amina.page.locator("html").get_attribute("dir") == "rtl"
        words = amina.page.locator("[data-statement-text]")
        seen = {}
        for _ in range(6):
            seen[words.inner_text()] = (words.get_attribute("lang"), words.get_attribute("dir"))
            sign = amina.page.locator("[data-choice=agree] svg").bounding_box()
            button = amina.page.locator("[data-choice=agree]").bounding_box()
            assert sign["x"] > button["x"] + button["width"] / 2
            is_foreign = words.get_attribute("lang") != "ar"
            assert amina.page.locator("[data-foreign]").is_visible() is is_foreign
            if len(seen) < 6:
                amina.page.locator("[data-choice=agree]").click()
                expect(words).not_to_have_text(list(seen)[-1])
        # The one that nobody has put into Arabic.
        assert seen.pop("Employers here recognise what people learned abroad.") == ("en", "ltr")
        assert set(seen.values()) == {("ar", "rtl")}


def test_the_buttons_of_a_vote_are_large_and_as_wide_as_a_phone(arrive):
    with arrive() as amina:
        amina.go("en/statement/")
        boxes = [each.bounding_box() for each in amina.page.locator(".r-choice").all()]
        assert len(boxes) == 3
        assert all(box["height"] >= 56 and box["width"] >= 320 - 2 * 24 for box in boxes)


def test_the_first_pages_are_light_and_a_vote_is_lighter(arrive, record_property):
    with arrive() as amina:
        weights = {}
        for path in ("", "en/", "en/statement/"):
            amina.finished.clear()
            amina.arrive_at(path)
            sizes = [request.sizes() for request in amina.finished]
            weights[path] = (
                len(sizes),
                sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes),
            )
            assert amina.context.cookies() == []
        amina.finished.clear()
        amina.vote(AGREE)
        amina.settle()
        (vote,) = [request for request in amina.finished if "/vote/" in request.url]
        record_property("weights", weights)
        record_property("vote", vote.sizes())
        for requests, weight in weights.values():
            assert 0 < requests <= 6
            assert 0 < weight <= 50 * KB
        assert 0 < len(vote.post_data) <= KB
        assert 0 < vote.sizes()["responseBodySize"] <= 2 * KB
