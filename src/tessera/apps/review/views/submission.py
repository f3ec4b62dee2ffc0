from django.http import Http404, HttpRequest, HttpResponse


def check_answers(request: HttpRequest, **address: object) -> HttpResponse:
    raise Http404


def sign(request: HttpRequest, **address: object) -> HttpResponse:
    raise Http404


def show_receipt(request: HttpRequest, **address: object) -> HttpResponse:
    raise Http404


def withdraw_submission(request: HttpRequest, **address: object) -> HttpResponse:
    raise Http404
