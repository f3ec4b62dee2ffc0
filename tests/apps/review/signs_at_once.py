"""Officers sign at the same instant, in a process with a database of its own.

    python -m tests.apps.review.signs_at_once one | two | save

Prints what became of it in every round, as JSON.
"""

import json
import sys
from collections import Counter

import django

ROUNDS = 15


def sign(person, review, mark):
    from django.utils import timezone

    from tessera.apps.records.moves import MoveError
    from tessera.apps.review.actions.submission import CannotSign, sign_review

    try:
        return sign_review(person=person, review=review, content_hash=mark, at=timezone.now()).state
    except (CannotSign, MoveError) as refused:
        return type(refused).__name__


def change(person, review, turn):
    from django.utils import timezone
    from tests.builders import open_area

    from tessera.apps.review.actions.filling import NotOpen, save_answer
    from tessera.frameworks.answers import Answer

    place = open_area(review, "education", person)
    try:
        save_answer(
            place=place,
            question="education-score",
            given=Answer(value=float(turn)),
            is_note_public=False,
            revision=review.answers.get(question="education-score").revision,
            at=timezone.now(),
        )
    except NotOpen as refused:
        return type(refused).__name__
    return "saved"


def main(what):
    from tests.apps.records.at_once import run_at_once
    from tests.builders import answer, make_city, make_cycle
    from tests.people import make_officer

    from tessera.apps.records.models import OutgoingMail
    from tessera.apps.review.actions.submission import withdraw_submission
    from tessera.apps.review.lifecycle import State
    from tessera.apps.review.models import Review, Signature
    from tessera.frameworks.answers import Answer

    city = make_city()
    people = [make_officer(key, city) for key in ("ilze", "chiara")]
    make_cycle(city, signatures=2 if what == "two" else 1)
    review = Review.objects.get()
    answer(review, "education-score", Answer(value=100.0), person=people[0])
    rounds = Counter()
    for turn in range(ROUNDS):
        mark = Review.objects.get().content_hash()
        found = ["", ""]

        def work(number, mark=mark, found=found, turn=turn):
            if what == "save" and number == 1:
                found[number] = change(people[1], review, turn)
            else:
                found[number] = sign(people[number], review, mark)

        run_at_once(work, 2)
        now = Review.objects.get()
        signed = Signature.objects.filter(content_hash=now.content_hash()).count()
        receipts = OutgoingMail.objects.filter(purpose="review-receipt").count()
        rounds[f"{', '.join(sorted(found))}: {now.state}, {signed} signed, {receipts} receipts"] += 1
        OutgoingMail.objects.all().delete()
        if now.state == State.SUBMITTED:
            withdraw_submission(person=people[0], review=now, at=now.submitted_at)
    return rounds


if __name__ == "__main__":
    django.setup()
    print(json.dumps(main(sys.argv[1])))
