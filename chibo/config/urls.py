"""Every address of chibo. A page's powers are declared at its view; `chibo policy` prints both together."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
