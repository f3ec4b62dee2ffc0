from collections.abc import Sequence

from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils.translation import get_language

from tessera.apps.accounts.models import Person
from tessera.apps.records.mail import WrittenMail, compose_from_text, keep_mail, tame_subject

PURPOSE = "account"


class OutboxBackend(BaseEmailBackend):
    """Keeps what other packages send through Django, which is what allauth writes about an account.

    It goes the way of our own mails: a row for each address, in the caller's transaction. The sender is the
    site's, whatever the message says.
    """

    @transaction.atomic
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            if message.attachments:
                raise ValueError(f"{message.subject!r} has an attachment, and outgoing mails keep none.")
            for address in message.recipients():
                self._keep(message, address)
        return len(email_messages)

    def _keep(self, message: EmailMessage, address: str) -> None:
        language = get_language() or "en"
        keep_mail(
            _written(message, language),
            to=address,
            person=Person.objects.filter(email__iexact=address).first(),
            language=language,
            purpose=PURPOSE,
        )


def _written(message: EmailMessage, language: str) -> WrittenMail:
    subject, text = str(message.subject), str(message.body)
    if isinstance(message, EmailMultiAlternatives):
        for content, kind in message.alternatives:
            if kind == "text/html":
                return WrittenMail(tame_subject(subject), text, str(content))
    return compose_from_text(subject, text, language)
