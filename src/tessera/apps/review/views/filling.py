from django.http import Http404, HttpRequest, HttpResponse


def show_tasks(request: HttpRequest, **address: object) -> HttpResponse:
    raise Http404


def show_area(request: HttpRequest, **address: object) -> HttpResponse:
    raise Http404


def answer_question(request: HttpRequest, **address: object) -> HttpResponse:
    raise Http404


def complete_area(request: HttpRequest, **address: object) -> HttpResponse:
    raise Http404


def reopen_area(request: HttpRequest, **address: object) -> HttpResponse:
    raise Http404


def show_presence(request: HttpRequest, **address: object) -> HttpResponse:
    raise Http404
