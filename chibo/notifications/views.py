"""My notices."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from chibo.access.capabilities import Capability
from chibo.access.pages import Request, page
from chibo.core import clock
from chibo.notifications import actions, queries

PER_PAGE = 20


@page(get=Capability.HOME)
def notices(request: Request) -> HttpResponse:
    shown = Paginator(queries.mine(request.actor), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "notifications/notices.html", {"page": shown})


@page(get=Capability.HOME)
def notice(request: Request, notice_id: UUID) -> HttpResponse:
    """Opening a notice marks it read and leads to its page."""
    opened = actions.mark_read(actor=request.actor, notice_id=notice_id, at=clock.now())
    return HttpResponseRedirect(opened.path)
