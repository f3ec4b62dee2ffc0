"""Signing in to the demonstration as one of its invented people, by one click and without a password."""

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tessera.apps.accounts.models import Person
from tessera.demo.data import invented

ABOUT = {
    "mihai": _(
        "Coordinator of the network. Opens review cycles, finds experts, and reads cities side by side."
    ),
    "ilze": _(
        "Officer of Riga. Fills the city's review with colleagues, and reads who changed what. In the "
        "consultation an appeal about a hidden statement waits for her."
    ),
    "andris": _(
        "Contributor in Riga, from the social department. Fills one area of the review, and keeps the city's "
        "consultation as its facilitator."
    ),
    "chiara": _(
        "Officer of Ravenna, another city. A draft of the experts waits for her reply, and she prepares a "
        "consultation."
    ),
    "nuria": _("Expert of the network. Checks the reviews of Ravenna and Lublin."),
    "piotr": _(
        "Facilitator in Lublin. Keeps a consultation that the city has answered, and is steward of its votes."
    ),
    "greta": _("Communication officer. Has no role here yet."),
    "jonas": _("Officer of Sankt Evald, an invented city outside the network."),
}


@require_safe
@never_cache
def show_people(request: HttpRequest) -> HttpResponse:
    people = [
        {"key": key, "name": invented()["people"][key]["name"], "about": about}
        for key, about in ABOUT.items()
    ]
    return render(request, "demo/people.html", {"people": people})


@require_POST
@never_cache
def sign_in(request: HttpRequest, key: str) -> HttpResponse:
    if key not in ABOUT:
        raise Http404
    person = get_object_or_404(Person, email=invented()["people"][key]["email"])
    login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
    # Nobody knows a password: where somebody is asked to confirm who they are, it is this click that counts.
    record_authentication(request, person, "password", email=person.email, reauthenticated=True)
    return redirect(person.work_url)
