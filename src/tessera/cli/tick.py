"""`tessera tick`: what a site does by the clock."""

import signal
import threading
from dataclasses import dataclass
from typing import Annotated

import typer

from tessera.cli.site import set_up_site


def tick(
    every: Annotated[
        int | None,
        typer.Option(
            metavar="SECONDS", min=1, help="Keep running, and do what is due every so many seconds."
        ),
    ] = None,
) -> None:
    """Do once what is due on a site: remind, send mails, seal the trail, close and forget what is over.

    For cron or a timer, or with --every as a service. Exit code 1 when a job failed; the others are done.
    """
    set_up_site()
    from django.db import close_old_connections

    went_well = _run_jobs(say_nothing_done=True)
    if every is None:
        if not went_well:
            raise typer.Exit(1)
        return
    stopped = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stopped.set())
    while not stopped.wait(every):
        # A database that was away and came back is asked over a new connection.
        close_old_connections()
        _run_jobs(say_nothing_done=False)
    typer.echo("Stopped.")


@dataclass(frozen=True)
class _Done:
    count: int
    words: str


def _run_jobs(*, say_nothing_done: bool) -> bool:
    """Whether all of them went well. What one job stumbles over must not keep the others from their work."""
    went_well = True
    for name, job in _JOBS:
        try:
            done = job()
        except Exception as error:
            typer.echo(f"{name}: failed. {type(error).__name__}: {error}", err=True)
            went_well = False
        else:
            if done.count or say_nothing_done:
                typer.echo(f"{name}: {done.words}")
    return went_well


def _remind() -> _Done:
    from django.utils import timezone

    from tessera.apps.review.jobs import remind

    count = remind(timezone.localdate())
    return _Done(count, f"{count} written.")


def _tell_of_queries() -> _Done:
    from django.utils import timezone

    from tessera.apps.review.jobs import tell_of_queries

    count = tell_of_queries(timezone.now())
    return _Done(count, f"{count} mails written.")


def _send_mails() -> _Done:
    from django.conf import settings
    from django.utils import timezone

    from tessera.apps.records.jobs import delivery_connection, send_mails
    from tessera.apps.records.models import OutgoingMail

    connection = delivery_connection()
    if connection is None:
        why = "No mail leaves the demonstration." if settings.DEMO else "TESSERA_EMAIL_URL names no server."
        return _Done(0, f"{OutgoingMail.objects.waiting().count()} waiting. {why}")
    done = send_mails(timezone.now, connection)
    return _Done(
        done.sent + done.failed + done.given_up,
        f"{done.sent} sent, {done.failed} failed and tried again later, {done.given_up} given up, "
        f"{done.waiting} waiting.",
    )


def _seal_entries() -> _Done:
    from django.utils import timezone

    from tessera.apps.records.trail import seal_entries

    count = seal_entries(timezone.now)
    return _Done(count, f"{count} entries sealed.")


def _forget_sessions() -> _Done:
    from allauth.usersessions.models import UserSession
    from django.contrib.sessions.models import Session
    from django.utils import timezone

    expired, _ = Session.objects.filter(expire_date__lt=timezone.now()).delete()
    # What tells of a session, the address and the browser of its person, does not outlive it.
    ended, _ = UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    return _Done(
        expired + ended,
        f"{expired} expired sessions forgotten, and address and browser of {ended}.",
    )


def _forget_presences() -> _Done:
    from django.utils import timezone

    from tessera.apps.review.actions.filling import forget_presences

    count = forget_presences(timezone.now())
    return _Done(count, f"{count} forgotten of who had which area open.")


def _forget_uploads() -> _Done:
    from django.utils import timezone

    from tessera.apps.review.jobs import forget_uploads

    count = forget_uploads(timezone.now())
    return _Done(count, f"{count} forgotten that came back and were not taken over.")


def _refresh_landscapes() -> _Done:
    from django.utils import timezone

    from tessera.apps.dialogue.jobs import refresh_landscapes

    count = refresh_landscapes(timezone.localdate())
    return _Done(count, f"{count} found again.")


def _translate_statements() -> _Done:
    import time

    from django.conf import settings

    from tessera.apps.dialogue.jobs import translate_statements

    if settings.TRANSLATOR is None:
        return _Done(0, "TESSERA_TRANSLATION_URL names no server.")
    done = translate_statements(settings.TRANSLATOR, time.monotonic)
    words = f"{done.count} translated by machine."
    # That the server is away is said, too, where nothing else is.
    return _Done(done.count + bool(done.trouble), f"{words} {done.trouble}".strip())


def _publish_groups() -> _Done:
    from django.utils import timezone

    from tessera.apps.dialogue.jobs import publish_groups

    count = publish_groups(timezone.localdate())
    return _Done(count, f"counted in {count} consultations.")


def _close_consultations() -> _Done:
    from django.utils import timezone

    from tessera.apps.dialogue.jobs import close_past_consultations

    count = close_past_consultations(timezone.localdate())
    return _Done(count, f"{count} closed, whose last day is over.")


def _publish_tables() -> _Done:
    from django.utils import timezone

    from tessera.apps.dialogue.jobs import publish_tables

    count = publish_tables(timezone.localdate())
    return _Done(count, f"{count} made public.")


def _forget_codes() -> _Done:
    from django.utils import timezone

    from tessera.apps.dialogue.jobs import forget_codes

    count = forget_codes(timezone.localdate())
    return _Done(count, f"forgotten in {count} consultations.")


def _erase_contacts() -> _Done:
    from django.utils import timezone

    from tessera.apps.dialogue.jobs import erase_contacts

    count = erase_contacts(timezone.localdate())
    return _Done(count, f"{count} erased.")


def _forget_tallies() -> _Done:
    from django.utils import timezone

    from tessera.apps.dialogue.limits import forget_tallies

    count = forget_tallies(timezone.localdate())
    return _Done(count, f"those of {count} past days forgotten.")


def _forget_mails() -> _Done:
    from django.utils import timezone

    from tessera.apps.records.jobs import forget_mails

    count = forget_mails(timezone.now())
    return _Done(count, f"{count} forgotten.")


def _settle_files() -> _Done:
    from django.utils import timezone

    from tessera.apps.records.jobs import settle_files

    count = settle_files(timezone.now())
    return _Done(count, f"{count} put in place or removed, after an act that was not finished.")


_JOBS = (
    # Before the mails, so that they go out at once.
    ("Reminders", _remind),
    ("Queries", _tell_of_queries),
    ("Mail", _send_mails),
    ("Trail", _seal_entries),
    ("Sessions", _forget_sessions),
    ("Presences", _forget_presences),
    ("Sheets", _forget_uploads),
    ("Consultations", _close_consultations),
    ("Landscapes", _refresh_landscapes),
    # Before the codes: with them it is forgotten what people said about themselves.
    ("Tables by attribute", _publish_tables),
    ("Translations", _translate_statements),
    ("Groups", _publish_groups),
    ("Receipt codes", _forget_codes),
    ("Contact slips", _erase_contacts),
    ("Counts by network", _forget_tallies),
    ("Old mails", _forget_mails),
    ("Files", _settle_files),
)
