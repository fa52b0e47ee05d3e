"""Where a list of members comes in, and which came in before: the rule against secrets lies above the register."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render

from chibo.access.capabilities import Capability
from chibo.access.pages import Request, carry_out, page
from chibo.core import clock
from chibo.desk.forms import ListForm
from chibo.documents import rules as documents
from chibo.org import queries as org
from chibo.people import actions as people
from chibo.people import queries as register
from chibo.people.models import Import

LISTS_PER_PAGE = 20


@page(get=Capability.MANAGE_MEMBERS, post=Capability.MANAGE_MEMBERS)
def import_members(request: Request, unit_id: UUID) -> HttpResponse:
    """Sends a list of members of a unit and those below it; shows the lists of before."""
    viewer, today = request.actor, clock.today()
    unit = register.managed_unit(viewer, unit_id, today)
    form = ListForm(request.POST or None, request.FILES or None)
    came: list[Import] = []

    def receive() -> None:
        file = form.cleaned_data["file"]
        came.append(
            people.receive_list(
                actor=viewer,
                unit_id=unit.pk,
                file=file.file,
                file_name=file.name,
                at=clock.now(),
                why_not_kept=documents.why_classified,
            )
        )

    if status := carry_out(form, receive):
        lists = Paginator(register.lists_of(viewer, unit.pk), LISTS_PER_PAGE).get_page(request.GET.get("page"))
        context = {"unit": unit, "line": org.line_above(unit, today), "form": form, "page": lists}
        return render(request, "desk/import_members.html", context, status=status)
    received = came[0]
    if received.state == Import.State.MAPPING:
        return redirect("people:list_columns", received.pk)
    if received.total <= register.AT_ONCE:
        people.work_through(actor=viewer, import_id=received.pk, at=clock.now())
    return redirect("people:list", received.pk)
