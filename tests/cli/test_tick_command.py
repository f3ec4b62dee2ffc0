import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone
from tests.apps.records.mail_server import running_mail_server
from tests.builders import make_city, make_review
from tests.cli.running import tessera
from tests.people import make_person

from tessera.apps.accounts.models import Person
from tessera.apps.records.mail import WrittenMail, keep_mail
from tessera.apps.records.models import OutgoingMail, TrailLink
from tessera.apps.review.lifecycle import State
from tessera.apps.review.models import Presence

ROOT = Path(__file__).parents[2]
TESSERA = Path(sys.executable).with_name("tessera")
KEEP_A_MAIL = """
import django
django.setup()
from tessera.apps.records.mail import WrittenMail, keep_mail
mail = WrittenMail("Subject", "Text", "")
keep_mail(mail, to="ilze@example.org", person=None, language="en", purpose="trial")
"""


def keep(subject="Subject"):
    return keep_mail(
        WrittenMail(subject, "Text", ""), to="ilze@example.org", person=None, language="en", purpose="trial"
    )


@pytest.fixture
def mail_server(settings):
    with running_mail_server() as server:
        settings.MAIL_SERVER = {"host": "127.0.0.1", "port": server.port}
        yield server


@pytest.mark.django_db
def test_what_is_due_is_done_once_and_said(mail_server):
    keep()
    ilze = Person.objects.create(email="ilze@example.org", name="Ilze")
    for key, days in (("of today", 1), ("of last month", -30)):
        Session.objects.create(session_key=key, expire_date=timezone.now() + timedelta(days=days))
    for key in ("of today", "of last month", "signed out"):
        UserSession.objects.create(user=ilze, session_key=key, ip="192.0.2.1", user_agent="Firefox")
    long_ago = timezone.now() - timedelta(days=91)
    OutgoingMail.objects.filter(pk=keep("Old").pk).update(next_try_at=None, created_at=long_ago)
    first, second = tessera("tick"), tessera("tick")

    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout.splitlines() == [
        "Reminders: 0 written.",
        "Queries: 0 mails written.",
        "Mail: 1 sent, 0 failed and tried again later, 0 given up, 0 waiting.",
        "Trail: 1 entries sealed.",
        "Sessions: 1 expired sessions forgotten, and address and browser of 2.",
        "Presences: 0 forgotten of who had which area open.",
        "Sheets: 0 forgotten that came back and were not taken over.",
        "Consultations: 0 closed, whose last day is over.",
        "Landscapes: 0 found again.",
        "Tables by attribute: 0 made public.",
        "Translations: TESSERA_TRANSLATION_URL names no server.",
        "Groups: counted in 0 consultations.",
        "Receipt codes: forgotten in 0 consultations.",
        "Contact slips: 0 erased.",
        "Counts by network: those of 0 past days forgotten.",
        "Old mails: 1 forgotten.",
        "Files: 0 put in place or removed, after an act that was not finished.",
    ]
    assert second.stdout.splitlines() == [
        "Reminders: 0 written.",
        "Queries: 0 mails written.",
        "Mail: 0 sent, 0 failed and tried again later, 0 given up, 0 waiting.",
        "Trail: 0 entries sealed.",
        "Sessions: 0 expired sessions forgotten, and address and browser of 0.",
        "Presences: 0 forgotten of who had which area open.",
        "Sheets: 0 forgotten that came back and were not taken over.",
        "Consultations: 0 closed, whose last day is over.",
        "Landscapes: 0 found again.",
        "Tables by attribute: 0 made public.",
        "Translations: TESSERA_TRANSLATION_URL names no server.",
        "Groups: counted in 0 consultations.",
        "Receipt codes: forgotten in 0 consultations.",
        "Contact slips: 0 erased.",
        "Counts by network: those of 0 past days forgotten.",
        "Old mails: 0 forgotten.",
        "Files: 0 put in place or removed, after an act that was not finished.",
    ]
    assert list(Session.objects.values_list("session_key", flat=True)) == ["of today"]
    assert list(UserSession.objects.values_list("session_key", flat=True)) == ["of today"]
    assert not OutgoingMail.objects.filter(subject="Old").exists()
    assert len(mail_server.mails) == 1


@pytest.mark.django_db
def test_a_reminder_goes_out_at_once_and_who_was_where_is_forgotten(mail_server):
    review = make_review(make_city("riga"), state=State.FILLING)
    ilze = make_person("ilze")
    OutgoingMail.objects.all().delete()
    for area, hours in (("education", 23), ("health", 25)):
        seen_at = timezone.now() - timedelta(hours=hours)
        Presence.objects.create(review=review, area=area, person=ilze, seen_at=seen_at)
    first, second = tessera("tick"), tessera("tick")

    assert first.stdout.splitlines()[:3] == [
        "Reminders: 1 written.",
        "Queries: 0 mails written.",
        "Mail: 1 sent, 0 failed and tried again later, 0 given up, 0 waiting.",
    ]
    assert "Presences: 1 forgotten of who had which area open." in first.stdout.splitlines()
    assert list(Presence.objects.values_list("area", flat=True)) == ["education"]
    assert second.stdout.splitlines()[0] == "Reminders: 0 written."
    [mail] = mail_server.mails
    assert mail.recipients == [ilze.email]


@pytest.mark.django_db
def test_a_job_that_fails_keeps_no_other_back_and_ends_with_exit_code_1(settings):
    settings.MAIL_SERVER = {"use_tls": True, "use_ssl": True}
    Person.objects.create(email="ilze@example.org", name="Ilze")
    keep()
    run = tessera("tick")
    assert run.returncode == 1
    assert run.stderr.startswith("Mail: failed. ValueError: ")
    assert run.stdout.splitlines()[:3] == [
        "Reminders: 0 written.",
        "Queries: 0 mails written.",
        "Trail: 1 entries sealed.",
    ]
    assert TrailLink.objects.count() == 1


@pytest.mark.django_db
def test_no_mail_leaves_the_demonstration(settings):
    settings.DEMO = True
    keep()
    assert tessera("tick").stdout.splitlines()[2] == "Mail: 1 waiting. No mail leaves the demonstration."
    assert OutgoingMail.objects.waiting().count() == 1


@pytest.mark.django_db
def test_a_site_without_a_mail_server_says_so(settings):
    settings.DEBUG, settings.MAIL_SERVER = False, {}
    assert tessera("tick").stdout.splitlines()[2] == "Mail: 0 waiting. TESSERA_EMAIL_URL names no server."


def test_it_keeps_running_on_a_real_site_until_it_is_told_to_stop(tmp_path):
    """A process of its own, bound to a site by nothing but the environment."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("TESSERA_", "DATABASE"))
    }
    with running_mail_server() as server:
        site = kept | {
            "DJANGO_SETTINGS_MODULE": "tessera.project.settings",
            "TESSERA_SECRET_KEY": "x" * 60,
            "TESSERA_ALLOWED_HOSTS": "tessera.example.org",
            "TESSERA_DATA_DIR": str(tmp_path),
            "TESSERA_EMAIL_URL": f"smtp://127.0.0.1:{server.port}",
            "TESSERA_FROM_EMAIL": "noreply@example.org",
        }
        subprocess.run([sys.executable, "manage.py", "migrate", "-v", "0"], cwd=ROOT, env=site, check=True)
        del site["DJANGO_SETTINGS_MODULE"]
        job = subprocess.Popen([TESSERA, "tick", "--every", "1"], env=site, stdout=subprocess.PIPE, text=True)
        try:
            assert job.stdout.readline() == "Reminders: 0 written.\n"
            assert job.stdout.readline() == "Queries: 0 mails written.\n"
            assert job.stdout.readline().startswith("Mail: 0 sent")
            named = site | {"DJANGO_SETTINGS_MODULE": "tessera.project.settings"}
            subprocess.run([sys.executable, "-c", KEEP_A_MAIL], env=named, check=True)
            give_up = time.monotonic() + 30
            while not server.mails and time.monotonic() < give_up:
                time.sleep(0.1)
        finally:
            job.send_signal(signal.SIGTERM)
            rest = job.communicate(timeout=20)[0]

    assert job.returncode == 0
    assert rest.splitlines() == [
        "Trail: 0 entries sealed.",
        "Sessions: 0 expired sessions forgotten, and address and browser of 0.",
        "Presences: 0 forgotten of who had which area open.",
        "Sheets: 0 forgotten that came back and were not taken over.",
        "Consultations: 0 closed, whose last day is over.",
        "Landscapes: 0 found again.",
        "Tables by attribute: 0 made public.",
        "Translations: TESSERA_TRANSLATION_URL names no server.",
        "Groups: counted in 0 consultations.",
        "Receipt codes: forgotten in 0 consultations.",
        "Contact slips: 0 erased.",
        "Counts by network: those of 0 past days forgotten.",
        "Old mails: 0 forgotten.",
        "Files: 0 put in place or removed, after an act that was not finished.",
        "Mail: 1 sent, 0 failed and tried again later, 0 given up, 0 waiting.",
        "Stopped.",
    ]
    [mail] = server.mails
    assert (mail.sender, mail.message["Message-ID"].endswith("@tessera.example.org>")) == (
        "noreply@example.org",
        True,
    )
