"""Writing mails. They are kept in the database first; `jobs.send_mails` sends them."""

import re
import textwrap
import unicodedata
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
from tessera.apps.records.models import OutgoingMail

LINE_WIDTH = 72
SUBJECT_LENGTH = 150
# Marks that turn the direction of writing, and that an unclosed one of would turn what follows, too.
_TURNING_MARKS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True)
class WrittenMail:
    subject: str
    text: str
    html: str


def compose(template: str, context: Mapping[str, Any], language: str) -> WrittenMail:
    """Write a mail from the three templates of its name, in a language.

    For ``network/mail/invitation`` these are ``network/mail/invitation.subject.txt``, ``.txt`` and ``.html``.
    A line of the text is a paragraph and is wrapped; the HTML extends ``records/mail/frame.html``. Beside
    what is given they know `base_url`, before every link, and `subject`.
    """
    known = {**context, **_site()}
    with translation.override(language):
        subject = tame_subject(_render_plain(f"{template}.subject.txt", known))
        known["subject"] = subject
        return WrittenMail(
            subject,
            frame_text(_render_plain(f"{template}.txt", known)),
            render_to_string(f"{template}.html", known),
        )


def compose_from_text(subject: str, text: str, language: str) -> WrittenMail:
    """Give a mail that another package wrote as plain text our frame."""
    subject = tame_subject(subject)
    with translation.override(language):
        html = render_to_string("records/mail/plain.html", {**_site(), "subject": subject, "text": text})
        return WrittenMail(subject, frame_text(text), html)


def send_mail_to(person: Person, template: str, context: Mapping[str, Any], purpose: str) -> OutgoingMail:
    """Write a mail to a person, in their language. It is sent once the caller's transaction is through.

    The templates know the person as `person`. `purpose` is a short code such as ``invitation``.
    """
    language = person.offered_language
    mail = compose(template, {**context, "person": person}, language)
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
    )


def tame_subject(words: str) -> str:
    """One line without marks that steer a program, cut to a length that every mail program shows."""
    kept = "".join(" " if _steers(sign) else sign for sign in words if sign not in _TURNING_MARKS)
    line = " ".join(kept.split())
    return line if len(line) <= SUBJECT_LENGTH else line[: SUBJECT_LENGTH - 1].rstrip() + "…"


def without_control_characters(text: str) -> str:
    """PostgreSQL refuses NUL, no mail can carry a lone surrogate, and nothing needs the others."""
    return "".join(sign for sign in text if sign in "\n\t" or not _steers(sign))


def frame_text(text: str) -> str:
    framed = _render_plain("records/mail/frame.txt", {**_site(), "text": text})
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


def _steers(sign: str) -> bool:
    return unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp")


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
