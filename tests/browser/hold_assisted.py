"""An open consultation with a facilitator on the site of the environment, in a process of its own.

Prints its key. Names of who can sign in are those of the demonstration.

python -m tests.browser.hold_assisted
"""

import django

if __name__ == "__main__":
    django.setup()

    from tests.apps.dialogue.staff import give_to
    from tests.builders import make_city
    from tests.dialogues import hold_consultation

    from tessera.apps.accounts.models import Person

    held = hold_consultation(make_city("riga"), languages=("en", "ar"))
    give_to("piotr", held)
    Person.objects.update(language="en")
    print(held.pk)
