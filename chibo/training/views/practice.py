"""The practice itself: begun, left, gone on with, begun anew, ended."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from chibo.access.capabilities import Capability
from chibo.access.pages import Request, page
from chibo.core import clock
from chibo.core.actor import Actor
from chibo.training import actions, queries
from chibo.training.models import Practice
from chibo.training.views.door import SESSION_KEY


def _in(request: Request) -> Practice | None:
    return getattr(request, "practice", None)


def _owner(request: Request) -> Actor:
    """Who practises, also where he is seen as the account of his practice."""
    practice = _in(request)
    return Actor(name=practice.owner.username, user_id=practice.owner_id) if practice else request.actor


@page(get=Capability.HOME)
def practice(request: Request) -> HttpResponse:
    found = _in(request) or queries.of_owner(request.actor)
    return render(request, "training/practice.html", {"found": found, "is_inside": _in(request) is not None})


@page(post=Capability.HOME)
def begin(request: Request) -> HttpResponse:
    begun = actions.begin(actor=_owner(request), at=clock.real_now())
    return _enter(request, begun)


@page(post=Capability.HOME)
def resume(request: Request) -> HttpResponse:
    return _enter(request, actions.resume(actor=_owner(request), at=clock.real_now()))


def _enter(request: Request, practice: Practice) -> HttpResponse:
    request.session[SESSION_KEY] = str(practice.pk)
    return redirect("home")


@page(post=Capability.HOME)
def move_on(request: Request) -> HttpResponse:
    actions.move_on(actor=_owner(request), at=clock.real_now())
    return redirect("home")


@page(post=Capability.HOME)
def leave(request: Request) -> HttpResponse:
    request.session.pop(SESSION_KEY, None)
    messages.success(request, _("You are back at your real work. The practice waits where you left it."))
    return redirect("home")


@page(post=Capability.HOME)
def end(request: Request) -> HttpResponse:
    actions.end(actor=_owner(request), at=clock.real_now())
    request.session.pop(SESSION_KEY, None)
    messages.success(request, _("The practice is ended, and all that was in it is removed."))
    return redirect("training:practice")
