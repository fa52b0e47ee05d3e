"""Addresses of suggestions."""

from django.urls import path

from chibo.topics import views

app_name = "topics"
urlpatterns = [
    path("of/<uuid:unit_id>/", views.of_unit, name="of_unit"),
    path("meetings/<uuid:meeting_id>/take/", views.take, name="take"),
]
