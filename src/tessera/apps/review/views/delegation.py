from django.http import Http404, HttpRequest, HttpResponse


def give_area(request: HttpRequest, **address: object) -> HttpResponse:
    raise Http404


def send_link_again(request: HttpRequest, **address: object) -> HttpResponse:
    raise Http404


def withdraw_assignment(request: HttpRequest, **address: object) -> HttpResponse:
    raise Http404


def use_link(request: HttpRequest, **address: object) -> HttpResponse:
    raise Http404


def leave_link(request: HttpRequest, **address: object) -> HttpResponse:
    raise Http404
