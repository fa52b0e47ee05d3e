"""Terms: which have run out, and the election that begins a new one."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.access.pages import Request, carry_out, page
from chibo.core import clock, sheets
from chibo.core.refusals import Refused
from chibo.desk import actions, forms, queries
from chibo.org import queries as org
from chibo.people import queries as register
from chibo.people.models import Status

PER_PAGE = 50


@page(get=Capability.SEE_MEMBERS)
def terms(request: Request, unit_id: UUID) -> HttpResponse:
    """The units at or below one whose term has run out without an election."""
    today = clock.today()
    unit = org.known_as(org.known(request.actor, unit_id), today)
    access.require(request.actor, Capability.SEE_MEMBERS, unit)
    rows = register.terms_over(request.actor, unit, today)
    if sheets.is_wanted(request):
        over = list(sheets.all_of(rows))
        above = org.last_superiors({one.unit_id for one in over})
        head = [_("Unit"), _("Superior unit"), _("Term"), _("Ran out on")]
        lines = ([one.unit_name, above.get(one.unit_id, ""), one.term, one.ends] for one in over)
        return sheets.download_lists(f"nhiem-ky-{today:%Y%m%d}", [sheets.Sheet(unit.name, head, lines)])
    shown = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    above = org.last_superiors({one.unit_id for one in shown})
    context = {
        "unit": unit,
        "line": org.line_above(unit, today),
        "page": shown,
        "lines": [(one, above.get(one.unit_id, "")) for one in shown],
    }
    return render(request, "desk/terms.html", context)


@page(get=Capability.MANAGE_MEMBERS, post=Capability.MANAGE_MEMBERS)
def elect(request: Request, unit_id: UUID) -> HttpResponse:
    """The outcome of a cell's election: the new term with everybody who was elected, in one step."""
    today = clock.today()
    unit = register.managed_unit(request.actor, unit_id, today)
    if not unit.kind.has_members:
        raise Refused(_("Here the committee is entered first, and then each office on the page of its holder."))
    members = [one.person for one in register.membership_on(unit.pk, today) if one.status == Status.OFFICIAL]
    ends_on = queries.term_of(unit, today)
    initial = {"since": today, "ends_on": ends_on, "term": f"{today.year}–{ends_on.year}"}
    form = forms.ElectForm(request.POST or None, members=members, initial=initial)
    if status := carry_out(
        form, lambda: actions.elect(actor=request.actor, unit_id=unit.pk, at=clock.now(), **form.cleaned_data)
    ):
        context = {
            "unit": unit,
            "line": org.line_above(unit, today),
            "form": form,
            "heading": _("Enter an election"),
            "lead": _(
                "The ballots are cast and counted on paper; here stands what came out. With the day of the election "
                "the offices of the last term end, and those chosen here begin."
            ),
            "button": _("Begin the new term"),
        }
        return render(request, "org/form_page.html", context, status=status)
    messages.success(request, _("The new term has begun."))
    return redirect("unit", unit.pk)
