"""Two people save the same answer at the same instant, in a process with a database of its own.

    python -m tests.apps.review.saves_at_once act | send

Prints what became of it, as JSON.
"""

import json
import sys
import threading
from collections import Counter

import django
from django.db import connection

QUESTION, AREA = "education-score", "education"


def race(rounds, save, revision_now):
    """Who won each round: one worker for each of two people, who wait for each other before every save."""
    won = [[], []]
    failures = []
    start = threading.Barrier(2, timeout=60)

    def work(number):
        try:
            for turn in range(rounds):
                start.wait()
                revision = revision_now()
                start.wait()
                won[number].append(save(number, turn, revision))
        except BaseException as error:
            start.abort()
            failures.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        sys.exit("\n".join(failures))
    return won


def report(review, rounds, won):
    from tessera.apps.review.models import Answer

    standing = Answer.objects.get(review=review, question=QUESTION)
    winners = Counter(sum(outcomes) for outcomes in zip(*won, strict=True))
    last = 0 if won[0][-1] else 1
    return {
        "rounds_by_winners": {str(count): times for count, times in winners.items()},
        "revision": standing.revision,
        "is_the_winner's": standing.note == note_of(last, rounds - 1),
        "rows": Answer.objects.filter(review=review).count(),
    }


def note_of(number, turn):
    return f"Round {turn} by {number}"


def revision_of(review):
    from tessera.apps.review.models import Answer

    return (
        Answer.objects.filter(review=review, question=QUESTION).values_list("revision", flat=True).first()
        or 0
    )


def act(review, people):
    """By the action that every way in calls."""
    from django.utils import timezone
    from tests.builders import open_area

    from tessera.apps.review.actions.filling import StaleAnswer, save_answer
    from tessera.frameworks.answers import Answer as GivenAnswer

    places = [open_area(review, AREA, person) for person in people]

    def save(number, turn, revision):
        try:
            save_answer(
                place=places[number],
                question=QUESTION,
                given=GivenAnswer(float(number), note=note_of(number, turn)),
                is_note_public=False,
                revision=revision,
                at=timezone.now(),
            )
        except StaleAnswer:
            return False
        return True

    rounds = 500
    return report(review, rounds, race(rounds, save, lambda: revision_of(review)))


def send(review, people):
    """By the form of the page, as it saves itself."""
    from django.test import Client
    from django.urls import reverse

    clients = []
    for person in people:
        clients.append(Client(headers={"HX-Request": "true"}))
        clients[-1].force_login(person)
    address = reverse("review:question", args=[review.pk, AREA, QUESTION])

    def save(number, turn, revision):
        fields = {"revision": revision, "number": number, "note": note_of(number, turn)}
        status = clients[number].post(address, fields).status_code
        if status not in (200, 409):
            raise AssertionError(f"The answer is {status}.")
        return status == 200

    rounds = 25
    return report(review, rounds, race(rounds, save, lambda: revision_of(review)))


def main(what):
    from django.conf import settings
    from tests.builders import make_city, make_review, make_sheet
    from tests.people import make_officer

    from tessera.apps.review.lifecycle import State

    settings.SECOND_STEP_REQUIRED = False
    settings.ALLOWED_HOSTS = ["testserver"]
    city = make_city()
    people = [make_officer(key, city) for key in ("ilze", "chiara")]
    review = make_review(city, make_sheet([None] * 8), state=State.FILLING)
    return {"act": act, "send": send}[what](review, people)


if __name__ == "__main__":
    django.setup()
    print(json.dumps(main(sys.argv[1])))
