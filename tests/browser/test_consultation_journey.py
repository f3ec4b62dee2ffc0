"""One consultation from its preparation to its end, as its people walk it."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect
from tests.browser.phones import Walk, with_and_without_script
from tests.browser.test_axe import complaints_of_axe
from tests.browser.test_filling import choose
from tests.browser.test_narrow_screen import STICKING_OUT

pytestmark = pytest.mark.browser

LANGUAGES = ("en", "uk", "ar")
TEXTS = {
    "title": ("Living next door", "Жити поруч", "العيش جنبًا إلى جنب"),
    "asked_by": ("The city asks how neighbours get on.", "Місто питає сусідів.", "تسأل المدينة الجيران."),
    "what_follows": ("The council reads it.", "Рада це прочитає.", "يقرأ المجلس الإجابات."),
    "contact": ("Town hall, room 12.", "Міська рада, кімната 12.", "البلدية، الغرفة 12."),
}
STATEMENTS = [
    ("My neighbours greet me.", "Сусіди вітаються зі мною.", "جيراني يلقون عليّ التحية."),
    ("I know whom to ask in my street.", "Я знаю, кого спитати на вулиці.", "أعرف من أسأل في شارعي."),
    ("Our yard is a place to meet.", "Наш двір - місце для зустрічей.", "فناؤنا مكان للقاء."),
    ("At night it is too loud.", "Уночі тут надто гучно.", "الليل هنا صاخب جدًا."),
    ("All children play together.", "Усі діти граються разом.", "يلعب كل الأطفال معًا."),
]
OF_AMINA = "На зупинках бракує розкладу кількома мовами."
OF_AMINA_IN_ENGLISH = "The stops lack timetables in several languages."
REASON = "The council decides in spring already."


@with_and_without_script
def test_from_its_preparation_to_its_end(chromium, site, script):
    walk = Walk(chromium, site, script)
    with walk.signed_in("Ilze") as ilze, walk.phone() as amina, walk.phone() as karlis:
        _prepare(walk, ilze)
        address = _open(walk, ilze)
        answered, code = _take_part(walk, amina, address)
        _show_to_everybody(walk)
        _answer_everything(walk, karlis, address)
        _come_back_and_withdraw(walk, address, answered, code)
        _find_nothing_of_amina(amina, karlis)
        _close(walk, ilze)
        karlis.get_by_role("link", name="Go on").click()
        expect(karlis.get_by_role("heading", name="No answers are taken now")).to_be_visible()
        expect(karlis.get_by_text(f"Why it closed early: {REASON}")).to_be_visible()
        _look(walk, karlis)


def _prepare(walk, ilze):
    ilze.goto(f"{walk.site}/en/desk/consultations/")
    _look(walk, ilze)
    ilze.get_by_role("link", name="Prepare a consultation: Riga").click()
    _look(walk, ilze)
    choose(ilze, "Ukrainian")
    choose(ilze, "Arabic")
    ilze.get_by_role("button", name="Go on").click()
    for language in ("Ukrainian", "Arabic"):
        ilze.locator("summary", has_text=language).click()
    for name, texts in TEXTS.items():
        for language, text in zip(LANGUAGES, texts, strict=True):
            ilze.locator(f"#id_{name}-{language}").fill(text)
    ilze.get_by_label("Address for posters").fill(f"next-door-{'with' if walk.script else 'without'}-script")
    today = datetime.now(UTC).date()
    ilze.get_by_label("First day").first.fill(today.isoformat())
    ilze.get_by_label("Last day").first.fill((today + timedelta(days=14)).isoformat())
    _look(walk, ilze)
    ilze.get_by_role("button", name="Save", exact=True).click()
    expect(ilze.get_by_text("Statements to begin with: 0 of at least 5 are there.")).to_be_visible()
    _look(walk, ilze)


def _open(walk, ilze):
    """Choose Andris, write the statements, open it, and take the address."""
    overview = ilze.url
    ilze.get_by_role("link", name="Choose facilitators").click()
    choose(ilze, "Andris")
    _look(walk, ilze)
    ilze.get_by_role("button", name="Save").click()
    ilze.get_by_role("link", name="Add a statement").click()
    for texts in STATEMENTS:
        for language, text in zip(LANGUAGES, texts, strict=True):
            ilze.locator(f"#id_text_{language}").fill(text)
        ilze.get_by_role("button", name="Add the statement").click()
        expect(ilze.get_by_text("The statement is added.")).to_be_visible()
    _look(walk, ilze)
    ilze.goto(overview)
    ilze.get_by_role("link", name="Open the consultation").click()
    _look(walk, ilze)
    ilze.get_by_role("button", name="Open the consultation").click()
    expect(ilze.get_by_text("The consultation is open.")).to_be_visible()
    _look(walk, ilze)
    return ilze.get_by_role("link", name="/take-part/").get_attribute("href")


def _take_part(walk, amina, address):
    """Amina answers in Arabic, says something in Ukrainian, and writes her code down."""
    amina.goto(address)
    _look(walk, amina)
    amina.locator(".r-big-links a[hreflang=ar]").click()
    _look(walk, amina)
    amina.locator("main .r-button--main").click()
    _look(walk, amina)
    answered = [_answer(amina, choice) for choice in ("agree", "disagree", "pass")]
    assert set(answered) <= {arabic for _, _, arabic in STATEMENTS}
    amina.get_by_role("link", name="Українська").click()
    amina.locator("main a[href$='/say/']").click()
    amina.locator("#text").fill(OF_AMINA)
    _look(walk, amina)
    amina.locator("main .r-button--main").click()
    expect(amina).to_have_url(re.compile("done=1"))
    _look(walk, amina)
    amina.locator("main .r-button--main").click()
    amina.locator("main a[href$='/finish/']").click()
    _look(walk, amina)
    return answered, amina.locator(".r-code").inner_text()


def _answer(resident, choice):
    """Answer what is asked, and give its words."""
    asked = resident.locator("[data-statement-text]")
    words = asked.inner_text()
    resident.locator(f"[data-choice={choice}]").click()
    expect(asked.filter(has_text=words)).to_have_count(0)
    return words


def _show_to_everybody(walk):
    with walk.signed_in("Andris") as andris:
        andris.goto(f"{walk.site}/en/desk/consultations/")
        andris.get_by_role("link", name="Living next door").first.click()
        andris.get_by_role("link", name="Decide about 1 statement").click()
        expect(andris.get_by_text(OF_AMINA)).to_be_visible()
        _look(walk, andris)
        andris.get_by_role("link", name="Translate it, or see earlier decisions").click()
        andris.locator("textarea[lang=en]").fill(OF_AMINA_IN_ENGLISH)
        _look(walk, andris)
        andris.get_by_role("button", name="Save the translations").click()
        andris.get_by_role("button", name="Show it to everybody").click()
        expect(andris.get_by_text(re.compile(r"Statement \d+ is shown now\."))).to_be_visible()


def _answer_everything(walk, karlis, address):
    karlis.goto(f"{address}en/statement/")
    answered = {_answer(karlis, "agree") for _ in range(len(STATEMENTS) + 1)}
    assert answered == {*(english for english, _, _ in STATEMENTS), OF_AMINA_IN_ENGLISH}
    expect(karlis.get_by_role("heading", name="Thank you")).to_be_visible()


def _come_back_and_withdraw(walk, address, answered, code):
    """Amina on another device: what Andris did, another answer, and then nothing of her at all."""
    with walk.phone() as other:
        other.goto(f"{address}ar/")
        other.locator("main a[href$='/code/']").click()
        _look(walk, other)
        other.locator("#code").fill(code.lower())
        other.locator("main .r-button--main").click()
        agreed, disagreed = (
            other.locator(".r-answer", has_text=words).locator(".r-answer__own") for words in answered[:2]
        )
        expect(agreed).not_to_have_text(disagreed.inner_text())
        expect(other.locator(".r-answer", has_text=OF_AMINA).first).to_be_visible()
        _look(walk, other)
        other.locator(".r-answer", has_text=answered[0]).get_by_role("link").click()
        assert _answer(other, "disagree") == answered[0]
        other.goto(f"{address}ar/answers/")
        expect(agreed).to_have_text(disagreed.inner_text())
        other.locator("main a[href$='/withdraw/']").click()
        _look(walk, other)
        other.locator("main .r-button--main").click()
        expect(other).to_have_url(re.compile("done=1"))
        _look(walk, other)


def _find_nothing_of_amina(amina, karlis):
    amina.locator("main a[href$='/answers/']").click()
    expect(amina.locator("main .r-button--main").first).to_be_visible()
    expect(amina.locator(".r-answer")).to_have_count(0)
    karlis.get_by_role("link", name="My answers").click()
    expect(karlis.locator(".r-answer")).to_have_count(len(STATEMENTS))
    expect(karlis.get_by_text(OF_AMINA_IN_ENGLISH)).to_have_count(0)


def _close(walk, ilze):
    ilze.get_by_role("link", name="Close the consultation").click()
    ilze.get_by_label("Why is it closed before its last day?").fill(REASON)
    _look(walk, ilze)
    ilze.get_by_role("button", name="Close the consultation").click()
    expect(ilze.get_by_text("The consultation is closed.")).to_be_visible()
    _look(walk, ilze)


def _look(walk, page):
    """Axe, and nothing that sticks out; without script neither can be asked."""
    if walk.script:
        complaints = complaints_of_axe(page)
        assert not complaints, f"{page.url}\n" + "\n\n".join(complaints)
        assert page.evaluate(STICKING_OUT) == [], page.url
