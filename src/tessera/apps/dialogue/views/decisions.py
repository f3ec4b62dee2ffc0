"""What was decided about statements, for everybody to check."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from tessera.apps.dialogue.decision_log import count_statements, decisions_of, write_decisions
from tessera.apps.dialogue.resident_pages import resident_page, show
from tessera.apps.dialogue.visits import Visit

ON_A_PAGE = 50


@require_safe
@resident_page
def show_decisions(visit: Visit) -> HttpResponse:
    decisions = Paginator(decisions_of(visit.consultation), ON_A_PAGE)
    context = {
        "counts": count_statements(visit.consultation),
        "page": decisions.get_page(visit.request.GET.get("page")),
    }
    return show(visit, "decisions.html", context)


@require_safe
@resident_page
def give_decisions(visit: Visit) -> HttpResponse:
    """The same, all of it, for programs."""
    headers = {"Content-Disposition": f'attachment; filename="decisions-{visit.consultation.slug}.csv"'}
    content = write_decisions(visit.consultation)
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)
