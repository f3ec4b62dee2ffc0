"""The mails of the demonstration, none of which leaves the machine."""

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse, translate_url
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tessera.apps.records.models import OutgoingMail

SHOWN_AT_MOST = 100


@dataclass(frozen=True)
class _ShownMail:
    mail: OutgoingMail
    text: str
    html_url: str


@require_safe
@never_cache
def show_mails(request: HttpRequest) -> HttpResponse:
    lead_here = _lead_here(request)
    mails = [
        # In the language of the mail, whatever the page's.
        _ShownMail(
            mail, lead_here(mail.text), translate_url(reverse("demo:mail", args=[mail.pk]), mail.language)
        )
        for mail in OutgoingMail.objects.select_related("person")[:SHOWN_AT_MOST]
    ]
    return render(request, "demo/mails.html", {"mails": mails})


def _style_of_mails() -> str:
    """The source expression that allows the style block of our mails, and no other."""
    style = render_to_string("records/mail/style.css")
    return f"'sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}'"


@require_safe
@never_cache
def show_mail(request: HttpRequest, key: int) -> HttpResponse:
    """One mail alone, as a mail program shows it: with the style of our frame, and nothing that runs."""
    response = HttpResponse(_lead_here(request)(get_object_or_404(OutgoingMail, pk=key).html))
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src {_style_of_mails()}; form-action 'none'; frame-ancestors 'none'; "
        "base-uri 'none'"
    )
    return response


def _lead_here(request: HttpRequest) -> Callable[[str], str]:
    """The links in a mail name the address of the settings, and a demonstration is served on any port."""
    here = request.build_absolute_uri("/").rstrip("/")
    return lambda text: text.replace(settings.BASE_URL, here)
