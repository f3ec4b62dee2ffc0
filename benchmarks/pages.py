"""How long a page takes with 100 reviews or 500 answers: make bench

CPU seconds of one request through the whole site, with a database on SQLite, the median of several. Beside
them stand how often the page asks the database, and how long SQLite alone takes for these questions; and
first what the same machine takes in the same minute for things that no page avoids. With --write the table
goes to docs/reference/page-times.md.
"""

import argparse
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import django
from benchmarks.fresh_site import prepare_site
from benchmarks.lines import machine_with
from benchmarks.timing import cpu
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.apps.review.long_review import check_in_part
from tests.builders import (
    ANSWERED_AT,
    CHECKED_AT,
    REVIEW,
    appoint,
    make_city,
    make_cycle,
    make_review,
    make_sheet,
)
from tests.frameworks.big import BIG, big_framework
from tests.people import give, make_officer, make_person

from tessera.apps.network.models import Kind
from tessera.apps.review.actions.checking import ask, reply
from tessera.apps.review.actions.delegation import delegate_area
from tessera.apps.review.actions.submission import sign_review
from tessera.apps.review.lifecycle import State
from tessera.apps.review.models import Answer as KeptAnswer
from tessera.apps.review.models import Review, written_value
from tessera.frameworks.answers import Answer
from tessera.frameworks.load import find_framework
from tessera.frameworks.schema import representative_answers

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/reference/page-times.md"
REVIEWS, ANSWERS = 100, 500
AIM = 0.2


@dataclass(frozen=True)
class Line:
    """A page: what it shows, how long it takes in seconds, and what of that is the database's."""

    name: str
    seconds: float
    queries: int | None = None
    database: float | None = None


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the pages.")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.relative_to(ROOT)}")
    options = parser.parse_args()
    prepare_site()
    with tempfile.TemporaryDirectory() as folder, big_framework(Path(folder)):
        lines = [*references(), *measure()]
    print(as_text(lines))
    if options.write:
        PAGE.write_text(page(lines), encoding="utf-8")


def measure() -> Iterator[Line]:
    with transaction.atomic():
        cycle = make_checked_reviews()
        long = make_long_review()
        make_published_cities()
    of_long = {"review": long.pk}
    yield visit(None, "web:cities", f"the cities of the network, {REVIEWS} of them with a review")
    yield visit("nuria", "web:work", f"desk of an expert who checks {REVIEWS} reviews")
    yield visit("ilze", "web:work", f"desk of an officer of {REVIEWS} cities")
    yield visit("andris", "web:work", f"desk of a colleague with an area in each of {REVIEWS} reviews")
    yield visit("nuria", "review:inbox", f"queries of an expert, two for each of {REVIEWS} reviews")
    yield visit("ilze", "review:inbox", f"queries of an officer, two for each of {REVIEWS} reviews")
    yield visit("mihai", "review:cycle", f"a cycle of {REVIEWS} reviews", cycle=cycle.pk)
    yield visit("ilze", "review:tasks", f"task list of a review, {ANSWERS} answers", **of_long)
    yield visit("ilze", "review:check-answers", f"check your answers, {ANSWERS} answers", **of_long)
    yield visit("nuria", "review:board", f"board of an expert, {ANSWERS} answers", **of_long)
    about = of_long | {"question": "question-0-0"}
    yield visit("nuria", "review:judge", f"an answer to judge, one of {ANSWERS}", **about)
    yield visit("nuria", "review:queries", f"queries of a review, {ANSWERS} answers", **of_long)
    yield visit("nuria", "review:validate", f"validate a review, {ANSWERS} answers", **of_long)


def visit(who: str | None, name: str, shown: str, **about: object) -> Line:
    browser, address = Client(headers={"host": "localhost"}), reverse(name, kwargs=about)
    if who is not None:
        browser.force_login(make_person(who))

    def get() -> None:
        answered = browser.get(address)
        if answered.status_code != 200:
            raise ValueError(f"{address} answers {who} with {answered.status_code}.")

    get()
    with CaptureQueriesContext(connection) as asked:
        get()
    # The next request empties the list.
    questions = [query["sql"] for query in asked.captured_queries]
    return Line(shown, cpu(get), len(questions), cpu(lambda: ask_again(questions)))


def ask_again(questions: Sequence[str]) -> None:
    """What a page read, without anything that is made of it."""
    for question in questions:
        if question.startswith("SELECT"):
            with connection.cursor() as cursor:
                cursor.execute(question)
                cursor.fetchall()


def references() -> Iterator[Line]:
    """What the machine can do."""
    table = sqlite3.connect(":memory:")
    columns = "id INTEGER PRIMARY KEY, question TEXT, value TEXT, revision INTEGER"
    table.execute(f"CREATE TABLE answers ({columns})")
    rows = [(f"question-{number}", '"partly"', 1) for number in range(ANSWERS)]
    table.executemany("INSERT INTO answers (question, value, revision) VALUES (?, ?, ?)", rows)
    yield Line(
        f"machine: {ANSWERS} rows out of SQLite",
        cpu(lambda: table.execute("SELECT * FROM answers ORDER BY question").fetchall(), 51),
    )
    yield visit(None, "web:accessibility", "machine: a page of text alone, in the frame of the site")


# What the pages show


def make_checked_reviews() -> Any:
    """A cycle of fully answered reviews that Nuria checks, with a query that waits and one that is answered.

    Ilze is the officer of every city, and Andris has an area in each.
    """
    cities = [make_city(f"city-{place}", population=1_000 * place) for place in range(REVIEWS)]
    cycle = make_cycle(*cities, framework=REVIEW, version=2)
    questions = list(find_framework(REVIEW, 2).questions())
    ilze, nuria = make_person("ilze"), make_person("nuria")
    for review in cycle.reviews.select_related("city", "cycle"):
        make_officer("ilze", review.city)
        andris = give("andris", Kind.CONTRIBUTOR, review.city)
        area = questions[0].area
        delegate_area(by=ilze, review=review, area=area, colleague=andris, message="", at=ANSWERED_AT)
        fill(review)
        mark = Review.objects.get(pk=review.pk).content_hash()
        sign_review(person=ilze, review=review, content_hash=mark, at=ANSWERED_AT)
        appoint(review)
        answered, _ = (
            ask(expert=nuria, review=review, question=each.key, text="Which year?", at=CHECKED_AT)
            for each in questions[:2]
        )
        reply(person=ilze, query=answered, text="Of 2023.", at=CHECKED_AT)
    return cycle


def fill(review: Review) -> None:
    ilze, answered = make_person("ilze"), set(review.answers.values_list("question", flat=True))
    KeptAnswer.objects.bulk_create(
        KeptAnswer(
            review=review,
            question=question.key,
            value=written_value(representative_answers(question)[0]),
            changed_by=ilze,
            changed_at=ANSWERED_AT,
        )
        for question in review.framework.questions(review.sheet_pathway)
        if question.key not in answered
    )


def make_long_review() -> Review:
    """Two experts differ on 20 answers and ask about 20 others; ten areas are verified."""
    city = make_city("longford")
    sheet = make_sheet(framework=BIG, answers={"question-0-0": Answer(value="yes")})
    review = make_review(city, sheet, state=State.IN_REVIEW)
    appoint(review, "piotr")
    fill(review)
    check_in_part(review)
    return review


def make_published_cities() -> None:
    for place in range(REVIEWS):
        city = make_city(f"published-{place}", population=1_000 * place)
        make_review(city, state=State.PUBLISHED, officer="chiara")


# What is shown of it

WIDTHS = (66, 12, 10, 14)


def as_text(lines: Sequence[Line]) -> str:
    return "\n".join(
        "".join(cell.ljust(width) for cell, width in zip(row(line), WIDTHS, strict=True)) for line in lines
    )


def row(line: Line) -> tuple[str, str, str, str]:
    return (
        line.name,
        f"{line.seconds * 1000:.3g} ms",
        "–" if line.queries is None else str(line.queries),
        "–" if line.database is None else f"{line.database * 1000:.3g} ms",
    )


def page(lines: Sequence[Line]) -> str:
    rows = "\n".join(f"| {' | '.join(row(line))} |" for line in lines)
    machine = machine_with(f"Django {django.__version__}", f"SQLite {sqlite3.sqlite_version}")
    return PAGE_TEXT.format(
        rows=rows, machine=machine, aim=round(AIM * 1000), reviews=REVIEWS, answers=ANSWERS
    )


PAGE_TEXT = """\
# How long pages take

<!-- Written by `make bench`: run it again to change it. -->

CPU time of one request through the whole site, medians, with a database on SQLite. The aim is {aim} ms for a
page of {reviews} reviews or {answers} answers. It is not asked in the tests, since a machine that is busy
with other things would fail them; that a page asks the database as often for many as for few is. *Of that
SQLite* is how long the same questions to the database take alone. The first lines are what the same machine
took in the same minute for things that no page can do without.

Measured {machine}, by `make bench`.

| what | took | queries | of that SQLite |
|---|---|---|---|
{rows}
"""

if __name__ == "__main__":
    main()
