from django.http import Http404, HttpRequest, HttpResponse


def show_inbox(request: HttpRequest, **address: object) -> HttpResponse:
    raise Http404


def show_queries(request: HttpRequest, **address: object) -> HttpResponse:
    raise Http404


def show_query(request: HttpRequest, **address: object) -> HttpResponse:
    raise Http404


def settle_query(request: HttpRequest, **address: object) -> HttpResponse:
    raise Http404


def return_review(request: HttpRequest, **address: object) -> HttpResponse:
    raise Http404


def send_back(request: HttpRequest, **address: object) -> HttpResponse:
    raise Http404
