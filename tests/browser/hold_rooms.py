"""Rooms, paper, themes and panels on the site of the environment, in a process of its own.

Prints where their pages are, as JSON: those of staff, and those of residents, which need no cookie.

python -m tests.browser.hold_rooms
"""

import json

import django

LONG = "A-very-long-word-" + "that-goes-on-and-" * 8 + "on."

if __name__ == "__main__":
    django.setup()

    from django.urls import reverse
    from django.utils import timezone
    from tests.apps.dialogue.panels import begin, close, end, make_panel, rate, show_comments
    from tests.apps.dialogue.rooms import days_ago, hold, name_stakeholder, note
    from tests.apps.dialogue.sessions_and_notes import make_excerpt
    from tests.apps.dialogue.sheets import AGREE, DISAGREE, make_sheet, read_once, read_twice
    from tests.apps.dialogue.staff import give_to
    from tests.apps.dialogue.summed_up import answer, decide, hold_and_end, publish, write
    from tests.builders import make_city, make_finding, make_review
    from tests.dialogues import hold_consultation, words
    from tests.people import make_person

    from tessera.apps.dialogue.actions.contacts import keep_contact
    from tessera.apps.dialogue.actions.priority_areas import add_priority_area
    from tessera.apps.dialogue.models import BriefItem, PanelKind, Purpose, SessionKind

    now, city, languages = timezone.now(), make_city("riga"), ("en", "lv", "ar")
    ilze = make_person("ilze")
    held = hold_consultation(city, slug="held", languages=languages)
    give_to("andris", held)
    finding = make_finding(make_review(city), "Newcomers wait long for a place in a language course.")
    BriefItem.objects.create(consultation=held, finding=finding)
    heard = name_stakeholder(held, "Readers of the library", why=LONG)
    name_stakeholder(held, "Taxi drivers", invited_on=days_ago(2))
    about = {"agenda": "Welcome\nTea", "outputs": f"A list.\n{LONG}", "interpreter": "Anna"}
    session = hold(held, people=3, stakeholder=heard, kind=SessionKind.ROUND_TABLE, **about)
    empty = hold(held, title="Youth", consented=False)
    noted = note(session, f"The office closes at noon. {LONG}", speaker="P1")
    note(session, "Zvaniet Annai: +371 26123456.", language="lv", key=2)
    excerpt = make_excerpt(noted, "The office closes at noon.")
    slip = {"name": "Anna", "way": "anna@example.org", "language": "lv", "until": timezone.localdate()}
    keep_contact(by=ilze, consultation=held, purpose=Purpose.choices[0][0], at=now, **slip)
    area = add_priority_area(by=ilze, city=city, name=words("Trams", lv="Tramvaji", ar="الترام"), at=now)
    said = list(held.statements.all())
    about = {"statements": said[:3], "excerpts": [excerpt], "area": area.key, "also": ("lv", "ar")}
    theme = write(held, **about)
    bare = write(held, LONG)

    fresh, once, differing = (make_sheet(held, at=now) for _ in range(3))
    read_once(once, {1: AGREE}, at=now)
    read_twice(differing, {1: AGREE, 2: AGREE}, {1: DISAGREE, 2: AGREE}, at=now)

    kinds = {"also": ("lv", "ar")}
    delphi, ended, prepared = (make_panel(held, members=5, **kinds) for _ in range(3))
    five = [f"Item {number}. {LONG}" for number in range(5)]
    maxdiff = make_panel(held, items=five, kind=PanelKind.MAXDIFF, **kinds)
    for each in (delphi, ended, maxdiff):
        begin(each)
    for each in (delphi, ended):
        rate(each, [[9, 1, 5], [8, 2, 5], [9, 1, 4], [9, 3, 9], [7, 1, 1]], comments={(0, 0): LONG})
    close(ended)
    close(delphi)
    show_comments(delphi)
    begin(delphi)
    end(ended)

    counted, over, answered = (
        hold_and_end(city, slug=slug, languages=languages) for slug in ("counted", "over", "answered")
    )
    for each in (counted, over, answered):
        write(each, "Lamps", statements=each.statements.filter(is_seeded=False)[:1], also=("lv", "ar"))
    over, answered = publish(over), publish(answered)
    decide(over, also=("lv", "ar"))
    answered = answer(answered)

    def staff(name, *about):
        return reverse(f"dialogue:{name}", args=[each.pk for each in about]).removeprefix("/en")

    def member(name, panel, *more):
        return reverse(f"take_part:{name}", args=["held", panel.tokens[0], *more])

    of_held = (
        *("consultation", "sessions", "new-session", "consent-text", "stakeholders", "add-stakeholder"),
        *("contacts", "sheets", "print-sheets", "assisted", "themes", "new-theme", "priorities", "new-area"),
        *("panels", "new-panel"),
    )
    of_session = ("session", "change-session", "participants", "add-participants", "notes", "load-notes")
    kept = [
        *(staff(name, held) for name in of_held),
        *(staff(name, session) for name in of_session),
        *(staff(name, empty) for name in ("session", "record-consent", "delete-session", "notes")),
        staff("remove-participant", session.participants.first()),
        *(staff("note", each) for each in session.notes.all()),
        staff("change-note", session.notes.last()),
        staff("stakeholder", heard),
        *(staff("sheet", each) for each in (fresh, once, differing)),
        reverse("dialogue:assist", args=[held.pk, "ar"]).removeprefix("/en"),
        *(staff(name, theme) for name in ("theme", "change-theme", "theme-bases", "delete-theme")),
        staff("theme", bare),
        *(staff(name, held, area) for name in ("rename-area", "remove-area")),
        *(staff("panel", each) for each in (prepared, delphi, ended, maxdiff)),
        *(staff(name, prepared) for name in ("change-panel", "panel-items", "panel-members", "open-round")),
        *(staff("panel-results", each) for each in (prepared, delphi, ended)),
        *(staff("merge", each) for each in held.statements.all()[:1]),
        staff("publish-themes", counted),
        *(staff(name, over) for name in ("themes", "answer", "decide-statements", "publish-answer")),
        staff("decide-theme", over.themes.get()),
        *(staff(name, answered) for name in ("consultation", "sessions", "themes", "answer")),
        "/desk/thread/riga/",
        "/cities/riga/thread/",
        *(f"/consultations/{slug}/themes/" for slug in ("over", "answered")),
    ]
    residents = [
        *(member("panel-link", each) for each in (delphi, maxdiff)),
        *(member("panel", each, "en") for each in (delphi, maxdiff, ended, prepared)),
    ]
    print(json.dumps({"staff": kept, "residents": residents}))
