"""Once a statement is hidden, no page shows it to anybody but its author: at once, and on every address.

The addresses come from the site's own lists: a new one is asked without a line here, or else fails.
"""

import io
import zipfile
from dataclasses import dataclass

import pytest
from django.urls import URLPattern, reverse
from django.utils import timezone, translation
from tests.apps.dialogue.phone import Phone
from tests.apps.dialogue.staff import browser_of
from tests.dialogues import TODAY, hold_consultation, make_key, vote
from tests.people import make_officer

from tessera.apps.dialogue.actions.moderation import accept_statement, hide_statement, translate_statement
from tessera.apps.dialogue.jobs import refresh_landscapes
from tessera.apps.dialogue.models import Choice, HidingReason, Statement
from tessera.apps.dialogue.urls import residents, staff
from tessera.web import urls as site

pytestmark = pytest.mark.django_db

MARKS = ("Quetzalgasse", "Kecaliela")
SAID = f"The lamps between the harbour school and {MARKS[0]} are broken every winter."
IN_LATVIAN = f"Laternas starp ostas skolu un {MARKS[1]} katru ziemu ir salauztas."
LIKE_IT = {
    "en": "The lamps between the harbour school and the park are broken every winter.",
    "lv": "Laternas starp ostas skolu un parku katru ziemu ir salauztas.",
}
LANGUAGES = ("en", "lv")
ACCEPTED = ("text/html", "application/json")
SHOWN_BEFORE = {"statement", "next", "vote", "say", "similar", "report", "answers"}
"""On which the walk must find it while it is shown, or it would prove nothing."""
OF_STAFF_FOR_ALL = ("qr", "poster")
"""What staff print and hang up."""


@dataclass
class Stage:
    consultation: object
    statement: Statement
    author: Phone
    others: tuple[Phone, ...]


@pytest.fixture
def stage():
    consultation = hold_consultation(languages=LANGUAGES)
    ilze = make_officer("ilze", consultation.city)
    author, voter, answering = Phone(consultation), Phone(consultation), Phone(consultation)
    author.write(SAID)
    statement = Statement.objects.get(text=SAID)
    accept_statement(by=ilze, statement=statement, at=timezone.now())
    translate_statement(by=ilze, statement=statement, texts={"lv": IN_LATVIAN}, at=timezone.now())
    voter.vote(1, voter.open("statement", about=statement.pk))
    # What comes next for this one, who answers the last of the city's once more, is the statement.
    for seed in consultation.statements.filter(is_seeded=True):
        answering.vote(1, answering.open("statement", about=seed.pk))
    for _ in range(12):
        vote(consultation, statement, Choice.DISAGREE, day=TODAY)
    refresh_landscapes(TODAY)
    return Stage(consultation, statement, author, (voter, answering))


def patterns(module):
    for pattern in module.urlpatterns:
        assert isinstance(pattern, URLPattern), f"Walk what {pattern} includes."
        yield pattern


def sent_to(stage, language):
    """What is sent to those who take no GET, or answer otherwise to a form."""
    last = stage.consultation.statements.filter(is_seeded=True).last()
    return {
        "vote": {"statement": last.pk, "choice": "1", "key": make_key(7)},
        "similar": {"text": LIKE_IT[language]},
        "say": {"text": LIKE_IT[language], "key": make_key(8)},
        "report": {"reason": "x"},
        "appeal": {"text": "Why?"},
        "anew": {},
    }


def address_of(pattern, stage, language):
    known = {
        "slug": stage.consultation.slug,
        "language": language,
        "token": "no-such-token",
        "pk": stage.statement.pk,
    }
    names = set(pattern.pattern.converters)
    assert names <= set(known), f"Say here what {names - set(known)} of {pattern.name} is."
    return reverse(f"take_part:{pattern.name}", kwargs={name: known[name] for name in names})


def ask_everywhere(stage, phone, words_of):
    """The names of the pages that show it to somebody."""
    found, asked = set(), set()
    for language in LANGUAGES:
        forms = sent_to(stage, language)
        for pattern in patterns(residents):
            address = address_of(pattern, stage, language)
            for accepted in ACCEPTED:
                for answer in answers(phone, pattern.name, address, forms, stage.statement.pk, accepted):
                    asked.add(pattern.name)
                    if any(mark in words_of(answer) for mark in MARKS):
                        found.add(pattern.name)
    assert asked == {pattern.name for pattern in patterns(residents)}
    return found


def answers(phone, name, address, forms, number, accepted):
    headers = {"Accept": accepted}
    cookies = dict(phone.client.cookies)
    takes_get = False
    for query in ("", f"?about={number}&most=10&page=1"):
        answer = phone.client.get(address + query, headers=headers, follow=True)
        if answer.status_code != 405:
            takes_get = True
            yield answer
    assert takes_get or name in forms, f"Say here what is sent to {name}."
    if name in forms:
        yield phone.client.post(address, forms[name], headers=headers, follow=True)
    # Whoever starts anew would be somebody else on the pages that follow.
    phone.client.cookies.clear()
    phone.client.cookies.update(cookies)


@pytest.fixture
def words_of(read_print):
    def read(answer):
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        if content.startswith(b"%PDF"):
            return read_print(content)
        if content.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(content)) as parts:
                content = b"\n".join(parts.read(name) for name in parts.namelist())
        return content.decode(errors="replace")

    return read


def hide(statement):
    hide_statement(
        by=make_officer("ilze", statement.consultation.city),
        statement=statement,
        reason=HidingReason.PERSONAL,
        at=timezone.now(),
    )


def test_no_address_shows_it_any_more_to_those_who_voted_on_it_or_come_anew(stage, words_of):
    everybody = (*stage.others, Phone(stage.consultation))
    before = set().union(*(ask_everywhere(stage, phone, words_of) for phone in everybody))
    assert before >= SHOWN_BEFORE
    hide(stage.statement)
    for phone in (*stage.others, Phone(stage.consultation)):
        assert ask_everywhere(stage, phone, words_of) == set()


def test_its_author_alone_still_reads_it_among_their_answers(stage, words_of):
    hide(stage.statement)
    assert "answers" in ask_everywhere(stage, stage.author, words_of) <= {"answers", "appeal"}


def test_no_public_page_of_the_site_shows_it(stage, words_of):
    hide(stage.statement)
    visitor = browser_of("visitor")
    for language in LANGUAGES:
        for pattern in patterns(site):
            about = dict.fromkeys(pattern.pattern.converters, stage.consultation.city.slug)
            assert set(about) <= {"slug"}, f"Say here what {set(about)} of {pattern.name} is."
            with translation.override(language):
                address = reverse(f"web:{pattern.name}", kwargs=about)
            words = words_of(visitor.get(address, follow=True))
            assert "<h1" in words
            assert not any(mark in words for mark in MARKS)


def test_nothing_that_is_printed_and_hung_up_shows_it(stage, words_of):
    hide(stage.statement)
    assert set(OF_STAFF_FOR_ALL) <= {pattern.name for pattern in patterns(staff)}
    for name in OF_STAFF_FOR_ALL:
        address = reverse(f"dialogue:{name}", args=[stage.consultation.pk])
        words = words_of(browser_of("ilze").get(address))
        assert len(words) > 100
        assert not any(mark in words for mark in MARKS)
