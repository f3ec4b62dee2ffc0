"""What people are invited with: the QR code, the poster, and cards with a link for one person each."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from tessera.apps.accounts.access import signed_in
from tessera.apps.dialogue import access
from tessera.apps.dialogue.actions.setting_up import make_own_links
from tessera.apps.dialogue.forms.keeping import OwnLinksForm
from tessera.apps.dialogue.invitation import print_invitation, print_own_links
from tessera.apps.dialogue.models import Consultation
from tessera.apps.dialogue.staff_pages import ask, read_and_write, what_was_sent
from tessera.apps.records.moves import MoveError
from tessera.reports.qr import draw_qr
from tessera.reports.typesetting import DoesNotFitError, NoLetterError


@login_required
@require_safe
def give_qr(request: HttpRequest, consultation: int) -> HttpResponse:
    me, today = signed_in(request), timezone.localdate()
    shown = access.get_consultation_to_see(me, consultation, today)
    drawing = draw_qr(request.build_absolute_uri(shown.take_part_url))
    return give_file(drawing.encode(), "image/svg+xml", f"qr-{shown.slug}.svg")


@login_required
@require_safe
def give_poster(request: HttpRequest, consultation: int) -> HttpResponse:
    me, today = signed_in(request), timezone.localdate()
    shown = access.get_consultation_to_see(me, consultation, today)
    if shown.last_day is None:
        messages.error(request, gettext("The poster names the last day. Set the days first."))
        return redirect(shown)
    try:
        poster = print_invitation(shown, request.build_absolute_uri(shown.take_part_url))
    except (NoLetterError, DoesNotFitError) as error:
        messages.error(request, why_not_printed(error))
        return redirect(shown)
    return give_file(poster, "application/pdf", f"poster-{shown.slug}.pdf")


@login_required
@read_and_write
def make_links(request: HttpRequest, consultation: int) -> HttpResponse:
    """Make links for one person each, and give them on cards: nobody can look them up afterwards."""
    me, now = signed_in(request), timezone.now()
    kept = access.get_consultation_to_keep(me, consultation, timezone.localdate(now))
    if kept.has_ended:
        messages.error(request, gettext("It is closed, and nobody can take part any more."))
        return redirect(kept)
    form = OwnLinksForm(what_was_sent(request))
    if form.is_valid():
        try:
            # A card that cannot be printed is found out before there are links that nobody can know.
            print_own_links(kept, [_own_link(request, kept, "x" * 22)])
            tokens = make_own_links(by=me, consultation=kept, count=form.cleaned_data["count"], at=now)
            cards = print_own_links(kept, [_own_link(request, kept, token) for token in tokens])
        except MoveError:
            messages.error(request, gettext("It was closed meanwhile. No links were made."))
            return redirect(kept)
        except (NoLetterError, DoesNotFitError) as error:
            form.add_error(None, why_not_printed(error))
        else:
            # Saved at once: a page that shows it would ask for others when it is loaded again.
            return give_file(cards, "application/pdf", f"cards-{kept.slug}.pdf", "attachment")
    return ask(request, "dialogue/own_links.html", kept, form, links_made=kept.own_links.count())


def _own_link(request: HttpRequest, consultation: Consultation, token: str) -> str:
    return request.build_absolute_uri(reverse("take_part:own-link", args=[consultation.slug, token]))


def why_not_printed(error: NoLetterError | DoesNotFitError) -> str:
    if isinstance(error, NoLetterError):
        return gettext("This cannot be printed: our letters have no %(signs)s. Change the title.") % {
            "signs": " ".join(sorted(error.signs))
        }
    return gettext("This cannot be printed: the titles are too long for the page. Shorten them.")


def give_file(content: bytes, kind: str, name: str, disposition: str = "inline") -> HttpResponse:
    headers = {"Content-Disposition": f'{disposition}; filename="{name}"'}
    return HttpResponse(content, content_type=kind, headers=headers)
