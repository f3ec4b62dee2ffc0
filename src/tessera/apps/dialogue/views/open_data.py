"""The open data of a finished consultation, for everybody."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from tessera.apps.dialogue.access import get_public_consultation
from tessera.apps.dialogue.open_data import pack_open_data
from tessera.apps.dialogue.read_open_data import read_open_data

SECONDS_30 = 30
"""A statement that is hidden is gone everywhere within a minute."""


@require_safe
@cache_control(public=True, max_age=SECONDS_30)
def give_open_data(request: HttpRequest, slug: str) -> HttpResponse:
    """A zip. Raises Http404 until the figures are final."""
    consultation = get_public_consultation(slug)
    found = read_open_data(consultation, request.build_absolute_uri(consultation.take_part_url))
    if found is None:
        raise Http404(f"{consultation} has no final figures.")
    headers = {"Content-Disposition": f'attachment; filename="{slug}-open-data.zip"'}
    return HttpResponse(pack_open_data(found), content_type="application/zip", headers=headers)
