from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F

from tessera.apps.records.files import disk
from tessera.apps.records.mail import without_control_characters
from tessera.apps.records.models import OutgoingMail, StoredFile

# After the first attempt and each later one; after the last of them a mail is given up.
WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(days=1),
    timedelta(days=1),
    timedelta(days=1),
)
# How long a mail belongs to the one who took it. Longer than a server can keep a sender waiting
# (EMAIL_TIMEOUT for each step of the talk), so that nobody else takes it meanwhile.
HELD_FOR = timedelta(minutes=15)
# What is over is kept so long, for questions about a mail that did not come.
KEPT_FOR = timedelta(days=90)
# An act that stores or deletes a file is through, or was taken back, long before.
UNSETTLED_FOR = timedelta(hours=1)
ERROR_LENGTH = 500
# What a mail loses once it is sent or given up.
EMPTIED = {"text": "", "html": "", "leave_url": ""}


@dataclass(frozen=True)
class Delivery:
    """What became of the mails that were due."""

    sent: int = 0
    failed: int = 0
    """Tried again later."""
    given_up: int = 0
    waiting: int = 0
    """Neither sent nor given up, after all this."""


def delivery_connection() -> BaseEmailBackend | None:
    """The way out of this machine; none in the demonstration, and where no server is given."""
    if settings.DEMO:
        return None
    if settings.MAIL_SERVER:
        return get_connection("django.core.mail.backends.smtp.EmailBackend", **settings.MAIL_SERVER)
    if settings.DEBUG:
        return get_connection("django.core.mail.backends.console.EmailBackend")
    return None


def send_mails(now: Callable[[], datetime], connection: BaseEmailBackend) -> Delivery:
    """Send every mail that is due, each by one worker however many run at once.

    A worker that dies between sending and noting it leaves a mail that is sent again, under the same
    Message-ID.
    """
    sent = failed = given_up = 0
    # Read before the first is sent, so that one that fails now is not tried again in the same run.
    due = list(OutgoingMail.objects.due(now()).values_list("pk", flat=True))
    for key in due:
        mail = _take(key, now())
        if mail is None:
            continue
        is_reached = False
        try:
            connection.open()
            is_reached = True
            connection.send_messages([_message(mail)])
        # Whatever one mail or its server did must not keep the others back.
        except Exception as error:
            connection.close()
            if _note_failure(mail, error, now()):
                failed += 1
            else:
                given_up += 1
            if not is_reached:
                # The server is away. The others would only wait for it, one after the other.
                break
        else:
            OutgoingMail.objects.filter(pk=mail.pk).update(
                sent_at=now(), next_try_at=None, last_error="", **EMPTIED
            )
            sent += 1
    connection.close()
    return Delivery(sent, failed, given_up, OutgoingMail.objects.waiting().count())


def _take(key: int, at: datetime) -> OutgoingMail | None:
    """Claim a mail, or nothing when another worker did so first.

    One conditional update is whole on both databases, and holds no lock during the talk with the server,
    which would stop every writer on SQLite.
    """
    mail = OutgoingMail.objects.due(at).filter(pk=key).first()
    if mail is None:
        return None
    taken = OutgoingMail.objects.filter(pk=key, sent_at=None, attempts=mail.attempts).update(
        attempts=F("attempts") + 1, next_try_at=at + HELD_FOR
    )
    if not taken:
        return None
    mail.attempts += 1
    return mail


def _note_failure(mail: OutgoingMail, error: Exception, at: datetime) -> bool:
    """Whether the mail is tried again."""
    is_tried_again = mail.attempts <= len(WAITS)
    words = without_control_characters(f"{type(error).__name__}: {error}")
    OutgoingMail.objects.filter(pk=mail.pk).update(
        last_error=words[:ERROR_LENGTH],
        next_try_at=at + WAITS[mail.attempts - 1] if is_tried_again else None,
        **({} if is_tried_again else EMPTIED),
    )
    return is_tried_again


def forget_mails(at: datetime) -> int:
    """Delete what was sent or given up and is old enough; returns how many there were."""
    count, _ = OutgoingMail.objects.over().filter(created_at__lt=at - KEPT_FOR).delete()
    return count


def settle_files(at: datetime) -> int:
    """Put in its place, or remove, what a crash or an act that was taken back left unsettled.

    Returns how many files there were.
    """
    keys = disk.find_unsettled(at - UNSETTLED_FOR)
    for key in keys:
        if StoredFile.objects.filter(key=key, erased_at=None).exists():
            disk.settle_content(key)
        else:
            disk.remove_content(key)
    return len(keys)


def _message(mail: OutgoingMail) -> EmailMultiAlternatives:
    headers = {
        "Message-ID": f"<{mail.message_key}@{urlsplit(settings.BASE_URL).hostname or 'localhost'}>",
        "Content-Language": mail.language,
        # Answering machines stay silent (RFC 3834).
        "Auto-Submitted": "auto-generated",
    }
    if mail.leave_url:
        # Mail programs offer a button of their own, which leaves without opening the page (RFC 8058).
        headers["List-Unsubscribe"] = f"<{mail.leave_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message = EmailMultiAlternatives(mail.subject, mail.text, to=[mail.to], headers=headers)
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    return message
