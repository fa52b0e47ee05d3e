"""The door between real work and a practice: a session that went into its practice acts as the practice's account."""

from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils.functional import SimpleLazyObject

from chibo.core import clock, http
from chibo.training import actions, queries
from chibo.training.models import Practice

SESSION_KEY = "practice"


def practising(get_response: http.Handler) -> http.Handler:
    """Shows a session that is in its practice the practice's pages, on the practice's day.

    What follows from a change follows before the answer goes out, so that the practice does not wait for the worker.
    The pages of the account itself (its password, signing out) stay those of the owner.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        practice = _practice_of(request)
        if practice is None or _is_of_the_account(request.path_info):
            return get_response(request)
        asked = cast(Any, request)
        asked.practice, asked.user = practice, practice.account
        with clock.set_to(practice.now(clock.real_now())):
            response = get_response(request)
            if request.method == "POST":
                actions.follow_up(practice=practice)
        return response

    return middleware


def _practice_of(request: HttpRequest) -> Practice | None:
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not (key := request.session.get(SESSION_KEY)):
        return None
    owner = request.user
    return queries.played(owner.pk, key) if owner.is_authenticated else None


def _is_of_the_account(path: str) -> bool:
    """Whether a page belongs to signing in and out, or to no room at all: it shows nothing of any cell."""
    try:
        view = resolve(path).func
    except Resolver404:
        return False
    return not hasattr(view, "declared") and view is not http.kept_form


def strip(request: HttpRequest) -> dict[str, object]:
    """What stands at the top of every page of a practice: whose cell it is, its day, and what comes next."""
    practice = getattr(request, "practice", None)
    return {"practice": SimpleLazyObject(lambda: queries.guide(practice))} if practice else {}
