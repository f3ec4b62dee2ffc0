"""Open a consultation on the site of the environment, in a process of its own, and print its address.

Beside it stands another, "divided", in which two camps have answered already.

python -m tests.browser.hold_consultation
"""

from datetime import UTC, datetime, timedelta

import django

STATEMENTS = {
    "Newcomers find a language course in their part of the city.": {
        "ar": "يجد القادمون الجدد دورة لغة في منطقتهم من المدينة.",
        "lv": "Jaunienācēji atrod valodas kursus savā pilsētas daļā.",
    },
    "The city's pages tell newcomers where to begin.": {
        "ar": "تخبر صفحات المدينة القادمين الجدد من أين يبدأون.",
        "lv": "Pilsētas lapās jaunienācējs uzzina, ar ko sākt.",
    },
    "My neighbours know me by name.": {"ar": "جيراني يعرفونني باسمي.", "lv": "Kaimiņi mani zina vārdā."},
    "A person who speaks my language helps me at the town hall.": {
        "ar": "يساعدني في مبنى البلدية شخص يتكلم لغتي.",
    },
    "Employers here recognise what people learned abroad.": {
        "lv": "Darba devēji šeit atzīst to, kas iemācīts ārzemēs.",
    },
    "My children have friends from other streets.": {"ar": "لأطفالي أصدقاء من شوارع أخرى."},
}

TRANSLATED_BY_MACHINE = "My children have friends from other streets."
BY_MACHINE = "Maniem bērniem ir draugi no citām ielām."

if __name__ == "__main__":
    django.setup()

    from tests.apps.dialogue.camps import hold, take_sides
    from tests.builders import make_city
    from tests.dialogues import make_plan, words
    from tests.people import make_officer

    from tessera.apps.dialogue.actions.machine import translate_by_machine
    from tessera.apps.dialogue.actions.moderation import seed_statement
    from tessera.apps.dialogue.actions.setting_up import (
        PlannedPhase,
        open_consultation,
        prepare_consultation,
    )
    from tessera.apps.dialogue.models import Rule
    from tessera.apps.network.local_text import LocalText
    from tessera.connectors.translation import LibreTranslate

    class Machine(LibreTranslate):
        """One that knows a single sentence."""

        def translate(self, text, *, source, target):
            return BY_MACHINE

    now = datetime.now(UTC)
    day = now.date()
    city = make_city("riga", name=LocalText("lv", {"lv": "Rīga", "en": "Riga", "ar": "ريغا"}))
    officer = make_officer("ilze", city)
    phase = PlannedPhase(Rule.SAY_AND_VOTE, day - timedelta(days=3), day + timedelta(days=20))
    plan = make_plan(languages=("en", "lv", "ar"), phases=[phase])
    asked = prepare_consultation(by=officer, city=city, slug="arriving", plan=plan, invented=True, at=now)
    for text, others in STATEMENTS.items():
        seed_statement(by=officer, consultation=asked, text=words(text, **others), at=now)
    open_consultation(by=officer, consultation=asked, at=now)
    take_sides(hold(city=city, slug="divided", languages=("en", "lv", "ar")))
    known = asked.statements.get(text=TRANSLATED_BY_MACHINE)
    translate_by_machine(statement=known.pk, language="lv", translator=Machine("http://127.0.0.1"))
    print(asked.take_part_url)
