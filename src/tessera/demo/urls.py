from django.urls import path

from tessera.demo import mails, people

app_name = "demo"
urlpatterns = [
    path("people/", people.show_people, name="people"),
    path("people/<slug:key>/", people.sign_in, name="sign-in"),
    path("mails/", mails.show_mails, name="mails"),
    path("mails/<int:key>/", mails.show_mail, name="mail"),
]
