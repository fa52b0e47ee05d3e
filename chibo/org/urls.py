from django.urls import path

from chibo.org import views

app_name = "org"
urlpatterns = [
    path("units/<uuid:unit_id>/found/", views.found, name="found"),
    path("units/<uuid:unit_id>/rename/", views.rename, name="rename"),
    path("units/<uuid:unit_id>/move/", views.move, name="move"),
    path("units/<uuid:unit_id>/dissolve/", views.dissolve, name="dissolve"),
    path("units/names/<uuid:name_id>/correct/", views.correct_name, name="correct_name"),
    path("units/days/<uuid:row_id>/correct/", views.correct_day, name="correct_day"),
]
