"""Addresses of suggestions, themes and plans."""

from django.urls import path

from chibo.topics import views

app_name = "topics"
urlpatterns = [
    path("of/<uuid:unit_id>/", views.of_unit, name="of_unit"),
    path("of/<uuid:unit_id>/plan/", views.plan, name="plan"),
    path("library/", views.library, name="library"),
    path("library/<uuid:theme_id>/", views.theme, name="theme"),
    path("library/<uuid:theme_id>/withdraw/", views.withdraw, name="withdraw"),
    path("meetings/<uuid:meeting_id>/share/", views.share, name="share"),
    path("meetings/<uuid:meeting_id>/take/", views.take, name="take"),
]
