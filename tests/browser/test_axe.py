"""axe finds no fault on any page, and what it cannot decide by itself has been looked at by a person."""

import pytest
from tests.browser.conftest import AXE, NARROW, WIDE
from tests.browser.pages import LANGUAGES, PAGES, status_of

pytestmark = pytest.mark.browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]

# What axe reports as undecided: the rule and where, with the reason why it is right as it is.
REVIEWED = {
    # axe sees an image behind these words. Their contrast is computed below instead.
    "color-contrast": "svg[role=img]",
}

# Closed parts are opened first, because axe passes over what is not shown. The visit asks for no motion, so
# they lie in their place at once. A wide table is let out of the frame in which it moves, for that, too.
RUN = """async ([rules, reviewed]) => {
    for (const details of document.querySelectorAll("details")) details.open = true;
    const frames = document.querySelectorAll(".t-scroll");
    for (const frame of frames) frame.style.overflow = "visible";
    const found = await axe.run(document, {
        runOnly: {type: "tag", values: rules}, resultTypes: ["violations", "incomplete"],
    });
    for (const frame of frames) frame.style.overflow = "";
    const isReviewed = (rule, node) =>
        rule.id in reviewed && document.querySelector(node.target[0]).closest(reviewed[rule.id]);
    const say = (rule, node) => `${rule.id}: ${node.html}\\n${node.failureSummary}`;
    const faults = found.violations.flatMap(rule => rule.nodes.map(node => say(rule, node)));
    const undecided = found.incomplete.flatMap(
        rule => rule.nodes.filter(node => !isReviewed(rule, node)).map(node => say(rule, node)));
    return [...faults, ...undecided];
}"""

# Words in a drawing stand on the first opaque surface behind it; no mark lies under them.
CONTRASTS = """() => {
    const canvas = new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true});
    const pixel = colour => {
        canvas.clearRect(0, 0, 1, 1);
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        return [...canvas.getImageData(0, 0, 1, 1).data];
    };
    const luminance = colour => pixel(colour).slice(0, 3)
        .map(v => v / 255)
        .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
        .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
    const surface = e => pixel(getComputedStyle(e).backgroundColor)[3] === 255
        ? getComputedStyle(e).backgroundColor : surface(e.parentElement);
    return [...document.querySelectorAll("svg[role=img] text")]
        .filter(text => text.checkVisibility() && text.textContent.trim())
        .map(text => {
            const [dark, light] = [luminance(getComputedStyle(text).fill), luminance(surface(text))]
                .sort((a, b) => a - b);
            return [text.textContent, (light + 0.05) / (dark + 0.05)];
        });
}"""

in_every_look = pytest.mark.parametrize(
    ("scheme", "viewport"),
    [pytest.param("light", WIDE, id="light-1280px"), pytest.param("dark", NARROW, id="dark-320px")],
)
in_every_language = pytest.mark.parametrize("language", LANGUAGES)


def complaints_of_axe(page):
    page.add_script_tag(path=AXE)
    return page.evaluate(RUN, [RULES, REVIEWED])


@in_every_look
@in_every_language
@pytest.mark.parametrize("kind", PAGES)
def test_axe_finds_nothing_on_a_page(site, visit, kind, language, scheme, viewport):
    address = f"{site}/{language}{PAGES[kind]}"
    with visit(address, viewport=viewport, scheme=scheme, bypass_csp=True) as seen:
        assert seen.response.status == status_of(kind)
        complaints = complaints_of_axe(seen.page)
        assert not complaints, "\n\n".join(complaints)


@in_every_look
@in_every_language
def test_axe_finds_nothing_on_the_page_of_all_components(workshop, visit, language, scheme, viewport):
    with visit(f"{workshop}/{language}/design/", viewport=viewport, scheme=scheme, bypass_csp=True) as seen:
        assert seen.response.status == 200
        complaints = complaints_of_axe(seen.page)
        assert not complaints, "\n\n".join(complaints)


@in_every_look
@pytest.mark.parametrize("kind", ["review", "area"])
def test_the_words_in_a_drawing_stand_out_from_what_is_behind_them(site, visit, kind, scheme, viewport):
    with visit(f"{site}/lv{PAGES[kind]}", viewport=viewport, scheme=scheme) as seen:
        contrasts = seen.page.evaluate(CONTRASTS)
        assert len(contrasts) > 10
        assert [(words, ratio) for words, ratio in contrasts if ratio < 4.5] == []
