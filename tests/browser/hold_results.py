"""Hold a consultation to its end on the site of the environment, in a process of its own; print its address.

python -m tests.browser.hold_results
"""

from datetime import date

import django

if __name__ == "__main__":
    django.setup()

    from django.urls import reverse
    from django.utils import timezone
    from tests.apps.dialogue.asking_about_oneself import hold_asking, value_of
    from tests.apps.dialogue.finished import TODAY, finish, people_of
    from tests.people import make_person
    from tests.reports.landscape.evening import camps

    from tessera.apps.dialogue.actions.about_oneself import state_population
    from tessera.apps.dialogue.jobs import publish_tables
    from tessera.apps.dialogue.models import Channel, Declaration

    seeds = [f"Words of statement {place}" for place in range(7)]
    over = hold_asking(keys=("gender",), seeds=seeds, languages=("en", "lv"))
    woman, man, other = (value_of(over, "gender", key) for key in ("woman", "man", "other"))
    state_population(
        by=make_person("ilze"),
        consultation=over,
        pk=woman.attribute_id,
        residents={woman.pk: 330_000, man.pk: 270_000, other.pk: 5_000},
        source="City register",
        counted_on=date(2026, 1, 1),
        at=timezone.now(),
    )
    people = people_of(over, camps(), channels=[Channel.OWN_LINK] * 12)
    # Some groups are shown, and some are hidden.
    said = [woman] * 14 + [man] * 12 + [other] * 2
    Declaration.objects.bulk_create(
        Declaration(participant=person, attribute=value.attribute, value=value)
        for person, value in zip(people, said, strict=False)
    )
    finish(over)
    publish_tables(TODAY)
    print(reverse("results:page", args=[over.slug]).removeprefix("/en"))
