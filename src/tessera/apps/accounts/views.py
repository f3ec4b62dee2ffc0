from datetime import UTC, datetime
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import get_next_redirect_url, perform_login
from allauth.account.views import LoginView, email, password_change, reauthenticate
from allauth.socialaccount.adapter import get_adapter as get_provider_adapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.usersessions.views import ListUserSessionsView
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext, pgettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from tessera.apps.accounts.access import (
    find_invitation,
    find_reader_of_notices,
    has_second_factor,
    offered_providers,
)
from tessera.apps.accounts.actions import UnusableInvitation, accept_invitation, vouch_for_address
from tessera.apps.accounts.devices import describe_device
from tessera.apps.accounts.forms import (
    AcceptInvitationForm,
    EndSessionsForm,
    LanguageForm,
    NameForm,
    NoticesForm,
)
from tessera.apps.accounts.models import Invitation, InvitationState, Person
from tessera.apps.accounts.providers import SILENT, ProviderClient, refuse

GONE = 410
LANGUAGE_BEFORE = "language_before_provider"
read_or_write = require_http_methods(["GET", "HEAD", "POST"])


def signed_in(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)
    return request.user


class SignInView(LoginView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {**context, "providers": offered_providers()}


# By a link and not by a form: the policy of our pages lets a form lead nowhere else, not even by a redirect.
@require_safe
def sign_in_with_provider(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    provider = _provider(request, provider_id)
    request.session[LANGUAGE_BEFORE] = translation.get_language()
    # Whoever is signed in comes to show once more that it is they.
    asked = {"prompt": "login"} if request.user.is_authenticated else {}
    try:
        sent: HttpResponseBase = provider.redirect(
            request, process="login", next_url=get_next_redirect_url(request), auth_params=asked
        )
    except SILENT as error:
        return refuse(request, provider.name, "silent", error=error)
    return sent


@require_safe
def return_from_provider(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    provider = _provider(request, provider_id)
    # A provider knows one address for the return, which is in one language.
    with translation.override(request.session.get(LANGUAGE_BEFORE, translation.get_language())):
        try:
            returned: HttpResponseBase = OAuth2CallbackView.adapter_view(
                ProviderClient(request, provider_id)
            )(request)
        except SILENT as error:
            return refuse(request, provider.name, "silent", error=error)
        return returned


def _provider(request: HttpRequest, provider_id: str) -> Any:
    try:
        return get_provider_adapter().get_provider(request, provider_id)
    except SocialApp.DoesNotExist as error:
        raise Http404 from error


@login_required
def confirm(request: HttpRequest) -> HttpResponseBase:
    """Someone without a password and a second step shows at their provider that it is they."""
    if not get_adapter().is_known_by_provider_alone(request.user):
        return reauthenticate(request)
    context = {"providers": offered_providers(), "next": get_next_redirect_url(request)}
    return render(request, "accounts/confirm_with_provider.html", context)


@require_safe
@login_required
def show_account(request: HttpRequest) -> HttpResponse:
    person = signed_in(request)
    language = translation.get_language_info(person.offered_language)["name_local"]
    guarded = has_second_factor(person)
    rows = [
        _row(gettext("Name"), person.name, gettext("Change"), "accounts:change_name"),
        _row(gettext("E-mail address"), person.email, gettext("Change"), "account_email"),
        _row(gettext("Language"), language, gettext("Change"), "accounts:change_language"),
        _row(
            gettext("News about the work of others"),
            gettext("Sent by e-mail") if person.gets_notices else gettext("Not sent"),
            gettext("Change"),
            "accounts:change_notices",
        ),
        _row(gettext("Password"), pgettext("state", "Set"), gettext("Change"), "account_change_password"),
        _row(
            gettext("Second step"),
            pgettext("state", "Set up") if guarded else gettext("Not set up"),
            gettext("Change") if guarded else pgettext("act", "Set up"),
            "mfa_index",
        ),
        _row(
            gettext("Where you are signed in"),
            gettext("Browsers and devices"),
            gettext("See and sign out"),
            "usersessions_list",
        ),
    ]
    if not person.has_usable_password():
        del rows[4]
    return render(request, "accounts/account.html", {"rows": rows})


def _row(term: str, value: str, label: str, page: str) -> dict[str, Any]:
    return {"term": term, "value": value, "change": {"label": label, "url": reverse(page)}}


@read_or_write
@login_required
def change_name(request: HttpRequest) -> HttpResponse:
    # A copy of its own: the form writes on what it is given, and a name that was refused is not shown above.
    person = Person.objects.get(pk=signed_in(request).pk)
    form = NameForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, gettext("Your name was changed."))
        return redirect("accounts:own")
    return render(request, "accounts/change_name.html", {"form": form})


@read_or_write
@login_required
def change_language(request: HttpRequest) -> HttpResponse:
    person = Person.objects.get(pk=signed_in(request).pk)
    form = LanguageForm(request.POST or None, instance=person, initial={"language": person.offered_language})
    if request.method == "POST" and form.is_valid():
        form.save()
        with translation.override(person.language):
            messages.success(request, gettext("From now on, pages and mails come in this language."))
            return redirect("accounts:own")
    return render(request, "accounts/change_language.html", {"form": form})


@read_or_write
@login_required
def change_notices(request: HttpRequest) -> HttpResponse:
    # A box without its tick is sent as nothing at all.
    given = request.POST if request.method == "POST" else None
    form = NoticesForm(given, instance=Person.objects.get(pk=signed_in(request).pk))
    if form.is_valid():
        person = form.save()
        if person.gets_notices:
            messages.success(request, gettext("From now on, you get news about the work of others."))
        else:
            messages.success(request, gettext("From now on, you get no news about the work of others."))
        return redirect("accounts:own")
    return render(request, "accounts/change_notices.html", {"form": form})


def change_address(request: HttpRequest) -> HttpResponseBase:
    if request.user.is_authenticated:
        vouch_for_address(signed_in(request))
    return email(request)


def change_password(request: HttpRequest) -> HttpResponseBase:
    """Someone without a password has none to change: they do not sign in with one."""
    if request.user.is_authenticated and not request.user.has_usable_password():
        return redirect("accounts:own")
    return password_change(request)


class ListSessionsView(ListUserSessionsView):
    form_class = EndSessionsForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["devices"] = [
            {"session": session, "name": describe_device(session.user_agent)}
            for session in reversed(context["sessions"])
        ]
        return context


@sensitive_post_parameters("password1", "password2")
@read_or_write
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Where the link of an invitation leads. Only what is sent from the page uses the link up."""
    found = find_invitation(token)
    now = datetime.now(UTC)
    state = found.state(now) if found else None
    if found is None or state is not InvitationState.OPEN:
        return _refuse(request, found, state)
    initial = {"name": found.person.name, "language": found.person.offered_language}
    form = AcceptInvitationForm(request.POST or None, initial=initial, person=found.person)
    if request.method == "POST" and form.is_valid():
        return _accept(request, token, form.cleaned_data, now)
    return _keep_token(render(request, "accounts/invitation.html", {"invitation": found, "form": form}))


def _accept(request: HttpRequest, token: str, given: dict[str, Any], now: datetime) -> HttpResponse:
    try:
        person = accept_invitation(
            token=token,
            password=given["password1"],
            name=given["name"],
            language=given["language"],
            at=now,
        )
    except UnusableInvitation as error:
        return _refuse(request, find_invitation(token), error.state)
    # They have just typed the password, and need not be asked for it again to set up the second step.
    record_authentication(request, person, "password", email=person.email, reauthenticated=True)
    response: HttpResponse = perform_login(request, person)
    return response


def _refuse(request: HttpRequest, found: Invitation | None, state: InvitationState | None) -> HttpResponse:
    context = {"invitation": found, "state": state, "states": InvitationState}
    status = GONE if found else 404
    return _keep_token(render(request, "accounts/invitation_unusable.html", context, status=status))


def _keep_token(response: HttpResponse) -> HttpResponse:
    """No other site learns the link from a visit that began on its page."""
    response.headers["Referrer-Policy"] = "same-origin"
    return response


# Exempt only for the body of RFC 8058, which mail programs send without having seen the page.
@csrf_exempt
@read_or_write
def leave_notices(request: HttpRequest, token: str) -> HttpResponse:
    """Where the link in every notice leads. Mail scanners open links, and so only what is sent leaves."""
    if request.POST.get("List-Unsubscribe") != "One-Click":
        return _ask_about_notices(request, token)
    person = find_reader_of_notices(token)
    if person is not None:
        _set_notices(person, False)
    return _show_notices(request, person)


@csrf_protect
def _ask_about_notices(request: HttpRequest, token: str) -> HttpResponse:
    person = find_reader_of_notices(token)
    if person is None or request.method != "POST":
        return _show_notices(request, person)
    _set_notices(person, "return" in request.POST)
    return _keep_token(redirect("accounts:leave_notices", token))


def _set_notices(person: Person, wanted: bool) -> None:
    person.gets_notices = wanted
    person.save(update_fields=["gets_notices"])


def _show_notices(request: HttpRequest, person: Person | None) -> HttpResponse:
    status = 200 if person else 404
    return _keep_token(render(request, "accounts/leave_notices.html", {"person": person}, status=status))
