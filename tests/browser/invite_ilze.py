"""Invite a person to the site of the environment, in a process of its own, and print where the link leads.

python tests/browser/invite_ilze.py
"""

from datetime import UTC, datetime

import django

if __name__ == "__main__":
    django.setup()

    from tessera.apps.accounts.actions import invite
    from tessera.apps.accounts.models import Person

    mihai = Person.objects.create(name="Mihai", email="mihai@example.org")
    ilze = Person.objects.create(name="Ilze", email="ilze@example.org")
    _, token = invite(person=ilze, by=mihai, at=datetime.now(UTC))
    print(f"/en/account/invitation/{token}/")
