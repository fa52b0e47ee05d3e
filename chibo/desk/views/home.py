"""The first page: it leads each person to what is his."""

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import render

from chibo.access.capabilities import Capability
from chibo.access.pages import Request, page
from chibo.core import clock
from chibo.desk import queries
from chibo.desk.queries import Desk, Kind
from chibo.desk.views import attending, member, month, officer, operator

_SHOW: dict[Kind, Callable[[Request, Desk], HttpResponse]] = {
    Kind.MONTH: lambda request, desk: month.month(request, unit_id=desk.unit_id),
    Kind.OFFICER: lambda request, desk: officer.officer(request, unit_id=desk.unit_id),
    Kind.ATTENDING: lambda request, desk: attending.attending(request),
    Kind.MEMBER: lambda request, desk: member.my_page(request),
    Kind.OPERATOR: lambda request, desk: operator.operator(request),
}


@page(get=Capability.HOME)
def home(request: Request) -> HttpResponse:
    """The first of the viewer's desks, without a detour; the others are one press away."""
    desks = queries.desks(request.actor, clock.today())
    if not desks:
        return render(request, "desk/nowhere.html")
    return _SHOW[desks[0].kind](request, desks[0])
