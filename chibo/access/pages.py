"""The doors of the house: every page is behind `page`, which is closed until a capability opens it."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol, cast

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.functional import SimpleLazyObject

from chibo.access import queries
from chibo.access.capabilities import Capability
from chibo.core import clock, http
from chibo.core.actor import NOBODY, Actor
from chibo.core.forms import Form, refilling
from chibo.core.refusals import Forbidden, NotThere, Refused
from chibo.org.models import Unit
from chibo.people.models import Person

UNREADABLE = 422


class Request(HttpRequest):
    """A request behind a door: it knows who asks."""

    actor: Actor


class View(Protocol):
    def __call__(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse: ...


def who_is_asking(get_response: http.Handler) -> http.Handler:
    """Puts the actor of a signed-in session on the request."""

    def middleware(request: HttpRequest) -> HttpResponse:
        cast(Request, request).actor = cast(Actor, SimpleLazyObject(lambda: _actor(request)))
        return get_response(request)

    return middleware


def _actor(request: HttpRequest) -> Actor:
    user = request.user
    if not user.is_authenticated:
        return NOBODY
    person = Person.objects.filter(user_id=user.pk).values_list("id", "name").first()
    person_id, name = person or (None, user.get_username())
    return Actor(name=name, user_id=user.pk, person_id=person_id)


def page(*, get: Capability | None = None, post: Capability | None = None) -> Callable[[View], View]:
    """Opens a view to those who have a power, per method; anything else about it stays closed.

    A visitor without a session is led to sign in, and what he typed is kept. A form takes effect once. A refusal that
    the view does not show itself becomes a page with its sentence: 404 for the unseen, 403 for the forbidden, 409 else.
    The view must ask `access` for the declared power (through its query or action); one that does not is an error.
    """
    declared = {"GET": get, "HEAD": get, "POST": post}

    def door(view: View) -> View:
        @wraps(view)
        def behind(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
            capability = declared.get(request.method or "")
            if capability is None:
                methods = [method for method, needed in declared.items() if needed]
                return HttpResponseNotAllowed(methods, render_to_string("405.html", request=request))
            if not request.user.is_authenticated:
                return http.sign_in_first(request)

            def inside() -> HttpResponse:
                token = queries.asked.set(set())
                read = queries.shown.set(None if request.method == "POST" else {})
                try:
                    response = view(request, *args, **kwargs)
                    was_asked = queries.asked.get() or set()
                finally:
                    queries.asked.reset(token)
                    queries.shown.reset(read)
                if response.status_code < 400 and capability not in was_asked | {Capability.HOME}:
                    raise RuntimeError(f"{behind.__module__}.{behind.__name__} never asked for {capability}")
                return response

            try:
                is_sent = request.method == "POST" and not refilling.get()
                return http.once(request, inside) if is_sent else inside()
            except Refused as refusal:
                return refused(request, refusal)

        # type: ignore: a view is a function, on which its powers are noted for the tests and for `chibo policy`
        behind.declared = {method: needed for method, needed in declared.items() if needed}  # type: ignore[attr-defined]
        return cast(View, behind)

    return door


def carry_out(form: Form, act: Callable[[], object]) -> int:
    """Runs an action for a form that was filled in well; a refusal goes beside its fields.

    Returns 0 once it is done, else the status with which the form is shown (again).
    """
    if not form.is_bound:
        return 200
    if not form.is_valid():
        return UNREADABLE
    try:
        act()
    except Refused as refusal:
        form.refuse(refusal)
        return refusal.status
    return 0


def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """A refusal as a page of its own."""
    if isinstance(refusal, NotThere):
        return render(request, "404.html", status=404)
    template = "403.html" if isinstance(refusal, Forbidden) else "409.html"
    return render(request, template, {"refusal": refusal}, status=refusal.status)


def shell(request: HttpRequest) -> dict[str, object]:
    """What the frame of every page shows: who is signed in, and his place in the tree."""
    actor = getattr(request, "actor", NOBODY)
    return {"viewer": actor, "my_place": SimpleLazyObject(lambda: my_place(actor))}


def my_place(viewer: Actor) -> Unit | None:
    """The unit where a viewer is at home: where he holds an office, else his own, else where he was given a role."""
    held = sorted(
        queries.held_by(viewer), key=lambda one: (one.matter is not None, one.role in ("member", "attending"))
    )
    if not held:
        return None
    return Unit.objects.named(clock.today()).filter(pk=held[0].unit_id).first()
