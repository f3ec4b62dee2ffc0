from django.http import Http404, HttpRequest, HttpResponse


def show_checks(request: HttpRequest, **address: object) -> HttpResponse:
    raise Http404


def show_board(request: HttpRequest, **address: object) -> HttpResponse:
    raise Http404


def judge_answer(request: HttpRequest, **address: object) -> HttpResponse:
    raise Http404


def verify_area(request: HttpRequest, **address: object) -> HttpResponse:
    raise Http404


def unverify_area(request: HttpRequest, **address: object) -> HttpResponse:
    raise Http404


def open_answer(request: HttpRequest, **address: object) -> HttpResponse:
    raise Http404


def edit_phrases(request: HttpRequest, **address: object) -> HttpResponse:
    raise Http404
