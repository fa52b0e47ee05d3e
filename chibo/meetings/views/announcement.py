"""Giving notice of a meeting, whom no notice reaches, and saying that one has read the papers."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from chibo.access.capabilities import Capability
from chibo.access.pages import Request, page
from chibo.core import clock
from chibo.core.refusals import NotThere, Refused
from chibo.meetings import actions, queries, rules
from chibo.meetings.messages import short_message
from chibo.meetings.rules import State
from chibo.meetings.views.preparation import back_to_page, get_to_change, path_of, texts_of
from chibo.org import queries as org
from chibo.readiness import queries as readiness
from chibo.readiness.rules import Way


@page(get=Capability.RECORD_PREPARATORY_MEETING)
def in_person(request: Request, meeting_id: UUID) -> HttpResponse:
    """Whom no notice of a meeting reaches, on one page to print: somebody tells them."""
    meeting = queries.get_for(request.actor, meeting_id, Capability.RECORD_PREPARATORY_MEETING)
    context = {
        "meeting": meeting,
        "title": meeting.title,
        "unit": org.name_on(meeting.unit_id, meeting.on),
        "path": path_of(meeting, (_("To be told in person"), "")),
        "people": [one.person for one in queries.audience(meeting) if one.in_person],
        "way": readiness.way_of(meeting.unit_id, meeting.on),
    }
    return render(request, "meetings/in_person.html", context)


@page(get=Capability.ANNOUNCE_MEETING, post=Capability.ANNOUNCE_MEETING)
def announce(request: Request, meeting_id: UUID) -> HttpResponse:
    """What is about to go out, and to whom; sending it is one press."""
    meeting = get_to_change(request, meeting_id, Capability.ANNOUNCE_MEETING)
    refusal: Refused | None = None
    if request.method == "POST":
        try:
            actions.announce(actor=request.actor, meeting_id=meeting_id, at=clock.now())
        except NotThere:
            raise
        except Refused as refused:
            refusal = refused
        else:
            messages.success(request, _("Notice is on its way to everybody who is invited."))
            return back_to_page(meeting_id)
    audience = queries.audience(meeting)
    parts = queries.parts(meeting)
    handed_in, to_prepare = queries.handed_in(parts)
    way = readiness.way_of(meeting.unit_id, meeting.on)
    context = {
        "meeting": meeting,
        "title": meeting.title,
        "path": path_of(meeting, (_("Give notice"), "")),
        "members": sum(not one.is_attending and not one.is_guest for one in audience),
        "guests": sum(one.is_guest for one in audience),
        "followers": [one.person for one in audience if one.is_attending],
        "in_person": sum(one.in_person for one in audience),
        "way": way,
        "short": short_message(meeting) if way is Way.SMS else "",
        "papers": sum(len(part.files.all()) for part in parts if part.handed_in_at) + len(texts_of(parts)),
        "papers_due_on": queries.papers_due_on(meeting),
        "today": clock.today(),
        "handed_in": handed_in,
        "to_prepare": to_prepare,
        "missing": rules.why_not_announce(state=State(meeting.state), place=meeting.place, parts=len(parts)),
        "refusal": refusal,
    }
    return render(request, "meetings/announce.html", context, status=refusal.status if refusal else 200)


@page(post=Capability.SEE_MEETING)
def read(request: Request, meeting_id: UUID) -> HttpResponse:
    actions.read_papers(actor=request.actor, meeting_id=meeting_id, at=clock.now())
    messages.success(request, _("Thank you. It is noted that you have read the papers."))
    return back_to_page(meeting_id, "papers")
