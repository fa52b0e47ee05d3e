"""My notices."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import ngettext

from chibo.access.capabilities import Capability
from chibo.access.pages import Request, page
from chibo.core import clock
from chibo.notifications import actions, queries

PER_PAGE = 20


@page(get=Capability.HOME)
def notices(request: Request) -> HttpResponse:
    shown = Paginator(queries.mine(request.actor), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": shown, "unread": queries.unread_count(request.actor), "shown_at": clock.now().isoformat()}
    return render(request, "notifications/notices.html", context)


@page(post=Capability.HOME)
def read_all(request: Request) -> HttpResponse:
    """Marks what there was when the page was opened as read; what came since stays."""
    now = clock.now()
    n = actions.mark_all_read(actor=request.actor, until=_instant(request.POST.get("shown_at", ""), now), at=now)
    words = ngettext("One notice is marked as read.", "%(n)s notices are marked as read.", n)
    messages.success(request, words % {"n": n})
    return redirect("notifications:notices")


def _instant(text: str, otherwise: datetime) -> datetime:
    """The instant that a page was shown; another one where it says none that can be read."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return otherwise
    return at if at.tzinfo else otherwise


@page(get=Capability.HOME)
def notice(request: Request, notice_id: UUID) -> HttpResponse:
    """Opening a notice marks it read and leads to its page."""
    opened = actions.mark_read(actor=request.actor, notice_id=notice_id, at=clock.now())
    return HttpResponseRedirect(opened.path)
