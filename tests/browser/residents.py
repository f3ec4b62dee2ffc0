"""Somebody on the pages of residents, in a real browser, and what the site keeps of them."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import expect

AGREE, DISAGREE, PASS = "I agree", "I disagree", "I do not know"
UNSENT = "Answers kept on this device, not sent yet: {}"
SENT = "All your answers are sent."
QUEUE = "() => Object.keys(localStorage).filter(name => name.includes('/vote/')).length"


@dataclass
class Stored:
    """What the site keeps, read beside it: Django's own way is shut where a browser runs."""

    file: object

    def read(self, query):
        with closing(sqlite3.connect(f"file:{self.file}?mode=ro", uri=True)) as database:
            return database.execute(query).fetchall()

    def last_participant(self):
        return self.read("SELECT coalesce(max(id), 0) FROM dialogue_participant")[0][0]

    def votes_since(self, participant):
        """Of those who came later: who, on which statement, what."""
        return self.read(
            "SELECT participant_id, text, value FROM dialogue_vote"
            " JOIN dialogue_statement ON dialogue_statement.id = statement_id"
            f" WHERE participant_id > {participant} ORDER BY participant_id, statement_id"
        )


@dataclass
class Resident:
    """Somebody with a phone, and what it sent and received."""

    page: object
    context: object
    address: str
    stored: Stored
    came_after: int
    finished: list = field(default_factory=list)
    faults: list = field(default_factory=list)

    def go(self, path):
        return self.page.goto(f"{self.address}{path}")

    @property
    def statement(self):
        return self.page.locator("[data-statement-text]").inner_text()

    def vote(self, word):
        """Vote, wait for the next statement, and give the words of the one that was voted on."""
        text = self.statement
        self.page.get_by_role("button", name=word, exact=True).click()
        expect(self.page.locator("[data-statement-text]")).not_to_have_text(text)
        return text

    def arrive_at(self, path):
        """Go to a page, and wait until what comes next has been loaded, too."""
        self.go(path)
        self.page.wait_for_load_state("networkidle")

    def settle(self):
        """Wait until no vote waits any more."""
        self.page.wait_for_function(f"() => ({QUEUE})() === 0")

    @property
    def votes(self):
        return {text: value for _, text, value in self.stored.votes_since(self.came_after)}

    @property
    def people(self):
        return {person for person, _, _ in self.stored.votes_since(self.came_after)}

    def wait_until_sent(self):
        """Wait until the page says that all is sent."""
        expect(self.page.locator("[data-all-sent]")).to_have_text(SENT)
        expect(self.page.locator("[data-all-sent]")).to_be_visible(timeout=15_000)
        assert self.page.evaluate(QUEUE) == 0

    def expect_unsent(self, count):
        expect(self.page.locator("[data-unsent]")).to_contain_text(UNSENT.format(count))
        expect(self.page.locator("[data-unsent]")).to_be_visible()


def wait_for_number(page, things, number):
    """Until so many have come in all."""
    for _ in range(100):
        if len(things) >= number:
            return
        page.wait_for_timeout(50)
    pytest.fail(f"Only {len(things)} came, not {number}.")
