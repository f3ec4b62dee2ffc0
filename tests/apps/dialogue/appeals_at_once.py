"""Several act on one appeal at the same instant, in a process with a database of its own.

    python -m tests.apps.dialogue.appeals_at_once ask | answer | withdraw | show

Prints what they left behind, as JSON.
"""

import json
import sys
from contextlib import suppress

import django
from tests.apps.records.at_once import run_at_once

WORKERS = 8
ROUNDS = 12


def hide_some(consultation):
    """Statements of as many people, hidden by the officer; and who wrote each."""
    from tests.dialogues import OPENED_AT, make_entrance, speak

    from tessera.apps.dialogue.actions.moderation import hide_statement
    from tessera.apps.dialogue.models import HidingReason

    authors = [make_entrance() for _ in range(ROUNDS)]
    said = [speak(consultation, "The lamps are broken.", entrance=author) for author in authors]
    for statement in said:
        hide_statement(
            by=consultation.prepared_by, statement=statement, reason=HidingReason.UNCLEAR, at=OPENED_AT
        )
    return list(zip(authors, said, strict=True))


def appeal_to_each(hidden):
    from tests.dialogues import DAY

    from tessera.apps.dialogue.actions.appeals import appeal

    return [
        appeal(participant=each.author, statement=each, words="Why?", language="en", day=DAY)
        for _author, each in hidden
    ]


def keepers(consultation):
    """Two who hid nothing."""
    from tests.dialogues import OPENED_AT
    from tests.people import give

    from tessera.apps.dialogue.actions.setting_up import choose_facilitators
    from tessera.apps.network.models import Kind

    people = [give(key, Kind.FACILITATOR, consultation.city) for key in ("piotr", "andris")]
    choose_facilitators(by=consultation.prepared_by, consultation=consultation, people=people, at=OPENED_AT)
    return people


def ask(consultation):
    """The same form comes eight times."""
    from tests.dialogues import DAY

    from tessera.apps.dialogue.actions.appeals import appeal
    from tessera.apps.dialogue.models import Appeal

    hidden = hide_some(consultation)

    def work(_):
        for _author, each in hidden:
            appeal(participant=each.author, statement=each, words="Why?", language="en", day=DAY)

    run_at_once(work, WORKERS)
    return {"appeals": Appeal.objects.count()}


def answer(consultation):
    """Two keepers answer otherwise, four times each."""
    from tests.dialogues import OPENED_AT

    from tessera.apps.dialogue.actions.appeals import answer_appeal
    from tessera.apps.dialogue.models import Appeal, Moderation, Statement
    from tessera.apps.records.moves import MoveError

    people, appeals = keepers(consultation), appeal_to_each(hide_some(consultation))
    taken = []

    def work(number):
        for each in appeals:
            with suppress(MoveError):
                answer_appeal(
                    by=people[number % 2],
                    appeal=each,
                    is_granted=number % 2 == 0,
                    words=f"Of {people[number % 2]}.",
                    at=OPENED_AT,
                )
                taken.append(each.pk)

    run_at_once(work, WORKERS)
    kept = Appeal.objects.select_related("moderation__statement", "answered_by")
    return {
        "taken": [len(taken), len(set(taken))],
        "of_one_person": all(
            (each.answered_by, each.answer)
            == (people[not each.moderation.is_granted], f"Of {each.answered_by}.")
            for each in kept
        ),
        "state_follows": all(
            each.moderation.is_granted == (each.moderation.statement.state == "shown") for each in kept
        ),
        "shown_by_a_decision_each": Moderation.objects.filter(outcome="shown").count()
        == Statement.objects.filter(is_seeded=False, state="shown").count(),
    }


def withdraw(consultation):
    """Authors withdraw everything while others answer them, and while they ask once more."""
    from django.http import Http404
    from tests.dialogues import DAY, OPENED_AT

    from tessera.apps.dialogue.access import find_participant
    from tessera.apps.dialogue.actions.appeals import CannotTakePart, answer_appeal, appeal
    from tessera.apps.dialogue.actions.taking_part import withdraw_everything
    from tessera.apps.dialogue.models import Appeal, Moderation, Statement
    from tessera.apps.records.moves import MoveError

    hidden, people = hide_some(consultation), keepers(consultation)
    # Half of them have asked before.
    appeals = appeal_to_each(hidden[::2])

    def work(number):
        for place, (author, each) in enumerate(hidden):
            if number == 0:
                withdraw_everything(find_participant(consultation, author.code))
            elif place % 2:
                with suppress(CannotTakePart):
                    appeal(participant=each.author, statement=each, words="Why?", language="en", day=DAY)
            else:
                with suppress(Http404, MoveError):
                    answer_appeal(
                        by=people[number % 2],
                        appeal=appeals[place // 2],
                        is_granted=True,
                        words="Yes.",
                        at=OPENED_AT,
                    )

    run_at_once(work, WORKERS)
    return {
        "appeals": Appeal.objects.count(),
        "said": Statement.objects.filter(is_seeded=False).count(),
        "waiting": Moderation.objects.filter(is_appealed=True, is_granted=None).count(),
    }


def show(consultation):
    """Somebody shows a statement while its author asks: one of the two comes first, never both."""
    from tests.dialogues import DAY, OPENED_AT

    from tessera.apps.dialogue.actions.appeals import NotHidden, appeal
    from tessera.apps.dialogue.actions.moderation import accept_statement
    from tessera.apps.dialogue.models import Appeal, Statement
    from tessera.apps.records.moves import MoveError

    hidden, people = hide_some(consultation), keepers(consultation)

    def work(number):
        for _author, each in hidden:
            if number % 2:
                with suppress(NotHidden):
                    appeal(participant=each.author, statement=each, words="Why?", language="en", day=DAY)
            else:
                with suppress(MoveError):
                    accept_statement(by=people[0], statement=each, at=OPENED_AT)

    run_at_once(work, 2)
    shown = Statement.objects.filter(is_seeded=False, state="shown").count()
    return {"shown_or_appealed": shown + Appeal.objects.count()}


def main(what):
    from tests.builders import make_city
    from tests.dialogues import make_consultation

    trials = {each.__name__: each for each in (ask, answer, withdraw, show)}
    return trials[what](make_consultation(make_city()))


if __name__ == "__main__":
    django.setup()
    print(json.dumps(main(sys.argv[1])))
