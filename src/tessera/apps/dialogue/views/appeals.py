"""The page on which staff answer somebody whose statement was hidden."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from tessera.apps.accounts.access import signed_in
from tessera.apps.dialogue import access
from tessera.apps.dialogue.actions.appeals import answer_appeal
from tessera.apps.dialogue.forms.appeals import AnswerForm
from tessera.apps.dialogue.languages import find_language
from tessera.apps.dialogue.moderation_queue import read_statements
from tessera.apps.dialogue.staff_pages import ask, crumbs_to_statements, read_and_write, what_was_sent
from tessera.apps.records.moves import MoveError

ACTS = {"grant": True, "refuse": False}


@login_required
@read_and_write
def show_appeal(request: HttpRequest, appeal: int) -> HttpResponse:
    """The statement, why it is hidden, what its author says; and the answer, or who gives it."""
    me, now = signed_in(request), timezone.now()
    today = timezone.localdate(now)
    kept = access.get_appeal_to_keep(me, appeal, today)
    consultation, statement = kept.moderation.consultation, kept.moderation.statement
    assert statement is not None, "an appeal goes with its author's statement"
    act = request.POST.get("act", "")
    if request.method == "POST" and act not in ACTS:
        raise Http404
    form = AnswerForm(what_was_sent(request))
    if form.is_valid():
        try:
            answer_appeal(by=me, appeal=kept, is_granted=ACTS[act], words=form.cleaned_data["answer"], at=now)
        except MoveError:
            messages.error(request, gettext("Somebody answered it meanwhile. Nothing was changed."))
            return HttpResponseRedirect(reverse("dialogue:appeal", args=[kept.pk]))
        messages.success(request, gettext("The appeal is answered. Its author can read it now."))
        return HttpResponseRedirect(f"{reverse('dialogue:statements', args=[consultation.pk])}#queue")
    who_answers = access.people_who_answer(kept, today)
    context = {
        "appeal": kept,
        "language": find_language(kept.language),
        "read": read_statements([statement])[0],
        "hid_it": kept.moderation.by_id == me.pk,
        "may_answer": me in who_answers,
        "who_answers": who_answers,
        "crumbs": crumbs_to_statements(consultation),
    }
    return ask(request, "dialogue/appeal.html", consultation, form, **context)
