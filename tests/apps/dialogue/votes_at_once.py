"""Many messages of one participant at the same instant, in a process with a database of its own.

    python -m tests.apps.dialogue.votes_at_once contradict | count | join | midnight | speak | withdraw

Prints what they left behind, as JSON.
"""

import json
import sys
from collections import Counter
from contextlib import suppress

import django
from tests.apps.records.at_once import run_at_once

WORKERS = 16
ROUNDS = 20


def contradict(consultation):
    """The same person says three different things of one statement, by sixteen messages at once."""
    from tests.dialogues import make_entrance, vote

    from tessera.apps.dialogue.models import Choice, Vote

    choices = list(Choice)
    statement = consultation.statements.first()
    people = [make_entrance() for _ in range(ROUNDS)]

    def work(number):
        for me in people:
            vote(consultation, statement, choices[number % 3], entrance=me, key=number)

    run_at_once(work, WORKERS)
    rows = Counter(Vote.objects.values_list("participant", flat=True))
    # The newest of the keys that a row remembers is that of the message that set it.
    agree = [row.value == choices[int(row.recent_keys[:16], 16) % 3].value for row in Vote.objects.all()]
    return {"people": len(rows), "most_rows": max(rows.values()), "value_is_of_newest_key": all(agree)}


def join(consultation):
    """The first vote of one person, sent sixteen times at once: on different statements, as a queue does."""
    from tests.dialogues import make_entrance, vote

    from tessera.apps.dialogue.models import Participant, Tally, Vote

    statements = list(consultation.statements.all())
    people = [make_entrance() for _ in range(ROUNDS)]

    def work(number):
        for me in people:
            vote(consultation, statements[number % len(statements)], entrance=me, key=number)

    run_at_once(work, WORKERS)
    return {
        "people": Participant.objects.count(),
        "votes": Vote.objects.count(),
        "counted": sorted(set(Tally.objects.values_list("count", flat=True))),
    }


def count(consultation):
    """Two jobs bring the sums up to date while people vote, change their minds and withdraw."""
    from tests.dialogues import DAY, make_entrance, vote

    from tessera.apps.dialogue.access import find_participant
    from tessera.apps.dialogue.actions.taking_part import withdraw_everything
    from tessera.apps.dialogue.landscapes import read_votes, refresh_landscape
    from tessera.apps.dialogue.models import Choice, CountedVotes, Participant
    from tessera.engines.opinion.live import LiveVotes
    from tessera.engines.opinion.loops.choice import fastest

    statements, choices = list(consultation.statements.all()), list(Choice)

    def work(number):
        for turn in range(ROUNDS):
            if number < 2:
                refresh_landscape(consultation, DAY)
                continue
            me = make_entrance(address=f"192.0.2.{number}", program=f"Phone {number}, {turn}")
            for key, statement in enumerate([*statements, *statements]):
                vote(consultation, statement, choices[(key + turn) % 3], entrance=me, key=key)
            if turn % 2:
                withdraw_everything(find_participant(consultation, me.code))

    run_at_once(work, WORKERS)
    # Whoever was overtaken comes again, as the clock does.
    for _ in range(3):
        refresh_landscape(consultation, DAY)
    kept = LiveVotes.restored(bytes(CountedVotes.objects.get().saved), loops=fastest())
    anew = LiveVotes.of(read_votes(consultation), loops=fastest())
    ids = [str(statement.pk) for statement in statements]
    return {
        "people": Participant.objects.count(),
        "votes": kept.n_votes,
        "is_same": bool((kept.sums_of(ids).sums == anew.sums_of(ids).sums).all()),
    }


def midnight(consultation):
    """People join at the end of a day, while others do so already in the next, and forget the day before."""
    from datetime import timedelta

    from tests.dialogues import DAY, make_entrance, vote

    from tessera.apps.dialogue.models import Participant, Salt, Tally

    seed = consultation.statements.first()

    def work(number):
        for turn in range(ROUNDS):
            me = make_entrance(address=f"192.0.2.{turn % 3}")
            vote(consultation, seed, entrance=me, day=DAY + timedelta(days=number % 2))

    run_at_once(work, WORKERS)
    salts = set(Salt.objects.values_list("pk", flat=True))
    return {
        "people": Participant.objects.count(),
        "counts_without_a_salt": Tally.objects.exclude(salt__in=salts).count(),
    }


def speak(consultation):
    """The same form with a statement, sent sixteen times at once."""
    from tests.dialogues import make_entrance, speak

    from tessera.apps.dialogue.models import Statement, Vote

    people = [make_entrance() for _ in range(ROUNDS)]

    def work(_):
        for me in people:
            speak(consultation, "More benches.", entrance=me)

    run_at_once(work, WORKERS)
    return {
        "statements": Statement.objects.filter(is_seeded=False).count(),
        "votes": Vote.objects.count(),
    }


def withdraw(consultation):
    """People withdraw everything while their phones still send, and others vote on what they said."""
    from django.http import Http404
    from tests.dialogues import OPENED_AT, make_entrance, speak, vote

    from tessera.apps.dialogue.access import find_participant
    from tessera.apps.dialogue.actions.moderation import translate_statement
    from tessera.apps.dialogue.actions.taking_part import NotShown, withdraw_everything
    from tessera.apps.dialogue.lifecycle import StatementState
    from tessera.apps.dialogue.models import Statement, Vote

    seed = consultation.statements.first()
    authors = [make_entrance() for _ in range(ROUNDS)]
    said = [speak(consultation, "More benches.", entrance=author) for author in authors]
    Statement.objects.filter(is_seeded=False).update(state=StatementState.SHOWN)
    officer = consultation.prepared_by
    voters = [make_entrance() for _ in range(WORKERS - 3)]
    for voter in voters:
        vote(consultation, seed, entrance=voter)

    def work(number):
        for author, statement in zip(authors, said, strict=True):
            if number == 0:
                withdraw_everything(find_participant(consultation, author.code))
            elif number == 1:
                vote(consultation, seed, entrance=author)
            elif number == 2:
                with suppress(Http404):
                    translate_statement(by=officer, statement=statement, texts={"lv": "Soli."}, at=OPENED_AT)
            else:
                with suppress(NotShown):
                    for key in range(5):
                        vote(consultation, statement, entrance=voters[number - 3], key=key)

    run_at_once(work, WORKERS)
    return {
        "said": Statement.objects.filter(is_seeded=False).count(),
        "votes_on_it": Vote.objects.exclude(statement=seed).count(),
    }


def main(what):
    from tests.builders import make_city
    from tests.dialogues import make_consultation

    trials = {each.__name__: each for each in (contradict, count, join, midnight, speak, withdraw)}
    return trials[what](make_consultation(make_city()))


if __name__ == "__main__":
    django.setup()
    print(json.dumps(main(sys.argv[1])))
