"""A facilitator types in what people say without a network; each is kept once, and the laptop forgets."""

import sys
from contextlib import contextmanager

import pytest
from tests.browser.conftest import NARROW, ROOT, WIDE, free_port, run, serving
from tests.browser.residents import Stored
from tests.browser.test_axe import complaints_of_axe
from tests.browser.test_narrow_screen import STICKING_OUT

pytestmark = pytest.mark.browser

PEOPLE = "SELECT id, channel FROM dialogue_participant ORDER BY id"
WAITING = "() => Object.keys(localStorage).filter(name => name.includes('/assisted/')).length"


@pytest.fixture(scope="module")
def desk(chromium, tmp_path_factory):
    """The address of a site with an open consultation, its key, and what is stored there."""
    data = tmp_path_factory.mktemp("assisted")
    demo = {"TESSERA_DEMO": "true", "TESSERA_DEBUG": "true"}
    run(data, "manage.py", "migrate", "--verbosity", "0", **demo)
    key = run(data, "-m", "tests.browser.hold_assisted", **demo)
    port = free_port()
    command = [sys.executable, ROOT / "manage.py", "runserver", "--noreload", f"127.0.0.1:{port}"]
    with serving(command, port, data, **demo) as site:
        yield site, key, Stored(data / "tessera.sqlite3")


@pytest.fixture
def laptop(chromium, desk):
    """A laptop on which somebody signs in and sits down with people."""
    site, key, stored = desk

    @contextmanager
    def laptop(*, who="Piotr", viewport=WIDE, scheme="light", script=True, language="en", bypass_csp=False):
        context = chromium.new_context(
            viewport=viewport,
            color_scheme=scheme,
            java_script_enabled=script,
            bypass_csp=bypass_csp,
            reduced_motion="reduce",
        )
        context.set_default_timeout(10_000)
        page = context.new_page()
        faults = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: "Content Security" in message.text and faults.append(message.text))
        sign_in(page, site, who)
        page.goto(f"{site}/en/desk/consultations/{key}/assisted/{language}/")
        try:
            yield Laptop(page, context, site, stored)
            assert faults == []
        finally:
            context.close()

    return laptop


def sign_in(page, site, who):
    page.goto(f"{site}/en/demo/people/")
    page.get_by_role("button", name=f"Sign in as {who}").click()
    page.wait_for_load_state()


class Laptop:
    def __init__(self, page, context, site, stored):
        self.page, self.context, self.site, self.stored = page, context, site, stored
        self.came_before = len(self.people)

    @property
    def people(self):
        return self.stored.read(PEOPLE)

    @property
    def new(self):
        return [channel for _, channel in self.people[self.came_before :]]

    @property
    def waiting(self):
        return self.page.evaluate(WAITING)

    def answer(self, choice="agree"):
        """Tick that they agreed, answer the first sentence, and send; the code that is then shown."""
        self.page.get_by_label("I read this out, and they agreed.").check()
        self.page.get_by_role("radio", name=choice, exact=True).first.check()
        self.page.get_by_role("button", name="Send the answers").click()
        return self.page.locator("[data-code]").inner_text()

    def next_person(self):
        self.page.get_by_role("button", name="Next person").click()

    def settle(self):
        self.page.wait_for_function(f"() => ({WAITING})() === 0", timeout=20_000)


def test_people_who_answer_without_a_network_are_kept_once_when_it_is_back(laptop):
    with laptop() as here:
        here.context.set_offline(True)
        here.page.get_by_text("There is no network.").wait_for()
        codes = []
        for choice in ("agree", "disagree", "pass"):
            codes.append(here.answer(choice))
            here.next_person()
            assert here.page.locator("[data-code]").inner_text() == ""
            assert not here.page.get_by_label("I read this out, and they agreed.").is_checked()
        assert len(set(codes)) == 3
        assert here.waiting == 3
        here.page.get_by_text("People whose answers wait on this device: 3.").wait_for()
        assert here.new == []

        here.context.set_offline(False)
        here.settle()
        here.page.get_by_text("All answers are sent. None is left on this device.").wait_for()
        assert here.new == ["assisted"] * 3
        # The code that was written down opens what was answered.
        slug = here.stored.read("SELECT slug FROM dialogue_consultation")[0][0]
        here.page.goto(f"{here.site}/take-part/{slug}/en/code/")
        here.page.get_by_label("Code", exact=True).fill(codes[1])
        here.page.get_by_role("button", name="Come back with this code").click()
        here.page.goto(f"{here.site}/take-part/{slug}/en/answers/")
        here.page.get_by_text("I disagree").first.wait_for()


def test_an_answer_of_the_server_that_is_lost_makes_nobody_two(laptop):
    with laptop() as here:
        lost = []

        def lose(route):
            if route.request.method == "POST" and not lost:
                lost.append(route.fetch().status)
                route.abort()
            else:
                route.continue_()

        here.page.route("**/assisted/en/", lose)
        here.answer()
        here.settle()
        assert lost == [200]
        assert here.new == ["assisted"]


def test_nobody_sends_in_the_name_of_somebody_else_who_signed_in(laptop):
    with laptop() as here:
        here.context.set_offline(True)
        here.answer()
        here.context.set_offline(False)
        here.page.route("**/assisted/en/", lambda route: route.abort())
        here.page.goto(f"{here.site}/en/desk/")
        here.page.get_by_role("button", name="Sign out").click()
        here.page.wait_for_load_state()
        sign_in(here.page, here.site, "Ilze")
        here.page.unroute("**/assisted/en/")
        [key] = here.stored.read("SELECT id FROM dialogue_consultation")
        address = f"{here.site}/en/desk/consultations/{key[0]}/assisted/en/"
        here.page.goto(address)
        here.page.get_by_text("typed in by somebody else: 1.").wait_for()
        assert here.new == []
        sign_in(here.page, here.site, "Piotr")
        here.page.goto(address)
        here.settle()
        assert here.new == ["assisted"]
        [heard_by] = here.stored.read(
            "SELECT name FROM accounts_person JOIN dialogue_spokenconsent ON heard_by_id = accounts_person.id"
            " ORDER BY dialogue_spokenconsent.id DESC LIMIT 1"
        )
        assert heard_by[0].startswith("Piotr")


def test_whoever_was_signed_out_is_told_and_what_waits_stays(laptop):
    with laptop() as here:
        cookies = here.context.cookies()
        here.context.clear_cookies()
        here.answer()
        here.page.get_by_text("you are signed out here").wait_for()
        assert (here.waiting, here.new) == (1, [])
        here.context.add_cookies(cookies)
        here.settle()
        assert here.new == ["assisted"]


def test_nothing_goes_out_before_they_agreed_and_answered(laptop):
    with laptop() as here:
        here.page.get_by_role("button", name="Send the answers").click()
        here.page.get_by_text("Tick that they agreed, and type in at least one answer.").wait_for()
        assert here.waiting == 0
        here.answer()
        here.settle()
        assert here.page.get_by_text("Tick that they agreed, and type").is_hidden()
        assert here.new == ["assisted"]


def test_without_a_script_one_person_after_the_other_sits_down(laptop):
    with laptop(script=False) as here:
        code = here.answer()
        assert len(code.split("-")) == 4
        here.page.get_by_role("link", name="Next person").click()
        assert here.answer() != code
        assert here.new == ["assisted"] * 2


@pytest.mark.parametrize(
    ("scheme", "viewport", "language"),
    [
        pytest.param("light", WIDE, "en", id="light-1280px-en"),
        pytest.param("dark", NARROW, "ar", id="dark-320px-ar"),
    ],
)
def test_axe_finds_nothing_and_nothing_sticks_out(laptop, scheme, viewport, language):
    with laptop(scheme=scheme, viewport=viewport, language=language, bypass_csp=True) as here:
        assert here.page.locator("[data-receipt]").is_hidden()
        assert complaints_of_axe(here.page) == []
        assert here.page.evaluate(STICKING_OUT) == []
        here.context.set_offline(True)
        here.answer()
        assert here.page.locator("[data-answers]").is_hidden()
        assert here.page.locator("[data-code-heading]").evaluate("it => it === document.activeElement")
        assert complaints_of_axe(here.page) == []
        assert here.page.evaluate(STICKING_OUT) == []
