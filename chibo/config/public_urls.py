"""All that there is on the host of the public, where it has one (CHIBO_PUBLIC_URL)."""

from django.urls import include, path

from chibo.opinions.urls import for_the_public

urlpatterns = [path("", include((for_the_public, "public")))]
handler404 = "chibo.opinions.views.public.nothing"
