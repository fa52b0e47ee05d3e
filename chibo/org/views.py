"""Founding, renaming, moving and dissolving units, by those who decide it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from chibo.access.capabilities import Capability
from chibo.access.pages import Request, carry_out, page
from chibo.core import clock
from chibo.core.http import asked_words
from chibo.org import actions, forms, queries
from chibo.org.models import Unit


def _form_page(request: Request, unit: Unit, status: int, **context: object) -> HttpResponse:
    line = queries.line_above(unit, clock.today())
    return render(request, "org/form_page.html", {"unit": unit, "line": line} | context, status=status)


@page(get=Capability.MANAGE_UNITS, post=Capability.MANAGE_UNITS)
def found(request: Request, unit_id: UUID) -> HttpResponse:
    today = clock.today()
    parent = queries.parent_to_be(request.actor, unit_id, today)
    form = forms.FoundForm(request.POST or None, kinds=queries.kinds_below(parent, today))
    if status := carry_out(
        form,
        lambda: actions.found_unit(actor=request.actor, parent_id=parent.pk, at=clock.now(), **form.cleaned_data),
    ):
        return _form_page(
            request, parent, status, form=form, heading=_("Found a unit below this one"), button=_("Found the unit")
        )
    messages.success(request, _("%(name)s is founded.") % {"name": form.cleaned_data["name"]})
    return redirect("unit", parent.pk)


@page(get=Capability.MANAGE_UNITS, post=Capability.MANAGE_UNITS)
def rename(request: Request, unit_id: UUID) -> HttpResponse:
    unit = queries.managed(request.actor, unit_id, clock.today())
    form = forms.RenameForm(request.POST or None, initial={"name": unit.name})
    if status := carry_out(
        form,
        lambda: actions.rename_unit(actor=request.actor, unit_id=unit.pk, at=clock.now(), **form.cleaned_data),
    ):
        return _form_page(request, unit, status, form=form, heading=_("Rename the unit"), button=_("Rename"))
    messages.success(request, _("The unit has its new name."))
    return redirect("unit", unit.pk)


@page(get=Capability.MANAGE_UNITS, post=Capability.MANAGE_UNITS)
def move(request: Request, unit_id: UUID) -> HttpResponse:
    today = clock.today()
    unit = queries.managed(request.actor, unit_id, today)
    words = asked_words(request)
    places = queries.places_for(request.actor, unit, words, today)
    form = forms.MoveForm(request.POST or None, places=places)
    if status := carry_out(
        form,
        lambda: actions.move_unit(
            actor=request.actor,
            unit_id=unit.pk,
            parent_id=UUID(form.cleaned_data["parent"]),
            since=form.cleaned_data["since"],
            decision=form.cleaned_data["decision"],
            at=clock.now(),
        ),
    ):
        return _form_page(
            request,
            unit,
            status,
            form=form if places or form.is_bound else None,
            heading=_("Move the unit below another"),
            button=_("Move the unit"),
            words=words,
            ask=_("Name of the new superior unit"),
            none_found=_("No unit of a higher rank that you manage has this name. Try one word of it, without marks."),
        )
    messages.success(request, _("The unit has its new place."))
    return redirect("unit", unit.pk)


@page(get=Capability.MANAGE_UNITS, post=Capability.MANAGE_UNITS)
def dissolve(request: Request, unit_id: UUID) -> HttpResponse:
    unit = queries.managed(request.actor, unit_id, clock.today())
    form = forms.DissolveForm(request.POST or None)
    if status := carry_out(
        form,
        lambda: actions.dissolve_unit(actor=request.actor, unit_id=unit.pk, at=clock.now(), **form.cleaned_data),
    ):
        return _form_page(
            request,
            unit,
            status,
            form=form,
            heading=_("Dissolve the unit"),
            lead=_("Its members, its offices and the units below it must have left. Its papers and its history stay."),
            button=_("Dissolve the unit"),
        )
    messages.success(request, _("The unit is dissolved."))
    return redirect("unit", unit.pk)


@page(get=Capability.MANAGE_UNITS, post=Capability.MANAGE_UNITS)
def correct_name(request: Request, name_id: UUID) -> HttpResponse:
    row = queries.managed_name(request.actor, name_id)
    form = forms.CorrectNameForm(request.POST or None, initial={"name": row.name})
    if status := carry_out(
        form,
        lambda: actions.correct_name(actor=request.actor, name_id=row.pk, at=clock.now(), **form.cleaned_data),
    ):
        return _correction_page(request, row.unit, status, form=form, heading=_("Correct a name in the history"))
    messages.success(request, _("The history is corrected. What was believed before stays to be seen."))
    return redirect("unit_history", row.unit_id)


@page(get=Capability.MANAGE_UNITS, post=Capability.MANAGE_UNITS)
def correct_day(request: Request, row_id: UUID) -> HttpResponse:
    unit, since = queries.managed_row(request.actor, row_id)
    form = forms.CorrectDayForm(request.POST or None, initial={"since": since})
    if status := carry_out(
        form,
        lambda: actions.correct_day(actor=request.actor, row_id=row_id, at=clock.now(), **form.cleaned_data),
    ):
        return _correction_page(request, unit, status, form=form, heading=_("Correct a day in the history"))
    messages.success(request, _("The history is corrected. What was believed before stays to be seen."))
    return redirect("unit_history", unit.pk)


def _correction_page(request: Request, unit: Unit, status: int, **context: object) -> HttpResponse:
    return _form_page(
        request,
        queries.known_as(unit, clock.today()),
        status,
        button=_("Write the correction"),
        lead=_("For what was written down wrongly. A change of today is no correction: use the unit's page."),
        back=reverse("unit_history", args=[unit.pk]),
        **context,
    )
