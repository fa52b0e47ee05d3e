"""Reading the meetings of many cells: an officer's numbers, what the calendar lacks, what a reorganisation finds."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, cast
from uuid import UUID

from django.db.models import Count, Exists, Expression, F, OuterRef, Q, QuerySet

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.core import period
from chibo.core.actor import Actor
from chibo.meetings import rules
from chibo.meetings.models import (
    Attendance,
    Meeting,
    Part,
)
from chibo.meetings.rules import Kind, State
from chibo.org.models import Unit, child_below


def has_thematic(unit: Unit, since: date, until: date) -> bool:
    """Whether a thematic session is planned or held in a period, `until` excluded, or the calendar's was called off."""
    return _thematic(since, until).filter(unit=unit).exists()


def _thematic(since: date, until: date) -> QuerySet[Meeting]:
    """What settles the thematic session of a period: one of the calendar's that was called off is not made again."""
    rows = Meeting.objects.filter(kind=Kind.THEMATIC, month__gte=since, month__lt=until)
    return rows.exclude(state=State.CANCELLED, is_by_rule=False)


# For an officer: a subtree in a month


def _shown(what: str, month: date, today: date) -> Q:
    """Which meetings stand behind one of an officer's numbers."""
    over = Q(state__in=[State.ENDED, State.LOCKED])
    of_month = Q(month=month)
    return {
        "planned": of_month & ~Q(state=State.CANCELLED),
        "held": of_month & over,
        "not_held": of_month & Q(state__in=[State.PREPARING, State.ANNOUNCED], on__lt=today),
        "to_come": of_month
        & (Q(state__in=[State.PREPARING, State.ANNOUNCED], on__gte=today) | Q(state=State.UNDER_WAY)),
        "locked": of_month & Q(state=State.LOCKED),
        "thematic": Q(kind=Kind.THEMATIC) & over,
    }[what]


NUMBERS = ("planned", "held", "not_held", "to_come", "locked", "thematic")
"""What an officer sees counted: all but the last of a month, the thematic sessions held of its quarter.

What is planned is held, not held, or still to come.
"""


def _of_subtree(viewer: Actor, unit: Unit, month: date) -> QuerySet[Meeting]:
    quarter = period.quarter(month)
    rows = Meeting.objects.filter(unit__path__startswith=unit.path, month__gte=quarter.since, month__lt=quarter.until)
    return access.visible(viewer, Capability.SEE_MEETING, rows)


def numbers_by_child(viewer: Actor, unit: Unit, month: date, today: date) -> dict[UUID, dict[str, int]]:
    """The numbers of each unit directly below one, its whole subtree counted, in one query; none where all are nought.

    Meetings of the unit itself stand under its own id.
    """
    child = child_below(unit)
    counts = {what: Count("pk", filter=_shown(what, month, today)) for what in NUMBERS}
    counted = _of_subtree(viewer, unit, month).values(child=child).annotate(**counts).order_by()
    rows = cast("Iterable[dict[str, Any]]", counted)
    return {UUID(row["child"]) if row["child"] else unit.pk: {what: row[what] for what in NUMBERS} for row in rows}


def held_by_unit(viewer: Actor, units: Expression, month: date, *, sees_all: bool) -> dict[UUID, int]:
    """How many meetings of a month each of these units held (an expression of their ids), of those a viewer sees or of
    all; one query."""
    rows = Meeting.objects.filter(unit__in=units, month=month, state__in=[State.ENDED, State.LOCKED])
    seen = rows if sees_all else access.visible(viewer, Capability.SEE_MEETING, rows)
    return dict(seen.values_list("unit").annotate(n=Count("pk")).order_by())


def behind(viewer: Actor, unit: Unit, what: str, month: date, today: date) -> QuerySet[Meeting]:
    """The meetings behind one of an officer's numbers, by day."""
    rows = _of_subtree(viewer, unit, month).filter(_shown(what, month, today))
    return rows.select_related("unit").order_by("on", "time", "unit__path", "pk")


def still_to_come_by_rule(unit: Unit, since: date, today: date) -> QuerySet[Meeting]:
    """The regular meetings of a unit and all below it that the calendar made for a month from a day on, and that are
    not held yet."""
    rows = Meeting.objects.filter(unit__path__startswith=unit.path, kind=Kind.REGULAR, is_by_rule=True)
    coming = rows.filter(month__gte=since.replace(day=1), on__gte=max(since, today))
    return coming.filter(state__in=[State.PREPARING, State.ANNOUNCED]).select_related("unit").order_by("on", "pk")


def cells_without_meeting(month: date) -> QuerySet[Unit, UUID]:
    """The ids of units that hold meetings, exist in a month, and lack its regular meeting or, in the month for it, the
    thematic session of the quarter."""
    has_one = Meeting.objects.filter(unit=OuterRef("pk"), month=month, kind=Kind.REGULAR).exclude(state=State.CANCELLED)
    lacks = Q(~Exists(has_one))
    if month == rules.thematic_month(month):
        quarter = period.quarter(month)
        assert quarter.since is not None
        assert quarter.until is not None
        lacks |= Q(~Exists(_thematic(quarter.since, quarter.until).filter(unit=OuterRef("pk"))))
    rows = Unit.objects.real().filter(kind__holds_meetings=True, during__contains=month)
    return rows.filter(lacks).values_list("pk", flat=True)


# A reorganisation


def untouched(unit_ids: Sequence[UUID]) -> QuerySet[Meeting]:
    """The meetings of units that the calendar made, and that nobody has changed or begun to prepare.

    What was carried over with the text that it had waits where it came from.
    """
    as_it_came = Q(material="") | Q(material=F("carried_from__material"))
    begun = Part.objects.filter(meeting=OuterRef("pk")).exclude(as_it_came, handed_in_at=None)
    rows = Meeting.objects.filter(unit__in=unit_ids, state=State.PREPARING, is_by_rule=True, version=1)
    return rows.exclude(Exists(begun))


def held_since(unit_ids: Sequence[UUID], on: date) -> QuerySet[Meeting]:
    """The meetings that units opened on a day or later."""
    return Meeting.objects.filter(unit__in=unit_ids, on__gte=on).exclude(opened_at=None).order_by("on", "pk")


def not_settled(unit_ids: Sequence[UUID]) -> QuerySet[Meeting]:
    """The meetings of units that were opened and whose minutes are not adopted yet."""
    rows = Meeting.objects.filter(unit__in=unit_ids, state__in=[State.UNDER_WAY, State.ENDED])
    return rows.select_related("unit").order_by("on", "pk")


def rolls_of(viewer: Actor, unit: Unit) -> QuerySet[Attendance]:
    """How everybody stood in the meetings of a unit that are over, the latest first; for who sees its rolls."""
    rows = Attendance.objects.filter(meeting__unit=unit, meeting__state__in=[State.ENDED, State.LOCKED])
    seen = access.visible(viewer, Capability.SEE_ROLLS, rows, field="meeting__unit")
    return seen.select_related("meeting", "membership__person").order_by(
        "-meeting__on", "-meeting__pk", "membership__person__sort_key", "pk"
    )
