from datetime import UTC, datetime, timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend
from tests.apps.records.mail_server import running_mail_server

from tessera.apps.records.jobs import WAITS, Delivery, delivery_connection, forget_mails, send_mails
from tessera.apps.records.mail import WrittenMail, keep_mail
from tessera.apps.records.models import OutgoingMail

START = datetime(2026, 12, 1, 8, tzinfo=UTC)


class Clock:
    def __init__(self):
        self.at = START

    def __call__(self):
        return self.at


class Server(BaseEmailBackend):
    """Takes every mail, unless it is told what to do instead."""

    def __init__(self):
        super().__init__()
        self.messages = []
        self.before = lambda message: None
        self.after = lambda message: None
        self.on_open = lambda: None
        self.times_opened = 0

    def open(self):
        self.times_opened += 1
        self.on_open()

    def send_messages(self, email_messages):
        for message in email_messages:
            self.before(message)
            self.messages.append(message)
            self.after(message)
        return len(email_messages)


@pytest.fixture
def now():
    return Clock()


@pytest.fixture
def server():
    return Server()


def keep(subject="Subject", *, to="ilze@example.org", at=START):
    mail = keep_mail(
        WrittenMail(subject, "Teksts", "<p>Teksts</p>"), to=to, person=None, language="lv", purpose="x"
    )
    OutgoingMail.objects.filter(pk=mail.pk).update(next_try_at=at)
    mail.refresh_from_db()
    return mail


def refuse(message):
    raise SMTPRecipientsRefused({message.to[0]: (550, b"No such user")})


@pytest.mark.django_db
def test_a_mail_that_is_due_is_sent_once_and_keeps_no_text(now, server):
    mail = keep()
    assert send_mails(now, server) == Delivery(sent=1)
    assert send_mails(now, server) == Delivery()

    mail.refresh_from_db()
    assert (mail.sent_at, mail.attempts, mail.text, mail.html) == (START, 1, "", "")
    [message] = server.messages
    assert (message.subject, message.to, message.body) == ("Subject", ["ilze@example.org"], "Teksts")
    assert message.alternatives[0].content == "<p>Teksts</p>"


def keep_notice():
    leave_url = "https://tessera.example.org/lv/account/notices/1234567:" + "x" * 200 + "/"
    mail = keep_mail(
        WrittenMail("Subject", "Teksts", "<p>Teksts</p>", leave_url),
        to="ilze@example.org",
        person=None,
        language="lv",
        purpose="x",
    )
    OutgoingMail.objects.filter(pk=mail.pk).update(next_try_at=START)
    return leave_url


@pytest.mark.django_db
@pytest.mark.parametrize("is_refused", [False, True])
def test_a_notice_that_is_sent_or_given_up_keeps_no_link(now, server, is_refused):
    leave_url = keep_notice()
    if is_refused:
        server.before = refuse
        send_mails(now, server)
        waiting = OutgoingMail.objects.get()
        assert waiting.leave_url == leave_url
        OutgoingMail.objects.update(attempts=len(WAITS), next_try_at=START)
    send_mails(now, server)
    assert (OutgoingMail.objects.get().next_try_at, OutgoingMail.objects.get().leave_url) == (None, "")


@pytest.mark.django_db
def test_a_mail_program_learns_how_to_leave_a_notice_and_no_other_mail(now):
    """RFC 8058, 3.1: one address in angle brackets, whole, and the body that leaves at once."""
    leave_url = keep_notice()
    keep("Other")
    with running_mail_server() as server:
        assert send_mails(now, EmailBackend(host="127.0.0.1", port=server.port, timeout=10)).sent == 2

    notice, other = sorted((mail.message for mail in server.mails), key=lambda m: m["Subject"] == "Other")
    # The header is long, and so begins in a line of its own.
    assert notice["List-Unsubscribe"].strip() == f"<{leave_url}>"
    assert notice["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert [name for name in other if name.startswith("List-")] == []


@pytest.mark.django_db
def test_a_mail_whose_time_has_not_come_waits(now, server):
    keep(at=START + timedelta(seconds=1))
    assert send_mails(now, server) == Delivery(waiting=1)
    assert server.messages == []


@pytest.mark.django_db
def test_a_failing_mail_is_tried_after_longer_and_longer_waits_and_then_given_up(now, server):
    """1, 5, 30 minutes, 2 hours, then daily for three days, counted from each attempt."""
    mail = keep()
    server.before = refuse
    tried_at = []
    while True:
        delivery = send_mails(now, server)
        tried_at.append(now.at - START)
        mail.refresh_from_db()
        if mail.next_try_at is None:
            break
        assert delivery == Delivery(failed=1, waiting=1)
        now.at = mail.next_try_at - timedelta(seconds=1)
        assert send_mails(now, server) == Delivery(waiting=1)
        now.at = mail.next_try_at

    minutes = [round(wait / timedelta(minutes=1)) for wait in tried_at]
    assert minutes == [0, 1, 6, 36, 156, 156 + 1440, 156 + 2880, 156 + 4320]
    assert delivery == Delivery(given_up=1)
    assert mail.sent_at is None
    assert "No such user" in mail.last_error
    assert (mail.subject, mail.to, mail.text, mail.html) == ("Subject", "ilze@example.org", "", "")


@pytest.mark.django_db
def test_what_is_over_is_forgotten_after_90_days_and_what_waits_is_not(now):
    for subject, days, next_try_at in (("old", 91, None), ("young", 89, None), ("waiting", 91, START)):
        written = START - timedelta(days=days)
        OutgoingMail.objects.filter(pk=keep(subject).pk).update(created_at=written, next_try_at=next_try_at)
    assert forget_mails(START) == 1
    assert set(OutgoingMail.objects.values_list("subject", flat=True)) == {"young", "waiting"}


@pytest.mark.django_db
def test_one_mail_that_fails_keeps_no_other_back(now, server):
    bad, good = keep("Bad"), keep("Good")
    server.before = lambda message: refuse(message) if message.subject == "Bad" else None
    assert send_mails(now, server) == Delivery(sent=1, failed=1, waiting=1)

    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.sent_at, good.sent_at) == (None, START)


@pytest.mark.django_db
def test_a_row_that_makes_no_mail_fails_alone(now, server):
    """Put there past our own checks. The real backend makes the message, and refuses the line break."""
    keep("Bad")
    OutgoingMail.objects.update(to="ilze@example.org\nBcc: all@example.org")
    keep("Good")
    server.before = lambda message: message.message()
    assert send_mails(now, server) == Delivery(sent=1, failed=1, waiting=1)
    assert OutgoingMail.objects.get(subject="Bad").last_error.startswith("BadHeaderError")


@pytest.mark.django_db
def test_a_server_that_is_away_is_asked_once_in_a_run(now, server):
    for number in range(3):
        keep(f"Mail {number}")

    def refuse_connection():
        raise ConnectionRefusedError(111, "Connection refused")

    server.on_open = refuse_connection
    assert send_mails(now, server) == Delivery(failed=1, waiting=3)
    assert server.times_opened == 1

    server.on_open = lambda: None
    assert send_mails(now, server) == Delivery(sent=2, waiting=1)
    now.at += timedelta(minutes=1)
    assert send_mails(now, server) == Delivery(sent=1)


@pytest.mark.django_db
def test_a_worker_that_dies_after_sending_leaves_a_mail_that_is_sent_again_under_the_same_id(now, server):
    keep()

    def die(message):
        raise KeyboardInterrupt

    server.after = die
    with pytest.raises(KeyboardInterrupt):
        send_mails(now, server)
    server.after = lambda message: None
    assert send_mails(now, server) == Delivery(waiting=1)
    now.at += timedelta(minutes=15)
    assert send_mails(now, server) == Delivery(sent=1)

    first, second = (message.extra_headers["Message-ID"] for message in server.messages)
    assert first == second


@pytest.mark.django_db
def test_two_mails_have_different_ids_at_the_address_of_the_site(now, server, settings):
    settings.BASE_URL = "https://tessera.example.org"
    keep()
    keep()
    send_mails(now, server)
    ids = {message.extra_headers["Message-ID"] for message in server.messages}
    assert len(ids) == 2
    assert all(written.endswith("@tessera.example.org>") for written in ids)


@pytest.mark.django_db
def test_a_mail_arrives_at_a_real_server_whole(now, settings):
    settings.DEFAULT_FROM_EMAIL = "tessera@example.org"
    keep("Uzaicinājums “Rīga”", to="andris@example.org")
    with running_mail_server() as server:
        connection = EmailBackend(host="127.0.0.1", port=server.port, timeout=10)
        assert send_mails(now, connection) == Delivery(sent=1)

    [arrived] = server.mails
    assert (arrived.sender, arrived.recipients) == ("tessera@example.org", ["andris@example.org"])
    message = arrived.message
    assert message["Subject"] == "Uzaicinājums “Rīga”"
    assert message["To"] == "andris@example.org"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "lv"
    assert message.get_body(["plain"]).get_content().strip() == "Teksts"
    assert message.get_body(["html"]).get_content().strip() == "<p>Teksts</p>"


def test_no_mail_leaves_the_demonstration_even_when_a_server_is_named(settings):
    settings.DEMO = True
    settings.MAIL_SERVER = {"host": "mail.example.org"}
    assert delivery_connection() is None


def test_a_site_without_a_server_sends_nothing(settings):
    settings.DEMO = settings.DEBUG = False
    settings.MAIL_SERVER = {}
    assert delivery_connection() is None


def test_a_site_sends_through_the_server_that_it_was_given(settings):
    settings.DEMO = settings.DEBUG = False
    settings.MAIL_SERVER = {"host": "mail.example.org", "port": 587, "use_tls": True}
    connection = delivery_connection()
    assert (connection.host, connection.port, connection.use_tls) == ("mail.example.org", 587, True)


def test_a_developer_sees_mails_in_the_terminal(settings):
    settings.DEMO, settings.DEBUG, settings.MAIL_SERVER = False, True, {}
    assert type(delivery_connection()).__module__ == "django.core.mail.backends.console"
