"""A unit through time: what became of it, what was believed when, its figures on the structure of any day."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.access.pages import UNREADABLE, Request, page
from chibo.core import clock
from chibo.desk import queries
from chibo.desk.forms import BelievedForm, StructureForm
from chibo.desk.views.units import nearest
from chibo.org import queries as org
from chibo.org.models import Unit
from chibo.reorganisation import queries as reorganisations

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Shown:
    """An event in words, with the decision behind it."""

    event: org.Event
    words: str
    decision: str


def _words(event: org.Event) -> str:
    said = {
        "founded": _("Founded as %(text)s"),
        "placed": _("Below %(other)s"),
        "renamed": _("Renamed: %(text)s"),
        "moved": _("Moved below %(other)s"),
        "inherited": _("%(other)s went on in it, whole"),
        "inherited_part": _("A part of %(other)s went on in it"),
        "gave_part": _("A part of it went on in %(other)s"),
        "went_on": _("It went on, whole, in %(other)s"),
        "ended": _("Ended"),
    }[event.what]
    return said % {"text": event.text, "other": event.other}


@page(get=Capability.SEE_UNIT)
def history(request: Request, unit_id: UUID) -> HttpResponse:
    """The timeline of a unit; by `?on=` and `?at=` what was believed of a day, and when."""
    today = clock.today()
    unit = org.known_as(org.known(request.actor, unit_id), today)
    events = org.timeline(unit)
    decisions = org.decisions_of_changes(unit) | reorganisations.decisions_behind([event.row for event in events])
    form = BelievedForm(request.GET if "on_day" in request.GET else None)
    belief, believed_parent = None, ""
    if form.is_bound and form.is_valid():
        at = clock.instant(form.cleaned_data["at"] + timedelta(days=1))
        belief = org.believed(unit.pk, form.cleaned_data["on"], at)
        if belief.parent_id:
            believed_parent = org.name_on(belief.parent_id, form.cleaned_data["on"])
    context = {
        "unit": unit,
        "line": org.line_above(unit, today),
        "events": [Shown(event, _words(event), decisions.get(event.row, "")) for event in events],
        "heirs": org.heirs_of(unit.pk, today) if unit.during.until else [],
        "page": Paginator(org.where_its_units_went(request.actor, unit), PER_PAGE).get_page(request.GET.get("page")),
        "corrections": org.corrections(unit.pk),
        "may_correct": access.can(request.actor, Capability.MANAGE_UNITS, unit),
        "form": form,
        "belief": belief,
        "believed_parent": believed_parent,
    }
    status = UNREADABLE if form.errors else 200
    return render(request, "desk/history.html", context, status=status)


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one unit directly below, on the structure that was asked for."""

    name: str
    members: int
    cells: int
    held: int


@page(get=Capability.SEE_MEMBERS)
def figures(request: Request, unit_id: UUID) -> HttpResponse:
    """The members, cells and meetings of a subtree in the month of a day, on the structure of that day or of any
    other."""
    today = clock.today()
    unit = org.known_as(org.known(request.actor, unit_id), today)
    access.require(request.actor, Capability.SEE_MEMBERS, unit)
    day = nearest(unit, today)
    asked = {"on": day, "structure": day}
    form = StructureForm(request.GET if "on_day" in request.GET else None, initial=asked)
    if form.is_bound and form.is_valid():
        asked = form.cleaned_data
    rows, unplaced = _figures(request, unit, asked["on"], asked["structure"])
    shown = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "unit": unit,
        "line": org.line_above(unit, today),
        "on": asked["on"],
        "structure": asked["structure"],
        "rows": shown,
        "page": shown,
        "total": Row(
            "", *(sum(getattr(row, what) for row in [*rows, unplaced]) for what in ("members", "cells", "held"))
        ),
        "unplaced": unplaced if any((unplaced.members, unplaced.cells, unplaced.held)) else None,
        "form": form,
    }
    return render(request, "desk/figures.html", context, status=UNREADABLE if form.errors else 200)


def _figures(request: Request, unit: Unit, on: date, structure: date) -> tuple[list[Row], Row]:
    """A row for each unit directly below on the structure's day, and what cannot be placed in it.

    Where the unit was not there on the structure's day, what it had is shown by the highest units of a lower rank: a
    district that is no more by the communes of today, a new province by the districts of before.
    """
    is_there = structure in unit.during
    day = structure if is_there else nearest(unit, on)
    counts = queries.counts_of(request.actor, unit, org.counted(unit.pk, day, on), on)
    of = counts.units
    seats = org.seats(of, structure)
    if is_there:
        places = org.child_of_each(unit.pk, structure) | {unit.pk: unit.pk}
    else:
        places = org.tops_below({seat for seat in seats.values() if seat}, unit.kind.rank, structure)
    sums: dict[UUID | None, list[int]] = {}
    for one in of:
        seat = seats.get(one)
        place = places.get(seat) if seat else None
        if seat and not place and is_there:
            continue  # on that structure it stood elsewhere
        row = sums.setdefault(place, [0, 0, 0])
        row[0] += counts.members.get(one, 0)
        row[1] += one in counts.cells
        row[2] += counts.held.get(one, 0)
    found = Unit.objects.filter(pk__in=[pk for pk in sums if pk]).last_named(structure).order_by(*org.BY_NAME)
    names = org.apart({place.pk: place.name for place in found})
    rows = [Row(names[place.pk], *sums[place.pk]) for place in found]
    return rows, Row(_("Cannot be placed"), *sums.get(None, [0, 0, 0]))
