"""What came of a consultation, for anybody: its themes, and what the city does about them."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from tessera.apps.dialogue.access import get_public_consultation
from tessera.apps.dialogue.panel_tables import show_public_panels
from tessera.apps.dialogue.themes_page import read_public_themes
from tessera.apps.dialogue.views.results import SECONDS_30
from tessera.apps.network.local_text import page_language
from tessera.engines.opinion.stability import FEWEST_IN_A_PUBLIC_GROUP


@require_safe
@cache_control(public=True, max_age=SECONDS_30)
def show_public_themes(request: HttpRequest, slug: str) -> HttpResponse:
    """Raises Http404 before the themes are public."""
    consultation = get_public_consultation(slug)
    if not consultation.has_public_themes:
        raise Http404
    context = {
        "consultation": consultation,
        "found": read_public_themes(consultation, page_language()),
        "panels": show_public_panels(consultation),
        "fewest": FEWEST_IN_A_PUBLIC_GROUP,
        "crumbs": [
            (gettext("Home"), reverse("web:home")),
            (gettext("Cities"), reverse("web:cities")),
            (str(consultation.city), consultation.city.get_absolute_url()),
            (gettext("Results"), reverse("results:page", args=[slug])),
        ],
    }
    return render(request, "dialogue/public_themes.html", context)
