"""Every address of chibo. A page's powers are declared at its view; `chibo policy` prints both together."""

from django.urls import include, path
from django.views.i18n import set_language

from chibo.config.public_urls import public_pages
from chibo.core import http

urlpatterns = [
    path("language/", set_language, name="set_language"),
    path("kept/<uuid:key>/", http.kept_form, name="kept_form"),
    path("", include("chibo.accounts.urls")),
    path("", include("chibo.desk.urls")),
    path("", include("chibo.org.urls")),
    path("", include("chibo.people.urls")),
    path("access/", include("chibo.access.urls")),
    path("rules/", include("chibo.regulations.urls")),
    path("files/", include("chibo.documents.urls")),
    path("notices/", include("chibo.notifications.urls")),
    path("tasks/", include("chibo.tasks.urls")),
    path("meetings/", include("chibo.meetings.urls")),
    public_pages,
    path("opinions/", include("chibo.opinions.urls")),
    path("directives/", include("chibo.learning.urls")),
    path("drafts/", include("chibo.consultations.urls")),
    path("programmes/", include("chibo.programmes.urls")),
    path("admissions/", include("chibo.admissions.urls")),
    path("readiness/", include("chibo.readiness.urls")),
    path("courses/", include("chibo.courses.urls")),
    path("dues/", include("chibo.dues.urls")),
    path("supervision/", include("chibo.supervision.urls")),
    path("topics/", include("chibo.topics.urls")),
    path("training/", include("chibo.training.urls")),
    path("scores/", include("chibo.assessment.urls")),
    path("reorganisations/", include("chibo.reorganisation.urls")),
]
