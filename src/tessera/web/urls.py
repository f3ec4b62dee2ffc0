from django.urls import path

from tessera.web import cities, desk, views

app_name = "web"
urlpatterns = [
    path("", views.home, name="home"),
    path("cities/", cities.cities, name="cities"),
    path("cities/<slug:slug>/", cities.city, name="city"),
    path("about/", views.about, name="about"),
    path("desk/", desk.show_work, name="work"),
    path("accessibility/", views.accessibility, name="accessibility"),
]
