"""The page on which one follows what a city does: from its findings to what people said, and back."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from tessera.apps.accounts.access import signed_in
from tessera.apps.accounts.models import Person
from tessera.apps.network.local_text import page_language
from tessera.apps.network.models import City
from tessera.web.read_thread import read_thread

SECONDS_30 = 30
"""A statement that is hidden is gone everywhere within a minute."""


@require_safe
@cache_control(public=True, max_age=SECONDS_30)
def show_thread(request: HttpRequest, slug: str) -> HttpResponse:
    """As everybody reads it."""
    city = get_object_or_404(City, slug=slug)
    crumbs = [
        (gettext("Home"), reverse("web:home")),
        (gettext("Cities"), reverse("web:cities")),
        (str(city), city.get_absolute_url()),
    ]
    return _show(request, city, None, "web/base.html", crumbs)


@login_required
@require_safe
def show_whole_thread(request: HttpRequest, slug: str) -> HttpResponse:
    """The same, with all that the roles of whoever is signed in show them besides."""
    city = get_object_or_404(City, slug=slug)
    crumbs = [(gettext("Your work"), reverse("web:work"))]
    return _show(request, city, signed_in(request), "web/work.html", crumbs)


def _show(
    request: HttpRequest, city: City, person: Person | None, frame: str, crumbs: list[tuple[str, str]]
) -> HttpResponse:
    context = {
        "city": city,
        "thread": read_thread(city, person, timezone.localdate(), page_language()),
        "frame": frame,
        "is_whole": person is not None,
        "crumbs": crumbs,
    }
    return render(request, "web/thread.html", context)
