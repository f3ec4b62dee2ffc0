"""Where people stand, and what they share."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from tessera.apps.dialogue.picture import read_picture
from tessera.apps.dialogue.resident_pages import resident_page, show
from tessera.apps.dialogue.visits import Visit


@require_safe
@resident_page
def show_picture(visit: Visit) -> HttpResponse:
    """For whoever comes; one's own place only for whoever holds the code."""
    picture = read_picture(visit.consultation, visit.participant, visit.language.code)
    return show(visit, "picture.html", {"picture": picture})
