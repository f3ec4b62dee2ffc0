from django.http import Http404, HttpRequest, HttpResponse


def validate_review(request: HttpRequest, **address: object) -> HttpResponse:
    raise Http404


def publish_review(request: HttpRequest, **address: object) -> HttpResponse:
    raise Http404
