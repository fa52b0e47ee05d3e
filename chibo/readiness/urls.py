"""Addresses of readiness."""

from django.urls import path

from chibo.readiness import views

app_name = "readiness"
urlpatterns = [
    path("of/<uuid:unit_id>/", views.of_unit, name="of_unit"),
    path("of/<uuid:unit_id>/same/", views.same, name="same"),
    path("below/<uuid:unit_id>/", views.board, name="board"),
    path("below/<uuid:unit_id>/<slug:what>/", views.lacking, name="lacking"),
]
