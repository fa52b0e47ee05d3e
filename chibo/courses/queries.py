"""Courses as a viewer may see them: those of the committees above, who takes part from his units, his certificates."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, Exists, Max, OuterRef, Prefetch, QuerySet

from chibo.access import queries as access
from chibo.access.capabilities import Capability
from chibo.access.models import Grant, Role
from chibo.core import clock
from chibo.core.actor import Actor
from chibo.core.names import words_in
from chibo.core.refusals import NotThere
from chibo.courses import rules
from chibo.courses.models import Certificate, Course, Mark, Seat, Session
from chibo.courses.rules import Here, Nature
from chibo.org import queries as org
from chibo.org.models import Unit, UnitName, holds
from chibo.people import queries as people
from chibo.people.models import Membership, Office, Person, Status, Title
from chibo.regulations import queries as regulations

A_YEAR = timedelta(days=366)
MOST_OWN = 50
MOST_UNITS = 5
MOST_LISTED = 200
"""So many units below are listed by name; of more, those that send somebody, and the others are looked for."""


@dataclass(frozen=True, slots=True)
class Attended:
    """Who takes part, at how many of the sessions that were called he was, and whether that earns the certificate."""

    seat: Seat
    present: int
    share: int
    has_earned: bool
    certificate: Certificate | None


# Courses


def of_unit(viewer: Actor, unit: Unit) -> QuerySet[Course]:
    """The courses of a unit and of the committees above it, the latest first; what is still being prepared only for
    who holds it."""
    rows = Course.objects.filter(unit__in=[unit.pk, *unit.ancestor_ids]).select_related("unit")
    return _seen(viewer, rows).order_by("-pk")


def get(viewer: Actor, course_id: UUID) -> Course:
    """One course. Raises NotThere for the unseen."""
    found = _seen(viewer, Course.objects.filter(pk=course_id).select_related("unit__kind")).first()
    if found is None:
        raise NotThere
    return found


def _seen(viewer: Actor, rows: QuerySet[Course]) -> QuerySet[Course]:
    announced = access.visible(viewer, Capability.SEE_COURSES, rows.exclude(announced_on=None))
    held = access.visible(viewer, Capability.HOLD_COURSE, rows)
    if viewer.person_id is None:
        return announced | held
    # Who took part keeps the page, wherever he belongs since.
    took_part = Seat.objects.filter(course=OuterRef("pk"), person=viewer.person_id, left_on=None)
    return announced | held | rows.filter(Exists(took_part))


def session(viewer: Actor, session_id: UUID) -> Session:
    """One session of a course that a viewer holds. Raises NotThere for every other."""
    rows = Session.objects.filter(pk=session_id).select_related("course__unit__kind")
    found = access.visible(viewer, Capability.HOLD_COURSE, rows, field="course__unit").first()
    if found is None:
        raise NotThere
    return found


def share_for(unit: Unit, on: date) -> int:
    """Which share of the sessions earns a certificate unless the course says otherwise, in percent."""
    share: int = regulations.value("course.share", unit, on).value
    return share


def to_tell_of(on: date) -> list[tuple[Unit, date]]:
    """The committees some of whose certificates end soon and were not told of, with the last day that is soon."""
    rows = Certificate.objects.filter(withdrawn_on=None, told_on=None, valid_until__gte=on)
    units = Unit.objects.filter(pk__in=rows.filter(valid_until__lte=on + A_YEAR).values("unit")).select_related("kind")
    return [(one, on + timedelta(days=regulations.value("course.told.days", one, on).value)) for one in units]


def unanswered(unit: Unit, on: date) -> list[Course]:
    """The courses of the committees above that take names and to which a unit sends nobody yet; one query. Who may see
    them was asked."""
    rows = Course.objects.filter(
        unit__in=unit.ancestor_ids, announced_on__isnull=False, named_until__gte=on, ended_on=None, called_off_on=None
    )
    sends = Seat.objects.filter(course=OuterRef("pk"), unit=unit, left_on=None)
    return list(rows.filter(~Exists(sends)).order_by("named_until", "pk")[:MOST_UNITS])


def sent_by(unit: Unit, courses: Iterable[Course]) -> dict[UUID, int]:
    """How many of a unit take part in each of these courses; one query."""
    rows = Seat.objects.filter(course__in=list(courses), unit=unit, left_on=None)
    return dict(rows.values_list("course").annotate(n=Count("pk")))


# Who takes part


def free(course: Course) -> int | None:
    """How many places are left; None without a limit."""
    if course.seats is None:
        return None
    return max(course.seats - Seat.objects.filter(course=course, left_on=None).count(), 0)


def seats(viewer: Actor, course: Course) -> QuerySet[Seat]:
    """Who takes part: all of them for who holds the course, for who leads a unit those of his who belong to it now."""
    rows = Seat.objects.filter(course=course, left_on=None).select_related("person", "unit")
    if not access.can(viewer, Capability.HOLD_COURSE, course.unit):
        belongs = Membership.objects.on(clock.today()).filter(person=OuterRef("person"), unit=OuterRef("unit"))
        rows = access.visible(viewer, Capability.SEE_CERTIFICATES, rows).filter(Exists(belongs))
    return rows.order_by("person__sort_key", "pk")


def who_left(course: Course) -> list[Seat]:
    """Who takes part no longer, with the reason, the latest first, for who holds the course."""
    rows = Seat.objects.filter(course=course, left_on__isnull=False).select_related("person", "unit")
    return list(rows.order_by("-left_on", "-pk")[:MOST_OWN])


def already_in(course: Course, people_of: Iterable[Person]) -> set[UUID]:
    """Which of these take part in a course; for who may send them."""
    rows = Seat.objects.filter(course=course, left_on=None, person__in=[one.pk for one in people_of])
    return set(rows.values_list("person", flat=True))


def seat(viewer: Actor, seat_id: UUID) -> Seat:
    """One who takes part, for who holds the course and who leads his unit. Raises NotThere for everybody else."""
    rows = Seat.objects.filter(pk=seat_id).select_related("person", "unit", "course__unit")
    held = access.visible(viewer, Capability.HOLD_COURSE, rows, field="course__unit")
    found = (held | access.visible(viewer, Capability.SEE_CERTIFICATES, rows)).first()
    if found is None:
        raise NotThere
    return found


def own_units(viewer: Actor, course: Course, on: date) -> list[Unit]:
    """The units with members that a viewer leads and for which he may send somebody, at most five."""
    held = [one.unit_id for one in access.held_by(viewer, on)]
    rows = Unit.objects.on(on).named(on).filter(pk__in=held, path__startswith=course.unit.path, kind__has_members=True)
    return list(access.visible(viewer, Capability.SEE_CERTIFICATES, rows, field="").order_by(*org.BY_NAME)[:MOST_UNITS])


def units_below(course: Course, on: date, text: str = "") -> QuerySet[Unit]:
    """The units with members below the committee that holds a course whose name holds every word; for no words all of
    them, or where they are many those that send somebody."""
    rows = Unit.objects.on(on).filter(path__startswith=course.unit.path, kind__has_members=True)
    if words_in(text):
        rows = rows.filter(Exists(UnitName.objects.filter(holds("search", text), unit=OuterRef("pk"))))
    elif len(rows.values("pk")[: MOST_LISTED + 1]) > MOST_LISTED:
        rows = rows.filter(pk__in=Seat.objects.filter(course=course, left_on=None).values("unit"))
    return rows.named(on).order_by(*org.BY_NAME)


def sent(course: Course, units: Iterable[Unit]) -> dict[UUID, int]:
    """How many each of these units sends to a course; one query."""
    rows = Seat.objects.filter(course=course, unit__in=[one.pk for one in units], left_on=None)
    return dict(rows.values_list("unit").annotate(n=Count("pk")))


def unit_to_name_for(viewer: Actor, course: Course, unit_id: UUID, on: date) -> Unit:
    """A unit below a course for which a viewer may send somebody. Raises NotThere for every other."""
    rows = Unit.objects.on(on).named(on).filter(pk=unit_id, path__startswith=course.unit.path, kind__has_members=True)
    found = access.visible(viewer, Capability.NAME_FOR_COURSE, rows.select_related("kind"), field="").first()
    if found is None:
        raise NotThere
    return found


def fitting(unit_id: UUID, nature: Nature, on: date) -> list[Person]:
    """Who of a unit is what a course is for, in the order of their names."""
    members = Membership.objects.on(on).filter(unit=unit_id).exclude(status__in=[Status.SUSPENDED, Status.EXEMPT])
    people_of = Person.objects.filter(pk__in=members.values("person"))
    if nature in (Nature.SECRETARY, Nature.COMMITTEE):
        titles = [Title.SECRETARY, Title.DEPUTY] if nature is Nature.SECRETARY else list(Title)
        holders = Office.objects.on(on).filter(unit=unit_id, title__in=titles)
        people_of = Person.objects.filter(pk__in=holders.values("person"))
    elif nature is Nature.ATTENDING:
        follow = Grant.objects.on(on).filter(role=Role.ATTENDING, matter=None)
        people_of = people_of.filter(user__in=follow.values("user"))
    elif nature is Nature.NEW_MEMBER:
        people_of = Person.objects.filter(pk__in=members.filter(status=Status.PROBATIONARY).values("person"))
    return list(people_of.order_by("sort_key", "pk"))


# Who was there


def roll(found: Session) -> list[tuple[Seat, Here | None]]:
    """Everybody who takes part in a course, with what was marked at one session."""
    rows = Seat.objects.filter(course=found.course_id, left_on=None).select_related("person", "unit")
    marks = dict(Mark.objects.filter(session=found).values_list("seat", "here"))
    return [(one, Here(marks[one.pk]) if one.pk in marks else None) for one in rows.order_by("person__sort_key", "pk")]


def attended(course: Course, on: Iterable[Seat]) -> list[Attended]:
    """At how many sessions each of these was, and whether that earns the certificate; three queries."""
    rows = list(on)
    sessions = Session.objects.filter(course=course).count()
    marks: dict[UUID, list[Here]] = {one.pk: [] for one in rows}
    for seat_id, here in Mark.objects.filter(seat__in=rows).values_list("seat", "here"):
        marks[seat_id].append(Here(here))
    given = {one.seat_id: one for one in Certificate.objects.filter(seat__in=rows, withdrawn_on=None)}
    found = []
    for one in rows:
        share = rules.attended(marks[one.pk], sessions)
        present = marks[one.pk].count(Here.PRESENT)
        found.append(Attended(one, present, share, share >= course.share, given.get(one.pk)))
    return found


# Certificates


def next_number(unit: Unit, year: int) -> int:
    """The number of the next certificate of a committee in a year."""
    last = Certificate.objects.filter(unit=unit, issued_on__year=year).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def certificate(viewer: Actor, certificate_id: UUID, on: date) -> Certificate:
    """One certificate, for whose it is, for who leads his unit now, and for the committee that gave it."""
    rows = Certificate.objects.filter(pk=certificate_id).select_related("seat__person", "seat__course", "unit")
    if viewer.person_id is not None and (own := rows.filter(seat__person=viewer.person_id).first()):
        return own
    found = access.visible(viewer, Capability.HOLD_COURSE, rows).first()
    if found is None:
        led = access.visible(viewer, Capability.SEE_CERTIFICATES, Membership.objects.on(on))
        found = rows.filter(seat__person__in=led.values("person")).first()
    if found is None:
        raise NotThere
    return found


def ending(viewer: Actor, unit: Unit, on: date) -> QuerySet[Certificate]:
    """The certificates of the members of a unit that end within a year or ended within the last, for who leads it."""
    access.require(viewer, Capability.SEE_CERTIFICATES, unit)
    members = Membership.objects.on(on).filter(unit=unit).values("person")
    rows = Certificate.objects.filter(seat__person__in=members, withdrawn_on=None)
    rows = rows.filter(valid_until__gte=on - A_YEAR, valid_until__lte=on + A_YEAR)
    return rows.select_related("seat__person", "seat__course").order_by("valid_until", "pk")


def count_ending(viewer: Actor, unit: Unit, on: date) -> int:
    """How many certificates that a committee gave end within a year."""
    access.require(viewer, Capability.HOLD_COURSE, unit)
    rows = Certificate.objects.filter(unit=unit, withdrawn_on=None)
    return rows.filter(valid_until__gte=on, valid_until__lte=on + A_YEAR).count()


# One's own


def mine(viewer: Actor) -> list[Seat]:
    """The courses in which a viewer takes part or took part, the latest first, with `their_sessions` and `given`."""
    if viewer.person_id is None:
        return []
    rows = Seat.objects.filter(person=viewer.person_id, left_on=None).select_related("course__unit")
    sessions = Prefetch("course__sessions", Session.objects.order_by("on", "time"), to_attr="their_sessions")
    given = Prefetch("certificates", Certificate.objects.filter(withdrawn_on=None), to_attr="given")
    return list(rows.prefetch_related(sessions, given).order_by("-course_id")[:MOST_OWN])


def sessions_to_come(viewer: Actor, on: date) -> list[Session]:
    """The next sessions to which a viewer goes."""
    if viewer.person_id is None:
        return []
    seats_of = Seat.objects.filter(person=viewer.person_id, left_on=None)
    rows = Session.objects.filter(course__in=seats_of.values("course"), on__gte=on)
    rows = rows.filter(course__announced_on__isnull=False, course__called_off_on=None)
    return list(rows.select_related("course").order_by("on", "time")[:MOST_UNITS])


# For notices


def who_leads(course: Course, on: date) -> set[UUID]:
    """The persons who lead a unit that can send somebody."""
    below = Unit.objects.on(on).filter(path__startswith=course.unit.path, kind__has_members=True)
    return people.leads(below.values("pk"), on)
