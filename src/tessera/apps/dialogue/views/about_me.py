"""What somebody says about themselves, if they like."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_http_methods

from tessera.apps.dialogue.actions.about_oneself import declare, take_back_declarations
from tessera.apps.dialogue.refusals import WrongForm
from tessera.apps.dialogue.resident_pages import GoTo, resident_page, show, url_of
from tessera.apps.dialogue.visits import Visit, read_numbers

NOT_SAID = "none"
"""In the form, of whoever would rather not say."""


@require_http_methods(["GET", "HEAD", "POST"])
@resident_page
def about_me(visit: Visit) -> HttpResponse:
    """The questions, answered or not; whoever takes part can answer, change it, and take it back."""
    asked = list(visit.consultation.attributes.prefetch_related("values"))
    if not asked:
        raise Http404(f"{visit.consultation} asks nobody about themselves.")
    if visit.request.method == "POST":
        return _keep(visit, [each.pk for each in asked])
    me = visit.participant
    said = dict(me.declarations.values_list("attribute", "value")) if me is not None else {}
    context = {
        "questions": [
            {"asked": each, "answers": list(each.values.all()), "said": said.get(each.pk)} for each in asked
        ],
        "has_said": bool(said),
        "not_said": NOT_SAID,
        "done": visit.request.GET.get("done", ""),
    }
    return show(visit, "about_me.html", context)


def _keep(visit: Visit, asked: list[int]) -> HttpResponse:
    form = visit.request.POST
    if "take-back" in form:
        take_back_declarations(consultation=visit.consultation, code=visit.code)
        return GoTo(url_of(visit, "about-me", done="taken-back"))
    answers = {pk: _read_answer(form.get(f"about-{pk}")) for pk in asked}
    declare(consultation=visit.consultation, code=visit.code, answers=answers, day=visit.day)
    return GoTo(url_of(visit, "about-me", done="kept"))


def _read_answer(written: str | None) -> int | None:
    """None where somebody would rather not say. Raises WrongForm for what no form of ours holds."""
    if written == NOT_SAID:
        return None
    found = read_numbers(written or "")
    if len(found) != 1:
        raise WrongForm(f"Each question has one answer, or {NOT_SAID!r}.")
    return found[0]
