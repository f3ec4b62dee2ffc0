import sys
from datetime import date

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from tessera.apps.records.outage import is_outage
from tessera.web.cities import reviewed_city_tiles
from tessera.web.design import EXAMPLE
from tessera.web.mosaic import lay_mosaic
from tessera.web.outage import answer_outage

# The day on which a person last read the accessibility statement against the site.
STATEMENT_DATE = date(2026, 11, 22)
MOSAIC_SIZE = (560, 480)
MINUTES_5 = 300


@require_safe
@cache_control(public=True, max_age=MINUTES_5)
def home(request: HttpRequest) -> HttpResponse:
    cities = reviewed_city_tiles()
    context = {
        "cities": cities,
        "mosaic": lay_mosaic(*MOSAIC_SIZE, len(cities)),
        "cities_url": reverse("web:cities"),
    }
    return render(request, "web/home.html", context)


@require_safe
@cache_control(public=True, max_age=MINUTES_5)
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "web/about.html")


@require_safe
@cache_control(public=True, max_age=MINUTES_5)
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "web/accessibility.html", {"statement_date": STATEMENT_DATE})


def design(request: HttpRequest) -> HttpResponse:
    example = {**EXAMPLE, "svg": render_to_string("web/_design_chart.svg")}
    return render(request, "web/design.html", {"example": example, "mosaic": lay_mosaic(*MOSAIC_SIZE, 31)})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What was sent cannot be taken, such as a form with far more in it than fits."""
    if isinstance(exception, DisallowedHost):
        # A page knows its own address, and this is none of ours.
        return HttpResponseBadRequest("Bad Request (400)", content_type="text/plain")
    return render(request, "web/400.html", status=400)


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "web/403.html", status=403)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came without the mark that our own page gives it: from elsewhere, or after a new sign-in."""
    return render(request, "web/form_expired.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "web/404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """A fault of ours, or the database is away: in a view, a template or a middleware, Django asks here."""
    if is_outage(sys.exception()):
        return answer_outage(request)
    return render(request, "web/500.html", status=500)
