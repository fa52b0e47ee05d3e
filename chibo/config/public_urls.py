"""All that there is on the host of the public, where it has one (CHIBO_PUBLIC_URL)."""

from django.urls import include, path

from chibo.consultations import urls as consultations
from chibo.opinions import urls as opinions

public_pages = path("", include(([*opinions.for_the_public, *consultations.for_the_public], "public")))
urlpatterns = [public_pages]
handler404 = "chibo.core.public.nothing"
