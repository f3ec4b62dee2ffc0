"""Writing mails. They are kept in the database first; `jobs.send_mails` sends them."""

import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.validators import validate_email
from django.template import Context, Engine
from django.template.loader import render_to_string
from django.utils import translation

from tessera.apps.accounts.models import Person
from tessera.apps.accounts.name import one_line, steers
from tessera.apps.records.models import OutgoingMail

LINE_WIDTH = 72
SUBJECT_LENGTH = 150


@dataclass(frozen=True)
class WrittenMail:
    subject: str
    text: str
    html: str
    leave_url: str = ""
    """Where its reader stops such mails; empty in a mail that always comes."""


def compose(template: str, context: Mapping[str, Any], language: str, *, leave_url: str = "") -> WrittenMail:
    """Write a mail from the three templates of its name, in a language.

    For ``network/mail/invitation`` these are ``network/mail/invitation.subject.txt``, ``.txt`` and ``.html``.
    A line of the text is a paragraph and is wrapped; the HTML extends ``records/mail/frame.html``. Beside
    what is given they know `base_url`, before every link, and `subject`.
    """
    known = {**context, **_site(), "leave_url": leave_url}
    with translation.override(language):
        subject = tame_subject(_render_plain(f"{template}.subject.txt", known))
        known["subject"] = subject
        return WrittenMail(
            subject,
            _frame_text(_render_plain(f"{template}.txt", known), leave_url),
            render_to_string(f"{template}.html", known),
            leave_url,
        )


def compose_from_text(subject: str, text: str, language: str) -> WrittenMail:
    """Give a mail that another package wrote as plain text our frame."""
    subject = tame_subject(subject)
    with translation.override(language):
        html = render_to_string("records/mail/plain.html", {**_site(), "subject": subject, "text": text})
        return WrittenMail(subject, _frame_text(text, ""), html)


def send_mail_to(person: Person, template: str, context: Mapping[str, Any], purpose: str) -> OutgoingMail:
    """Write a mail to a person, in their language. It is sent once the caller's transaction is through.

    The templates know the person as `person`. `purpose` is a short code such as ``invitation``.
    """
    return _write_to(person, template, context, purpose, leave_url="")


def send_notice_to(
    person: Person, template: str, context: Mapping[str, Any], purpose: str
) -> OutgoingMail | None:
    """Tell a person of the work of others, as `send_mail_to` does; its foot says how to get no more of it.

    None, and nothing is written, for someone who left such mails or whose account is closed.
    """
    if not (person.is_active and person.gets_notices):
        return None
    leave_url = f"{_site()['base_url']}{person.leave_notices_url}"
    return _write_to(person, template, context, purpose, leave_url=leave_url)


def _write_to(
    person: Person, template: str, context: Mapping[str, Any], purpose: str, *, leave_url: str
) -> OutgoingMail:
    language = person.offered_language
    mail = compose(template, {**context, "person": person}, language, leave_url=leave_url)
    return keep_mail(mail, to=person.email, person=person, language=language, purpose=purpose)


def keep_mail(
    mail: WrittenMail, *, to: str, person: Person | None, language: str, purpose: str
) -> OutgoingMail:
    """Raises ValidationError for an address that is none."""
    validate_email(to)
    return OutgoingMail.objects.create(
        to=to,
        person=person,
        language=language,
        purpose=purpose,
        subject=mail.subject,
        text=without_control_characters(mail.text),
        html=without_control_characters(mail.html),
        leave_url=mail.leave_url,
    )


def tame_subject(words: str) -> str:
    """One line without marks that steer a program, cut to a length that every mail program shows."""
    line = one_line(words)
    return line if len(line) <= SUBJECT_LENGTH else line[: SUBJECT_LENGTH - 1].rstrip() + "…"


def without_control_characters(text: str) -> str:
    """PostgreSQL refuses NUL, no mail can carry a lone surrogate, and nothing needs the others."""
    return "".join(sign for sign in text if sign in "\n\t" or not steers(sign))


def _frame_text(text: str, leave_url: str) -> str:
    framed = _render_plain("records/mail/frame.txt", {**_site(), "text": text, "leave_url": leave_url})
    lines = (_wrap(line.strip()) for line in framed.splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"


def _wrap(line: str) -> str:
    return textwrap.fill(
        line,
        LINE_WIDTH,
        # A link that is broken leads nowhere.
        break_long_words=False,
        break_on_hyphens=False,
        subsequent_indent="  " if line.startswith("- ") else "",
    )


def _render_plain(name: str, context: Mapping[str, Any]) -> str:
    """Without the escaping that Django applies to every template, whatever its name ends with."""
    return Engine.get_default().get_template(name).render(Context(dict(context), autoescape=False))


def _site() -> dict[str, str]:
    if not settings.BASE_URL:
        raise ImproperlyConfigured(
            "A mail needs the address of the site for its links. Set TESSERA_BASE_URL, such as "
            "https://tessera.example.org."
        )
    return {"base_url": settings.BASE_URL, "contact_email": settings.CONTACT_EMAIL}
