from django.urls import path

from tessera.apps.dialogue.views import open_data, public_themes, results

app_name = "results"
urlpatterns = [
    path("<slug:slug>/", results.show_results, name="page"),
    path("<slug:slug>/themes/", public_themes.show_public_themes, name="themes"),
    path("<slug:slug>/report.html", results.download_file, name="file"),
    path("<slug:slug>/report.pdf", results.download_print, name="print"),
    path("<slug:slug>/open-data.zip", open_data.give_open_data, name="open-data"),
]
