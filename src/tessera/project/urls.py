from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path

from tessera.web.views import design

urlpatterns: list[URLPattern | URLResolver] = i18n_patterns(
    path("", include("tessera.web.urls")),
    path("", include("tessera.apps.review.urls")),
    path("consultations/", include("tessera.apps.dialogue.urls.results")),
    path("account/", include("tessera.apps.accounts.urls")),
    path("desk/", include("tessera.apps.network.urls")),
    path("desk/consultations/", include("tessera.apps.dialogue.urls.staff")),
)
# Residents choose among more languages than the site has.
urlpatterns += [path("take-part/", include("tessera.apps.dialogue.urls.residents"))]

if settings.DESIGN_PAGE:
    urlpatterns += i18n_patterns(path("design/", design, name="design"))

handler400 = "tessera.web.views.bad_request"
handler403 = "tessera.web.views.not_allowed"
if settings.DEMO:
    urlpatterns += i18n_patterns(path("demo/", include("tessera.demo.urls")))

handler404 = "tessera.web.views.not_found"
handler500 = "tessera.web.views.server_error"
