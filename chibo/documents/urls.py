"""The address of a file."""

from django.urls import path

from chibo.documents import views

urlpatterns = [
    path("files/<uuid:file_id>/", views.file, name="file"),
]
