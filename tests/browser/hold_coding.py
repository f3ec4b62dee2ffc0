"""Sessions whose words are marked and coded on the site of the environment, in a process of its own.

Prints where their pages are, as JSON.

python -m tests.browser.hold_coding
"""

import json

import django

SAID = "🙂 Paldies! Es gaidīju gadu, un neviens man neteica, kāpēc. Tagad mans dēls runā labāk par mani."

if __name__ == "__main__":
    django.setup()

    from django.urls import reverse
    from tests.apps.dialogue.sessions_and_notes import (
        give_codes,
        make_code,
        make_excerpt,
        make_note,
        make_session,
        rest_theme_on,
    )
    from tests.apps.dialogue.staff import give_to
    from tests.builders import make_city, make_finding, make_review
    from tests.dialogues import hold_consultation, put_in_state, words
    from tests.people import make_person

    from tessera.apps.dialogue.lifecycle import State
    from tessera.apps.dialogue.models import BriefItem

    city = make_city("riga")
    languages = ("en", "lv", "ar")
    kept, empty, over = (
        hold_consultation(city, slug=slug, languages=languages) for slug in ("kept", "empty", "over")
    )
    give_to("andris", kept)
    finding = make_finding(make_review(city), "Newcomers wait long for a place in a language course.")
    BriefItem.objects.create(consultation=kept, finding=finding)
    session = make_session(kept)
    by_script = make_note(session, SAID, language="lv")
    overlapping = make_note(
        session, speaker="P2", translations={"lv": "Dēls gaidīja gadu.", "ar": "انتظر ابني سنة."}
    )
    arabic = make_note(
        session,
        "انتظرنا سنة كاملة. لم يقل لنا أحد لماذا.",
        language="ar",
        translations={"en": "We waited a year."},
    )
    long_word = make_note(session, "A-very-long-word-" + "that-goes-on-and-" * 12 + "on. Call +371 26123456.")
    first = make_excerpt(overlapping, "My son waited a year for a place. Nobody told us why.")
    second = make_excerpt(overlapping, "Nobody told us why. Now he speaks better than I do!")
    third, fourth = make_excerpt(arabic), make_excerpt(long_word)
    first.finding, first.quote, first.cleared_by = finding, words("We waited a year."), make_person("ilze")
    first.save()
    rest_theme_on(first)
    waiting, school = make_code(kept, "waiting", "Waiting for a place"), make_code(kept, "school", "School")
    waiting.includes, waiting.excludes = "Also for a doctor.", "A queue at a desk: give “service” instead."
    waiting.save()
    for excerpt, of_ilze, of_andris in ((first, [waiting], [waiting, school]), (second, [school], [school])):
        give_codes("ilze", excerpt, *of_ilze)
        give_codes("andris", excerpt, *of_andris)
    give_codes("andris", third)
    make_session(empty)
    make_excerpt(make_note(make_session(over)))
    put_in_state(over, State.SYNTHESISED)

    def staff(name, about):
        return reverse(f"dialogue:{name}", args=[about.pk]).removeprefix("/en")

    whole = ("codebook", "coding", "agreement", "consultation")
    found = {
        "text": staff("session-text", session),
        "note": by_script.pk,
        "pages": [
            staff("session-text", session),
            *(staff("session-text", each.sessions.get()) for each in (empty, over)),
            *(staff("excerpt", each) for each in (first, third, fourth)),
            *(staff("code-excerpt", each) for each in (first, third)),
            *(staff(name, each) for each in (kept, empty, over) for name in whole),
            staff("add-code", kept),
            staff("code", waiting),
            staff("remove-code", waiting),
        ],
    }
    print(json.dumps(found))
