import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.utils import translation

from tessera.apps.records.models import OutgoingMail


@pytest.fixture
def outbox(db):
    return get_connection("tessera.apps.records.backend.OutboxBackend")


def test_the_settings_keep_what_any_package_sends(django_test_environment):
    from tessera.project import settings

    assert settings.EMAIL_BACKEND == "tessera.apps.records.backend.OutboxBackend"


def test_a_mail_of_another_package_is_kept_in_our_frame(outbox, ilze):
    with translation.override("lv"):
        message = EmailMessage(
            "New\npassword", "Follow https://x.org/?a=1&b=2 <now>", to=["Ilze@example.org"]
        )
        assert outbox.send_messages([message]) == 1

    mail = OutgoingMail.objects.get()
    assert (mail.to, mail.person, mail.language) == ("Ilze@example.org", ilze, "lv")
    assert (mail.purpose, mail.subject) == ("account", "New password")
    assert mail.text.startswith("Follow https://x.org/?a=1&b=2 <now>\n")
    assert '<a href="https://x.org/?a=1&amp;b=2"' in mail.html
    assert "&lt;now&gt;" in mail.html


def test_an_html_part_of_its_own_is_kept_as_it_is(outbox):
    message = EmailMultiAlternatives("Subject", "Text", to=["nobody@example.org"])
    message.attach_alternative("<p>Text</p>", "text/html")
    outbox.send_messages([message])

    mail = OutgoingMail.objects.get()
    assert (mail.person, mail.text, mail.html) == (None, "Text", "<p>Text</p>")


def test_every_recipient_has_a_mail_of_their_own(outbox):
    message = EmailMessage("S", "T", to=["a@example.org"], cc=["b@example.org"], bcc=["c@example.org"])
    outbox.send_messages([message])

    kept = OutgoingMail.objects.order_by("to").values_list("to", flat=True)
    assert list(kept) == ["a@example.org", "b@example.org", "c@example.org"]


def test_an_attachment_is_refused_and_nothing_is_kept(outbox):
    plain = EmailMessage("Plain", "T", to=["a@example.org"])
    heavy = EmailMessage("Heavy", "T", to=["a@example.org"], attachments=[("a.txt", "x", "text/plain")])
    with pytest.raises(ValueError, match="'Heavy' has an attachment"):
        outbox.send_messages([plain, heavy])

    assert not OutgoingMail.objects.exists()
