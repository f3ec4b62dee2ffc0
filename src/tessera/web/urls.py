from django.urls import path

from tessera.web import cities, desk, thread, views

app_name = "web"
urlpatterns = [
    path("", views.home, name="home"),
    path("cities/", cities.cities, name="cities"),
    path("cities/<slug:slug>/", cities.city, name="city"),
    path("cities/<slug:slug>/thread/", thread.show_thread, name="thread"),
    path("about/", views.about, name="about"),
    path("desk/", desk.show_work, name="work"),
    path("desk/thread/<slug:slug>/", thread.show_whole_thread, name="whole-thread"),
    path("accessibility/", views.accessibility, name="accessibility"),
]
