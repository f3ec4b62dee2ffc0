from django.http import Http404, HttpRequest, HttpResponse


def show_cycles(request: HttpRequest, **address: object) -> HttpResponse:
    raise Http404


def open_cycle(request: HttpRequest, **address: object) -> HttpResponse:
    raise Http404


def show_cycle(request: HttpRequest, **address: object) -> HttpResponse:
    raise Http404


def add_cities(request: HttpRequest, **address: object) -> HttpResponse:
    raise Http404


def remind_late(request: HttpRequest, **address: object) -> HttpResponse:
    raise Http404


def extend_review(request: HttpRequest, **address: object) -> HttpResponse:
    raise Http404
