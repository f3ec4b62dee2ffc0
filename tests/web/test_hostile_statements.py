"""Hostile words of a consultation that were taken: every page and file that shows them holds them as words.

What people said and asked to look at again, what staff ask them about themselves and take votes for.
"""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.apps.dialogue.asking_about_oneself import hold_asking, join
from tests.apps.dialogue.finished import finish
from tests.apps.dialogue.phone import Phone
from tests.apps.dialogue.staff import browser_of
from tests.dialogues import make_entrance, speak
from tests.people import make_person
from tests.web.hostile import HOSTILE, MARK, ON_A_PAGE, faults_of

from tessera.apps.dialogue.actions.appeals import appeal
from tessera.apps.dialogue.actions.moderation import accept_statement, hide_statement
from tessera.apps.dialogue.actions.stewardship import name_steward
from tessera.apps.dialogue.actions.taking_part import tidy_words
from tessera.apps.dialogue.codes import make_code
from tessera.apps.dialogue.forms.keeping import StewardForm
from tessera.apps.dialogue.jobs import publish_tables
from tessera.apps.dialogue.models import Choice, HidingReason

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_second_step_is_not_the_subject(settings):
    settings.SECOND_STEP_REQUIRED = False


class Hostile:
    """A consultation in which somebody said the same words twice: one is shown, one was hidden."""

    def __init__(self, given):
        said, today, self.at = tidy_words(given), timezone.localdate(), timezone.now()
        self.held = hold_asking(own=[(said, f"{said} 1", f"{said} 2")])
        self.ilze, self.code = make_person("ilze"), make_code()
        about = {"entrance": make_entrance(self.code), "day": today}
        self.shown, hidden = (speak(self.held, given, key=key, **about) for key in (1, 2))
        accept_statement(by=self.ilze, statement=self.shown, at=self.at)
        hide_statement(by=self.ilze, statement=hidden, reason=HidingReason.PERSONAL, at=self.at)
        author = {"participant": hidden.author, "language": "en"}
        self.appeal = appeal(statement=hidden, words=given, day=today, **author)
        purpose = StewardForm.base_fields["purpose"].clean(given)
        name_steward(by=self.ilze, consultation=self.held, person=self.ilze, purpose=purpose, at=self.at)
        join(self.held, 12, votes={self.shown: Choice.AGREE}, own_1="1")
        publish_tables(today)

    def pages(self):
        """Each page that shows them, for whoever gets it."""
        phone = Phone(self.held)
        phone.enter(self.code)
        yield from self._read(phone.client, "take_part", self._of_residents())
        yield from self._read(browser_of("ilze"), "dialogue", self._of_staff())
        finish(self.held)
        yield from self._read(Client(), "results", [(name, [self.held.slug]) for name in ("page", "file")])

    def _of_residents(self):
        where = [self.held.slug, "en"]
        own = [(name, where) for name in ("answers", "about-me")]
        return [*own, ("report", [*where, self.shown.pk])]

    def _of_staff(self):
        held, hidden = [self.held.pk], self.appeal.moderation.statement_id
        names = ("statements", "about", "who", "stewards", "take-votes")
        own = self.held.attributes.get(key="own-1").pk
        return [
            *((name, held) for name in names),
            *(("statement", [pk]) for pk in (self.shown.pk, hidden)),
            ("appeal", [self.appeal.pk]),
            ("population", [*held, own]),
        ]

    def _read(self, client, place, addresses):
        for name, about in addresses:
            answer = client.get(reverse(f"{place}:{name}", args=about))
            assert answer.status_code == 200, name
            yield f"{place}:{name}", answer.content.decode()


@pytest.mark.parametrize("words", ON_A_PAGE)
def test_no_page_of_a_consultation_does_harm(words):
    faults = [
        f"{what}: {fault}" for what, page in Hostile(HOSTILE[words]).pages() for fault in faults_of(page)
    ]

    assert not faults, "\n".join(faults)


def test_the_words_do_stand_on_the_pages_that_are_looked_at():
    pages = list(Hostile(HOSTILE["a script"]).pages())

    assert [what for what, page in pages if MARK not in page] == []
