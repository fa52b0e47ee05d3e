"""The address of a file; no namespace, since every app hands out files."""

from django.urls import path

from chibo.documents import views

urlpatterns = [
    path("<uuid:file_id>/", views.file, name="file"),
]
