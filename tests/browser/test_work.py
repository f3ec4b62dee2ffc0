"""The pages behind the sign-in, in the demonstration: axe, a narrow screen, and one person's walk."""

from contextlib import contextmanager

import pytest
from tests.browser.conftest import NARROW, WIDE
from tests.browser.test_axe import complaints_of_axe
from tests.browser.test_narrow_screen import STICKING_OUT

pytestmark = pytest.mark.browser

PAGES = {
    "Mihai": [
        "/desk/",
        "/desk/people/",
        "/desk/people/new/",
        "/desk/people/1/",
        "/desk/people/1/roles/new/",
        "/desk/cities/",
        "/desk/cities/new/",
        "/desk/cities/riga/",
        "/desk/cities/riga/figures/new/",
        "/desk/organisations/",
        "/desk/organisations/new/",
        "/desk/organisations/riga-city-council/",
        "/desk/organisations/riga-city-council/represents/new/",
        "/desk/cycles/1/comparison/",
    ],
    "Ilze": ["/desk/", "/desk/people/", "/desk/cities/riga/trail/", "/account/"],
    "Nuria": ["/desk/", "/desk/ties/", "/desk/ties/new/", "/desk/people/"],
}
REFUSED = {("Nuria", "/desk/people/")}
LOOKS = [
    pytest.param("light", WIDE, "en", id="light-1280px-en"),
    pytest.param("dark", NARROW, "lv", id="dark-320px-lv"),
]


@contextmanager
def signed_in(chromium, site, who, *, viewport=WIDE, scheme="light", script=True):
    context = chromium.new_context(
        viewport=viewport,
        color_scheme=scheme,
        java_script_enabled=script,
        bypass_csp=script,
        reduced_motion="reduce",
    )
    context.set_default_timeout(15_000)
    page = context.new_page()
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    try:
        page.goto(f"{site}/en/demo/people/")
        page.get_by_role("button", name=f"Sign in as {who}").click()
        yield page
        assert faults == []
    finally:
        context.close()


@pytest.mark.parametrize(("scheme", "viewport", "language"), LOOKS)
@pytest.mark.parametrize("who", PAGES)
def test_axe_finds_nothing_and_nothing_sticks_out_where_one_works(
    chromium, site, who, scheme, viewport, language
):
    with signed_in(chromium, site, who, viewport=viewport, scheme=scheme) as page:
        for address in PAGES[who]:
            answer = page.goto(f"{site}/{language}{address}")
            assert answer.status == (403 if (who, address) in REFUSED else 200), address
            complaints = complaints_of_axe(page)
            assert not complaints, f"{address}\n" + "\n\n".join(complaints)
            assert page.evaluate(STICKING_OUT) == [], address


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_an_officer_invites_a_colleague_who_gets_a_link(chromium, site, script):
    name = "Laura" if script else "Oskars"
    with signed_in(chromium, site, "Ilze", script=script) as page:
        page.goto(f"{site}/en/desk/")
        page.get_by_role("link", name="People").click()
        page.get_by_role("link", name="Invite somebody").click()

        # First with a slip: the page says where, and keeps the rest.
        page.get_by_label("E-mail address").fill("laura")
        page.get_by_label("Name").fill(name)
        page.get_by_label("Role").select_option(label="Contributor: Riga")
        page.get_by_role("button", name="Invite").click()
        assert page.title().startswith("Error:")
        assert page.get_by_label("Name").input_value() == name

        page.get_by_label("E-mail address").fill(f"{name.lower()}@example.org")
        page.get_by_role("button", name="Invite").click()
        assert page.get_by_role("heading", level=1).inner_text() == name
        assert page.get_by_text(f"{name} was invited by e-mail.").is_visible()

        page.goto(f"{site}/en/demo/mails/")
        link = page.get_by_role("link", name="/account/invitation/").first.get_attribute("href")
        page.goto(f"{site}/en/desk/")
        page.get_by_role("button", name="Sign out").click()

        page.goto(link)
        assert page.get_by_label("Name").input_value() == name
