"""A small site with one fault of each kind, for the check that is to find them."""

from django.http import HttpResponse
from django.urls import include, path


def page(language="en", heading="<h1>A page</h1>", body=""):
    def view(request):
        return HttpResponse(f'<html lang="{language}"><body>{heading}{body}</body></html>')

    return view


def with_cookie(request):
    response = page()(request)
    response.set_cookie("taste", "sweet")
    return response


def put_off(request):
    """A page that leads to itself without end, each time under another address."""
    seen = request.GET.get("after", "")
    if len(seen) > 20:
        raise AssertionError("the check goes round and round")
    return page(language="uk", body=f'<a href="?after={seen}1">later</a>')(request)


LINKS = '<a href="/en/nowhere/">away</a> <a href="/en/sound/#gone">jump</a> <a href="#top" id="top">up</a>'

urlpatterns = [
    path("en/sound/", page(), name="sound"),
    path("en/links/", page(body=LINKS), name="links"),
    path("en/tongue/", page(language="lv"), name="tongue"),
    path("en/headless/", page(heading=""), name="headless"),
    path("en/raw/", page(body="<p>{{ city.name }}</p>"), name="raw"),
    path("en/cookie/", with_cookie, name="cookie"),
    path(
        "en/abroad/",
        page(body='<a href="https://example.org/">out</a><a href="mailto:a@b.c">m</a>'),
        name="abroad",
    ),
    path("en/of/<slug:name>/", page(), name="of"),
    path("take-part/arriving/", page(language="lv"), name="choose"),
    path("take-part/arriving/uk/", put_off, name="begin"),
    path("take-part/arriving/ar/", page(language="uk"), name="astray"),
    # What stands between a visitor and a page knows these, and so every site has them.
    path("en/account/", include("tessera.apps.accounts.urls")),
    path("en/desk/", include(([path("", page(), name="work")], "web"))),
]
