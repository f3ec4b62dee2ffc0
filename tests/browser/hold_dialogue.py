"""Consultations in every state of their pages on the site of the environment, in a process of its own.

Prints where these pages are, as JSON: those of staff by who opens them, and those of residents, with the
cookie of somebody who takes part.

python -m tests.browser.hold_dialogue
"""

import json

import django

if __name__ == "__main__":
    django.setup()

    from django.urls import reverse
    from django.utils import timezone
    from tests.apps.dialogue.asking_about_oneself import hold_asking, join
    from tests.apps.dialogue.finished import hold_evening
    from tests.apps.dialogue.phone import Phone
    from tests.apps.dialogue.staff import give_to
    from tests.builders import make_city
    from tests.dialogues import hold_consultation
    from tests.people import make_person

    from tessera.apps.dialogue.actions.about_oneself import state_population
    from tessera.apps.dialogue.actions.appeals import answer_appeal, appeal
    from tessera.apps.dialogue.actions.moderation import hide_statement
    from tessera.apps.dialogue.actions.stewardship import name_steward, take_votes
    from tessera.apps.dialogue.jobs import publish_tables
    from tessera.apps.dialogue.lifecycle import State
    from tessera.apps.dialogue.models import Appeal, Choice, HidingReason, Participant

    now, today, city = timezone.now(), timezone.localdate(), make_city("riga")
    keys, languages = ("age", "gender"), ("en", "lv", "ar")
    own = [("How do you come to work?", "On foot or by bicycle", "By tram or bus", "By car")]
    draft = hold_asking(city, slug="draft", keys=keys, own=own, state=State.DRAFT)
    held = hold_asking(city, slug="held", keys=keys, languages=languages)
    empty = hold_consultation(city, slug="empty", languages=languages)
    ilze, andris = make_person("ilze"), give_to("andris", held)

    # Somebody answers, says four things, and hears of two that they stay hidden.
    phone = Phone(held)
    phone.client.defaults["SERVER_NAME"] = "localhost"
    phone.vote(Choice.AGREE)
    for words in (
        "The lamps in Lime Street are broken.",
        "Mrs Example from the town hall helped me.",
        "A-very-long-word-" + "that-goes-on-and-" * 12 + "on.",
        "More benches in the parks.",
    ):
        phone.write(words, **{"as-it-is": "1"})
    said = list(held.statements.filter(author__isnull=False).order_by("pk"))
    me = Participant.objects.get(pk=said[0].author_id)
    for statement in said[:3]:
        hide_statement(by=ilze, statement=statement, reason=HidingReason.PERSONAL, at=now)
    answered, waiting = (
        appeal(participant=me, statement=statement, words="I name no person.", language="ar", day=today)
        for statement in said[1:3]
    )
    answer_appeal(by=andris, appeal=answered, is_granted=False, words="It still names a person.", at=now)

    gender = held.attributes.get(key="gender")
    counted = {value.pk: count for value, count in zip(gender.values.all(), (300_000, 280_000), strict=False)}
    state_population(
        by=ilze,
        consultation=held,
        pk=gender.pk,
        residents=counted,
        source="Central Statistical Bureau",
        counted_on=today,
        at=now,
    )
    for group in ("woman", "man"):
        join(held, 12, day=today, gender=group)
    publish_tables(today)

    over = hold_evening(city=city, slug="over")
    stewards = {"by": ilze, "person": ilze, "purpose": "To count again before the council votes.", "at": now}
    for each in (held, over):
        name_steward(consultation=each, **stewards)
    take_votes(by=ilze, consultation=over, url="https://tessera.example/", at=now)

    def staff(name, *about):
        return reverse(f"dialogue:{name}", args=about).removeprefix("/en")

    own_question = draft.attributes.get(key="own-1").pk
    kept = [
        *(staff(name, draft.pk) for name in ("about", "own-question", "who", "consultation")),
        staff("change-own-question", draft.pk, own_question),
        staff("population", draft.pk, own_question),
        *(staff(name, held.pk) for name in ("about", "who", "statements", "stewards", "take-votes")),
        staff("consultation", held.pk),
        staff("population", held.pk, gender.pk),
        *(staff("statement", each.pk) for each in said[:1] + said[3:]),
        *(staff("appeal", each.pk) for each in Appeal.objects.all()),
        *(staff(name, over.pk) for name in ("stewards", "take-votes", "consultation", "who")),
    ]

    def residents(name, about, *more):
        return reverse(f"take_part:{name}", args=[about.slug, "en", *more])

    names = ("about-me", "answers", "decisions", "picture", "finish", "begin")
    cookies = [
        {"name": name, "value": cookie.value, "path": cookie["path"]}
        for name, cookie in phone.client.cookies.items()
    ]
    found = {
        "staff": {"Ilze": kept, "Andris": [staff("appeal", waiting.pk), staff("statements", held.pk)]},
        "residents": [*(residents(name, held) for name in names), residents("appeal", held, said[0].pk)],
        "strangers": [
            *(residents(name, held) for name in ("about-me", "decisions")),
            *(residents(name, empty) for name in ("decisions", "picture")),
        ],
        "cookies": cookies,
    }
    print(json.dumps(found))
