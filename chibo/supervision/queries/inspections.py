"""Reading inspections: who may be drawn and why, a year's plan, one inspection, what is found again and again."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.core.actor import Actor
from chibo.core.refusals import NotThere
from chibo.core.words import Said, ngettext
from chibo.core.words import say as _
from chibo.meetings.models import Meeting
from chibo.meetings.rules import Kind, State
from chibo.org.models import Unit, ids_of
from chibo.org.rules import ENDED
from chibo.regulations.rules import Words
from chibo.supervision import rules
from chibo.supervision.models import Finding, Inspection, InspectionPlan
from chibo.supervision.queries.visits import cells
from chibo.tasks.models import Task
from chibo.tasks.rules import State as TaskState

HALF_A_YEAR, THREE_YEARS = timedelta(days=183), timedelta(days=1096)
MANY_OVERDUE = 3


def risks(units: Iterable[Unit], on: date) -> dict[UUID, list[Said]]:
    """The stated risks of some cells on a day, in sentences; three queries. Facts of units, never of persons."""
    ids = [one.pk for one in units]
    found: dict[UUID, list[Said]] = {pk: [] for pk in ids}
    not_held = Meeting.objects.filter(
        unit__in=ids,
        kind=Kind.REGULAR,
        state__in=[State.PREPARING, State.ANNOUNCED],
        month__gte=on - HALF_A_YEAR,
        month__lt=on.replace(day=1),
    )
    for unit_id, n in not_held.values_list("unit").annotate(n=Count("pk")).order_by():
        found[unit_id].append(
            ngettext(
                "{n} regular meeting of the last half year was not held.",
                "{n} regular meetings of the last half year were not held.",
                n,
            )
        )
    overdue = Task.objects.filter(unit__in=ids, state=TaskState.OPEN, due_on__lt=on)
    for unit_id, n in overdue.values_list("unit").annotate(n=Count("pk")).order_by():
        if n >= MANY_OVERDUE:
            found[unit_id].append(ngettext("{n} task is overdue.", "{n} tasks are overdue.", n))
    lately = set(
        Inspection.objects.filter(unit__in=ids, held_on__gte=on - THREE_YEARS).values_list("unit_id", flat=True)
    )
    for pk in ids:
        if pk not in lately:
            found[pk].append(_("It was not inspected in the last three years."))
    return found


def candidates(viewer: Actor, unit: Unit, on: date) -> list[tuple[Unit, rules.Candidate]]:
    """Every cell below a unit with what a draw goes by; a handful of queries."""
    rows = list(cells(viewer, unit, on))
    stated = risks(rows, on)
    return [(one, rules.Candidate(one.code, tuple(stated[one.pk]))) for one in rows]


def drawn(plan: InspectionPlan, today: date) -> list[tuple[dict[str, Any], Unit | None, bool]]:
    """The cells of a plan in the order in which they were drawn, with the cell in which each is there today (None for
    one that goes on in none), and whether its day is set. Four queries."""
    ids = [UUID(one["unit"]) for one in plan.drawn]
    units = Unit.objects.in_bulk(ids)
    # One that has ended stands in the tree below the unit in which it goes on.
    now = {pk: ids_of(one.path)[-2] if ENDED in one.path else pk for pk, one in units.items()}
    there = Unit.objects.on(today).named(today).filter(pk__in=now.values(), kind__holds_meetings=True)
    cells = {one.pk: one for one in there}
    set_for = set(plan.inspections.values_list("unit_id", flat=True))
    return [
        (one, cells.get(now[pk]), pk in set_for or now[pk] in set_for) for one, pk in zip(plan.drawn, ids, strict=True)
    ]


def plan_of(viewer: Actor, unit: Unit, year: int) -> InspectionPlan | None:
    """What a committee drew for a year, for who plans and for the units below, to whom it is published."""
    rows = InspectionPlan.objects.filter(unit=unit, year=year).select_related("by")
    return access.visible(viewer, Capability.SEE_UNIT, rows).first()


def drawn_in(viewer: Actor, unit: Unit, year: int) -> InspectionPlan | None:
    """The plan of the nearest committee above in which a unit was drawn for a year, or None; published to it."""
    rows = InspectionPlan.objects.filter(
        unit__in=unit.ancestor_ids, year=year, drawn__contains=[{"unit": str(unit.pk)}]
    )
    return access.visible(viewer, Capability.SEE_UNIT, rows.select_related("unit")).order_by("-unit__path").first()


def inspections_below(viewer: Actor, unit: Unit, year: int) -> QuerySet[Inspection]:
    """The inspections of a year below a unit, in the order of their days, for who plans them."""
    rows = Inspection.objects.filter(unit__path__startswith=unit.path, on__year=year).select_related("unit")
    return access.visible(viewer, Capability.INSPECT, rows).order_by("on", "unit__path", "pk")


def inspections_of(viewer: Actor, unit_id: UUID) -> QuerySet[Inspection]:
    """The inspections of one unit that a viewer may see, the latest first; a surprise not before it was held."""
    rows = Inspection.objects.filter(unit_id=unit_id)
    own = access.visible(viewer, Capability.SEE_INSPECTIONS, _told(rows))
    planned = access.visible(viewer, Capability.INSPECT, rows)
    return (own | planned).order_by("-on", "-pk")


def _told(rows: QuerySet[Inspection]) -> QuerySet[Inspection]:
    return rows.exclude(kind="surprise", state=rules.InspectionState.PLANNED)


def inspection(viewer: Actor, inspection_id: UUID) -> Inspection:
    """One inspection. Raises NotThere for the unseen."""
    rows = Inspection.objects.select_related("unit", "by", "plan")
    own = access.visible(viewer, Capability.SEE_INSPECTIONS, _told(rows))
    planned = access.visible(viewer, Capability.INSPECT, rows)
    found = (own | planned).filter(pk=inspection_id).first()
    if found is None:
        raise NotThere
    return found


def finding(viewer: Actor, finding_id: UUID) -> Finding:
    """One finding. Raises NotThere for the unseen."""
    rows = Finding.objects.select_related("inspection__unit")
    seen = access.visible(viewer, Capability.SEE_INSPECTIONS, rows, field="inspection__unit")
    found = seen.filter(pk=finding_id).first()
    if found is None:
        raise NotThere
    return found


def found_wanting(viewer: Actor, unit: Unit, since: date) -> list[tuple[str, Words]]:
    """What inspections of one unit have found wanting since a day, each once: its code and its words."""
    rows = Finding.objects.filter(inspection__unit=unit, inspection__held_on__gte=since)
    seen = access.visible(viewer, Capability.SEE_INSPECTIONS, rows, field="inspection__unit")
    codes = set(seen.values_list("code", flat=True))
    return [(code, words) for code, words in rules.checklist().items() if code in codes]


def again_and_again(viewer: Actor, unit: Unit, year: int) -> list[tuple[Words, int]]:
    """What was found wanting most often in a year's inspections below a unit: what to train for. No unit is named."""
    rows = Finding.objects.filter(inspection__unit__path__startswith=unit.path, inspection__held_on__year=year)
    seen = access.visible(viewer, Capability.INSPECT, rows, field="inspection__unit")
    counts = Counter(seen.values_list("code", flat=True))
    return [(rules.checklist()[code], n) for code, n in counts.most_common() if code in rules.checklist()]
