"""How residents arrive, read what it is about, and leave a device to the next person."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from tessera.apps.dialogue.access import find_consultation_to_try_out, find_unused_link
from tessera.apps.dialogue.asking import read_progress
from tessera.apps.dialogue.resident_pages import GoTo, resident_page, say_in_each, show
from tessera.apps.dialogue.visits import Visit, keep_trial_token


@require_safe
@resident_page
def choose_language(visit: Visit) -> HttpResponse:
    titles = [
        {"language": language, "title": visit.consultation.title.in_language(language.code)}
        for language in visit.consultation.offered_languages
    ]
    return show(visit, "choose_language.html", {"titles": titles, "language_links": []})


@require_safe
@resident_page
def use_own_link(visit: Visit, token: str) -> HttpResponse:
    """Looking uses nothing up, as programs look that read mails: only the first vote or statement does."""
    languages = visit.consultation.offered_languages
    if find_unused_link(visit.consultation, token) is not None:
        response = GoTo(visit.consultation.take_part_url)
        visit.keep_link(response, token)
        return response
    if visit.participant is not None:
        return GoTo(visit.consultation.take_part_url)
    said = {"said": say_in_each("_used_link.html", languages), "language_links": []}
    # No error: of these the log would keep the address, which somebody may still hold.
    return show(visit, "used_link.html", said)


@require_safe
def try_out(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """Where the link of a trial leads: to the pages as residents will see them, as long as it is prepared."""
    consultation = find_consultation_to_try_out(slug, token)
    if consultation is None:
        raise Http404(f"Nothing is tried out at {slug!r}, or by another link.")
    response = GoTo(consultation.take_part_url)
    keep_trial_token(response, slug, token)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_safe
@resident_page
def begin(visit: Visit) -> HttpResponse:
    progress = read_progress(visit.consultation, visit.participant)
    return show(visit, "begin.html", {"progress": progress})


@require_safe
@resident_page
def show_help(visit: Visit) -> HttpResponse:
    return show(visit, "help.html")


@require_POST
@resident_page
def start_anew(visit: Visit) -> HttpResponse:
    response = GoTo(visit.consultation.take_part_url)
    visit.forget(response)
    return response
