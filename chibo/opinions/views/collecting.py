"""What a cell asks the public: the question with its link and its poster, what came in, and what becomes of each."""

from uuid import UUID

import segno
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.access.pages import Request, carry_out, page
from chibo.core import clock, public
from chibo.meetings import queries as meetings
from chibo.opinions import actions, forms, queries
from chibo.opinions.models import Collection, Voice

PER_PAGE = 25


@page(get=Capability.SEE_OPINIONS, post=Capability.COLLECT_VOICES)
def of_unit(request: Request, unit_id: UUID) -> HttpResponse:
    """What a cell has asked the public, and a new question."""
    unit = meetings.unit_of_meetings(request.actor, unit_id, clock.today())
    access.require(request.actor, Capability.SEE_OPINIONS, unit)
    form = forms.Ask(request.POST if request.method == "POST" else None)
    made: list[Collection] = []

    def act() -> None:
        made.append(actions.open_collection(actor=request.actor, unit_id=unit_id, at=clock.now(), **form.cleaned_data))

    if status := carry_out(form, act):
        may = access.can(request.actor, Capability.COLLECT_VOICES, unit)
        context = {
            "unit": unit,
            "today": clock.today(),
            "page": Paginator(queries.collections_of(request.actor, unit), PER_PAGE).get_page(request.GET.get("page")),
            "form": form if may or form.is_bound else None,
            "path": [
                {"name": unit.name or "", "url": reverse("unit", args=[unit_id])},
                {"name": _("What the public is asked"), "url": ""},
            ],
        }
        return render(request, "opinions/collections.html", context, status=status)
    messages.success(request, _("The question is open. Print the poster, or send the link."))
    return redirect("opinions:collection", made[0].pk)


def _path(found: Collection, *steps: tuple[str, str]) -> list[dict[str, str]]:
    places = [
        (_("What the public is asked"), reverse("opinions:collections", args=[found.unit_id])),
        (_("The question"), reverse("opinions:collection", args=[found.pk])),
        *steps,
    ]
    return [{"name": name, "url": url} for name, url in [*places[:-1], (places[-1][0], "")]]


@page(get=Capability.SEE_OPINIONS)
def collection(request: Request, collection_id: UUID) -> HttpResponse:
    """One question: its link, what came in, and what became of each."""
    found = queries.collection(request.actor, collection_id)
    context = {
        "collection": found,
        "link": public.address(reverse("public:say", args=[found.code])),
        "is_open": found.is_open_on(clock.today()),
        "page": Paginator(queries.voices(found), PER_PAGE).get_page(request.GET.get("page")),
        "may": access.can(request.actor, Capability.COLLECT_VOICES, found.unit),
        "path": _path(found),
    }
    return render(request, "opinions/collection.html", context)


@page(get=Capability.SEE_OPINIONS)
def poster(request: Request, collection_id: UUID) -> HttpResponse:
    """The question with its code to be photographed, for a wall; and a sheet to be written on by hand."""
    found = queries.collection(request.actor, collection_id)
    link = public.address(reverse("public:say", args=[found.code]))
    picture = segno.make(link, error="m").svg_inline(scale=8, omitsize=True, svgclass="poster__code", lineclass=None)
    context = {
        "collection": found,
        "link": link,
        # Made by the library from the link alone: nothing that anybody typed is in it.
        "picture": mark_safe(picture),  # noqa: S308
        "lines": range(14),
        "path": _path(found, (_("Poster and paper form"), "")),
    }
    return render(request, "opinions/poster.html", context)


@page(post=Capability.COLLECT_VOICES)
def end(request: Request, collection_id: UUID) -> HttpResponse:
    actions.end_collection(actor=request.actor, collection_id=collection_id, at=clock.now())
    messages.success(request, _("The collection has ended. What came in stays here."))
    return redirect("opinions:collection", collection_id)


@page(post=Capability.COLLECT_VOICES)
def lay(request: Request, collection_id: UUID) -> HttpResponse:
    """Puts what came in on the next agenda."""
    part = actions.lay_before(actor=request.actor, collection_id=collection_id, at=clock.now())
    messages.success(request, _("It stands on the agenda of the next regular meeting."))
    return redirect("meetings:meeting", part.meeting_id)


@page(post=Capability.COLLECT_VOICES)
def take_up(request: Request, voice_id: UUID) -> HttpResponse:
    """Makes an opinion of what came in, and leads to it: what seems to say the same stands there, to be joined."""
    opinion = actions.take_up(actor=request.actor, voice_id=voice_id, at=clock.now())
    messages.success(request, _("It is taken up: it has a place and a day, and its receipt shows the answer."))
    return redirect("opinions:opinion", opinion.pk)


@page(get=Capability.COLLECT_VOICES, post=Capability.COLLECT_VOICES)
def reply(request: Request, voice_id: UUID) -> HttpResponse:
    """The answer that stands on a receipt."""
    return _said(request, voice_id, is_set_aside=False)


@page(get=Capability.COLLECT_VOICES, post=Capability.COLLECT_VOICES)
def set_aside(request: Request, voice_id: UUID) -> HttpResponse:
    """Why something is no matter for the cell."""
    return _said(request, voice_id, is_set_aside=True)


def _said(request: Request, voice_id: UUID, *, is_set_aside: bool) -> HttpResponse:
    found: Voice = queries.voice(request.actor, voice_id)
    if request.method != "POST":
        access.require(request.actor, Capability.COLLECT_VOICES, found.collection.unit)
    form = forms.Reply(request.POST if request.method == "POST" else None, initial={"text": found.reply})
    action = actions.set_aside if is_set_aside else actions.reply
    heading = _("Set it aside") if is_set_aside else _("Answer on the receipt")
    if status := carry_out(
        form, lambda: action(actor=request.actor, voice_id=voice_id, text=form.cleaned_data["text"], at=clock.now())
    ):
        context = {
            "caption": found.collection.question,
            "heading": heading,
            "text": found.text,
            "form": form,
            "button": heading,
            "path": _path(found.collection, (heading, "")),
        }
        return render(request, "core/one_form.html", context, status=status)
    messages.success(request, _("It stands on the receipt."))
    return redirect("opinions:collection", found.collection_id)
