"""What to talk about next: suggestions with their reasons, taken onto an agenda in one step or left with a reason."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.access.pages import Request, carry_out, page
from chibo.core import clock
from chibo.meetings import queries as meetings
from chibo.topics import actions, forms, queries


@page(get=Capability.SEE_TOPICS, post=Capability.PREPARE_MEETING)
def of_unit(request: Request, unit_id: UUID) -> HttpResponse:
    """The suggestions for the next meeting of a cell; one that is not for it is left here, with the reason."""
    today = clock.today()
    unit = meetings.unit_of_meetings(request.actor, unit_id, today)
    meets_on = queries.next_day(unit, today)
    sent = forms.Leave(request.POST) if request.method == "POST" else None

    def act() -> None:
        assert sent is not None
        actions.leave(actor=request.actor, unit_id=unit_id, meets_on=meets_on, at=clock.now(), **sent.cleaned_data)

    if sent is not None and not (status := carry_out(sent, act)):
        messages.success(request, _("It stays away from now on."))
        return redirect("topics:of_unit", unit_id)
    found = queries.suggestions(request.actor, unit, meets_on, today)
    may = access.can(request.actor, Capability.PREPARE_MEETING, unit)
    asked = sent.data.get("key") if sent is not None else None
    context = {
        "unit": unit,
        "meets_on": meets_on,
        "meetings": queries.meetings_to_come(unit, today) if may else [],
        "may": may,
        "form": sent,
        "suggestions": [
            (
                one,
                sent
                if sent is not None and one.idea.key == asked
                else forms.Leave(initial={"key": one.idea.key}, auto_id=f"{n}_%s"),
            )
            for n, one in enumerate(found)
        ],
        "left": queries.left(request.actor, unit),
        "path": [
            {"name": unit.name or "", "url": reverse("unit", args=[unit_id])},
            {"name": _("What to talk about"), "url": ""},
        ],
    }
    return render(request, "topics/of_unit.html", context, status=status if sent is not None else 200)


@page(post=Capability.PREPARE_MEETING)
def take(request: Request, meeting_id: UUID) -> HttpResponse:
    """Takes a suggestion onto the agenda, and leads to the part that it became."""
    part = actions.take(
        actor=request.actor, meeting_id=meeting_id, key=request.POST.get("key", "")[:120], at=clock.now()
    )
    messages.success(request, _("It stands on the agenda."))
    return redirect(reverse("meetings:meeting", args=[part.meeting_id]) + "#agenda")
