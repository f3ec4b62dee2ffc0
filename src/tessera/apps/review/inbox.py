"""Queries as somebody has them before them: what waits for that person comes first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max, QuerySet

from tessera.apps.accounts.models import Person
from tessera.apps.network.local_text import page_language
from tessera.apps.review.access.checking import queries_to_reply_to, queries_to_settle
from tessera.apps.review.lifecycle import JUDGED, SETTLED
from tessera.apps.review.models import Query, Review


@dataclass(frozen=True)
class ListedQuery:
    query: Query
    asked: str
    """The question that it is about, in the page's language."""
    area: str
    last_at: datetime
    """When the last message was written."""
    is_of_city: bool
    """Whether the reader is on the city's side."""

    @property
    def waits_for_reader(self) -> bool:
        return self.query.waits_for_city if self.is_of_city else self.query.waits_for_expert


@dataclass(frozen=True)
class Inbox:
    waiting: tuple[ListedQuery, ...]
    """For the reader; the longest first."""
    elsewhere: tuple[ListedQuery, ...]
    """Those that wait for the other side; the newest first, as those that are settled."""
    settled: tuple[ListedQuery, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.waiting or self.elsewhere or self.settled)


@dataclass(frozen=True)
class OpenedQuestion:
    """One whose answer an expert opened for the city to change."""

    key: str
    area: str
    """Its key."""
    asked: str
    """In the page's language."""


def read_opened(review: Review) -> list[OpenedQuestion]:
    """In the order of the questionnaire."""
    opened = set(review.opened_answers.values_list("question", flat=True))
    questions = review.framework.text(page_language()).questions
    return [
        OpenedQuestion(question.key, question.area, questions[question.key].text)
        for question in review.framework.questions(review.sheet_pathway)
        if question.key in opened
    ]


def read_inbox(person: Person, day: date) -> Inbox:
    """All queries of both sides, without the settled ones of reviews that are validated."""
    return _sort(
        [
            *_list(_not_over(queries_to_reply_to(person, day)), is_of_city=True),
            *_list(_not_over(queries_to_settle(person, day)), is_of_city=False),
        ]
    )


def read_queries(review: Review, *, is_of_city: bool) -> Inbox:
    """All queries about one review."""
    queries = Query.objects.filter(review=review).select_related("review__city", "asked_by")
    return _sort(_list(queries, is_of_city=is_of_city))


def count_waiting(person: Person, day: date) -> int:
    """How many queries wait for a person, on either side."""
    to_reply_to = queries_to_reply_to(person, day).waiting_for_city()
    return to_reply_to.count() + queries_to_settle(person, day).waiting_for_expert().count()


def has_queries(person: Person, day: date) -> bool:
    """Whether a person is on a side of any query at all."""
    return any(sides(person, day).exists() for sides in (queries_to_reply_to, queries_to_settle))


def _not_over(queries: QuerySet[Query]) -> QuerySet[Query]:
    return queries.exclude(state__in=SETTLED, review__state__in=JUDGED)


def _list(queries: QuerySet[Query], *, is_of_city: bool) -> list[ListedQuery]:
    language = page_language()
    found = []
    for query in queries.annotate(last_at=Max("messages__written_at")):
        framework = query.review.framework
        text = framework.text(language)
        found.append(
            ListedQuery(
                query=query,
                asked=text.questions[query.question].text,
                area=text.areas[framework.question(query.question).area].title,
                last_at=query.last_at,
                is_of_city=is_of_city,
            )
        )
    return found


def _sort(queries: Iterable[ListedQuery]) -> Inbox:
    newest_first = sorted(queries, key=lambda listed: (listed.last_at, listed.query.pk), reverse=True)
    return Inbox(
        waiting=tuple(listed for listed in reversed(newest_first) if listed.waits_for_reader),
        elsewhere=tuple(
            listed for listed in newest_first if not (listed.waits_for_reader or listed.query.is_settled)
        ),
        settled=tuple(listed for listed in newest_first if listed.query.is_settled),
    )
