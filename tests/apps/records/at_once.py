"""Several workers of one site at once, in a process with a database of its own.

    python -m tests.apps.records.at_once seal | send

Prints what they left behind, as JSON.
"""

import json
import sys
import threading
import time

import django
from django.db import connection


def run_at_once(work, workers: int) -> None:
    start = threading.Barrier(workers)
    failures = []

    def run(number: int) -> None:
        try:
            start.wait()
            work(number)
        except BaseException as error:
            failures.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        sys.exit("\n".join(failures))


def seal() -> dict[str, object]:
    """Two workers write entries and seal them, each change in a transaction of its own."""
    from django.utils import timezone

    from tessera.apps.accounts.models import Person
    from tessera.apps.records.trail import seal_entries
    from tessera.apps.records.verification import verify_trail

    def work(number: int) -> None:
        for turn in range(40):
            Person.objects.create(email=f"{number}.{turn}@example.org", name=f"Person {turn}")
            seal_entries(timezone.now)

    run_at_once(work, 2)
    report = verify_trail(timezone.now())
    return {
        "count": report.count,
        "unsealed": report.unsealed,
        "faults": [str(fault) for fault in report.faults],
    }


def send() -> dict[str, object]:
    """Three workers send the same 60 mails, none of which is quick."""
    from django.core.mail.backends.base import BaseEmailBackend
    from django.utils import timezone

    from tessera.apps.records.jobs import send_mails
    from tessera.apps.records.mail import WrittenMail, keep_mail
    from tessera.apps.records.models import OutgoingMail

    for number in range(60):
        mail = WrittenMail(f"Mail {number}", "Text", "")
        keep_mail(mail, to="ilze@example.org", person=None, language="en", purpose="trial")
    sent = []

    class SlowServer(BaseEmailBackend):
        def send_messages(self, email_messages):
            time.sleep(0.002)
            sent.extend(message.subject for message in email_messages)
            return len(email_messages)

    run_at_once(lambda number: send_mails(timezone.now, SlowServer()), 3)
    return {"sent": len(sent), "different": len(set(sent)), "waiting": OutgoingMail.objects.waiting().count()}


if __name__ == "__main__":
    django.setup()
    print(json.dumps({"seal": seal, "send": send}[sys.argv[1]]()))
