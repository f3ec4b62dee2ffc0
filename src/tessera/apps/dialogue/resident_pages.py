"""What all residents' pages share: their language, their headers, and what they answer when they cannot."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.db import Error
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.log import log_response
from django.views.decorators.csrf import csrf_exempt

from tessera.apps.dialogue.access import get_consultation_to_take_part
from tessera.apps.dialogue.asking import Worded
from tessera.apps.dialogue.languages import CODES, Language, find_language, find_translator_host
from tessera.apps.dialogue.models import Consultation
from tessera.apps.dialogue.refusals import REFUSALS, Refusal, TrialOver, refuse_from_elsewhere
from tessera.apps.dialogue.visits import Visit, forget_trial_token, read_trial_token
from tessera.apps.records.outage import RETRY_AFTER_SECONDS, is_outage

_UNAVAILABLE = Refusal("unavailable", 503, RETRY_AFTER_SECONDS)


@dataclass(frozen=True)
class LanguageLink:
    """A page in one of the languages of its consultation."""

    language: Language
    url: str
    is_current: bool


@dataclass(frozen=True)
class InLanguage:
    """A few words, in one of several languages that stand below each other."""

    language: Language
    words: str


def resident_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view that is given a `Visit`, and answers in the language that stands in its address.

    Before a language is chosen it answers in the first of the consultation. What the actions refuse, it says
    in words, or in JSON to whoever asks for that; so, too, that the database is away.
    """

    @csrf_exempt  # See `refuse_from_elsewhere`: the mark would need a cookie before anybody takes part.
    @wraps(view)
    def page(request: HttpRequest, slug: str, language: str = "", **about: Any) -> HttpResponse:
        if language and language not in CODES:
            raise Http404(f"There are no pages in {language!r}.")
        consultation = None
        trial_token = read_trial_token(request, slug)
        try:
            consultation = get_consultation_to_take_part(slug, trial_token, with_city=not wants_json(request))
            language = _language_of(consultation, language)
            refuse_from_elsewhere(request)
            if trial_token and not consultation.is_tried_out and request.method == "POST":
                raise TrialOver(f"{consultation} is no trial any more.")
            visit = Visit(request, consultation, find_language(language), timezone.localdate())
            with translation.override(language):
                response = view(visit, **about)
        except tuple(REFUSALS) as error:
            if not language:
                raise
            response = _refuse(request, REFUSALS[type(error)], language, consultation)
        except Error as error:
            if not is_outage(error):
                raise
            response = _answer_outage(request, language)
            log_response("%s: %s", error, request.path, response=response, request=request, exception=error)
        if trial_token and consultation is not None and not consultation.is_tried_out:
            forget_trial_token(response, slug)
        response.headers.setdefault("Content-Language", language or CODES[0])
        response.headers["Cache-Control"] = "private, no-store"
        return response

    return page


def _language_of(consultation: Consultation, asked: str) -> str:
    if asked and asked not in consultation.languages:
        raise Http404(f"{consultation} is not held in {asked!r}.")
    return asked or consultation.first_language


def show(
    visit: Visit, page: str, context: Mapping[str, object] | None = None, *, status: int = 200
) -> HttpResponse:
    """Render a residents' page with what all of them know."""
    shared = {
        "consultation": visit.consultation,
        "language": visit.language,
        "language_links": _language_links(visit),
        "translator_host": find_translator_host(visit.consultation.languages),
        "visit": visit,
    }
    return render(visit.request, f"dialogue/resident/{page}", {**shared, **(context or {})}, status=status)


def url_of(visit: Visit, name: str, *about: object, **query: object) -> str:
    """The address of another page of the visit; what is empty in the query is left out."""
    path = reverse(f"take_part:{name}", args=[visit.consultation.slug, visit.language.code, *about])
    said = urlencode({key: value for key, value in query.items() if value not in (None, "")}, safe=",")
    return f"{path}?{said}" if said else path


class GoTo(HttpResponseRedirect):
    """Where to go on after a form: the browser reads the next page, and a reload sends nothing twice."""

    status_code = 303


def answer_json(data: Mapping[str, object], *, status: int = 200) -> JsonResponse:
    """In the letters of the language: written as numbers, they would weigh three times as much."""
    return JsonResponse(data, status=status, json_dumps_params={"ensure_ascii": False})


def put_for_script(statement: Worded) -> dict[str, object]:
    """The words of a statement, marked where they are a machine's."""
    said: dict[str, object] = {
        "id": statement.pk,
        "text": statement.text,
        "lang": statement.language.code,
        "dir": statement.language.direction,
    }
    return {**said, "machine": True} if statement.by_machine_from else said


def wants_json(request: HttpRequest) -> bool:
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def say_in_each(template: str, languages: Sequence[Language], **about: object) -> list[InLanguage]:
    """The words of a template in several languages, for whoever has not chosen one."""
    said = []
    for language in languages:
        with translation.override(language.code):
            words = render_to_string(f"dialogue/resident/{template}", about)
            said.append(InLanguage(language, words.strip()))
    return said


def _language_links(visit: Visit) -> list[LanguageLink]:
    match, query = visit.request.resolver_match, visit.request.GET.urlencode()
    assert match is not None
    # What answers a form has no address of its own.
    name = match.view_name if "language" in match.kwargs and visit.request.method != "POST" else ""
    links = []
    for language in visit.consultation.offered_languages:
        about = {**match.kwargs, "language": language.code}
        if name:
            url = reverse(name, kwargs=about) + (f"?{query}" if query else "")
        else:
            url = reverse("take_part:begin", args=[visit.consultation.slug, language.code])
        links.append(LanguageLink(language, url, language == visit.language))
    return links


def _refuse(
    request: HttpRequest, refusal: Refusal, language: str, consultation: Consultation | None
) -> HttpResponse:
    # A page is given only what it can link to: in a language that the consultation is not held in, nothing.
    is_held = consultation is not None and language in consultation.languages
    context: dict[str, object] = {
        "error": refusal.word,
        "consultation": consultation if is_held else None,
        "language": find_language(language),
        "language_links": [],
    }
    with translation.override(language):
        return _answer_refusal(request, refusal, "_refusal.html", "refused.html", context)


def _answer_outage(request: HttpRequest, language: str) -> HttpResponse:
    """Nothing here may ask the database."""
    languages = [find_language(code) for code in ([language] if language else CODES)]
    has_sent = request.method == "POST"
    with translation.override(languages[0].code):
        context: dict[str, object] = {
            "error": _UNAVAILABLE.word,
            "language": languages[0],
            "language_links": [],
            "has_sent": has_sent,
            "said": say_in_each("_outage.html", languages, has_sent=has_sent),
        }
        return _answer_refusal(request, _UNAVAILABLE, "_outage.html", "outage.html", context)


def _answer_refusal(
    request: HttpRequest, refusal: Refusal, words: str, page: str, context: Mapping[str, object]
) -> HttpResponse:
    response: HttpResponse
    if wants_json(request):
        said = {
            "error": refusal.word,
            "message": render_to_string(f"dialogue/resident/{words}", context).strip(),
        }
        response = answer_json(said, status=refusal.status)
    else:
        response = render(request, f"dialogue/resident/{page}", context, status=refusal.status)
    if refusal.retry_after_seconds is not None:
        response.headers["Retry-After"] = str(refusal.retry_after_seconds)
    return response
