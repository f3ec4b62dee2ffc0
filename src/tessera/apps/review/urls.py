from django.urls import include, path

from tessera.apps.review import views

app_name = "review"
REVIEW = [
    path("", views.show_review, name="review"),
    path("report.pdf", views.download_report, name="report"),
    path("answers.xlsx", views.download_sheet, name="sheet"),
    path("profile.json", views.download_profile, name="profile"),
]
urlpatterns = [
    path("cities/<slug:city>/reviews/<slug:framework>/<int:year>/", include(REVIEW)),
    path("areas/<slug:framework>/<int:year>/<slug:area>/", views.show_area, name="area"),
    path("questionnaires/", views.show_questionnaires, name="questionnaires"),
    path("questionnaires/<slug:framework>/<int:version>/", views.show_questionnaire, name="questionnaire"),
]
