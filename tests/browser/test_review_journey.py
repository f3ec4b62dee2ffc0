"""One review from the cycle to its publication, as its people walk it.

It takes the pictures of the tutorial as it goes: see `pictures.py`.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect
from tests.apps.records.given_files import make_pdf
from tests.browser.conftest import NARROW, WIDE
from tests.browser.pictures import ARE_TAKEN, take_picture
from tests.browser.test_axe import complaints_of_axe
from tests.browser.test_filling import choose
from tests.browser.test_narrow_screen import STICKING_OUT
from tests.browser.test_work import signed_in

pytestmark = pytest.mark.browser

IN_TEN_MONTHS = (datetime.now(UTC) + timedelta(days=300)).date().isoformat()
AREAS = 8
"""Of the small questionnaire: one number each."""

PICTURE_PX, MARGIN_PX = 760, 24


@dataclass
class Walk:
    """In which browser the review is walked, and of which year it is."""

    chromium: object
    site: str
    year: int
    script: bool
    viewport: dict[str, int]
    takes_pictures: bool

    def signed_in(self, who):
        return signed_in(self.chromium, self.site, who, viewport=self.viewport, script=self.script)

    def anybody(self):
        return self.chromium.new_context(
            viewport=self.viewport,
            java_script_enabled=self.script,
            bypass_csp=self.script,
            reduced_motion="reduce",
        )

    def look(self, page, picture="", *, at="header.t-heading"):
        """Axe, and nothing that sticks out; without script neither can be asked.

        And where it has a name in the tutorial a picture, from the first element of a kind downwards.
        """
        if picture and self.takes_pictures:
            _take(page, picture, at)
        if self.script:
            complaints = complaints_of_axe(page)
            assert not complaints, f"{page.url}\n" + "\n\n".join(complaints)
            assert page.evaluate(STICKING_OUT) == [], page.url


def _take(page, name, at):
    top = page.locator(at).first.bounding_box()["y"] + page.evaluate("scrollY") - MARGIN_PX
    take_picture(page, f"tutorial/{name}", top=top, most_px=PICTURE_PX)


@pytest.mark.parametrize(
    ("year", "script", "viewport"),
    [(2021, True, WIDE), (2022, False, WIDE), (2023, True, NARROW)],
    ids=["with script", "without script", "on a narrow screen"],
)
def test_from_the_cycle_to_the_publication(chromium, site, tmp_path, year, script, viewport):
    pictures = ARE_TAKEN and script and viewport == WIDE
    walk = Walk(chromium, site, year, script, viewport, pictures)
    with walk.signed_in("Mihai") as page:
        _open_cycle(walk, page)
    tasks = _fill(walk, tmp_path)
    _read_as_coordinator(walk)
    _ask_an_expert(walk)
    _check(walk)
    _reply(walk, tasks)
    _conclude(walk)
    _validate(walk)
    _publish(walk, tasks)
    _read_as_anybody(walk)
    _correct(walk, tasks)


def _fill(walk, tmp_path):
    with walk.signed_in("Ilze") as page:
        page.goto(f"{walk.site}/en/desk/")
        page.get_by_role("link", name=re.compile(f"^Riga, {walk.year}: ")).click()
        tasks = page.url
        walk.look(page, "task-list", at="#areas")
        _give_an_area_by_link(walk, page)
        page.goto(f"{walk.site}/en/demo/mails/")
        link = page.get_by_role("link", name="/desk/links/").first.get_attribute("href")
    _answer_by_link(walk, link)
    with walk.signed_in("Ilze") as page:
        page.goto(tasks)
        expect(page.get_by_text(re.compile(r"1 of 8 areas? (is|are) marked as complete"))).to_be_visible()
        _answer_the_others(page, tasks)
        _add_a_file(walk, page, tasks, tmp_path)
        _sign_and_send(walk, page, tasks)
        _take_it_back(walk, page, tasks)
        _sign_and_send(walk, page, tasks, "check-answers")
        walk.look(page, "receipt")
    return tasks


def _read_as_coordinator(walk):
    with walk.signed_in("Mihai") as page:
        _go_to_cycle(walk, page)
        expect(page.get_by_text("1 of 1 city has sent its answers.")).to_be_visible()
        page.get_by_role("link", name="Read the answers").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("All answers: Riga")
        walk.look(page)


def _go_to_cycle(walk, page):
    page.goto(f"{walk.site}/en/desk/")
    page.get_by_role("link", name=re.compile(f"^Cities of the demonstration, {walk.year}: ")).click()


def _open_cycle(walk, page):
    page.goto(f"{walk.site}/en/desk/cycles/new/")
    walk.look(page)
    # First with a slip: the page says where, and keeps the rest.
    page.get_by_label("Year").fill(str(walk.year))
    page.get_by_role("button", name="Open the cycle").click()
    assert page.title().startswith("Error:")
    assert page.get_by_label("Year").input_value() == str(walk.year)
    walk.look(page)

    page.goto(page.url)
    page.get_by_label("Year").fill(str(walk.year))
    page.get_by_label("Questionnaire").select_option(value="mipex-2015/1")
    choose(page, "Full: all questions")
    page.get_by_label("Answers are due on").fill(IN_TEN_MONTHS)
    choose(page, "One officer of the city")
    for label in page.get_by_role("group", name="Cities").locator("label").all():
        # All are ticked at first.
        if label.inner_text() != "Riga":
            label.click()
    walk.look(page, "open-a-cycle")
    page.get_by_role("button", name="Open the cycle").click()
    expect(page.get_by_text("0 of 1 city has sent its answers.")).to_be_visible()
    walk.look(page)


def _give_an_area_by_link(walk, page):
    page.get_by_role("link", name=re.compile("^Give it to a colleague")).last.click()
    walk.look(page)
    form = page.locator("form", has=page.get_by_role("button", name="Send the link"))
    form.get_by_label("E-mail address").fill(f"zane{walk.year}@example.org")
    form.get_by_label("Name").fill("Zane")
    form.get_by_label("Language of mails and pages").select_option("en")
    walk.look(page, "give-an-area", at="#link")
    # The due date lies further away than a link may work.
    form.get_by_role("button", name="Send the link").click()
    expect(page.get_by_text(f"is on its way to zane{walk.year}@example.org.")).to_be_visible()


def _answer_by_link(walk, link):
    context = walk.anybody()
    page = context.new_page()
    page.goto(link)
    expect(page.get_by_text("You answer as Zane, by your personal link.")).to_be_visible()
    walk.look(page)
    page.locator(".t-tasks__name").first.click()
    page.locator("#id_number").fill("55")
    walk.look(page, "question")
    page.get_by_role("button", name="Save and go on", exact=True).click()
    page.get_by_role("button", name="Mark the area as complete").click()
    expect(page.get_by_text("The area is marked as complete.")).to_be_visible()
    # The link opens nothing else of the city.
    assert page.goto(re.sub(r"areas/.*", "check/", page.url)).status in (200, 404)
    assert "sign-in" in page.url or page.get_by_role("heading", level=1).inner_text() != "Check your answers"
    context.close()


def _answer_the_others(page, tasks):
    for number in range(AREAS - 1):
        page.goto(tasks)
        page.locator(".t-tasks .t-tasks__name").nth(number).click()
        page.locator(".t-tasks .t-tasks__name").first.click()
        page.locator("#id_number").fill(str(40 + number))
        page.get_by_role("button", name="Save and go on", exact=True).click()
        expect(page.get_by_role("heading", name="Check of this area")).to_be_visible()
    page.goto(tasks)
    expect(page.get_by_text("8 of 8 answered").first).to_be_visible()


def _add_a_file(walk, page, tasks, tmp_path):
    file = tmp_path / "plan.pdf"
    file.write_bytes(make_pdf())
    page.goto(tasks)
    page.locator(".t-tasks .t-tasks__name").first.click()
    page.locator(".t-tasks .t-tasks__name").first.click()
    page.get_by_role("link", name="Add evidence").click()
    walk.look(page)
    form = page.locator("form", has=page.get_by_role("button", name="Add the file"))
    form.get_by_label("File").set_input_files(file)
    form.get_by_label("Title").fill("The plan")
    form.get_by_role("button", name="Add the file").click()
    expect(page.get_by_role("link", name="The plan").first).to_be_visible()
    walk.look(page, "evidence", at="label[for=id_note]")
    page.get_by_role("link", name=re.compile("^Change.*plan.pdf")).click()
    walk.look(page)


def _sign_and_send(walk, page, tasks, picture=""):
    page.goto(tasks)
    page.get_by_role("link", name="Check the answers").click()
    walk.look(page, picture)
    page.get_by_role("link", name="Go on to sign").click()
    walk.look(page)
    # Without the tick nothing is sent.
    page.get_by_role("button", name="Sign and send").click()
    assert page.title().startswith("Error:")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Sign and send").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("sent")
    walk.look(page)


def _take_it_back(walk, page, tasks):
    page.goto(tasks)
    page.get_by_role("link", name="receipt").first.click()
    page.get_by_role("link", name=re.compile("[Tt]ake .*back")).first.click()
    walk.look(page)
    page.get_by_role("button", name=re.compile("[Tt]ake")).click()
    page.goto(tasks)
    expect(page.get_by_role("link", name="Check the answers")).to_be_visible()


def _ask_an_expert(walk):
    with walk.signed_in("Mihai") as page:
        _go_to_cycle(walk, page)
        page.get_by_role("link", name=re.compile("^Experts")).click()
        page.get_by_label("Expert", exact=True).select_option(label="Nuria")
        walk.look(page, "ask-an-expert")
        page.get_by_role("button", name="Ask this expert").click()
        expect(page.get_by_text(re.compile("^Asked on"))).to_be_visible()
        walk.look(page)


def _go_to_board(walk, page):
    page.goto(f"{walk.site}/en/desk/")
    page.get_by_role("link", name=re.compile(f"^Riga, {walk.year}: ")).click()


def _check(walk):
    with walk.signed_in("Nuria") as page:
        _go_to_board(walk, page)
        walk.look(page)
        page.get_by_role("checkbox").check()
        page.get_by_role("button", name="I take it on").click()
        _go_to_board(walk, page)
        expect(page.get_by_text("You have given your opinion on 0 of 8 answers.")).to_be_visible()
        walk.look(page, "board")
        _give_opinions(walk, page)
        page.get_by_role("link", name="Return to the city").click()
        page.get_by_label("Message").fill("Thank you. One question is left.")
        walk.look(page)
        page.get_by_role("button", name="Return the answers to the city").click()
        expect(page.get_by_text("The answers are with the city.")).to_be_visible()
        walk.look(page)


def _give_opinions(walk, page):
    """One query, one other opinion, and the city's answer for all others."""
    page.get_by_role("link", name="Next answer without your opinion").click()
    walk.look(page)
    page.locator("#id_query-text").fill("Which year does the number describe?")
    page.get_by_role("button", name="Ask the city").click()
    expect(page.get_by_text("Which year does the number describe?")).to_be_visible()
    walk.look(page)
    page.get_by_role("button", name="Accept the city's answer and go on").click()

    # First with a slip: another answer needs its reason.
    page.locator("#id_own-number").fill("35")
    page.get_by_role("button", name="Save another answer as your opinion").click()
    assert page.title().startswith("Error:")
    walk.look(page)
    page.goto(page.url)
    page.locator("#id_own-number").fill("35")
    page.locator("#id_own-reason").fill("The published table says 35.")
    walk.look(page, "opinion", at="#said")
    page.get_by_role("button", name="Save another answer as your opinion").click()
    page.wait_for_load_state()
    _go_to_board(walk, page)
    while (following := page.get_by_role("link", name="Next answer without your opinion")).count():
        following.click()
        page.get_by_role("button", name="Accept the city's answer and go on").click()
        page.wait_for_load_state()
        _go_to_board(walk, page)
    expect(page.get_by_text("You have given your opinion on 8 of 8 answers.")).to_be_visible()
    walk.look(page)


def _reply(walk, tasks):
    with walk.signed_in("Ilze") as page:
        page.goto(tasks)
        expect(page.get_by_role("heading", name="What the experts ask")).to_be_visible()
        walk.look(page)
        page.locator("section[aria-labelledby=returned] li a").first.click()
        page.get_by_label("Your reply").fill("The year before: it is the latest there is.")
        walk.look(page, "query", at="#talk")
        page.get_by_role("button", name="Send the reply").click()
        walk.look(page)
        page.get_by_role("link", name="Send the answers back to the experts").click()
        walk.look(page)
        page.get_by_role("button", name="Send the answers back").click()
        expect(page.get_by_text("The answers are not with the city at present")).to_be_visible()


def _conclude(walk):
    """A finding, the draft for the city, and what the city says to it."""
    with walk.signed_in("Nuria") as page:
        _go_to_board(walk, page)
        page.get_by_role("link", name=re.compile("finding")).click()
        page.get_by_role("link", name="Write a finding").click()
        choose(page, "gap")
        page.get_by_label("What you find", exact=True).fill("Newcomers find work late.")
        page.get_by_label("Suggested next step").first.fill("Ask the employers what keeps them.")
        area = page.locator("details.ds-details:has(.t-areas__title)").first
        if area.get_attribute("open") is None:
            area.locator("summary").click()
        area.get_by_role("checkbox").first.check(force=True)
        walk.look(page, "finding", at="label[for=id_text]")
        page.get_by_role("button", name="Save the finding").click()
        expect(page.get_by_text("The finding is saved.")).to_be_visible()
        walk.look(page)
        page.get_by_role("link", name="Draft for the city").click()
        page.get_by_label("Message").fill("Please read this.")
        walk.look(page)
        page.get_by_role("button", name="Show the draft to the city").click()
        expect(page.get_by_text("The city has seen this draft as it is now.")).to_be_visible()
    with walk.signed_in("Ilze") as page:
        page.goto(f"{walk.site}/en/desk/")
        page.get_by_role("link", name=re.compile(f"^The experts show you a draft: Riga, {walk.year}")).click()
        walk.look(page)
        page.get_by_label("Your reply to the draft").fill("We agree.")
        page.get_by_role("button", name="Send the reply").click()
        expect(page.get_by_text("Sent. The experts are told by e-mail.")).to_be_visible()


def _validate(walk):
    with walk.signed_in("Nuria") as page:
        _go_to_board(walk, page)
        page.get_by_role("link", name="1 query is not settled").click()
        walk.look(page)
        page.locator("main .t-tasks__name").first.click()
        page.get_by_role("button", name="Close the query").click()
        _go_to_board(walk, page)
        page.get_by_role("link", name="Validate", exact=True).click()
        expect(page.get_by_role("heading", name="8 areas are not verified")).to_be_visible()
        walk.look(page)
        page.get_by_role("link", name="Verify areas on the board").click()
        while (verify := page.get_by_role("button", name=re.compile("^Verify the area"))).count():
            verify.first.click()
            page.wait_for_load_state()
        page.get_by_role("link", name="Validate", exact=True).click()
        walk.look(page)
        page.get_by_role("button", name="Validate the review").click()
        expect(page.get_by_text("It is validated")).to_be_visible()
        walk.look(page)


def _publish(walk, tasks):
    with walk.signed_in("Ilze") as page:
        page.goto(tasks)
        walk.look(page)
        page.get_by_role("link", name="Publish the review").click()
        walk.look(page, "publish")
        page.get_by_role("button", name="Publish the review").click()
        expect(page).to_have_url(re.compile(f"/cities/riga/reviews/mipex-2015/{walk.year}/$"))
        page.goto(tasks)
        expect(page.get_by_role("link", name="Read the published review")).to_be_visible()


def _read_as_anybody(walk):
    context = walk.anybody()
    page = context.new_page()
    page.goto(f"{walk.site}/en/cities/riga/")
    # Of the other questionnaire there may be one of this year, too.
    page.locator(f"h3 a[href$='/mipex-2015/{walk.year}/']").click()
    walk.look(page, "published", at="#areas-heading")
    expect(page.get_by_text("Newcomers find work late.").first).to_be_visible()
    expect(page.get_by_text("The published table says 35.").first).to_be_attached()
    report = context.request.get(page.url + "report.pdf")
    assert report.status == 200
    assert report.body().startswith(b"%PDF-")
    context.close()


def _correct(walk, tasks):
    """Riga begins to correct what it published, everybody reads why, and then it gives that up."""
    with walk.signed_in("Ilze") as page:
        page.goto(tasks)
        page.get_by_role("link", name="Correct it, or withdraw a file").click()
        walk.look(page)
        published = page.url
        page.get_by_role("link", name="Begin a correction").click()
        walk.look(page)
        page.get_by_role("button", name="Begin the correction").click()
        expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
        walk.look(page)
        page.get_by_label("What is wrong?").fill("The number of the year before.")
        page.locator("label[for^=id_area-]").first.click()
        page.get_by_role("button", name="Begin the correction").click()
        expect(page.get_by_text("They are with you to be corrected.")).to_be_visible()
        walk.look(page)
        anybody = walk.anybody()
        outside = anybody.new_page()
        outside.goto(f"{walk.site}/en/cities/riga/reviews/mipex-2015/{walk.year}/")
        expect(outside.get_by_text("The number of the year before.")).to_be_visible()
        walk.look(outside)
        anybody.close()
        page.goto(published)
        walk.look(page)
        page.get_by_role("button", name="Give the correction up").click()
        expect(page.get_by_text("The correction is given up.")).to_be_visible()
