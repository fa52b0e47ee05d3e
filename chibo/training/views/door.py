"""The door between real work and a practice: a session that went into its practice acts as the practice's account."""

from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.functional import SimpleLazyObject

from chibo.core import clock, http
from chibo.training import actions, queries
from chibo.training.models import Practice
from chibo.training.rules import Place

SESSION_KEY = "practice"
GOES_ON_IN = {
    Place.RESOLUTION: ("meetings:vote_on_resolution",),
    Place.MINUTES: ("meetings:aloud", "meetings:adopt", "meetings:issue_resolution"),
}
"""Pages on which a step is done that begins on another."""


def practising(get_response: http.Handler) -> http.Handler:
    """Shows a session that is in its practice the practice's pages, on the practice's day.

    What follows from a change follows before the answer goes out, so that the practice does not wait for the worker.
    The pages of the account itself (its password, signing out) stay those of the owner, and those of the public ask
    for nobody.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        practice = None if _is_outside(request) else _practice_of(request)
        if practice is None:
            return get_response(request)
        asked = cast(Any, request)
        asked.practice, asked.user = practice, practice.account
        with clock.set_to(practice.now(clock.real_now())):
            response = get_response(request)
            if request.method == "POST":
                actions.follow_up(practice=practice)
                _back_to_the_top(response)
        return response

    return middleware


def _back_to_the_top(response: HttpResponse) -> None:
    """Leads to the top of the page that follows: there stand what was done and what comes next."""
    if (where := response.headers.get("Location")) is not None:
        response.headers["Location"] = where.partition("#")[0]


def _practice_of(request: HttpRequest) -> Practice | None:
    if not request.user.is_authenticated:
        return None
    if key := request.session.get(SESSION_KEY):
        return queries.played(request.user.pk, key)
    return _with_what_was_kept(request)


def _with_what_was_kept(request: HttpRequest) -> Practice | None:
    """The practice for a form of which something was typed before the session ended: it is gone into again."""
    match = _match(request.path_info)
    owner = request.user
    if match is None or match.func is not http.kept_form or not owner.pk:
        return None
    practice = queries.kept_in(owner.pk, match.kwargs["key"])
    if practice is not None:
        request.session[SESSION_KEY] = str(practice.pk)
    return practice


def _is_outside(request: HttpRequest) -> bool:
    """Whether a page belongs to signing in and out or to the public, or nobody can be signed in."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return True
    match = _match(request.path_info)
    return match is not None and not hasattr(match.func, "declared") and match.func is not http.kept_form


def _match(path: str) -> ResolverMatch | None:
    try:
        return resolve(path)
    except Resolver404:
        return None


def strip(request: HttpRequest) -> dict[str, object]:
    """What stands at the top of every page of a practice: whose cell it is, its day, and what comes next."""
    practice = getattr(request, "practice", None)
    if practice is None:
        return {}
    guide = SimpleLazyObject(lambda: queries.guide(practice))
    return {"practice": guide, "is_at_the_step": SimpleLazyObject(lambda: _is_at(request, guide))}


def _is_at(request: HttpRequest, guide: Any) -> bool:
    """Whether a page is that of the step, or one to which that leads on: a button would lead back."""
    match = request.resolver_match
    name = match.view_name if match else ""
    return request.path == guide.url or bool(guide.step and name in GOES_ON_IN.get(guide.step.place, ()))
