"""Reading assignments, reports and promises."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.access.models import Grant, Role
from chibo.core import clock
from chibo.core.actor import Actor
from chibo.core.refusals import NotThere
from chibo.meetings import queries as meetings
from chibo.meetings.models import Meeting
from chibo.meetings.rules import State
from chibo.org.models import Unit, UnitQuerySet
from chibo.org.queries import BY_NAME
from chibo.people.models import Office, Person, Title
from chibo.regulations import queries as regulations
from chibo.supervision.models import Promise, Reminder, Report
from chibo.tasks import queries as tasks

MONTHS_BACK = timedelta(days=100)
"""How far back a missing report is still asked for."""

TIME_TO_REPORT = timedelta(days=60)
"""For how long a stand-in may report on the meeting he went to, and score it, and who was replaced on his last ones."""


@dataclass(frozen=True, slots=True)
class Assigned:
    """One cell and those who follow it on a day, each with the grant that lets him; whether it is time for another."""

    unit: Unit
    grants: list[Grant]
    is_long: bool


@dataclass(frozen=True, slots=True)
class Load:
    """How many cells one person follows below a unit."""

    person: Person
    cells: int


def cells(viewer: Actor, unit: Unit, on: date) -> UnitQuerySet:
    """The cells below a unit for which a viewer names who attends, named as of a day."""
    rows = Unit.objects.on(on).filter(path__startswith=unit.path, kind__holds_meetings=True).exclude(pk=unit.pk)
    return access.visible(viewer, Capability.PLAN_ATTENDANCE, rows.named(on), field="").order_by(*BY_NAME)


def followers(unit: Unit, on: date) -> QuerySet[Grant]:
    """Who follows the cells below a unit on a day; stand-ins for one meeting left out."""
    rows = Grant.objects.on(on).filter(role=Role.ATTENDING, matter=None, unit__path__startswith=unit.path)
    return rows.filter(user__person__isnull=False).select_related("user__person", "unit")


def assignments(unit: Unit, shown: Sequence[Unit], on: date) -> list[Assigned]:
    """Some cells with those who follow them on a day; two queries."""
    years = regulations.value("supervision.rotation.years", unit, on).value
    long_since = on - timedelta(days=round(365.25 * years))
    found: dict[UUID, list[Grant]] = {one.pk: [] for one in shown}
    for grant in followers(unit, on).filter(unit__in=found).order_by("during", "pk"):
        found[grant.unit_id].append(grant)
    return [
        Assigned(
            one,
            found[one.pk],
            any(grant.during.since is not None and grant.during.since < long_since for grant in found[one.pk]),
        )
        for one in shown
    ]


def loads(unit: Unit, on: date) -> list[Load]:
    """Who follows how many cells below a unit, most first; two queries."""
    counted = followers(unit, on).values("user__person").annotate(n=Count("unit", distinct=True)).order_by("-n")
    numbers = {row["user__person"]: row["n"] for row in counted}
    people = Person.objects.filter(pk__in=numbers).order_by("sort_key", "pk")
    return sorted((Load(one, numbers[one.pk]) for one in people), key=lambda load: -load.cells)


def possible_stand_ins(meeting: Meeting, on: date) -> list[Person]:
    """Who could be sent to a meeting in place of who follows its cell: who follows others of the same committee."""
    above_id = tasks.unit_above(meeting.unit)
    above = Unit.objects.get(pk=above_id) if above_id else meeting.unit
    own = {person.pk for person in meetings.attending(meeting)}
    return [one.person for one in loads(above, on) if one.person.pk not in own]


def without_follower(viewer: Actor, unit: Unit, on: date) -> UnitQuerySet:
    """The cells below a unit that nobody follows on a day."""
    grants = Grant.objects.on(on).filter(unit=OuterRef("pk"), role=Role.ATTENDING, matter=None)
    return cells(viewer, unit, on).filter(~Exists(grants))


# Reports


def due_on(meeting: Meeting) -> date:
    """The last day for the report on a meeting, by the rules in force for its cell."""
    days: int = regulations.value("supervision.report.days", meeting.unit, meeting.on).value
    return meeting.on + timedelta(days=days)


def _followed() -> Exists:
    """That somebody was to attend a meeting: whoever followed its cell on that day, or stood in for it."""
    who = Grant.objects.filter(unit=OuterRef("unit"), role=Role.ATTENDING, during__contains=OuterRef("on"))
    return Exists(who.filter(Q(matter=None) | Q(matter=OuterRef("pk"))))


def expected(since: date, until: date) -> QuerySet[Meeting]:
    """The meetings held in a period, `until` excluded, on which somebody was to report."""
    rows = Meeting.objects.filter(state__in=[State.ENDED, State.LOCKED], on__gte=since, on__lt=until)
    return rows.filter(_followed())


def missing(viewer: Actor, unit: Unit, today: date) -> QuerySet[Meeting]:
    """The meetings below a unit on which nobody has reported although the time is over, the oldest first.

    For who plans who attends: his own committee sees it first. The time is that of the unit itself; a cell with another
    one is shown by it all the same.
    """
    days = regulations.value("supervision.report.days", unit, today).value
    rows = expected(today - MONTHS_BACK, today - timedelta(days=days)).filter(unit__path__startswith=unit.path)
    handed_in = Report.objects.filter(meeting=OuterRef("pk")).exclude(handed_in_at=None)
    seen = access.visible(viewer, Capability.PLAN_ATTENDANCE, rows.filter(~Exists(handed_in)))
    return seen.select_related("unit").order_by("on", "pk")


def my_reports(viewer: Actor, unit_ids: Iterable[UUID]) -> dict[UUID, Report]:
    """A viewer's own reports on the meetings of some cells, by meeting; one query."""
    if viewer.person_id is None:
        return {}
    rows = Report.objects.filter(person_id=viewer.person_id, meeting__unit__in=list(unit_ids))
    return {one.meeting_id: one for one in rows}


def may_report(viewer: Actor, meeting: Meeting, today: date) -> bool:
    """Whether a viewer may report on a meeting: who is to attend its cell, and for some time who was on its day."""
    if access.can(viewer, Capability.WRITE_REPORT, meeting.unit, matter=meeting.pk):
        return True
    is_his = meeting.on < today <= meeting.on + TIME_TO_REPORT and _has_rights(viewer)
    return is_his and access.can(viewer, Capability.WRITE_REPORT, meeting.unit, matter=meeting.pk, on=meeting.on)


def report_of(viewer: Actor, meeting_id: UUID) -> tuple[Meeting, Report | None]:
    """A meeting that a viewer may report on, with his report as far as it is. Raises NotThere for the unseen."""
    meeting = Meeting.objects.select_related("unit").filter(pk=meeting_id).first()
    if meeting is None or not may_report(viewer, meeting, clock.today()):
        meeting = meetings.get_for(viewer, meeting_id, Capability.WRITE_REPORT)
    rows = Report.objects.filter(meeting=meeting)
    return meeting, rows.filter(person_id=viewer.person_id).first() if viewer.person_id else None


def reports_on(viewer: Actor, meeting: Meeting) -> list[Report]:
    """The reports handed in on a meeting, with their promises, for who may see them."""
    if not access.can(viewer, Capability.SEE_REPORTS, meeting.unit, matter=meeting.pk):
        return []
    rows = Report.objects.filter(meeting=meeting).exclude(handed_in_at=None)
    return list(rows.select_related("person").prefetch_related("promises").order_by("handed_in_at"))


def promise(viewer: Actor, promise_id: UUID) -> Promise:
    """A promise that was made, with its meeting. Raises NotThere for the unseen."""
    rows = Promise.objects.exclude(report__handed_in_at=None).select_related("report__meeting__unit")
    found = rows.filter(pk=promise_id).first()
    if found is None:
        raise NotThere
    meeting = found.report.meeting
    if not (may_keep(viewer, found) or access.can(viewer, Capability.SEE_REPORTS, meeting.unit, matter=meeting.pk)):
        raise NotThere
    return found


def may_keep(viewer: Actor, promise: Promise) -> bool:
    """Whether a viewer may say how a promise was kept: who follows the cell now, and who gave his word."""
    meeting = promise.report.meeting
    may = access.can(viewer, Capability.WRITE_REPORT, meeting.unit, matter=meeting.pk)
    return may or (promise.report.person_id == viewer.person_id and _has_rights(viewer))


def _has_rights(viewer: Actor) -> bool:
    """Whether somebody holds any role today: who is suspended or has left has lost also what he did before."""
    return bool(access.held_by(viewer))


def promises_of(viewer: Actor, unit_ids: Iterable[UUID]) -> QuerySet[Promise]:
    """What was promised to some cells and is not kept yet, the first due on top, for who may see it."""
    rows = Promise.objects.exclude(report__handed_in_at=None).filter(kept_at=None)
    rows = rows.filter(report__meeting__unit__in=list(unit_ids))
    rows = rows.select_related("report__person", "report__meeting__unit")
    seen = access.visible(viewer, Capability.SEE_REPORTS, rows, field="report__meeting__unit")
    return seen.order_by("due_on", "pk")


def promises_late(viewer: Actor, unit: Unit, today: date) -> QuerySet[Promise]:
    """What was promised below a unit, is not kept, and whose day is over."""
    rows = Promise.objects.exclude(report__handed_in_at=None).filter(kept_at=None, due_on__lt=today)
    rows = rows.filter(report__meeting__unit__path__startswith=unit.path)
    seen = access.visible(viewer, Capability.PLAN_ATTENDANCE, rows, field="report__meeting__unit")
    return seen.select_related("report__person", "report__meeting__unit").order_by("due_on", "pk")


# Reminders


def reminder(viewer: Actor, reminder_id: UUID) -> Reminder:
    """A reminder that a viewer was sent, or that he may see as the committee's. Raises NotThere for every other."""
    rows = Reminder.objects.select_related("unit", "to", "by")
    own = rows.filter(to_id=viewer.person_id) if viewer.person_id else rows.none()
    sent = access.visible(viewer, Capability.PLAN_ATTENDANCE, rows)
    found = (own | sent).filter(pk=reminder_id).first()
    if found is None:
        raise NotThere
    return found


def reminders_of(viewer: Actor, unit: Unit) -> QuerySet[Reminder]:
    """The reminders that went to a unit and all below it, those without an answer first, for who sends them."""
    rows = Reminder.objects.filter(unit__path__startswith=unit.path).select_related("unit", "to")
    seen = access.visible(viewer, Capability.PLAN_ATTENDANCE, rows)
    return seen.order_by(F("answered_at").desc(nulls_first=True), "-at")


def who_is_reminded(unit: Unit, on: date) -> list[Person]:
    """Whom a committee may remind about a unit: who leads it, and who follows it."""
    leads = Office.objects.on(on).filter(unit=unit, title__in=[Title.SECRETARY, Title.DEPUTY]).values("person_id")
    follows = Grant.objects.on(on).filter(unit=unit, role=Role.ATTENDING, matter=None).values("user__person")
    return list(Person.objects.filter(Q(pk__in=leads) | Q(pk__in=follows)).order_by("sort_key", "pk"))
