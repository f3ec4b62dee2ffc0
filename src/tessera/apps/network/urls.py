from django.urls import path

from tessera.apps.network import views

app_name = "network"
urlpatterns = [
    path("people/", views.show_people, name="people"),
    path("people/new/", views.add_person, name="add-person"),
    path("people/<int:person>/", views.show_person, name="person"),
    path("people/<int:person>/roles/new/", views.add_role, name="add-role"),
    path("people/<int:person>/invitation/", views.invite_again, name="invite-again"),
    path("people/<int:person>/invitation/withdraw/", views.withdraw_invitation, name="withdraw-invitation"),
    path("roles/<int:role>/end/", views.end_role, name="end-role"),
    path("cities/", views.show_cities, name="cities"),
    path("cities/new/", views.add_city, name="add-city"),
    path("cities/join/", views.join_city, name="join-city"),
    path("cities/<slug:city>/", views.edit_city, name="edit-city"),
    path("cities/<slug:city>/figures/new/", views.add_figure, name="add-figure"),
    path("cities/<slug:city>/trail/", views.show_trail, name="trail"),
    path("memberships/<int:membership>/end/", views.end_membership, name="end-membership"),
    path("figures/<int:fact>/", views.edit_figure, name="edit-figure"),
    path("organisations/", views.show_organisations, name="organisations"),
    path("organisations/new/", views.add_organisation, name="add-organisation"),
    path("organisations/<slug:organisation>/", views.edit_organisation, name="edit-organisation"),
    path(
        "organisations/<slug:organisation>/represents/new/",
        views.add_representation,
        name="add-representation",
    ),
    path("representations/<int:representation>/end/", views.end_representation, name="end-representation"),
    path("ties/", views.show_ties, name="ties"),
    path("ties/new/", views.add_tie, name="add-tie"),
    path("ties/<int:tie>/end/", views.end_tie, name="end-tie"),
]
